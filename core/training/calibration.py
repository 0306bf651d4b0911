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

    def loss(temperature: float, exponent: float) -> float:
        parts = (
            np.logaddexp(0, np.where(y, -1, 1) * logits / (temperature * words**exponent)).mean()
            for logits, words, y in told
        )
        return float(sum(parts))

    pairs = product(np.geomspace(0.2, 5.0, 131).round(4), np.linspace(-0.4, 0.4, 81).round(4))
    temperature, exponent = min(pairs, key=lambda pair: loss(*pair))
    return float(temperature), float(exponent)
