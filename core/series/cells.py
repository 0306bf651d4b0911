"""Columns of text become dates and numbers, whoever wrote the file and in whichever country.

A whole column is read at once, because one cell alone does not tell whether 3/4 is in March or in
April, or whether 1,234 is above a thousand. Row numbers are those that a spreadsheet shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError

MISSING = frozenset(
    ("", "-", "--", "—", ".", "#n/a", "m", "missing", "n/a", "na", "nan", "nil", "none", "null")
)
"""What people and programs write, in any case, where they have no number."""
QUOTED_CHARACTERS = 24
"""How much of a cell an error message repeats."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[T ,]+\d{1,2}:\d\d.*)?"
_COMPACT = re.compile(r"(1[6-9]\d\d|2[01]\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NUMERIC = re.compile(rf"(\d\d?|\d{{4}})[-/. ]{{1,2}}(\d\d?)[-/. ]{{1,2}}(\d\d?|\d{{4}}){_TIME}")
_DAY_NAMED = re.compile(
    rf"(\d\d?)[-/. ]{{1,2}}([a-z]{{3,9}})[-/., ]{{1,2}}(\d{{2,4}}){_TIME}", re.I
)
_NAMED_DAY = re.compile(rf"([a-z]{{3,9}})[-/. ]{{1,2}}(\d\d?),? +(\d{{4}}){_TIME}", re.I)
_ORDERS = {"year first": (0, 1, 2), "day first": (2, 1, 0), "month first": (2, 0, 1)}
"""Where year, month and day stand in a date of three numbers."""

_Parts = tuple[str, tuple[str, str, str]]
"""What is known of the order, and the three numbers."""

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_CURRENCY = re.compile(r"^([+-]?)\s*[$€£¥]\s*|\s*[$€£¥]$")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?", re.I | re.A)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", re.A)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.I)


@dataclass(frozen=True)
class Numbers:
    """One column of numbers as it was understood."""

    values: np.ndarray
    """(N,) float64; NaN where the cell holds nothing."""
    notes: tuple[str, ...] = ()
    """Sentences about readings that could have been others."""


def quoted(cell: str) -> str:
    """Return a cell as a message repeats it: shortened, on one line, in quotation marks."""
    text = " ".join(cell.split())
    short = text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
    return f"“{short}”"


def is_date(cell: str) -> bool:
    """Tell whether one cell can be a date, in whichever order."""
    return _parts(cell.strip()) is not None


def is_number(cell: str) -> bool:
    """Tell whether one cell can be meant as a number: also an infinity, or a formula for one."""
    text = _plain(cell)
    if text.startswith("=") or _INFINITE.fullmatch(text):
        return True
    return bool(re.match(r"[+-]?[.,]?\d", text, re.A)) and not re.search(r"[^\d.,eE+-]", text)


def parse_dates(cells: Sequence[str], rows: Sequence[int]) -> np.ndarray:
    """Return the days of a column.

    Args:
        cells: N dates in one spelling: year, day or month first, months as numbers or names.
        rows: N row numbers, for the messages.

    Returns:
        (N,) datetime64[D], in the order of the cells.

    Raises:
        InputError: If a cell is no date, or days and months cannot be told apart.
    """
    parts = [_parts(cell.strip()) for cell in cells]
    for cell, row, part in zip(cells, rows, parts, strict=True):
        if part is None:
            raise InputError(
                f"Row {row} begins with {quoted(cell)} where a date should be, such as 2024-01-31."
            )
    readings = [_read(parts, name) for name in _ORDERS]
    sound = [dates for dates, valid in readings if valid.all()]
    if not sound:
        raise InputError(_no_order(cells, rows, np.stack([valid for _, valid in readings])))
    return _likelier(sound, cells[0])


def parse_numbers(
    cells: Sequence[str], rows: Sequence[int], column: str, *, comma_is_decimal: bool
) -> Numbers:
    """Return the numbers of a column.

    Args:
        cells: N cells; currency signs and separators of thousands may stand in them.
        rows: N row numbers, for the messages.
        column: The column's name, for the messages.
        comma_is_decimal: How to read 1,234 when no other cell of the column tells.

    Raises:
        InputError: If a cell holds text, a formula or an infinity.
    """
    plain = [_plain(cell) for cell in cells]
    decimal, guessed = _decimal_mark(plain, comma_is_decimal)
    other = "." if decimal == "," else ","
    values = np.empty(len(cells))
    for place, (cell, text) in enumerate(zip(cells, plain, strict=True)):
        if text.lower() in MISSING:
            values[place] = np.nan
            continue
        text = text.replace(other, "").replace(decimal, ".") if _spelt(text, other) else text
        if not _NUMBER.fullmatch(text) or not np.isfinite(value := float(text)):
            raise InputError(f"Row {rows[place]}, column {column}: {_what_is_wrong(cell)}")
        values[place] = value
    return Numbers(values, (_guess(plain, column, decimal),) if guessed else ())


