"""Handwritten digits of 8 x 8 pixels, in three splits that never move.

    python -m core.digits.prepare

The images come with scikit-learn (`load_digits`). They are the test half of "Optical Recognition
of Handwritten Digits" (Alpaydin & Kaynak 1998, doi:10.24432/C50P49, CC BY 4.0); `--data` names a
folder with that half in its original form, optdigits.tes, instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

from core.digits.inference import SIDE
from core.training.options import from_command_line

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}
"""Of each digit's images."""


class Digits(NamedTuple):
    """Images and what they show."""

    images: np.ndarray
    """(N, 8, 8) float32 in [0, 16]."""
    labels: np.ndarray
    """(N,) int64 in [0, 9]."""


@dataclass(frozen=True)
class PrepareOptions:
    """What to prepare, from where, into which folder."""

    data: str = ""
    """Folder with optdigits.tes; empty: the copy in scikit-learn."""
    work: str = ".data/digits"
    """Folder for the prepared arrays; not part of the repository."""


def read_digits(data: str = "") -> Digits:
    """Return all images in the order of the original file."""
    if data:
        rows = np.loadtxt(Path(data) / "optdigits.tes", delimiter=",")
        pixels, labels = rows[:, :-1], rows[:, -1]
    else:
        pixels, labels = load_digits(return_X_y=True)
    return Digits(pixels.reshape(-1, SIDE, SIDE).astype(np.float32), labels.astype(np.int64))


def read_split(data: str, split: str) -> Digits:
    """Return one split: of each digit's images, ordered by the SHA-256 of their pixels, a part.

    So every split holds the same mixture of digits, whatever the order of the file.
    """
    digits, rows = read_digits(data), []
    before = sum(share for name, share in SHARES.items() if [*SHARES].index(name) < _place(split))
    for digit in np.unique(digits.labels):
        members = np.flatnonzero(digits.labels == digit)
        order = sorted(members, key=lambda row: fingerprint(digits.images[row]))
        start, end = (round(len(order) * s) for s in (before, before + SHARES[split]))
        rows += order[start:end]
    return Digits(digits.images[rows], digits.labels[rows])


def _place(split: str) -> int:
    if split not in SHARES:
        raise ValueError(f"{split!r} is none of {', '.join(SHARES)}")
    return [*SHARES].index(split)


def fingerprint(image: np.ndarray) -> str:
    """Return the SHA-256 of an image's pixels."""
    return sha256(image.astype(np.uint8).tobytes()).hexdigest()


def prepare(options: PrepareOptions) -> None:
    """Write the splits that training sees."""
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    for split in ("train", "dev"):
        found = read_split(options.data, split)
        np.savez(work / f"{split}.npz", images=found.images, labels=found.labels)


def main() -> None:
    """Prepare as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
