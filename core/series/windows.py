"""What a forecaster reads: scale-free numbers for every day, and windows of them. Numpy only.

Row t is made from days up to t and from none after it, so a window that ends on the last known
day cannot see the future. `location` and `scale` say, for every day and horizon, what 0 and 1 mean
in the network's answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.series import Series
from core.series.climatology import fit_climatology
from core.series.volatility import ewma_volatility, expanding_volatility, log_returns, weighted_mean

VOLATILITY_HALF_LIVES = (2, 5, 10, 20, 60, 250)
TREND_HALF_LIVES = (5, 20, 60, 250)
ANOMALY_HALF_LIVES = (3, 10, 30)
REFERENCE_HALF_LIVES = (11, 175)
"""A stock's scale is the root of the mean of two EWMA variances, a quick and a slow one."""
INPUT_NAMES = {
    "stocks": (
        "return",
        "size of the return",
        *(f"volatility, half-life {days}" for days in VOLATILITY_HALF_LIVES),
        "volatility, all days",
        *(f"trend, half-life {days}" for days in TREND_HALF_LIVES),
        "trend, all days",
    ),
    "weather": (
        "anomaly",
        "change since yesterday",
        *(f"anomaly, half-life {days}" for days in ANOMALY_HALF_LIVES),
        "size of recent changes",
        "spread of the season",
    ),
}
"""The columns of `inputs`. The season is in the anomaly, in the spread and in the unit of the
answer; sine and cosine of the date taught the network single years and made dev worse."""
LINEAR_INPUTS = {"weather": 5}
"""How many of the first columns a linear forecaster may use: those that change sign."""
MIN_HISTORY = {"stocks": 80, "weather": 365}
"""Days that must be known before the first forecast, the origin included."""
DRIFT_DAYS = 1000
"""Days without drift that are added to the mean return of all days: a short series has none."""
_LIMIT = 4.0
"""Inputs are squeezed smoothly into +- this, so that a crash is large but not out of the world."""
_SMALLEST = 1e-9
"""Stands for a volatility of 0: a price that never moved."""


@dataclass(frozen=True)
class Days:
    """A series as the network sees it. N = days, F = inputs, Z = horizons."""

    inputs: np.ndarray
    """(N, F) float32."""
    locations: np.ndarray
    """(N, Z) what 0 means in a forecast that starts on that day."""
    scales: np.ndarray
    """(N, Z) > 0: what 1 means."""

    def windows(self, origins: np.ndarray, window_length: int) -> np.ndarray:
        """Return (O, T, F): the inputs of the `window_length` days that end on each origin."""
        return self.inputs[origins[:, None] + np.arange(1 - window_length, 1)]


def horizons_of(num_horizons: int) -> np.ndarray:
    """Return 1, 2, ... `num_horizons`."""
    return np.arange(1, num_horizons + 1)


def read_days(series: Series, kind: str, last: int, num_horizons: int) -> Days:
    """Return what the network reads, made from the days up to row `last` only."""
    values, horizons = series.values[: last + 1].astype(float), horizons_of(num_horizons)
    if kind == "stocks":
        return stock_days(values, horizons)
    return weather_days(series.dates[: last + 1], values, horizons)


def stock_days(prices: np.ndarray, horizons: np.ndarray) -> Days:
    """Return the inputs made of daily prices (N,); the unit of the answer is the log return.

    The first day has no return; its row repeats the second's.
    """
    returns = log_returns(prices)
    squares = np.square(returns)
    quick, slow = (weighted_mean(squares, half_life) for half_life in REFERENCE_HALF_LIVES)
    reference = np.maximum(np.sqrt((quick + slow) / 2), _SMALLEST)
    before = np.concatenate([reference[:1], reference[:-1]])
    surprise = squeeze(returns / before)
    volatilities = [ewma_volatility(returns, half_life) for half_life in VOLATILITY_HALF_LIVES]
    ratios = [_log_ratio(v, reference) for v in (*volatilities, expanding_volatility(returns))]
    trends = [
        squeeze(np.sqrt(half_life) * weighted_mean(returns, half_life) / reference)
        for half_life in TREND_HALF_LIVES
    ]
    number = np.arange(1, len(returns) + 1)
    mean_return = np.cumsum(returns) / (number + DRIFT_DAYS)
    trends.append(squeeze(np.sqrt(DRIFT_DAYS) * mean_return / reference))
    columns = np.stack([surprise, np.abs(surprise), *ratios, *trends], axis=1)
    scales, locations = np.outer(reference, np.sqrt(horizons)), np.outer(mean_return, horizons)
    rows = np.maximum(np.arange(len(prices)) - 1, 0)
    return Days(columns.astype(np.float32)[rows], locations[rows], scales[rows])


def weather_days(dates: np.ndarray, temperatures: np.ndarray, horizons: np.ndarray) -> Days:
    """Return the inputs made of temperatures (N,) of consecutive days; the unit stays degrees."""
    climatology = fit_climatology(dates, temperatures, np.arange(len(dates)))
    usual, spread = (of(dates[:, None])[:, 0] for of in (climatology.mean, climatology.spread))
    anomaly = (temperatures - usual) / spread
    change = np.diff(temperatures, prepend=temperatures[0]) / spread
    slow = [weighted_mean(anomaly, half_life) for half_life in ANOMALY_HALF_LIVES]
    sizes = np.log(np.sqrt(weighted_mean(np.square(change), 30)) + 0.05)
    expected = climatology.spread_weights[:, 0]
    relative = np.log(spread / np.sqrt(np.maximum(expected, np.square(climatology.floor))))
    columns = [anomaly, change, *slow, sizes, relative]
    coming = dates[:, None] + horizons
    inputs = squeeze(np.stack(columns, axis=1))
    return Days(inputs.astype(np.float32), climatology.mean(coming), climatology.spread(coming))


def squeeze(values: np.ndarray) -> np.ndarray:
    """Bend the line y = x so that it never leaves +- 4."""
    return _LIMIT * np.tanh(values / _LIMIT)


def _log_ratio(volatility: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return squeeze(np.log(np.maximum(volatility, _SMALLEST) / reference))


def check_series(series: Series, kind: str, last: int, *, first: int | None = None) -> None:
    """Refuse what the network cannot read.

    Args:
        series: The whole series; only days up to `last` are looked at.
        kind: stocks or weather.
        last: Row of the last origin.
        first: Row of the first origin; None: the same.

    Raises:
        InputError: If there is too little history, a value that is not finite, a price that is
            not above 0, a series that never moves, or (weather) a missing day.
    """
    needed, known = MIN_HISTORY[kind], (last if first is None else first) + 1
    if known < needed:
        raise InputError(
            f"A forecast needs {needed} days of history, this one would have {max(known, 0)}."
        )
    dates, values = series.dates[: last + 1], series.values[: last + 1]
    refused = ~np.isfinite(values) | ((values <= 0) if kind == "stocks" else False)
    if refused.any():
        day = dates[refused.argmax()]
        wanted = "a price above 0" if kind == "stocks" else "a number"
        raise InputError(f"The value of {day} is {values[refused.argmax()]}, not {wanted}.")
    if (values[:needed] == values[0]).all():
        raise InputError(f"The first {needed} values are all the same; there is nothing to learn.")
    gaps = np.diff(dates) != np.timedelta64(1, "D")
    if kind == "weather" and gaps.any():
        raise InputError(
            f"A temperature is needed for every day; none follows {dates[:-1][gaps.argmax()]}."
        )