def _parts(text: str) -> _Parts | None:
    """Return a date's three parts and what is known of their order; None if it is no date."""
    if found := _COMPACT.fullmatch(text):
        return "year first", found.groups()
    if found := _NUMERIC.fullmatch(text):
        first, _, last = (len(part) for part in found.groups())
        if first == last == 4:
            return None
        return ("year first" if first == 4 else ""), found.groups()
    if found := _DAY_NAMED.fullmatch(text):
        day, month, year = found.groups()
    elif found := _NAMED_DAY.fullmatch(text):
        month, day, year = found.groups()
    else:
        return None
    named = month.lower()[:3]
    return ("day first", (day, str(_MONTHS.index(named) + 1), year)) if named in _MONTHS else None


def _read(parts: Sequence[_Parts], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return every date in one order, and (N,) bool: True where it is such a date."""
    order = _ORDERS[name]
    years, months, days = (np.array([int(numbers[i]) for _, numbers in parts]) for i in order)
    digits = np.array([len(numbers[order[0]]) for _, numbers in parts])
    valid = np.array([known in ("", name) for known, _ in parts])
    valid &= digits == 4 if name == "year first" else digits % 2 == 0
    years = np.where(digits == 4, years, years + np.where(years < 69, 2000, 1900))
    valid &= (years >= 1600) & (months >= 1) & (months <= 12) & (days >= 1)
    starts = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    dates = starts.astype("datetime64[D]") + (days - 1)
    return dates, valid & (dates.astype("datetime64[M]") == starts)


def _no_order(cells: Sequence[str], rows: Sequence[int], valid: np.ndarray) -> str:
    """Say which row keeps the column from being read in one order.

    Args:
        cells: N dates.
        rows: N row numbers.
        valid: (3, N) bool, True where a date can be read in one of the orders.
    """
    alone = valid.any(axis=0)
    if not alone.all():
        place = int(np.argmin(alone))
        return f"Row {rows[place]} has {quoted(cells[place])}; there is no such day."
    place = int(np.argmin(valid, axis=1).max())
    return (
        f"Row {rows[place]} has the date {quoted(cells[place])}, spelt in another order than the "
        f"rows before it, such as {quoted(cells[0])}. Dates like 2024-01-31 leave no doubt."
    )


def _likelier(readings: Sequence[np.ndarray], example: str) -> np.ndarray:
    """Return the reading in which the rows stand in order, or else closest together."""

    def steps(days: np.ndarray) -> tuple[bool, float]:
        gaps = np.diff(days).astype(int)
        in_order = bool((gaps >= 0).all() or (gaps <= 0).all())
        return not in_order, float(np.median(np.abs(gaps))) if len(gaps) else 0.0

    ranked = sorted(readings, key=steps)
    others = [days for days in ranked if (days != ranked[0]).any()]
    if others and steps(others[0]) == steps(ranked[0]):
        raise InputError(
            f"The dates, such as {quoted(example)}, could have the day or the month first. "
            "Dates like 2024-01-31 leave no doubt."
        )
    return ranked[0]


def _plain(cell: str) -> str:
    """Return a cell without spaces between thousands, currency signs and typographic signs."""
    text = _CURRENCY.sub(r"\1", cell.strip().replace("\u2212", "-"))
    return _SPACES.sub("", text)


def _decimal_mark(plain: Sequence[str], comma_is_decimal: bool) -> tuple[str, bool]:
    """Return the column's decimal mark, and whether that was a guess."""
    marked = [text for text in plain if "," in text]
    dotted = [text for text in plain if "." in text and text not in MISSING]
    for text in marked:
        if "." in text:
            return max(",.", key=text.rfind), False
    if any(text.count(".") > 1 for text in dotted):
        return ",", False
    if not marked:
        return ".", False
    grouped = [_GROUPED.fullmatch(text) for text in marked]
    if not all(grouped) or any(text.lstrip("+-").startswith("0") for text in marked):
        return ",", False
    if dotted or any(text.count(",") > 1 for text in marked):
        return ".", False
    return (",", True) if comma_is_decimal else (".", True)


def _spelt(text: str, other: str) -> bool:
    """Tell whether the mark of thousands, if there is one, stands between groups of three."""
    if other not in text:
        return True
    whole = re.split(r"[.,]", text)
    groups = whole[1 : text.count(other) + 1]
    return all(len(group) == 3 for group in groups) and len(whole[0].lstrip("+-")) <= 3


def _guess(plain: Sequence[str], column: str, decimal: str) -> str:
    example = next(text for text in plain if "," in text)
    reading = example.replace(",", "." if decimal == "," else "")
    return f"{quoted(example)} in column {column} was read as {reading}."


def _what_is_wrong(cell: str) -> str:
    text = cell.strip()
    if text.startswith(("=", "@")) or re.match(r"[+-][a-z]+\d*\(", text, re.I):
        return f"{quoted(text)} is a formula; the file should hold its value."
    if _INFINITE.fullmatch(text) or re.fullmatch(_NUMBER, _plain(cell)):
        return f"{quoted(text)} is no finite number."
    return f"{quoted(text)} is no number, such as 123.45."
