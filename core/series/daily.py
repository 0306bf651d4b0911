"""One column of a file becomes one value per day, in order of the days.

What can be put right is put right and told in a note; what cannot is refused with a sentence that
names the row. What only prices or only temperatures need stands in prices.py and temperatures.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from core.errors import InputError
from core.series.table import Column

NAMED_ROWS = 5
"""How many rows a note names before it only counts."""


@dataclass(frozen=True)
class Series:
    """One value per day. N = days."""

    name: str
    dates: np.ndarray
    """(N,) datetime64[D], strictly rising."""
    values: np.ndarray
    """(N,) float64, finite, in the data's unit."""
    notes: tuple[str, ...] = ()
    """Sentences about what was done to the file."""
    rows: np.ndarray | None = None
    """(N,) int64, where each stands in its file, 0 for a day that was filled in; None: no file."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the dates and values, in hexadecimal: the key of every cache."""
        digest = hashlib.sha256(self.dates.astype("datetime64[D]").astype(np.int64).tobytes())
        digest.update(self.values.astype(np.float64).tobytes())
        return digest.hexdigest()


def one_a_day(column: Column, *, last: bool) -> Series:
    """Return each day of a column once, from old to new, without rows that hold nothing.

    Args:
        column: From `Table.read`.
        last: Of several values a day keep the last one, else their mean.

    Raises:
        InputError: If two rows contradict each other.
    """
    return _each_day_once(_from_old_to_new(_without_missing(column)), column.timed, last=last)


def row_day(series: Series, place: int) -> str:
    """Return how messages name a place of a series: its row and its day."""
    return f"Row {series.rows[place]} ({series.dates[place]})"


def check_length(series: Series, min_days: int, what: str) -> None:
    """Refuse a series of fewer than `min_days` days; `what` names its values."""
    if len(series.values) < min_days:
        count = len(series.values)
        raise InputError(
            f"This file has {count:,} {'day' if count == 1 else 'days'} with a number in column "
            f"{series.name}; the model needs at least {min_days:,} daily {what}."
        )


def check_moves(series: Series) -> None:
    """Refuse a series that has one value only."""
    if (series.values == series.values[0]).all():
        raise InputError(
            f"Column {series.name} has {series.values[0]:g} in every row; what never moves leaves "
            "nothing to forecast."
        )


def check_spacing(series: Series, *, usual: int) -> None:
    """Refuse rows that usually lie more than `usual` days apart."""
    gap = float(np.median(np.diff(series.dates).astype(int)))
    if gap > usual:
        raise InputError(
            f"The rows are {gap:.0f} days apart; the model reads daily values, one row a day."
        )


def _without_missing(column: Column) -> Series:
    held = np.isfinite(column.values)
    missing = column.rows[~held]
    notes = list(column.notes)
    if len(missing):
        named = ", ".join(map(str, missing[:NAMED_ROWS]))
        more = f" and {len(missing) - NAMED_ROWS:,} more" if len(missing) > NAMED_ROWS else ""
        what = "Row" if len(missing) == 1 else "Rows"
        have = "has" if len(missing) == 1 else "have"
        notes.append(f"{what} {named}{more} {have} nothing in column {column.name}: left out.")
    arrays = (column.dates[held], column.values[held], column.rows[held])
    return Series(column.name, *arrays[:2], tuple(notes), arrays[2])


def _from_old_to_new(series: Series) -> Series:
    steps = np.diff(series.dates).astype(int)
    if (steps >= 0).all():
        return series
    if (steps <= 0).all():
        told = "The rows run from new to old and were turned round."
        order = np.arange(len(series.dates))[::-1]
    else:
        place = int(np.argmax(steps < 0)) + 1
        told = (
            f"{row_day(series, place)} is earlier than the row before it; the rows were put in "
            "order of their dates."
        )
        order = np.argsort(series.dates, kind="stable")
    return _at(series, order, told)


def _at(series: Series, places: np.ndarray, told: str) -> Series:
    arrays = (series.dates[places], series.values[places])
    return Series(series.name, *arrays, (*series.notes, told), series.rows[places])


def _each_day_once(series: Series, timed: bool, *, last: bool) -> Series:
    repeated = np.flatnonzero(np.diff(series.dates).astype(int) == 0) + 1
    if not len(repeated):
        return series
    days, first, counts = np.unique(series.dates, return_index=True, return_counts=True)
    if not timed:
        return _at(series, first, _repetition(series, repeated))
    what = "last" if last else "mean"
    told = f"There are several values a day; the {what} of each day is used."
    kept = _at(series, first + counts - 1, told)
    if last:
        return kept
    return replace(kept, values=np.add.reduceat(series.values, first) / counts)


def _repetition(series: Series, repeated: np.ndarray) -> str:
    """Tell about days that stand in the file more than once, if they agree."""
    differs = series.values[repeated] != series.values[repeated - 1]
    if differs.any():
        place = int(repeated[np.argmax(differs)])
        first, second = sorted((series.rows[place - 1], series.rows[place]))
        raise InputError(
            f"Rows {first} and {second} both give {series.dates[place]}, with different values in "
            f"column {series.name}. Each day should stand in the file once, for one share or place."
        )
    named = ", ".join(str(row) for row in series.rows[repeated][:NAMED_ROWS])
    more = f" and {len(repeated) - NAMED_ROWS:,} more" if len(repeated) > NAMED_ROWS else ""
    what = f"Row {named} repeats" if len(repeated) == 1 else f"Rows {named}{more} repeat"
    return f"{what} a day with the same value: left out."
