"""A small image becomes a digit: the shipped feed-forward network, run with ONNX Runtime."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.onnx_model import MODELS, OnnxModel, load_onnx_model

SIDE = 8
"""Pixels along one side of the image."""
WHITE = 16
"""Of a pixel that is all ink; 0 is paper. Every pixel counts the dots of a 4 x 4 square."""
_GAP = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class DigitResult:
    """What the network makes of one image. H = hidden units."""

    image: np.ndarray = field(repr=False)
    """(8, 8) float32 in [0, WHITE]."""
    pixels: np.ndarray = field(repr=False)
    """(64,) float32 in [0, 1]: the image row by row, as the network reads it."""
    hidden: np.ndarray = field(repr=False)
    """(H,) float32, at least 0."""
    logits: np.ndarray
    """(10,) float32, before softmax."""

    @property
    def probabilities(self) -> np.ndarray:
        """(10,) in [0, 1], sums to 1: of each digit."""
        grown = np.exp(self.logits - self.logits.max())
        return grown / grown.sum()

    @property
    def digit(self) -> int:
        """The likeliest digit."""
        return int(self.logits.argmax())

    @property
    def probability(self) -> float:
        """Of the likeliest digit."""
        return float(self.probabilities[self.digit])


def load_model(*, models: Path = MODELS) -> OnnxModel:
    """Open models/digits/.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    return load_onnx_model("digits", models=models)


def parse_image(text: str) -> np.ndarray:
    """Return the (8, 8) float32 image that 64 numbers describe, row by row.

    Args:
        text: Numbers from 0 (paper) to 16 (ink), parted by commas, semicolons or white space.

    Raises:
        InputError: If they are not 64, no numbers, or out of range.
    """
    words = [word for word in _GAP.split(text[:10_000].strip("[](), \t\r\n")) if word]
    if len(words) != SIDE * SIDE:
        raise InputError(f"An image has {SIDE * SIDE} numbers, row by row; these are {len(words)}.")
    strange = [word for word in words if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", word, re.ASCII)]
    if strange or max(map(float, words)) > WHITE:
        wrong = strange[0] if strange else max(words, key=float)
        raise InputError(f"{wrong[:20]!r} is no number from 0 (paper) to {WHITE} (ink).")
    return np.array(words, np.float32).reshape(SIDE, SIDE)


def recognise(model: OnnxModel, image: np.ndarray) -> DigitResult:
    """Return which digit an image shows.

    Args:
        model: From `load_model`.
        image: (8, 8) in [0, WHITE].

    Raises:
        ValueError: If the image has another shape.
    """
    if image.shape != (SIDE, SIDE):
        raise ValueError(f"an image of {image.shape} is not {SIDE} x {SIDE}")
    image = image.astype(np.float32)
    pixels = image.reshape(1, -1) / WHITE  # (1, 64)
    found = model.run("classifier", pixels=pixels)
    return DigitResult(image, pixels[0], found["hidden"][0], found["logits"][0])
