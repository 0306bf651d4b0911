"""How sure a number is: intervals from resampled blocks of days. Numpy only.

Days follow each other: one loud day comes with others, and forecasts of 20 days overlap. So whole
blocks of days are drawn, never single ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NUM_REPLICATES = 1000
LEVEL = 0.95
_SEED = 20
_CHUNK = 200
"""Replicates at a time, which bounds the memory."""


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
        statistic: Takes the columns as (..., N) and returns (...): it reduces the last axis.
        columns: (N,) arrays, one value per day in each; a day is drawn with all its values.
        block_length: Days in a block, at least as long as what a value looks ahead.

    Raises:
        ValueError: If the columns are empty or of different lengths.

    Source: Politis & Romano (1992), circular blocks, in "Exploring the Limits of Bootstrap".
    """
    num_days = len(columns[0])
    if not num_days or any(len(column) != num_days for column in columns):
        raise ValueError(f"columns of {[len(column) for column in columns]} days")
    rng = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(NUM_REPLICATES // _CHUNK):
        days = _draw(num_days, min(block_length, num_days), rng)
        drawn.append(statistic(*(column[days] for column in columns)))
    tails = np.array([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = np.quantile(np.concatenate(drawn), tails)
    return Interval(float(statistic(*columns)), float(low), float(high))


def _draw(num_days: int, block_length: int, rng: np.random.Generator) -> np.ndarray:
    """Return (_CHUNK, num_days) days: blocks from random starts, round the end to the start."""
    num_blocks = -(-num_days // block_length)
    starts = rng.integers(num_days, size=(_CHUNK, num_blocks, 1))
    days = (starts + np.arange(block_length)) % num_days
    return days.reshape(_CHUNK, -1)[:, :num_days]


def share(hits: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis: of zeros and ones, the share of ones."""
    return hits.mean(axis=-1)


def skill(errors: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return how much smaller the mean error is than the reference's: 1 is perfect, 0 no better."""
    return 1 - errors.mean(axis=-1) / reference.mean(axis=-1)


def correlation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation over the last axis; 0 where one side never varies."""
    first = first - first.mean(axis=-1, keepdims=True)
    second = second - second.mean(axis=-1, keepdims=True)
    norms = np.sqrt(np.square(first).sum(axis=-1) * np.square(second).sum(axis=-1))
    return np.divide(
        (first * second).sum(axis=-1), norms, out=np.zeros_like(norms), where=norms > 0
    )
