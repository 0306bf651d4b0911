"""What a page asks beyond the digit: images to try."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np

from core.onnx_model import read_checked


@dataclass(frozen=True)
class Sample:
    """An image that the app ships, with what the shipped network says of it."""

    title: str
    image: np.ndarray = field(repr=False)
    """(8, 8) float32 in [0, 16]."""
    digit: int
    """What its writer meant."""
    answer: int
    """What the shipped network read when it was exported; a test asks it again."""
    probability: float
    """How sure it was."""


def load_samples() -> tuple[Sample, ...]:
    """Read models/digits/samples.json.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    rows = json.loads(read_checked("digits/samples.json"))
    return tuple(Sample(**row | {"image": np.array(row["image"], np.float32)}) for row in rows)
