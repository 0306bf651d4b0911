"""Prices from a file: above zero, moving, one a day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.series.daily import Series, check_length, check_moves, check_spacing, one_a_day, row_day
from core.series.table import Column

PRICES = (
    *("adjclose", "adjustedclose", "close", "closelast", "zamkniecie", "schlusskurs", "cierre"),
    *("price", "last", "settle", "value"),
)
"""Names of columns, best first, as `Table.likeliest` compares them."""
LARGEST_FACTOR = 50.0
"""Largest change of a price from one row to the next that is believed."""
USUAL_GAP_DAYS = 10
"""Markets were closed for up to so many days; a longer gap is told."""


def daily_prices(column: Column, *, min_days: int) -> Series:
    """Return prices that a model of log returns can read.

    Args:
        column: From `Table.read`. Of several prices a day the last is kept.
        min_days: Fewest days that the model needs.

    Raises:
        InputError: If days contradict each other, a price is not above zero, changes more than
            LARGEST_FACTOR times overnight or never, or there are too few days.
    """
    series = one_a_day(column, last=True)
    check_length(series, min_days, "prices")
    _check_positive(series)
    check_moves(series)
    check_spacing(series, usual=4)
    return _check_jumps(series)


def _check_positive(series: Series) -> None:
    bad = np.flatnonzero(series.values <= 0)
    if len(bad):
        raise InputError(
            f"{row_day(series, bad[0])} has {series.values[bad[0]]:g} in column {series.name}. "
            "The model reads log returns, the logarithm of a price divided by the one before, and "
            "only prices above zero have one."
        )


def _check_jumps(series: Series) -> Series:
    """Refuse what no market did, and say where days are missing."""
    moves = np.abs(np.diff(np.log(series.values)))
    place = int(np.argmax(moves)) + 1
    if moves[place - 1] > np.log(LARGEST_FACTOR):
        before, after = series.values[place - 1 : place + 1]
        raise InputError(
            f"{row_day(series, place)} has {after:g} in column {series.name} after {before:g} in "
            f"the row before: more than {LARGEST_FACTOR:.0f} times as much or as little overnight. "
            "If it is a split or another unit, adjusted prices work."
        )
    gaps = np.diff(series.dates).astype(int)
    place = int(np.argmax(gaps)) + 1
    if gaps[place - 1] <= USUAL_GAP_DAYS:
        return series
    note = (
        f"{row_day(series, place)} comes {gaps[place - 1]} days after the row before; the change "
        "over them counts as one day's."
    )
    return replace(series, notes=(*series.notes, note))
