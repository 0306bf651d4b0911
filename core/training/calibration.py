"""Temperature scaling: a verdict's confidence becomes how often it is right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np


class Told(NamedTuple):
    """What a network said of one data set, before any temperature."""

    logits: np.ndarray
    """(N,)."""
    num_words: np.ndarray
    """(N,)."""
    labels: np.ndarray
    """(N,) bool."""


def fit_temperature(told: Sequence[Told]) -> tuple[float, float]:
    """Return (t, e) for logits / (t * words ** e) that make the labels likeliest.

    Args:
        told: Data sets; each counts the same, whatever its size.

    Source: Guo et al. (2017), arXiv:1706.04599, section 4.2, with an exponent for the length.
    """

    def loss(point: tuple[float, float]) -> float:
        scales = (np.exp(point[0]) * words ** point[1] for _, words, _ in told)
        parts = (
            np.logaddexp(0, np.where(y, -1, 1) * logits / scale).mean()
            for (logits, _, y), scale in zip(told, scales, strict=True)
        )
        return float(sum(parts))

    best, reach = (0.0, 0.0), np.array([1.6, 0.4])
    for _ in range(6):  # a grid around the best point, then a finer one
        steps = np.linspace(-1, 1, 9)[:, None] * reach + best
        best, reach = min(product(*steps.T), key=loss), reach / 3
    return round(float(np.exp(best[0])), 4), round(float(best[1]), 4)
