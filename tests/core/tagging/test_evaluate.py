"""The tagger's scores by hand, its baselines, and a model card that says what was measured."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.model_card import section
from core.onnx_model import MODELS
from core.tagging.evaluate import WRITERS, EvaluateOptions, evaluate, frequent_tags, results, score
from core.tagging.prepare import Sentence


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "tagging/config.json").read_text("utf-8"))


def test_scores_by_hand():
    known = np.array([True, True, False, True])
    found = score(["DET", "NOUN", "VERB", "X"], ["DET", "NOUN", "NOUN", "PUNCT"], known)
    assert found == pytest.approx(
        {"accuracy": 50, "known_accuracy": 200 / 3, "unknown_accuracy": 0}
    )


def test_without_an_unknown_word_nothing_is_said_of_unknown_words():
    assert "unknown_accuracy" not in score(["DET"], ["DET"], np.array([True]))


def test_the_baseline_takes_the_most_frequent_tag_of_a_word_as_written():
    train = [Sentence(("can", "can", "can", "Can"), ("AUX", "NOUN", "AUX", "PROPN"))]
    assert frequent_tags(train) == {"can": "AUX", "Can": "PROPN"}


def test_every_split_of_a_treebank_can_be_scored(treebank):
    found = evaluate(EvaluateOptions(data=str(treebank), split="test"))
    assert found["words"] == 36 and found["sentences"] == 9 and found["unknown_words"] == 0
    assert found["baseline_frequent_accuracy"] == 100
    assert found["baseline_majority_accuracy"] == 25
    assert found["accuracy"] > 50  # drawn sentences of four words, unlike any of the web


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "tagging/MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(config)


def test_the_network_beats_its_baselines_on_the_test_split(config):
    found = config["metrics"]["test"]
    assert (found["words"], found["sentences"]) == (25_094, 2_077)
    for key in ("accuracy", "known_accuracy", "unknown_accuracy"):
        ours, *baselines = (found[f"{prefix}{key}"] for prefix in WRITERS)
        assert ours > max(baselines)
    assert found["accuracy"] > 93


def test_int8_vectors_cost_little(config):
    ours, exact = (config["metrics"][split] for split in ("dev", "dev in fp32"))
    assert ours["accuracy"] >= exact["accuracy"] - 0.05


def test_the_shipped_folder_is_small(config):
    assert sum(path.stat().st_size for path in (MODELS / "tagging").iterdir()) < 5_000_000
    assert config["export"]["parity"] <= 1e-4
