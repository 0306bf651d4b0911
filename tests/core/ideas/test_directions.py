"""Both halves against ONNX Runtime and their laws; what was measured against its own network."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from core import sentiment
from core.errors import ModelFileError
from core.ideas import directions, measure_directions
from core.onnx_model import MODELS
from core.training.opinions import Text

TEXT = "it was terribly good , and not at all long ."


@pytest.fixture(scope="module")
def model() -> sentiment.SentimentModel:
    return sentiment.load_model()


@pytest.fixture(scope="module")
def result(model) -> sentiment.SentimentResult:
    return sentiment.classify(model, TEXT)


def test_both_halves_are_those_of_onnx_runtime(model, result):
    both = directions.read_both(model, result)
    inputs = result.embeddings[None]
    given = model.onnx.run("bilstm", embeddings=inputs, lengths=np.array([inputs.shape[1]]))
    np.testing.assert_allclose(both.forward, given["hidden_forward"][0], atol=1e-5)
    np.testing.assert_allclose(both.backward, given["hidden_backward"][0], atol=1e-5)


@pytest.mark.parametrize("step", [0, 4, 10])
def test_no_half_notices_what_it_has_not_read(model, result, step):
    cuts = directions.when_cut(model, result, step)
    whole, first, last = (cuts[name] for name in ("whole", "nothing before", "nothing after"))
    both = directions.read_both(model, result)
    np.testing.assert_array_equal(whole.forward[0], both.forward[step])
    np.testing.assert_allclose(last.forward, whole.forward, atol=1e-6)
    np.testing.assert_allclose(first.backward, whole.backward, atol=1e-6)
    assert (step == 0) == np.allclose(first.forward, whole.forward)
    assert (step == 10) == np.allclose(last.backward, whole.backward)
    text = directions.told_of_cuts(cuts, "word")
    assert "backward state by **0%**" in text.splitlines()[0]
    assert "forward state changes by **0%**" in text.splitlines()[1]


def test_what_each_half_has_read_is_told_in_words():
    assert directions.told(("a", "b", "c"), 1) == (
        "At “b” the forward half has read 2 of 3 words and signs: “a b”. "
        "The backward half has read 2, from the end: “b c”."
    )


def test_the_features_are_the_largest_and_the_mean_state_in_the_order_given(model):
    texts = [TEXT, "bad", "a good one"]
    found = measure_directions.pooled(model, texts)
    for row, text in enumerate(texts):
        both = directions.read_both(model, sentiment.classify(model, text))
        for way, states in (("forward", both.forward), ("backward", both.backward)):
            expected = np.concatenate([states.max(axis=0), states.mean(axis=0)])
            np.testing.assert_allclose(found[way][row], expected, atol=1e-5)
    np.testing.assert_array_equal(
        found["both"], np.concatenate([found["forward"], found["backward"]], axis=1)
    )


def test_the_readout_is_where_the_slope_of_its_loss_is_zero():
    rng = np.random.default_rng(0)
    features = rng.normal(3, 2, (400, 5)).astype(np.float32)
    labels = features @ (1, -1, 0.5, 0, 0) + rng.normal(size=400) > 1.5
    readout = measure_directions.fit(features, labels, 1e-2)

    def loss(weight: np.ndarray) -> float:
        moved = measure_directions.Readout(readout.mean, readout.scale, weight)
        logits = np.where(labels, 1, -1) * moved.logits(features)
        return np.logaddexp(0, -logits).mean() + 0.5e-2 * (weight[:-1] ** 2).sum()

    for number in range(6):
        aside = np.zeros(6)
        aside[number] = 1e-4
        slope = (loss(readout.weight + aside) - loss(readout.weight - aside)) / 2e-4
        assert slope == pytest.approx(0, abs=1e-5)


def test_the_strength_is_chosen_on_dev():
    rng = np.random.default_rng(1)
    features = rng.normal(size=(60, 40)).astype(np.float32)
    train, dev = (features[:30], features[:30, 0] > 0), (features[30:], features[30:, 0] > 0)
    readout, best = measure_directions.choose(train, dev)
    scores = {
        s: measure_directions.accuracy(measure_directions.fit(*train, s), *dev)
        for s in measure_directions.STRENGTHS
    }
    assert scores[best] == max(scores.values()) == measure_directions.accuracy(readout, *dev)


def test_measuring_gives_every_way_and_the_commoner_label(model):
    praise, blame = Text("a good film", 1.0), Text("a bad film", 0.0)
    splits = {"train": [praise, praise, blame] * 5, "dev": [praise, blame], "test": [blame] * 4}
    found = measure_directions.measure(model, splits, "test")
    assert found["majority"] == 0 and found["n"] == 4
    assert all(found[way] == 100 for way in directions.WAYS)


@pytest.fixture
def models(tmp_path):
    for name in ("sentiment", "ideas"):
        shutil.copytree(MODELS / name, tmp_path / name)
    shutil.copy(MODELS / "manifest.json", tmp_path)
    return tmp_path


def test_numbers_of_another_network_are_dropped_when_new_ones_are_recorded(models):
    found = {way: 80.0 for way in directions.WAYS} | {"n": 100, "majority": 50.0}
    path = models / directions.FILE
    path.write_text(json.dumps({"graphs": {}, "splits": {"test": {}}}), "utf-8")
    measure_directions.record("dev", found, models=models)
    assert json.loads(path.read_text("utf-8"))["splits"] == {"dev": found}
    measure_directions.record("test", found, models=models)
    measured = directions.load_measured(models=models)
    assert measured.split == "test" and measured.accuracies["both"] == 80
    assert measured.margin == pytest.approx(196 * 0.04)


def test_an_altered_record_is_not_read(models):
    (models / directions.FILE).write_text("{}", "utf-8")
    with pytest.raises(ModelFileError, match="was altered"):
        directions.load_measured(models=models)


def test_what_is_shown_was_measured_on_the_network_that_is_shipped():
    record = json.loads((MODELS / directions.FILE).read_text("utf-8"))
    assert record["graphs"] == directions.graph_versions(), (
        "the sentiment network changed: python -m core.ideas.measure_directions --record"
    )


@pytest.mark.parametrize(
    ("both", "verdict"), [(90.0, "right 5.0 points more often"), (84.0, "**not** right more often")]
)
def test_the_verdict_follows_the_numbers(both, verdict):
    shares = {"forward": 85.0, "backward": 84.0, "both": both}
    text = directions.told_of(directions.Measured("test", 1821, shares, 50.0))
    assert verdict in text and "1,821 sentences" in text and "test split" in text
