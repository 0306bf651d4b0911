"""A known temperature is found again; the loss is torch's own cross-entropy at its least."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    short, long = (np.full(6_000, words) for words in (4.0, 300.0))
    told = [drawn(temperature, exponent, words, seed) for seed, words in enumerate((short, long))]
    found, power = fit_temperature(told)
    for words in (4.0, 300.0):
        expected = temperature * words**exponent
        assert found * words**power == pytest.approx(expected, rel=0.12)


def test_sets_count_the_same_whatever_their_size():
    sure, unsure = drawn(0.5, 0.0, np.full(200, 10.0), 0), drawn(2.0, 0.0, np.full(9_000, 10.0), 1)
    few = Told(*(part[:200] for part in unsure))
    together, alike = fit_temperature([sure, unsure]), fit_temperature([sure, few])
    once = fit_temperature([Told(*(np.concatenate(p) for p in zip(sure, unsure, strict=True)))])
    scale = [t * 10.0**e for t, e in (together, alike, once)]
    assert abs(np.log(scale[0] / scale[1])) < abs(np.log(scale[2] / scale[1]))
