"""The shipped tagger: its features by hand, its formula in numpy, its samples, hostile texts."""

from __future__ import annotations

from functools import cache

import numpy as np
import onnx
import pytest
from hypothesis import given, settings, strategies
from onnx import numpy_helper

from core import tagging
from core.errors import InputError
from core.onnx_model import MODELS
from core.tagging.inference import features_of, shape_of

load_once = cache(tagging.load_model)


@pytest.fixture(scope="module")
def model():
    return load_once()


def test_the_features_of_a_word_by_hand():
    ends = ("end s", "end es", "end nes", "end ines")
    beginnings = ("beginning m", "beginning ma", "beginning mac")
    assert features_of("Machines") == ("word machines", *ends, *beginnings, "shape Xx")


def test_a_short_word_is_its_own_end_and_a_digit_is_a_digit():
    assert features_of("a4") == (
        *("word a0", "end 0", "end a0", "end a0", "end a0"),
        *("beginning a", "beginning a0", "beginning a0", "shape x0"),
    )


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        ("word", "x"),
        ("Word", "Xx"),
        ("A", "X"),
        ("USA", "XX"),
        ("McCoy", "XxXx"),
        ("1999", "00"),
        ("3rd", "0x"),
        ("...", ".."),
        ("n't", "x'x"),
    ],
)
def test_shapes_by_hand(token, shape):
    assert shape_of(token) == shape


def test_the_answer_is_the_formula_of_the_page(model):
    """p_t = softmax(W [forward; backward] + b)."""
    result = tagging.tag(model, "The quick brown fox jumps.")
    graph = onnx.load(MODELS / "tagging/tagger.onnx").graph
    weights = {array.name: numpy_helper.to_array(array) for array in graph.initializer}
    (matrix,) = [w for w in weights.values() if w.shape == (result.hidden_states.shape[1], 17)]
    logits = result.hidden_states.astype(np.float64) @ matrix + weights["readout.bias"]
    np.testing.assert_allclose(result.logits, logits, atol=1e-4)
    shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(result.probabilities, shares, atol=1e-4)


def test_a_word_reads_both_sides_of_it(model):
    before, after = (
        tagging.tag(model, text).logits[1] for text in ("They run now.", "They run it.")
    )
    assert np.abs(before - after).max() > 0.1
    first, second = (tagging.tag(model, text).logits[1] for text in ("They run.", "A run."))
    assert np.abs(first - second).max() > 0.1


def test_the_same_word_gets_another_tag_in_another_place(model):
    result = tagging.tag(model, "She can open the can.")
    tags = dict(zip([1, 4], (result.tags[1], result.tags[4]), strict=True))
    assert tags == {1: "AUX", 4: "NOUN"}


def test_the_samples_are_tagged_as_they_were_when_they_were_stored(model):
    for sample in tagging.load_samples():
        assert tagging.tag(model, sample.text).tags == sample.tags


def test_capitals_that_were_typed_reach_the_network(model):
    assert tagging.tag(model, "Rose ROSE rose don’t").tokens == (
        "Rose",
        "ROSE",
        "rose",
        "do",
        "n't",
    )
    names = [
        tagging.tag(model, f"I met {name} there.").tags[2] for name in ("Vorblatt", "vorblatt")
    ]
    assert names[0] == "PROPN" != names[1]


def test_the_tags_are_those_of_the_config(model):
    assert model.onnx.config["tags"] == [*tagging.TAGS] and len(tagging.TAGS) == 17


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\n\t"])
def test_nothing_to_tag_is_a_sentence(model, text):
    with pytest.raises(InputError, match="no word to tag"):
        tagging.tag(model, text)


def test_a_long_text_is_cut_and_says_so(model):
    result = tagging.tag(model, "good " * 20_000)
    assert len(result.tokens) == model.max_tokens
    assert result.unread == 100_000 - result.words[-1].end


@settings(max_examples=60, deadline=None)
@given(strategies.text(min_size=1, max_size=60))
def test_whatever_is_typed_gets_one_tag_per_word_and_rows_that_sum_to_one(text):
    try:
        result = tagging.tag(load_once(), text)
    except InputError:
        return
    assert len(result.tokens) == len(result.tags) == len(result.words) == len(result.logits)
    np.testing.assert_allclose(result.probabilities.sum(axis=-1), 1, atol=1e-5)
