"""Where a network looked, drawn on the visitor's own photo: a photo in, a photo out."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from core.figures import theme
from core.regions import mask_regions

DARK, BRIGHT = 0.5, 6.0
"""Times the even share of attention: below the first a place stays dark, from the second on it is
fully lit, in every picture."""
DIMMED = 0.3
"""Brightness of a dark place; 1 is the photo as it is."""
LONGER_SIDE = 512
"""Of every picture, in pixels: a small photo is enlarged, so that its light is as smooth."""
GLOW = 0.15
"""How much of attention's own colour is added where it is fully lit."""


def overlay(photo: Image.Image, attention_weights: np.ndarray) -> Image.Image:
    """Return the photo lit where the network looked and dark elsewhere.

    The strength depends on the weight alone, never on the largest of the picture, so that the
    pictures of two words can be compared.

    Args:
        photo: RGB, in its own aspect ratio.
        attention_weights: (R,) over a square grid, row by row, in [0, 1]; sums to 1.

    Raises:
        ValueError: If the photo is not RGB or the weights are no distribution over a square grid.
    """
    if photo.mode != "RGB":
        raise ValueError(f"a photo is RGB, not {photo.mode}")
    if (attention_weights < 0).any() or abs(float(attention_weights.sum()) - 1) > 1e-3:
        raise ValueError("attention weights are not negative and sum to 1")
    photo = _enlarge(photo)
    surface = spread(attention_weights, height=photo.height, width=photo.width)
    times_even = surface * len(attention_weights)
    strength = np.clip((times_even - DARK) / (BRIGHT - DARK), 0, 1)[..., None]
    glow = np.array([int(theme.ATTENTION[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
    lit = np.asarray(photo) * (DIMMED + (1 - DIMMED) * strength) + GLOW * glow * strength
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def cover(photo: Image.Image, masked: np.ndarray) -> Image.Image:
    """Return the photo with regions painted over in its mean colour.

    Args:
        photo: RGB, in its own aspect ratio.
        masked: (R,) bool over a square grid, row by row; True = painted over.
    """
    return Image.fromarray(mask_regions(np.asarray(_enlarge(photo)), masked))


def spread(attention_weights: np.ndarray, *, height: int, width: int) -> np.ndarray:
    """Return the grid's weights as a smooth surface with one value per pixel.

    The centre of each region keeps its weight exactly and everything between lies between, so
    the brightest place of the picture is the region with the largest weight.

    Args:
        attention_weights: (R,) over a square grid, row by row.
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.

    Returns:
        (height, width) float32.

    Raises:
        ValueError: If R is not a square number.
    """
    grid_size = _grid_size(attention_weights)
    grid = attention_weights.reshape(grid_size, grid_size).astype(np.float32)
    return _blend(height, grid_size) @ grid @ _blend(width, grid_size).T


def to_png(picture: Image.Image) -> bytes:
    """Return the bytes of a PNG file."""
    file = BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()


def _enlarge(photo: Image.Image) -> Image.Image:
    scale = max(1.0, LONGER_SIDE / max(photo.size))
    return photo.resize([round(scale * side) for side in photo.size], Image.Resampling.BICUBIC)


def _grid_size(regions: np.ndarray) -> int:
    grid_size = round(len(regions) ** 0.5)
    if grid_size**2 != len(regions):
        raise ValueError(f"{len(regions)} regions are no square grid")
    return grid_size


def _blend(num_pixels: int, grid_size: int) -> np.ndarray:
    """Return (num_pixels, grid_size): how much each region counts at each pixel; rows sum to 1."""
    place = (np.arange(num_pixels) + 0.5) * grid_size / num_pixels - 0.5
    left = np.clip(np.floor(place).astype(int), 0, grid_size - 1)
    right = np.minimum(left + 1, grid_size - 1)
    between = np.clip(place - left, 0, 1)
    share = between * between * (3 - 2 * between)  # rises without a corner from 0 to 1
    weights = np.zeros((num_pixels, grid_size), dtype=np.float32)
    np.add.at(weights, (np.arange(num_pixels), left), 1 - share)
    np.add.at(weights, (np.arange(num_pixels), right), share)
    return weights
