"""A visitor's file of texts becomes rows, and rows become a file that a spreadsheet may open.

Nothing is believed: not the encoding, not the separator, not that a column holds text. Every
limit is checked before the work that it limits.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import PurePath

from core.errors import InputError
from core.spreadsheet import safe_cell
from core.uploads import MAX_BYTES

MAX_ROWS = 10_000
"""Most texts of one file; what stands behind them is counted and not read."""
MAX_COLUMNS = 100
MAX_CELL = 100_000
"""Most characters of one cell."""
SEPARATORS = ",;\t"
TEXT_NAMES = ("text", "review", "comment", "sentence", "content", "body", "message", "tweet")
"""Columns that are taken for the text, in this order, if they hold words."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_NAME = 60
"""A first row with a longer cell is no header but a text."""


@dataclass(frozen=True)
class TextTable:
    """The rows of a file. N <= MAX_ROWS."""

    columns: dict[str, tuple[str, ...]]
    """N cells per column, in the file's order."""
    text_columns: tuple[str, ...]
    """Those that hold words, the likeliest first; not empty."""
    left_out: int
    """How many further rows the file has."""
    encoding: str
    """What the bytes were read as, for people."""


def read_text_table(content: bytes, name: str) -> TextTable:
    """Read a CSV file (comma, semicolon or tab) or a text file with one text a line.

    Args:
        content: The bytes of the file.
        name: Its name; one that ends in .txt is read line by line.

    Raises:
        InputError: If it holds no texts, or exceeds one of the limits above.
    """
    text, encoding = _decode(content)
    lines = PurePath(name).suffix.lower() == ".txt"
    header, rows, left_out = _from_lines(text) if lines else _from_csv(text)
    if not rows:
        raise InputError("This file holds no text. A CSV file, or one text a line, works.")
    columns = {title: tuple(row[i] for row in rows) for i, title in enumerate(header)}
    return TextTable(columns, _text_columns(columns), left_out, encoding)


def table_of(texts: Iterable[str]) -> TextTable:
    """Return our own texts as a table with one column."""
    return TextTable({"text": tuple(texts)}, ("text",), 0, "UTF-8")


def beside(columns: Mapping[str, Iterable[object]], **new: Iterable[object]) -> dict:
    """Return the columns and new ones behind them; a name that is taken gets a number."""
    names = _unique([*columns, *new])
    return dict(zip(names, [*columns.values(), *new.values()], strict=True))


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise InputError(
            f"This file has {len(content) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are "
            "read. A part of it works."
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(content, "utf-16"), "UTF-16"
    if b"\0" in content:
        raise InputError(
            "This file is no text: it holds zero bytes, as spreadsheets (.xlsx), archives and "
            "pictures do. Saved as CSV in UTF-8, a table works."
        )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252, because it is not UTF-8"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"This file begins like {encoding.upper()} and is damaged. Saved in UTF-8 it works."
        ) from error


def _from_lines(text: str) -> tuple[list[str], list[list[str]], int]:
    lines = [line for line in text.splitlines() if line.strip()]
    return ["text"], [[line] for line in lines[:MAX_ROWS]], max(0, len(lines) - MAX_ROWS)


def _from_csv(text: str) -> tuple[list[str], list[list[str]], int]:
    """Return column names, at most MAX_ROWS rows of as many cells, and how many rows follow."""
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    filled = ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
    try:
        kept = list(islice(filled, MAX_ROWS + 1))
        num_further = sum(1 for _ in filled)
    except csv.Error as error:
        raise InputError(
            f"This file cannot be read as CSV: one of its cells has more than {MAX_CELL:,} "
            "characters, or a quotation mark is never closed. Saved anew as CSV, it works."
        ) from error
    header, kept = _header(kept)
    rows = [_fitted(row, len(header), line, separator) for line, row in kept[:MAX_ROWS]]
    return header, rows, num_further + max(0, len(kept) - MAX_ROWS)


def _header(rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the column names and the rows below; a first row of texts is no header."""
    first = rows[0][1] if rows else []
    if len(first) > MAX_COLUMNS:
        raise InputError(
            f"This file has {len(first)} columns; at most {MAX_COLUMNS} are read. "
            "The column with the texts alone works."
        )
    if any(len(cell) > _LONGEST_NAME for cell in first):
        return _unique([""] * len(first)), rows
    return _unique(first), rows[1:]


def _unique(header: Sequence[str]) -> list[str]:
    """Give every column a name of its own: "", "a", "a" -> "column 1", "a", "a (3)"."""
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _fitted(row: list[str], width: int, line: int, separator: str) -> list[str]:
    if len(row) > width == 1:
        return [separator.join(row)]
    if len(row) > width:
        raise InputError(
            f"Line {line} has {len(row)} cells, the header has {width}. "
            "A text that holds a separator belongs in quotation marks."
        )
    return [*row, *[""] * (width - len(row))]


def _text_columns(columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns in which at least half of what is filled in holds a word."""
    found = {}
    for name, cells in columns.items():
        filled = [cell for cell in cells if cell.strip()]
        if filled and 2 * sum(bool(_WORD.search(cell)) for cell in filled) >= len(filled):
            named = (
                TEXT_NAMES.index(name.lower()) if name.lower() in TEXT_NAMES else len(TEXT_NAMES)
            )
            found[name] = named, -sum(map(len, filled)) / len(filled)
    if not found:
        listed = ", ".join(list(columns)[:8])
        raise InputError(
            f"No column of this file holds sentences (it has: {listed}). A CSV file with a column "
            "of texts works, or a .txt file with one text a line."
        )
    return tuple(sorted(found, key=found.__getitem__))


def to_csv(columns: dict[str, Iterable[object]]) -> bytes:
    """Return columns of equal length as CSV in UTF-8 with a mark that spreadsheets know it by."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(safe_cell, columns))
    writer.writerows(map(safe_cell, row) for row in zip(*columns.values(), strict=True))
    return file.getvalue().encode("utf-8-sig", "replace")
