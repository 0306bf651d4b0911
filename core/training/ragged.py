"""Many texts of unequal length in one file: token ids end to end, with lengths and targets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.vocabulary import Vocabulary


class Batch(NamedTuple):
    """Texts of similar length."""

    token_ids: Tensor
    """(B, S) int64, padded."""
    lengths: Tensor
    """(B,) int64, real words of each."""
    targets: Tensor
    """(B,) float32, probability of being positive."""


class Texts:
    """Texts that `write_texts` wrote; those without a token are left out."""

    def __init__(self, path: Path) -> None:
        arrays = np.load(path)
        keep = arrays["lengths"] > 0
        starts = np.cumsum(arrays["lengths"]) - arrays["lengths"]
        self.token_ids, self.starts = arrays["token_ids"], starts[keep]
        self.lengths, self.targets = arrays["lengths"][keep], arrays["targets"][keep]

    def batch(self, rows: np.ndarray) -> Batch:
        """Return these texts, padded to the longest."""
        lengths = self.lengths[rows]
        place = np.arange(lengths.max())
        real = place < lengths[:, None]  # (B, S)
        where = np.where(real, self.starts[rows][:, None] + place, 0)
        token_ids = np.where(real, self.token_ids[where], Vocabulary.pad_id).astype(np.int64)
        parts = (token_ids, lengths.astype(np.int64), self.targets[rows])
        return Batch(*(torch.from_numpy(part) for part in parts))


def write_texts(
    path: Path, words: Sequence[Sequence[str]], targets: np.ndarray, vocabulary: Vocabulary
) -> None:
    """Write texts as token ids, end to end, with each one's length and target."""
    ids = [vocabulary.encode(text) for text in words]
    flat = np.array([token for row in ids for token in row], np.int32)
    lengths = np.array([len(row) for row in ids])
    np.savez(path, token_ids=flat, lengths=lengths, targets=np.asarray(targets, np.float32))
