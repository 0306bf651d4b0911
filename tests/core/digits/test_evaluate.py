"""What the digits' model card says is what was measured, and the network beats its baselines."""

from __future__ import annotations

import json

import pytest

from core.digits.evaluate import WRITERS, EvaluateOptions, evaluate, results
from core.model_card import section
from core.onnx_model import MODELS


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "digits/config.json").read_text("utf-8"))


def test_the_recorded_dev_numbers_can_be_measured_again(config):
    assert evaluate(EvaluateOptions()) == pytest.approx(config["metrics"]["dev"], abs=0.3)


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "digits/MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(config)


def test_the_network_beats_its_baselines_on_the_test_split(config):
    found = config["metrics"]["test"]
    accuracy, *baselines = (found[name] for name in WRITERS)
    assert accuracy > max(baselines) and found["baseline_majority_accuracy"] < 20
    assert found["n"] > 300
