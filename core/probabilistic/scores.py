"""How good distributions were, once the outcomes are known. Numpy only."""

from __future__ import annotations

import math

import numpy as np

from core.probabilistic.mixture import Mixture
from core.series import Series

SHARES = (0.5, 0.8, 0.95)
"""Of the central intervals whose coverage is counted."""


def known_outcomes(
    series: Series, origins: np.ndarray, horizons: np.ndarray, kind: str
) -> np.ndarray:
    """Return (N, Z) what came: cumulative log returns (stocks) or temperatures; NaN: not yet."""
    rows = origins[:, None] + horizons
    known = rows < len(series.values)
    coming = series.values[np.minimum(rows, len(series.values) - 1)].astype(float)
    if kind == "stocks":
        coming = np.log(coming / series.values[origins][:, None])
    return np.where(known, coming, np.nan)


def skill(score: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return by how many percent `score` is smaller than `reference`; both are errors."""
    return 100 * (1 - np.asarray(score) / np.asarray(reference))


def covered(mixture: Mixture, outcomes: np.ndarray, share: float) -> np.ndarray:
    """Return (...) bool: whether each outcome lies in its central interval of `share`."""
    below = mixture.cdf(outcomes)
    return np.abs(below - 0.5) <= share / 2


def coverage(mixture: Mixture, outcomes: np.ndarray) -> dict[str, float]:
    """Return, in percent, how many outcomes the intervals of 50, 80 and 95 % held."""
    return {
        f"coverage_{100 * share:.0f}": 100 * float(covered(mixture, outcomes, share).mean())
        for share in SHARES
    }


def rmse(mixture: Mixture, outcomes: np.ndarray) -> np.ndarray:
    """Return (Z,) root mean squared errors of the expectation over N origins (N, Z)."""
    return np.sqrt(np.square(mixture.mean() - outcomes).mean(axis=0))


def right_direction(mixture: Mixture, outcomes: np.ndarray) -> np.ndarray:
    """Return (...) bool: whether the likelier sign was the outcome's; an outcome of 0 is wrong."""
    likelier_up = mixture.cdf(np.zeros_like(outcomes)) < 0.5
    return np.where(likelier_up, outcomes > 0, outcomes < 0)


def share_with_interval(hits: np.ndarray) -> tuple[float, float, float]:
    """Return a share in percent and both ends of its 95 % interval.

    Args:
        hits: (D, M) of D days and M series. Series move together on a day, so days are what is
            counted: the interval is that of the mean of D daily shares.
    """
    daily = hits.mean(axis=1)
    centre = 100 * float(daily.mean())
    margin = 196 * float(daily.std(ddof=1)) / math.sqrt(len(daily))
    return centre, centre - margin, centre + margin
