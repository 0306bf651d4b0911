"""Sources with several targets each, of unequal length, as batches packed by time step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.vocabulary import Vocabulary


class Target(NamedTuple):
    """One sequence to be written."""

    source: int
    """Row of its source."""
    kind: int
    """What it is written in: a small number that the task gives a meaning."""
    token_ids: list[int]
    """The end token last."""


class PackedBatch(NamedTuple):
    """Sources with their targets, longest target first. N = tokens to predict."""

    source_ids: Tensor
    """(B, S) int64, padded."""
    lengths: Tensor
    """(B,) int64, real tokens of each source."""
    source_rows: Tensor
    """(R,) row of each target's source."""
    rows_per_step: list[int]
    """How many targets still have a token to predict, per time step."""
    read_ids: Tensor
    """(N,) int64, the begin token, then each token of a target but its last."""
    target_ids: Tensor
    """(N,) int64, each token of a target."""
    kinds: Tensor
    """(N,) int64, `Target.kind` of each token."""

    @property
    def mask(self) -> Tensor:
        """(R, S) bool, True = real token of a target's source."""
        places = torch.arange(self.source_ids.shape[1], device=self.lengths.device)
        return (places < self.lengths[:, None])[self.source_rows]


def pack(sources: Sequence[Sequence[int]], targets: Sequence[Target]) -> PackedBatch:
    """Return a batch; at time step t its first `rows_per_step[t]` targets have a token."""
    rows = sorted(targets, key=lambda target: -len(target.token_ids))
    lengths = np.array([len(target.token_ids) for target in rows])
    rows_per_step = [int((lengths > step).sum()) for step in range(lengths[0])]
    packed = [(row, step) for step, number in enumerate(rows_per_step) for row in rows[:number]]
    begin = Vocabulary.bos_id
    return PackedBatch(
        pad(sources),
        torch.tensor([len(token_ids) for token_ids in sources]),
        torch.tensor([target.source for target in rows]),
        rows_per_step,
        torch.tensor([row.token_ids[step - 1] if step else begin for row, step in packed]),
        torch.tensor([row.token_ids[step] for row, step in packed]),
        torch.tensor([row.kind for row, _ in packed]),
    )


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return token ids of unequal length as one (B, S) int64 tensor, padded."""
    padded = np.full((len(rows), max(map(len, rows))), Vocabulary.pad_id, np.int64)
    for row, token_ids in zip(padded, rows, strict=True):
        row[: len(token_ids)] = token_ids
    return torch.from_numpy(padded)
