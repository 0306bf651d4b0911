"""Mixtures of Gaussians in closed form: distribution, quantiles, CRPS. Numpy only.

A forecast here is never a number; it is a distribution for every horizon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

_REACH, _STEPS = 9.0, 512
"""The table of the normal distribution: from -9 to 9, so many knots for one standard deviation."""
_KNOTS = np.linspace(-_REACH, _REACH, int(2 * _REACH * _STEPS) + 1)
_CDF = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in _KNOTS])
_DENSITY = np.exp(-0.5 * _KNOTS**2) / math.sqrt(2 * math.pi)
_MAX_STEPS, _TOLERANCE = 50, 1e-9
"""When the search for quantiles stops: the error of the probability."""


def normal_density(x: np.ndarray) -> np.ndarray:
    """Return the standard normal density."""
    return np.exp(-0.5 * np.square(x)) / math.sqrt(2 * math.pi)


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """Return the standard normal distribution function, to 1e-12.

    A Taylor step of third order from the nearest knot of a table: the standard library's erf
    takes one number at a time.
    """
    inside = np.clip(x, -_REACH, _REACH)
    row = np.rint((inside + _REACH) * _STEPS).astype(np.int64)
    knot = row / _STEPS - _REACH
    step = inside - knot
    slope = 1 - step / 2 * (knot - step / 3 * (knot * knot - 1))
    return _CDF[row] + step * _DENSITY[row] * slope


@dataclass(frozen=True)
class Mixture:
    """Mixtures of K Gaussians, one for each index of the leading axes."""

    weights: np.ndarray
    """(..., K) in [0, 1]; the last axis sums to 1."""
    means: np.ndarray
    """(..., K), in the unit of what is forecast."""
    scales: np.ndarray
    """(..., K) > 0, standard deviations in the same unit."""

    def __getitem__(self, index: object) -> Mixture:
        """Return the mixtures at `index` of the leading axes."""
        return Mixture(self.weights[index], self.means[index], self.scales[index])

    def mean(self) -> np.ndarray:
        """Return (...) expectations."""
        return (self.weights * self.means).sum(axis=-1)

    def std(self) -> np.ndarray:
        """Return (...) standard deviations."""
        spread = np.square(self.means - self.mean()[..., None]) + np.square(self.scales)
        return np.sqrt((self.weights * spread).sum(axis=-1))

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Return the probability of at most `x` (...), one x for each mixture."""
        below = normal_cdf((np.asarray(x)[..., None] - self.means) / self.scales)
        return (self.weights * below).sum(axis=-1)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """Return the natural logarithm of the density at `x` (...)."""
        z = (np.asarray(x)[..., None] - self.means) / self.scales
        density = (self.weights * normal_density(z) / self.scales).sum(axis=-1)
        return np.log(np.maximum(density, 1e-300))

    def quantiles(self, levels: Sequence[float]) -> np.ndarray:
        """Return (..., Q): the values that are not exceeded with probability `levels`.

        A mixture's quantile lies between the least and the greatest of its parts' quantiles.
        Newton's method searches there; a step that leaves the bracket halves it instead.
        """
        z = np.array([NormalDist().inv_cdf(level) for level in levels])
        means, scales = self.means[..., None, :], self.scales[..., None, :]  # (..., 1, K)
        weights = self.weights[..., None, :]
        parts = means + scales * z[:, None]  # (..., Q, K)
        low, high = parts.min(axis=-1), parts.max(axis=-1)
        x = (weights * parts).sum(axis=-1)  # (..., Q)
        for _ in range(_MAX_STEPS):
            standard = (x[..., None] - means) / scales
            error = (weights * normal_cdf(standard)).sum(axis=-1) - levels
            found = np.abs(error) < _TOLERANCE
            if found.all():
                break
            low, high = np.where(error < 0, x, low), np.where(error < 0, high, x)
            slope = (weights * normal_density(standard) / scales).sum(axis=-1)
            closer = x - error / np.maximum(slope, 1e-300)
            closer = np.where((closer > low) & (closer < high), closer, 0.5 * (low + high))
            x = np.where(found, x, closer)
        return x

    def crps(self, outcomes: np.ndarray) -> np.ndarray:
        """Return the continuous ranked probability score (...) in the forecast's unit; 0 is best.

        For a forecast without spread it is the absolute error.

        Source: Grimit et al. (2006), doi:10.1256/qj.05.235, equation 5.
        """
        distance = np.asarray(outcomes)[..., None] - self.means
        score = (self.weights * _expected_distance(distance, self.scales)).sum(axis=-1)
        for i in range(self.means.shape[-1]):  # a loop over parts keeps the arrays small
            apart = self.means - self.means[..., i : i + 1]
            spread = np.hypot(self.scales, self.scales[..., i : i + 1])
            pairs = (self.weights * _expected_distance(apart, spread)).sum(axis=-1)
            score = score - 0.5 * self.weights[..., i] * pairs
        return score


def gaussian(means: np.ndarray, scales: np.ndarray) -> Mixture:
    """Return mixtures of a single part."""
    means, scales = np.broadcast_arrays(means, scales)
    return Mixture(np.ones((*means.shape, 1)), means[..., None], scales[..., None])


def concatenate(mixtures: Sequence[Mixture]) -> Mixture:
    """Join mixtures along their first axis."""
    names = ("weights", "means", "scales")
    return Mixture(*(np.concatenate([getattr(m, name) for m in mixtures]) for name in names))


def _expected_distance(mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return E|X| for X normal with this mean and standard deviation."""
    z = mean / scale
    return 2 * scale * normal_density(z) + mean * (2 * normal_cdf(z) - 1)
