"""The shipped digit classifier against the same arithmetic in numpy, and its samples."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from core import digits
from core.errors import InputError
from core.onnx_model import MODELS

BLANK = " ".join(["0"] * 64)


@pytest.fixture(scope="module")
def model():
    return digits.load_model()


@pytest.fixture(scope="module")
def weights():
    """The arrays of the graph by the end of their names."""
    graph = onnx.load(MODELS / "digits/classifier.onnx").graph
    return {array.name: numpy_helper.to_array(array) for array in graph.initializer}


def test_the_answer_is_the_formula_of_the_page(model, weights):
    """p = softmax(W2 max(0, W1 x + b1) + b2), in float64."""
    image = np.random.default_rng(0).integers(0, 17, size=(8, 8)).astype(np.float32)
    result = digits.recognise(model, image)
    pixels = image.reshape(-1).astype(np.float64) / 16
    hidden = np.maximum(0, weights["reader.weight"] @ pixels + weights["reader.bias"])
    logits = weights["readout.weight"] @ hidden + weights["readout.bias"]
    np.testing.assert_allclose(result.hidden, hidden, atol=1e-5)
    np.testing.assert_allclose(result.logits, logits, atol=1e-5)
    shares = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(result.probabilities, shares, atol=1e-5)
    assert result.digit == shares.argmax()
    assert result.probability == pytest.approx(shares.max(), abs=1e-5)


def test_the_samples_are_read_as_they_were_when_they_were_stored(model):
    samples = digits.load_samples()
    assert {sample.digit for sample in samples} == set(range(10))
    assert len({sample.title for sample in samples}) == len(samples)
    for sample in samples:
        result = digits.recognise(model, sample.image)
        assert result.digit == sample.answer
        assert result.probability == pytest.approx(sample.probability, abs=2e-4)


def test_most_samples_are_read_right_and_a_hard_one_is_not():
    samples = digits.load_samples()
    plain = [s for s in samples if not s.title.startswith("A hard")]
    assert sum(s.answer == s.digit for s in plain) >= 9
    assert any(s.answer != s.digit for s in samples)


@pytest.mark.parametrize("text", [BLANK, BLANK.replace(" ", ","), f"[{BLANK.replace(' ', ', ')}]"])
def test_numbers_may_be_parted_as_people_part_them(text):
    np.testing.assert_array_equal(digits.parse_image(text), np.zeros((8, 8)))


def test_numbers_are_read_row_by_row():
    image = digits.parse_image(" ".join(str(i % 17) for i in range(64)))
    np.testing.assert_array_equal(image.reshape(-1), np.arange(64) % 17)
    assert digits.parse_image(BLANK[:-1] + "15.5")[-1, -1] == 15.5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "these are 0"),
        ("1 2 3", "these are 3"),
        (BLANK + " 0", "these are 65"),
        (BLANK[:-1] + "17", "'17' is no number from 0"),
        (BLANK[:-1] + "-1", "'-1' is no number"),
        (BLANK[:-1] + "nan", "'nan' is no number"),
        (BLANK[:-1] + "1e3", "'1e3' is no number"),
        (BLANK[:-1] + "٣", "'٣' is no number"),
        ("9 " * 100_000, "these are"),
    ],
)
def test_what_is_no_image_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        digits.parse_image(text)


def test_an_image_of_another_size_is_a_mistake_of_the_caller(model):
    with pytest.raises(ValueError, match="not 8 x 8"):
        digits.recognise(model, np.zeros((28, 28)))
