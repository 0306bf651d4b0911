"""What a day of the year is usually like: harmonics fitted to the past only. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAYS_PER_YEAR = 365.2425
_MEAN_HARMONICS, _SPREAD_HARMONICS = 2, 1
_RIDGE = 2.0
"""Days without a season that are added to the data: a short series gets a flat curve."""
_MIN_SPREAD = 1e-3
"""Of the whole series' spread; a constant stretch does not divide by zero."""


def season(dates: np.ndarray, num_harmonics: int) -> np.ndarray:
    """Return (N, 1 + 2 * num_harmonics): a one, then sine and cosine of the day of the year.

    Args:
        dates: (N,) datetime64[D].
        num_harmonics: 1 is a yearly wave, 2 adds a half-yearly one.
    """
    year = dates.astype("datetime64[Y]")
    day = (dates.astype("datetime64[D]") - year.astype("datetime64[D]")).astype(float)
    angle = 2 * np.pi * np.outer(day / DAYS_PER_YEAR, np.arange(1, num_harmonics + 1))
    return np.concatenate([np.ones((len(dates), 1)), np.sin(angle), np.cos(angle)], axis=1)


@dataclass(frozen=True)
class Climatology:
    """One curve for each origin, fitted on the days up to it. M = harmonics' columns."""

    mean_weights: np.ndarray
    """(N, M) of the expected temperature."""
    spread_weights: np.ndarray
    """(N, M') of the mean squared distance from it."""
    floor: np.ndarray
    """(N,) least spread, in the unit of the series."""

    def mean(self, dates: np.ndarray) -> np.ndarray:
        """Return (N, D) expectations on `dates` (N, D), each row by its own origin's curve."""
        return _evaluate(self.mean_weights, dates, _MEAN_HARMONICS)

    def spread(self, dates: np.ndarray) -> np.ndarray:
        """Return (N, D) standard deviations on `dates` (N, D)."""
        square = _evaluate(self.spread_weights, dates, _SPREAD_HARMONICS)
        return np.sqrt(np.maximum(square, np.square(self.floor)[:, None]))


def fit_climatology(dates: np.ndarray, values: np.ndarray, origins: np.ndarray) -> Climatology:
    """Fit a curve for each origin to the days up to and including it.

    Args:
        dates: (S,) datetime64[D].
        values: (S,) what was measured.
        origins: (N,) rows of the last known days.
    """
    centre = np.cumsum(values) / np.arange(1, len(values) + 1)
    mean_weights = _expanding_fit(season(dates, _MEAN_HARMONICS), values)
    # Each day's own distance is taken from the curve that was known on that day.
    fitted = (season(dates, _MEAN_HARMONICS) * mean_weights).sum(axis=1)
    squares = np.square(values - fitted)
    spread_weights = _expanding_fit(season(dates, _SPREAD_HARMONICS), squares)
    overall = np.sqrt(np.cumsum(np.square(values - centre)) / np.arange(1, len(values) + 1))
    floor = np.maximum(0.3 * np.sqrt(spread_weights[:, 0].clip(0)), _MIN_SPREAD * overall + 1e-9)
    return Climatology(mean_weights[origins], spread_weights[origins], floor[origins])


def _expanding_fit(columns: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return (S, M) least-squares weights, row t from rows up to t, shrunk to the plain mean."""
    products = np.cumsum(columns[:, :, None] * columns[:, None, :], axis=0)  # (S, M, M)
    targets = np.cumsum(columns * values[:, None], axis=0)  # (S, M)
    ridge = np.diag([1e-6, *[_RIDGE] * (columns.shape[1] - 1)])
    return np.linalg.solve(products + ridge, targets[..., None])[..., 0]


def _evaluate(weights: np.ndarray, dates: np.ndarray, num_harmonics: int) -> np.ndarray:
    columns = season(dates.ravel(), num_harmonics).reshape(*dates.shape, -1)
    return (columns @ weights[..., None])[..., 0]
