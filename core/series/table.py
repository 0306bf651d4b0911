"""A visitor's CSV file is opened: its encoding, separator, header and columns, and then one column.

Nothing is believed, neither the file's name nor its first line. Rows are numbered as a spreadsheet
shows them, so that a message can be followed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

import numpy as np

from core.errors import InputError
from core.series.cells import is_date, is_number, parse_dates, parse_numbers, quoted

MAX_BYTES = 10 * 1024 * 1024
"""Largest file that is looked at; the server's own upload limit is the same."""
MAX_ROWS = 100_000
"""Most rows: daily temperatures of 270 years, or daily prices of nearly 400."""
MAX_COLUMNS = 200
MAX_NAME = 60
"""Characters of a column's name that are kept."""
PREAMBLE_ROWS = 40
"""Within so many rows the first date must stand; some files begin with remarks."""

_SEPARATORS = ",;\t|"
_EXAMPLE = "A file whose first row is Date,Close and whose second is 2024-01-31,123.45 works."
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or a ZIP file; the sheet saved as CSV works",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; the sheet saved as CSV works",
    b"%PDF": "a PDF; the table saved as CSV works",
    b"\x1f\x8b": "compressed (gzip); the unpacked file works",
    b"<!": "a web page; the CSV file that the page offers works",
    b"<html": "a web page; the CSV file that the page offers works",
}


@dataclass(frozen=True)
class Column:
    """One column of numbers beside its dates, as the file has them. N = rows with a date."""

    name: str
    dates: np.ndarray
    """(N,) datetime64[D], in any order, perhaps repeated."""
    values: np.ndarray
    """(N,) float64; NaN where the cell holds nothing."""
    rows: np.ndarray
    """(N,) int64, the row of the file."""
    timed: bool
    """True: some dates carry a time of day."""
    notes: tuple[str, ...]
    """Sentences about readings that could have been others."""


@dataclass(frozen=True)
class Table:
    """A CSV file that has a column of dates and at least one of numbers."""

    text: str = field(repr=False)
    separator: str
    header: tuple[str, ...]
    first_row: int
    """The row, counted from 1, of the first date."""
    date_place: int
    """The column, counted from 0, of the dates."""
    columns: tuple[str, ...]
    """The names of the columns that hold numbers, as the file has them."""

    def likeliest(self, preferred: Sequence[str]) -> str:
        """Return the column that matches the earliest of the preferred names, else the first.

        Args:
            preferred: Names in lower case, without spaces or signs: "adjclose".
        """
        plain = {name: "".join(c for c in name.lower() if c.isalnum()) for name in self.columns}
        for wanted in preferred:
            for name in self.columns:
                if plain[name] == wanted:
                    return name
        held = [n for w in preferred for n in self.columns if len(w) > 3 and w in plain[n]]
        return (held or list(self.columns))[0]

    def read(self, column: str) -> Column:
        """Return one column of numbers and the dates beside it.

        Raises:
            InputError: If there is no such column, or a row cannot be read.
        """
        if column not in self.columns:
            raise InputError(f"There is no column {column}; there are {', '.join(self.columns)}.")
        place = self.header.index(column)
        rows, dates, cells = [], [], []
        for row, found in self._data():
            if len(found) > len(self.header):
                raise InputError(_too_many_cells(row, found, self.header))
            rows.append(row)
            dates.append(found[self.date_place] if self.date_place < len(found) else "")
            cells.append(found[place] if place < len(found) else "")
        days = parse_dates(dates, rows)
        read = parse_numbers(cells, rows, column, comma_is_decimal=self.separator != ",")
        timed = any(":" in text for text in dates)
        return Column(column, days, read.values, np.array(rows), timed, read.notes)

    def _data(self) -> Iterator[tuple[int, list[str]]]:
        for row, cells in _rows(self.text, self.separator):
            while cells and not cells[-1].strip():
                cells.pop()
            if row >= self.first_row and cells:
                yield row, cells


