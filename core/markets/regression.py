"""A ridge regression that learns from the first part of a series and is judged on the rest.

The smallest forecaster there is: it is fitted while a visitor waits. Numpy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.probabilistic.bootstrap import Interval, correlation_interval, share_interval

TRAIN_SHARE = 0.7
"""Of the days, from the first on, that the regression learns from."""
BLOCK_DAYS = 20
"""Days that are resampled together, and that are left out between learning and judging."""
DRAWN = 120
"""Days that can be told apart in a picture."""
PENALTY = 1e-3
"""Added to each input's variance of 1; keeps inputs that say the same from cancelling out."""


@dataclass(frozen=True)
class Forecasted:
    """What a regression said about the last part of a series. N = days of it."""

    dates: np.ndarray = field(repr=False)
    """(N,) datetime64[D] of the days that were forecast."""
    actual: np.ndarray = field(repr=False)
    """(N,) what happened: a price, or a change in percent."""
    predicted: np.ndarray = field(repr=False)
    """(N,) what was forecast, in the same unit."""
    unit: str

    def last(self, count: int = DRAWN) -> Forecasted:
        """Return the last days alone, as many as can be told apart in a picture."""
        arrays = (self.dates[-count:], self.actual[-count:], self.predicted[-count:])
        return Forecasted(*arrays, self.unit)

    @property
    def direction(self) -> Interval:
        """Share of days whose sign was forecast; days without a change do not count."""
        moved = self.actual != 0
        hits = np.sign(self.predicted[moved]) == np.sign(self.actual[moved])
        return share_interval(hits, block_length=BLOCK_DAYS)

    @property
    def agreement(self) -> Interval:
        """Correlation of forecast and outcome."""
        return correlation_interval(self.predicted, self.actual, block_length=BLOCK_DAYS)

    @property
    def explained(self) -> float:
        """R squared: 1 minus the squared error over the variance of the outcome."""
        error = np.square(self.predicted - self.actual).mean()
        return float(1 - error / self.actual.var())

    def best_lag(self, longest: int = 5) -> int:
        """Return by how many days the forecast must be moved back to fit what happened best."""
        lags = range(longest + 1)
        ends = (len(self.actual) - lag for lag in lags)
        pairs = (
            (self.predicted[lag:], self.actual[:end]) for lag, end in zip(lags, ends, strict=True)
        )
        return int(np.argmin([np.square(late - come).mean() for late, come in pairs]))


def forecast_rest(
    inputs: np.ndarray, target: np.ndarray, dates: np.ndarray, unit: str, *, shuffled: bool = False
) -> Forecasted:
    """Fit to the first part of the days and forecast the rest.

    Args:
        inputs: (N, F), known on each day.
        target: (N,) what is forecast on it.
        dates: (N,) of the days that are forecast.
        unit: Of the target, for people.
        shuffled: Learn from labels in a random order, from which nothing can be learnt.
    """
    cut = int(TRAIN_SHARE * len(target))
    learnt = target[: cut - BLOCK_DAYS]  # what overlaps with the rest is not learnt from
    learnt = np.random.default_rng(0).permutation(learnt) if shuffled else learnt
    predict = fit_ridge(inputs[: cut - BLOCK_DAYS], learnt)
    return Forecasted(dates[cut:], target[cut:], predict(inputs[cut:]), unit)


def fit_ridge(inputs: np.ndarray, target: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that forecasts a target from new inputs.

    Means and spreads are those of the rows given here; nothing is ever learnt from new ones.

    Args:
        inputs: (N, F).
        target: (N,).

    Source: Hoerl & Kennard (1970), doi:10.1080/00401706.1970.10488634.
    """
    centre, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-12
    scaled, level = (inputs - centre) / spread, target.mean()
    penalty = PENALTY * len(scaled) * np.eye(inputs.shape[1])
    weights = np.linalg.solve(scaled.T @ scaled + penalty, scaled.T @ (target - level))
    return lambda new: (new - centre) / spread @ weights + level
