"""What a network would have said had it read something else: less, without a part, another word.

A sequence is (S, E) and a scorer turns a padded batch into one number per row; no task is known
here. Every question is one batch, so that it costs one call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Scorer = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(B, S, E) float32 and (B,) int64 lengths -> (B,) scores. A length is at least 1."""
STEADY = 0.1
"""A step of a probability that counts as part of a longer move."""
UNREAD = 0.0
"""The score of a sequence with nothing in it: nothing speaks for either side."""


def parts(length: int, most: int) -> tuple[slice, ...]:
    """Return the places 0 to `length` as at most `most` slices of nearly equal size, in order.

    Up to `most` places every slice holds one; a longer sequence is taken apart more coarsely.
    """
    edges = np.linspace(0, length, min(length, most) + 1).round().astype(int)
    return tuple(slice(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True))


def without_each(inputs: np.ndarray, places: Sequence[slice], score: Scorer) -> np.ndarray:
    """Return (P,): the score of the sequence after each of P parts was taken out, in one batch.

    Args:
        inputs: (S, E).
        places: P slices; what stands behind a part moves up.
        score: See `Scorer`.
    """
    return _score_all([np.delete(inputs, place, axis=0) for place in places], score)


def beginnings(inputs: np.ndarray, places: Sequence[slice], score: Scorer) -> np.ndarray:
    """Return (P,): the score of what stands before the end of each part, in one batch."""
    return _score_all([inputs[: place.stop] for place in places], score)


def endings(inputs: np.ndarray, places: Sequence[slice], score: Scorer) -> np.ndarray:
    """Return (P,): the score of what stands from the start of each part on, in one batch."""
    return _score_all([inputs[place.start :] for place in places], score)


def _score_all(sequences: Sequence[np.ndarray], score: Scorer) -> np.ndarray:
    """Score sequences of any lengths; empty ones are not asked about, they are UNREAD."""
    scores = np.full(len(sequences), UNREAD, np.float64)
    asked = [place for place, sequence in enumerate(sequences) if len(sequence)]
    if asked:
        scores[asked] = score(*padded([sequences[place] for place in asked]))
    return scores


def padded(sequences: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return (B, S, E) with zeros behind every sequence, and their (B,) int64 lengths."""
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    batch = np.zeros((len(sequences), lengths.max(), *sequences[0].shape[1:]), sequences[0].dtype)
    for row, sequence in zip(batch, sequences, strict=True):
        row[: len(sequence)] = sequence
    return batch, lengths


def horizon(effects: np.ndarray, epsilon: float) -> int | None:
    """Return how far back from the end the farthest part stands that still moves the result.

    Args:
        effects: (P,) change of the result when a part is taken out, in the order of reading.
        epsilon: What counts as moved; >= 0.

    Returns:
        1 for the last part, P for the first; None when no part moves it.
    """
    moving = np.flatnonzero(np.abs(effects) > epsilon)
    return len(effects) - int(moving[0]) if len(moving) else None


def turning_point(probabilities: np.ndarray) -> range:
    """Return the steps in a row that took a probability to the other side of one half.

    Of several such moves the one whose last step is largest, and if there is none, the largest
    step of all. Steps in the same direction just before, of at least STEADY, belong to the move:
    it may be one word that begins it and the next that completes it.

    Args:
        probabilities: (P,) in [0, 1], P >= 1; before the first step it is one half.
    """
    before = np.concatenate([[0.5], probabilities[:-1]])
    steps = probabilities - before
    crossed = (before - 0.5) * (probabilities - 0.5) < 0
    last = int(np.abs(np.where(crossed, steps, 0) if crossed.any() else steps).argmax())
    first = last
    while first > 0 and steps[first - 1] * np.sign(steps[last]) >= STEADY:
        first -= 1
    return range(first, last + 1)
