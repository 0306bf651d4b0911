"""Tasks whose answer lies many steps back: fresh sequences for every step, from a seed alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.gradients.options import BATCH_SIZE, Setting

NUM_SYMBOLS, NUM_DISTRACTORS, DISTRACTED = 4, 3, 0.1
"""To remember; to ignore; and how often, between blanks, one of the latter appears."""
NUM_COPIED_SYMBOLS, MAX_COPIED = 8, 5
TOLERANCE = 0.16
"""A sum counts as right within it: 0.04 on the scale of a quarter that the paper uses.

Source: Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, section 5.4.
"""
TEXT = (
    "the river remembers the rain that fell in the hills. the gate opens and the water runs on. "
    "the gate closes and the water stays. what the lake keeps today it can give back in summer. "
    "a small stream forgets the storm within the hour. a deep lake still knows it after a year. "
    "the miller reads the water as others read a page. he opens the gate when the wheel must turn. "
    "he closes it when the field is wet. in the evening the river is quiet and the wheel stands. "
)
"""Written for this playground; the task is to say which character comes next."""
ALPHABET = "".join(sorted(set(TEXT)))


@dataclass(frozen=True)
class TaskInfo:
    """What a task asks, and what somebody scores who learned nothing about the past."""

    question: str
    loss_name: str
    input_size: int
    output_size: int
    baseline_loss: float
    baseline_accuracy: float
    threshold: float
    """Accuracy in [0, 1] that counts as learned."""
    answers_each_step: bool = False
    """Whether an answer is wanted at every time step, not only at the last ones."""


@dataclass(frozen=True)
class Batch:
    """One step's sequences. n = answers per sequence, wanted at the last n time steps."""

    inputs: np.ndarray
    """(B, T, I) float32."""
    targets: np.ndarray
    """(B, n) int64 classes, or (B, n) float32 sums."""


def task_info(task: str) -> TaskInfo:
    """Return what is known about a task before any network sees it."""
    return _INFO[task]


def make_batch(setting: Setting, step: int) -> Batch:
    """Return the sequences of one training step; the same for every network.

    Args:
        setting: Task, length and seed.
        step: Counts from 0.
    """
    rng = np.random.default_rng([setting.seed, step])
    return _MAKERS[setting.task](setting.seq_len, rng)


def _remember(seq_len: int, rng: np.random.Generator) -> Batch:
    first = rng.integers(NUM_SYMBOLS, size=(BATCH_SIZE, 1))
    shape, blank = (BATCH_SIZE, seq_len - 1), NUM_SYMBOLS
    distractors = blank + 1 + rng.integers(NUM_DISTRACTORS, size=shape)
    rest = np.where(rng.random(shape) < DISTRACTED, distractors, blank)
    return Batch(_one_hot(np.hstack([first, rest]), blank + 1 + NUM_DISTRACTORS), first)


def _add(seq_len: int, rng: np.random.Generator) -> Batch:
    values = rng.random((BATCH_SIZE, seq_len), dtype=np.float32)
    marks = np.zeros_like(values)
    half, rows = seq_len // 2, np.arange(BATCH_SIZE)
    marks[rows, rng.integers(half, size=BATCH_SIZE)] = 1
    marks[rows, half + rng.integers(seq_len - half, size=BATCH_SIZE)] = 1
    sums = (values * marks).sum(axis=1, keepdims=True)
    return Batch(np.stack([values, marks], axis=2), sums)


def _copy(seq_len: int, rng: np.random.Generator) -> Batch:
    count, blank, go = (
        min(MAX_COPIED, (seq_len - 1) // 2),
        NUM_COPIED_SYMBOLS,
        NUM_COPIED_SYMBOLS + 1,
    )
    symbols = rng.integers(NUM_COPIED_SYMBOLS, size=(BATCH_SIZE, count))
    tokens = np.full((BATCH_SIZE, seq_len), blank)
    tokens[:, :count] = symbols
    tokens[:, -count] = go
    return Batch(_one_hot(tokens, NUM_COPIED_SYMBOLS + 2), symbols)


def _write(seq_len: int, rng: np.random.Generator) -> Batch:
    token_ids = np.array([ALPHABET.index(character) for character in TEXT])
    starts = rng.integers(len(TEXT) - seq_len, size=(BATCH_SIZE, 1))
    windows = token_ids[starts + np.arange(seq_len + 1)]
    return Batch(_one_hot(windows[:, :-1], len(ALPHABET)), windows[:, 1:])


def _one_hot(tokens: np.ndarray, size: int) -> np.ndarray:
    return np.eye(size, dtype=np.float32)[tokens]


def _unigram() -> tuple[float, float]:
    """Return the loss and the accuracy of one who knows only how frequent each character is."""
    shares = np.array(list(Counter(TEXT).values())) / len(TEXT)
    return float(-(shares * np.log(shares)).sum()), float(shares.max())


_MAKERS = {
    "Remember the first symbol": _remember,
    "Adding": _add,
    "Copying": _copy,
    "Text": _write,
}
_INFO = {
    "Remember the first symbol": TaskInfo(
        f"The first symbol is one of {NUM_SYMBOLS}, then blanks and distractors; which was it?",
        "cross-entropy",
        NUM_SYMBOLS + 1 + NUM_DISTRACTORS,
        NUM_SYMBOLS,
        float(np.log(NUM_SYMBOLS)),
        1 / NUM_SYMBOLS,
        0.95,
    ),
    "Adding": TaskInfo(
        "Two of many random numbers are marked, one in each half; what is their sum?",
        "squared error",
        2,
        1,
        1 / 6,
        1 - (1 - TOLERANCE) ** 2,
        0.8,
    ),
    "Copying": TaskInfo(
        f"Up to {MAX_COPIED} symbols, then silence, then a signal: repeat them in order.",
        "cross-entropy",
        NUM_COPIED_SYMBOLS + 2,
        NUM_COPIED_SYMBOLS,
        float(np.log(NUM_COPIED_SYMBOLS)),
        1 / NUM_COPIED_SYMBOLS,
        0.95,
    ),
    "Text": TaskInfo(
        "A few sentences, one character at a time; which character comes next?",
        "cross-entropy",
        len(ALPHABET),
        len(ALPHABET),
        *_unigram(),
        0.4,
        answers_each_step=True,
    ),
}