def open_table(content: bytes) -> Table:
    """Find out how a file is written; its numbers are read by `Table.read`.

    Args:
        content: The bytes of a CSV file: separated by commas, semicolons, tabs or bars; in UTF-8,
            UTF-16 or a western 8-bit encoding; with or without a header.

    Raises:
        InputError: If the file is too large, no text, or has no column of dates or of numbers.
    """
    text = _decode(content)
    if (lines := max(text.count("\n"), text.count("\r"))) > MAX_ROWS:
        raise InputError(
            f"This file has {lines:,} rows; at most {MAX_ROWS:,} are read here. "
            "Its most recent part works."
        )
    separator = max(_SEPARATORS, key=lambda mark: _num_dated(text, mark))
    head = list(islice(_rows(text, separator), 2 * PREAMBLE_ROWS))
    first = next((i for i, (_, cells) in enumerate(head[:PREAMBLE_ROWS]) if _dated(cells)), None)
    if first is None:
        raise InputError(_no_dates(head))
    row, cells = head[first]
    header = _header([c for _, c in head[:first]], len(cells))
    if len(header) > MAX_COLUMNS:
        raise InputError(
            f"This file has {len(header):,} columns; at most {MAX_COLUMNS} are read here. "
            "A copy with the date and the columns of interest works."
        )
    place = next(i for i, cell in enumerate(cells) if is_date(cell))
    columns = _numeric([c for _, c in head[first:]], header, place)
    if not columns:
        raise InputError(
            f"No column beside the dates holds numbers; row {row} has {quoted(' '.join(cells))}. "
            f"{_EXAMPLE}"
        )
    return Table(text, separator, header, row, place, columns)


def _decode(content: bytes) -> str:
    if not content.strip():
        raise InputError(f"This file is empty. {_EXAMPLE}")
    if len(content) > MAX_BYTES:
        raise InputError(
            f"This file has {len(content) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are "
            "read here. Its most recent part works."
        )
    for start, what in _BINARY.items():
        if content[:8].lstrip().lower().startswith(start.lower()):
            raise InputError(f"This file is {what}.")
    encodings = ["utf-8-sig", "cp1252", "latin-1"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    for start, encoding in enumerate(("utf-16-be", "utf-16-le")):
        half = content[start:200:2]
        if half.count(0) > len(half) / 2:
            encodings = [encoding]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(f"This file is no text; it holds bytes that stand for no letter. {_EXAMPLE}")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row with its number, counted from 1 as a spreadsheet does.

    Raises:
        InputError: If a quotation mark is never closed, or a cell is endless.
    """
    row = 0
    try:
        for row, cells in enumerate(csv.reader(StringIO(text, ""), delimiter=separator), start=1):
            yield row, cells
    except csv.Error as error:
        raise InputError(
            f"Row {row + 1} cannot be read: a cell is too long, or a quotation mark is not closed."
        ) from error


def _dated(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and any(is_date(cell) for cell in cells[:MAX_COLUMNS])


def _num_dated(text: str, separator: str) -> int:
    """Return how many of the first rows hold a date, cut at this separator."""
    try:
        return sum(_dated(cells) for _, cells in islice(_rows(text, separator), PREAMBLE_ROWS))
    except InputError:
        return 0


def _header(before: Sequence[Sequence[str]], num_cells: int) -> tuple[str, ...]:
    """Return one name per column, each its own, from the rows before the data.

    Some files have several rows of names, one below the other; those are joined.
    """
    fitting = [cells for cells in before if len(cells) == num_cells]
    others = [cells for cells in before if len(cells) > 1 and any(map(str.strip, cells))]
    columns = zip(*(fitting or others[-1:] or [[""] * num_cells]), strict=True)
    names = [" ".join(dict.fromkeys(" ".join(column).split())) for column in columns]
    unique: list[str] = []
    for place, name in enumerate(names, start=1):
        name = name[:MAX_NAME].strip() or f"column {place}"
        unique.append(f"{name} ({place})" if name in unique else name)
    return tuple(unique)


def _numeric(data: Sequence[Sequence[str]], header: Sequence[str], date_place: int) -> tuple:
    """Return the names of the columns in whose first rows some cell looks like a number."""
    return tuple(
        name
        for place, name in enumerate(header)
        if place != date_place and any(is_number(c[place]) for c in data if place < len(c))
    )


def _no_dates(head: Sequence[tuple[int, Sequence[str]]]) -> str:
    if any(len(cells) == 1 and is_date(cells[0]) for _, cells in head):
        return f"This file has dates but no second column. {_EXAMPLE}"
    sample = next((" ".join(cells) for _, cells in head if cells), "")
    return (
        f"No column of dates stands in the first {min(len(head), PREAMBLE_ROWS)} rows; the file "
        f"begins with {quoted(sample)}. {_EXAMPLE}"
    )


def _too_many_cells(row: int, cells: Sequence[str], header: Sequence[str]) -> str:
    return (
        f"Row {row} has {len(cells)} cells, but there are {len(header)} columns. "
        "A number with a comma in it belongs in quotation marks."
    )
