"""The terms of an update add up to what the network does, on the deployed weights."""

from __future__ import annotations

import numpy as np
import pytest

from core import sentiment
from core.ideas import recency, update

TEXT = "a slow film , but what an ending !"


@pytest.fixture(scope="module")
def reading() -> tuple:
    model = sentiment.load_model()
    result = sentiment.classify(model, TEXT)
    return model.cell("rnn"), recency.read_with(model, result, "RNN"), result.embeddings


@pytest.mark.parametrize("step", [0, 3, 8])
def test_the_terms_make_the_state_that_onnx_runtime_gives(reading, step):
    model = sentiment.load_model()
    inputs = reading[2]
    given = model.onnx.run("rnn", embeddings=inputs[None], lengths=np.array([len(inputs)]))
    parts = update.update(*reading, step)
    np.testing.assert_allclose(np.tanh(parts.sums), given["hidden_states"][0, step], atol=1e-5)
    np.testing.assert_allclose(parts.after, np.tanh(parts.sums), atol=1e-5)


def test_the_first_word_has_no_past(reading):
    assert not update.update(*reading, 0).past.any()
    assert update.balance(*reading)[0] == 1


def test_the_mixture_is_that_of_the_terms(reading):
    shares = update.balance(*reading)
    for step in range(len(shares)):
        parts = update.update(*reading, step)
        present, past = np.abs(parts.present).sum(), np.abs(parts.past).sum()
        assert shares[step] == pytest.approx(present / (present + past), rel=1e-4)


def test_the_strongest_units_keep_their_numbers_and_terms(reading):
    whole = update.update(*reading, 5)
    shown = update.strongest(whole, 3)
    size = np.abs(whole.present) + np.abs(whole.past)
    assert list(shown.units) == sorted(np.argsort(-size)[:3])
    np.testing.assert_array_equal(shown.after, whole.after[shown.units])


def test_the_sentence_holds_a_hand_worked_sum():
    one = np.ones(1)
    parts = update.Update(np.array([7]), 0.5 * one, -0.25 * one, 0.1 * one, np.tanh(0.35) * one)
    text = update.told(parts, 0.66, "film")
    assert "66%** of what all units add up" in text and "past 34%" in text
    assert "Unit 7: 0.50 from the word, -0.25 from" in text and "tanh(0.35) = **0.34**" in text


def test_what_is_not_yet_read_is_not_shown():
    shown = update.so_far(np.ones((4, 2)), 1)
    assert np.isfinite(shown[:2]).all() and np.isnan(shown[2:]).all()


@pytest.mark.parametrize(
    ("length", "step", "expected"),
    [
        (3, 2, (["0", "1", "2"], 2)),
        (9, 4, (["0", "1", "2", "3", "4", "5"], 4)),
        (9, 6, (["…", "3", "4", "5", "6", "7"], 4)),
        (9, 8, (["…", "4", "5", "6", "7", "8"], 5)),
    ],
)
def test_the_window_shows_the_step_and_gathers_what_is_before(length, step, expected):
    tokens = tuple(map(str, range(length)))
    words, place = update.window(tokens, step)
    assert (words, place) == expected
    assert words[place] == str(step)
