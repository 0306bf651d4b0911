"""How sure a number is: intervals from resampled blocks of days. Numpy only.

Days follow each other: one loud day comes with others, and forecasts of 20 days overlap. So whole
blocks of days are drawn, never single ones. Every statistic here is made of means over days, and a
mean over drawn blocks is the mean of their means: that makes an interval a matter of milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NUM_REPLICATES = 2000
LEVEL = 0.95
_SEED = 20


@dataclass(frozen=True)
class Interval:
    """A number and how far it could be off."""

    estimate: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Tell whether the interval lies wholly above or wholly below `value`."""
        return not self.low <= value <= self.high

    def formatted(self, spec: str = ".2f") -> str:
        """Return "0.31 [0.12, 0.50]", each number in the given format."""
        return f"{self.estimate:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def block_interval(
    statistic: Callable[..., np.ndarray], *columns: np.ndarray, block_length: int
) -> Interval:
    """Return a statistic of paired columns with its 95 % percentile interval.

    Args:
        statistic: Takes the mean of each column, elementwise, and returns the statistic.
        columns: (N,) arrays, one value per day in each; a day is drawn with all its values.
        block_length: Days in a block, at least as long as what a value looks ahead.

    Raises:
        ValueError: If the columns are empty or of different lengths.

    Source: Politis & Romano (1992), "A circular block-resampling procedure for stationary data",
    in Exploring the Limits of Bootstrap.
    """
    num_days = len(columns[0])
    if not num_days or any(len(column) != num_days for column in columns):
        raise ValueError(f"columns of {[len(column) for column in columns]} days")
    length = min(block_length, num_days)
    starts = np.random.default_rng(_SEED).integers(
        num_days, size=(NUM_REPLICATES, -(-num_days // length))
    )
    drawn = statistic(*(_block_means(column, length)[starts].mean(axis=1) for column in columns))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    estimate = statistic(*(np.mean(column) for column in columns))
    return Interval(float(estimate), float(low), float(high))


def _block_means(column: np.ndarray, length: int) -> np.ndarray:
    """Return (N,) the mean of the block that starts on each day, round the end to the start."""
    around = np.concatenate([column, column[: length - 1]]).astype(float)
    return np.lib.stride_tricks.sliding_window_view(around, length).mean(axis=1)


def share_interval(hits: np.ndarray, *, block_length: int) -> Interval:
    """Return the share of True in (N,) bool with its interval."""
    return block_interval(lambda mean: mean, hits, block_length=block_length)


def skill_interval(errors: np.ndarray, reference: np.ndarray, *, block_length: int) -> Interval:
    """Return by which share the mean error is smaller than the reference's, with its interval.

    1 is perfect, 0 no better, below 0 worse; a reference without errors cannot be beaten.
    """
    return block_interval(
        lambda own, other: 1 - own / np.maximum(other, 1e-300),
        errors,
        reference,
        block_length=block_length,
    )


def correlation_interval(first: np.ndarray, second: np.ndarray, *, block_length: int) -> Interval:
    """Return Pearson's correlation of two columns with its interval; 0 if one never varies."""
    first, second = first - first.mean(), second - second.mean()
    columns = (first, second, first**2, second**2, first * second)
    return block_interval(_correlation, *columns, block_length=block_length)


def _correlation(
    first: np.ndarray, second: np.ndarray, squares: np.ndarray, others: np.ndarray, both: np.ndarray
) -> np.ndarray:
    norms = np.sqrt(np.maximum(squares - first**2, 0) * np.maximum(others - second**2, 0))
    return np.where(norms > 1e-15, (both - first * second) / np.maximum(norms, 1e-15), 0.0)
