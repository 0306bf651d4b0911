"""The regions of an image, a square grid row by row: which were looked at, and hiding them."""

from __future__ import annotations

import numpy as np


def most_attended(attention_weights: np.ndarray, share: float) -> np.ndarray:
    """Return (R,) bool, True = among the `share` of regions with the largest weights.

    Args:
        attention_weights: (R,), one word's.
        share: In (0, 1]; at least one region is returned.
    """
    count = max(1, round(share * len(attention_weights)))
    masked = np.zeros(len(attention_weights), dtype=bool)
    masked[np.argsort(-attention_weights, kind="stable")[:count]] = True
    return masked


def least_attended(attention_weights: np.ndarray, share: float) -> np.ndarray:
    """Return (R,) bool: as many regions, those that were looked at least (the control)."""
    return most_attended(-attention_weights, share)


def mask_regions(image: np.ndarray, masked: np.ndarray) -> np.ndarray:
    """Paint regions of an image in its mean colour.

    Args:
        image: (height, width, 3) uint8, of any shape: the grid stretches over it.
        masked: (R,) bool over a square grid, row by row.
    """
    grid = round(len(masked) ** 0.5)
    rows, columns = (np.arange(side) * grid // side for side in image.shape[:2])
    painted = image.copy()
    painted[masked.reshape(grid, grid)[rows][:, columns]] = image.mean(axis=(0, 1)).astype(np.uint8)
    return painted
