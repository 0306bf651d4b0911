"""A large network that labels text for a small one: fine-tune MiniLM, then write its logits down.

Source: Hinton et al. (2015), arXiv:1503.02531; for BiLSTMs Tang et al. (2019), arXiv:1903.12136.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from core.training.loop import fit, length_buckets, load_averaged, schedule_of
from core.training.minilm import MiniLM, WordPieces, load_minilm, read_word_pieces

Words = Sequence[str]


@dataclass(frozen=True)
class TeacherOptions:
    """How the teacher is fine-tuned."""

    num_epochs: int = 2
    learning_rate: float = 8e-5
    batch_size: int = 64
    max_pieces: int = 96
    ema_decay: float = 0.99
    seed: int = 0


class Labelled(NamedTuple):
    """Texts with what is known about them."""

    texts: list[list[str]]
    """Words of each text."""
    targets: np.ndarray
    """(N,) float32 in [0, 1], probability of being positive."""


class Teacher(NamedTuple):
    """A fine-tuned MiniLM and its pieces of words."""

    network: MiniLM
    pieces: WordPieces


class _Task:
    """Binary cross-entropy with soft targets."""

    def __init__(
        self, pieces: WordPieces, train: Labelled, dev: Labelled, options: TeacherOptions
    ) -> None:
        self.options, self.pieces, self.dev, self.targets = options, pieces, dev, train.targets
        self.rows = [pieces.encode(words, limit=options.max_pieces) for words in train.texts]
        self.lengths = np.array([len(row) for row in self.rows])
        self.steps_per_epoch = sum(1 for _ in self._batches(0))

    def _batches(self, epoch: int) -> Iterator[np.ndarray]:
        rng = np.random.default_rng([self.options.seed, epoch])
        return length_buckets(self.lengths, self.options.batch_size, rng)

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        for chosen in self._batches(epoch):
            targets = torch.from_numpy(self.targets[chosen])
            yield _padded([self.rows[i] for i in chosen]), targets

    def loss(self, network: MiniLM, batch: tuple[Tensor, Tensor]) -> Tensor:
        logit, _ = network(batch[0])
        return F.binary_cross_entropy_with_logits(logit.float(), batch[1])

    def score(self, network: MiniLM) -> dict[str, float]:
        logits = label(Teacher(network, self.pieces), self.dev.texts)
        return {"dev_accuracy": float(np.mean((logits > 0) == (self.dev.targets > 0.5)))}


def load_teacher(weights: Path) -> Teacher:
    """Return MiniLM as it was published; its readout is new and knows nothing."""
    return Teacher(load_minilm(weights), read_word_pieces(weights / "vocab.txt"))


def fine_tune(
    weights: Path, train: Labelled, dev: Labelled, options: TeacherOptions, folder: Path
) -> Teacher:
    """Return MiniLM from `weights`, trained on `train`; an earlier run in `folder` is reused.

    The vectors of word pieces and positions stay as they were: most of them are not in `train`.
    """
    teacher = load_teacher(weights)
    teacher.network.words.requires_grad_(False)
    teacher.network.positions.requires_grad_(False)
    if (folder / "done").exists():
        load_averaged(teacher.network, folder / "best.pt")
        return teacher
    task = _Task(teacher.pieces, train, dev, options)
    fit(teacher.network, task, schedule_of(options), folder, resume=True)
    (folder / "done").touch()
    return teacher


def label(teacher: Teacher, texts: Sequence[Words], *, batch_size: int = 128) -> np.ndarray:
    """Return the teacher's logit for every text, (N,) float32."""
    return _run(teacher, texts, batch_size)[0]


def word_vectors(
    teachers: Sequence[Teacher], words: Words, size: int, *, deviation: float = 0.4
) -> np.ndarray:
    """Return one vector per word: what the teachers make of it read alone, in fewer numbers.

    Args:
        teachers: MiniLM before and after fine-tuning: meaning and sentiment, side by side.
        words: V words.
        size: Principal components kept (E).
        deviation: Standard deviation of all numbers that are returned.

    Returns:
        (V, E) float32.
    """
    single = [[word] for word in words]
    means = [_run(teacher, single, 512)[1] for teacher in teachers]
    joined = np.concatenate([m / np.linalg.norm(m, axis=1, keepdims=True) for m in means], axis=1)
    joined -= joined.mean(axis=0)
    _, axes = np.linalg.eigh(joined.T @ joined)  # ascending: the last are the principal ones
    vectors = joined @ axes[:, ::-1][:, :size]
    return (vectors * (deviation / vectors.std())).astype(np.float32)


def _run(
    teacher: Teacher, texts: Sequence[Words], batch_size: int
) -> tuple[np.ndarray, np.ndarray]:
    rows = [teacher.pieces.encode(words) for words in texts]
    order = np.argsort([len(row) for row in rows], kind="stable")
    network = teacher.network.eval()
    logits = np.zeros(len(rows), np.float32)
    means = np.zeros((len(rows), network.readout.in_features), np.float32)
    for start in tqdm(range(0, len(rows), batch_size), desc="teacher", mininterval=10):
        chosen = order[start : start + batch_size]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            logit, mean = network(_padded([rows[i] for i in chosen]))
        logits[chosen], means[chosen] = logit.float().numpy(), mean.float().numpy()
    return logits, means


def _padded(rows: Sequence[list[int]]) -> Tensor:
    padded = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.int64)
    for place, row in enumerate(rows):
        padded[place, : len(row)] = torch.tensor(row)
    return padded
