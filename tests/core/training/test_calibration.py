"""A known temperature is found again, and the loss is at its least there."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings, strategies as st

from core.training.calibration import Told, fit_temperature


def drawn(temperature: float, exponent: float, num_words: np.ndarray, seed: int) -> Told:
    """Labels drawn by the probabilities that this temperature gives."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=4.0, size=len(num_words))
    honest = 1 / (1 + np.exp(-logits / (temperature * num_words**exponent)))
    return Told(logits, num_words, rng.random(len(num_words)) < honest)


@settings(max_examples=4, deadline=None)
@given(st.floats(0.5, 2.5), st.floats(-0.2, 0.2))
def test_the_temperature_that_drew_the_labels_is_found(temperature, exponent):
    short, long = (np.full(3_000, words) for words in (4.0, 300.0))
    told = [drawn(temperature, exponent, words, seed) for seed, words in enumerate((short, long))]
    found, power = fit_temperature(told)
    for words in (4.0, 300.0):
        expected = temperature * words**exponent
        assert found * words**power == pytest.approx(expected, rel=0.15)


def test_the_least_loss_is_found():
    """Against every point of a fine grid, with the loss written as torch writes it."""
    told = drawn(1.7, 0.0, np.full(500, 10.0), 0)
    temperature, exponent = fit_temperature([told])
    found = temperature * 10.0**exponent

    def loss(scale: float) -> float:
        logits, labels = (torch.from_numpy(part) for part in (told.logits / scale, told.labels))
        return F.binary_cross_entropy_with_logits(logits, labels.double()).item()

    assert loss(found) <= min(loss(scale) for scale in np.linspace(0.5, 4.0, 200)) + 1e-5


def test_sets_count_the_same_whatever_their_size():
    """A sure set ten times over weighs no more than once."""
    sure, unsure = drawn(0.5, 0.0, np.full(300, 10.0), 0), drawn(2.0, 0.0, np.full(300, 10.0), 1)
    ten_times = Told(*(np.tile(part, 10) for part in sure))
    assert fit_temperature([sure, unsure]) == fit_temperature([ten_times, unsure])
