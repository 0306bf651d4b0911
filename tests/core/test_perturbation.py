"""One batch says what one call at a time would say; the horizon is the farthest part that moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.perturbation import (
    UNREAD,
    beginnings,
    endings,
    horizon,
    padded,
    parts,
    turning_point,
    without_each,
)

FEW = settings(max_examples=50, deadline=None, derandomize=True, database=None)


def one(sequence: np.ndarray) -> float:
    """A score that depends on the order, on every number, and on the length."""
    steps = np.arange(1, len(sequence) + 1)
    return float(np.sin((sequence.sum(axis=1) * steps).sum()) + len(sequence))


def score(batch: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    assert (lengths > 0).all()
    return np.array([one(row[:length]) for row, length in zip(batch, lengths, strict=True)])


def sequence(length: int) -> np.ndarray:
    return np.random.default_rng(length).normal(size=(length, 3)).astype(np.float32)


@given(length=st.integers(2, 40), most=st.integers(2, 50))
@FEW
def test_a_batch_says_what_one_call_each_would_say(length, most):
    inputs = sequence(length)
    places = parts(length, most)
    left = [np.concatenate([inputs[: p.start], inputs[p.stop :]]) for p in places]
    np.testing.assert_allclose(
        without_each(inputs, places, score), [one(sequence) for sequence in left]
    )
    np.testing.assert_allclose(
        beginnings(inputs, places, score), [one(inputs[: p.stop]) for p in places]
    )
    np.testing.assert_allclose(
        endings(inputs, places, score), [one(inputs[p.start :]) for p in places]
    )


def test_without_its_only_part_nothing_is_read():
    assert list(without_each(sequence(1), parts(1, 9), score)) == [UNREAD]


@given(length=st.integers(1, 500), most=st.integers(1, 80))
@FEW
def test_parts_cover_every_place_once_and_are_nearly_equal(length, most):
    places = parts(length, most)
    covered = [i for place in places for i in range(place.start, place.stop)]
    sizes = {place.stop - place.start for place in places}
    assert covered == list(range(length))
    assert len(places) == min(length, most)
    assert max(sizes) - min(sizes) <= 1


def test_padding_is_zeros_behind_each_sequence():
    batch, lengths = padded([np.ones((1, 2)), np.ones((3, 2))])
    np.testing.assert_array_equal(batch[0], [[1, 1], [0, 0], [0, 0]])
    assert list(lengths) == [1, 3] and lengths.dtype == np.int64


@pytest.mark.parametrize(
    ("effects", "epsilon", "expected"),
    [
        ([0.0, 0.3, 0.0, 0.1], 0.05, 3),
        ([0.0, -0.3, 0.0, 0.1], 0.2, 3),
        ([0.0, 0.3, 0.0, 0.1], 0.5, None),
        ([0.9, 0.0], 0.1, 2),
        ([0.0, 0.2], 0.1, 1),
        ([0.1], 0.1, None),
    ],
)
def test_the_horizon_counts_from_the_end(effects, epsilon, expected):
    assert horizon(np.array(effects), epsilon) == expected


@pytest.mark.parametrize(
    ("probabilities", "turn"),
    [
        ([0.99, 0.9, 0.4, 0.35], range(2, 3)),  # the step to the other side, not the largest
        ([0.99, 0.95, 0.7, 0.2, 0.1], range(2, 4)),  # "not" begins it, "good" completes it
        ([0.6, 0.45, 0.9, 0.2], range(3, 4)),  # of three such steps the largest
        ([0.65, 0.95, 0.99], range(0, 2)),  # never turned: the largest, and what led to it
        ([0.2, 0.19, 0.18], range(1)),
        ([0.9], range(1)),
        ([0.5, 0.5], range(1)),
    ],
)
def test_the_turning_point_is_the_move_to_the_other_side(probabilities, turn):
    assert turning_point(np.array(probabilities)) == turn
