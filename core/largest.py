"""Finding what is largest in wide rows, such as the likeliest tokens of a vocabulary."""

from __future__ import annotations

import numpy as np

NUM_IN_BLOCK = 32
"""Columns whose maximum is taken together."""


def shortlist(values: np.ndarray, count: int) -> np.ndarray:
    """Return places in `values.ravel()`, ascending: every row's `count` largest and few others.

    The values of a wide row are parted into blocks. Its `count`-th largest value is no less than
    the `count`-th largest of the blocks' maxima, so what is smaller need not be sorted. A block's
    columns stand `num_blocks` apart, so that all maxima are taken side by side.

    Args:
        values: (R, V), no NaN.
        count: At most V.
    """
    num_rows, width = values.shape
    num_blocks = width // NUM_IN_BLOCK
    if num_blocks <= count:
        return np.arange(values.size)
    whole = num_blocks * NUM_IN_BLOCK
    blocks = values[:, :whole].reshape(num_rows, NUM_IN_BLOCK, num_blocks)
    maxima = np.maximum.reduce(blocks, axis=1)
    if whole < width:
        maxima = np.concatenate([maxima, values[:, whole:]], axis=1)
    least = maxima.shape[1] - count
    maxima.sort(axis=1)
    return (values >= maxima[:, least : least + 1]).ravel().nonzero()[0]


def places_within(groups: np.ndarray) -> np.ndarray:
    """Return (N,) how many elements of the same group stand before each element.

    Args:
        groups: (N,) ints.
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    places = np.empty_like(order)
    places[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered)
    return places
