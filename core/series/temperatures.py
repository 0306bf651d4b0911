"""Temperatures from a file: degrees Celsius, every day of the calendar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.series.daily import Series, check_length, check_moves, check_spacing, one_a_day, row_day
from core.series.table import Column

TEMPERATURES = ("tempmean", "tavg", "tmean", "tg", "temperature", "temp", "tmax", "tmin")
"""Names of columns, best first, as `Table.likeliest` compares them."""
FILLED_DAYS = 7
"""Longest gap that is bridged by a straight line, in days."""


def daily_temperatures(column: Column, *, min_days: int) -> Series:
    """Return temperatures in degrees Celsius for every day from first to last.

    Args:
        column: From `Table.read`. Of several temperatures a day the mean is kept.
        min_days: Fewest days that the model needs.

    Raises:
        InputError: If days contradict each other, the values never change or are no
            temperatures, or there are too few days without a long gap.
    """
    series = one_a_day(column, last=False)
    check_length(series, min_days, "temperatures")
    check_moves(series)
    check_spacing(series, usual=1)
    series = _celsius(series)
    return _every_day(_after_last_gap(series, min_days))


def _celsius(series: Series) -> Series:
    """Return degrees Celsius; no place has a daily temperature above 60, or kelvins below 150."""
    low, high = float(series.values.min()), float(series.values.max())
    if low >= -95 and high <= 60:
        return series
    if low >= -139 and high <= 140:
        values, unit = (series.values - 32) / 1.8, "Fahrenheit"
    elif low >= 178 and high <= 333:
        values, unit = series.values - 273.15, "kelvin"
    else:
        place = int(np.argmax(np.abs(series.values)))
        raise InputError(
            f"{row_day(series, place)} has {series.values[place]:g} in column {series.name}, "
            "which is no temperature of a place on Earth in Celsius, Fahrenheit or kelvin."
        )
    note = f"Values up to {high:g} were taken for {unit} and turned into degrees Celsius."
    return replace(series, values=values, notes=(*series.notes, note))


def _after_last_gap(series: Series, min_days: int) -> Series:
    gaps = np.diff(series.dates).astype(int) - 1
    long = np.flatnonzero(gaps > FILLED_DAYS) + 1
    if not len(long):
        return series
    place = int(long[-1])
    what = f"Before {row_day(series, place).lower()} {gaps[place - 1]} days are missing"
    if len(series.dates) - place < min_days:
        raise InputError(
            f"{what}, and the {len(series.dates) - place:,} days since then are fewer than the "
            f"{min_days:,} that the model needs."
        )
    note = f"{what}; only the days since then are used."
    arrays = (series.dates[place:], series.values[place:])
    return Series(series.name, *arrays, (*series.notes, note), series.rows[place:])


def _every_day(series: Series) -> Series:
    days = np.arange(series.dates[0], series.dates[-1] + 1)
    if len(days) == len(series.dates):
        return series
    at, known = (d.astype("datetime64[D]").astype(np.int64) for d in (days, series.dates))
    rows = np.zeros(len(days), dtype=np.int64)
    rows[np.searchsorted(days, series.dates)] = series.rows
    count = len(days) - len(known)
    filled = f"{count:,} missing {'day was' if count == 1 else 'days were'}"
    note = f"{filled} filled in along a straight line, the first of them {days[rows == 0][0]}."
    values = np.interp(at, known, series.values)
    return Series(series.name, days, values, (*series.notes, note), rows)
