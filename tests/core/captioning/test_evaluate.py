"""The evaluation command on drawn photos, and the numbers that the repository states."""

import json

import pytest

from core.captioning import evaluate
from core.captioning.card import results
from core.captioning.evaluate import EvaluateOptions, human_captions, score
from core.model_card import section
from core.onnx_model import MODELS


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "captioning" / "config.json").read_text("utf-8"))


def test_the_command_prints_one_json_object_last(flickr8k, monkeypatch, capsys):
    command = ["evaluate", "--data", str(flickr8k), "--split", "test", "--limit", "4"]
    monkeypatch.setattr("sys.argv", command)
    evaluate.main()
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (printed["task"], printed["split"], printed["n"]) == ("captioning", "test", 4)
    metrics = printed["metrics"]
    assert {"bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider"} <= metrics.keys()
    assert metrics["distinct_captions"] in {1, 2, 3, 4} and 0 <= metrics["share_in_training"] <= 1


def test_scores_are_those_of_the_sentences_given(flickr8k):
    references = [
        [["a", "dog", "runs", "on", "grass"]] * 5,
        [["two", "men", "play", "ball", "now"]] * 5,
    ]
    perfect = score([group[0] for group in references], references)
    assert perfect["bleu_4"] == pytest.approx(100) and perfect["cider"] == pytest.approx(1000)
    assert human_captions(references)["bleu_4"] == pytest.approx(100)


def test_tuning_prints_a_row_for_every_setting(flickr8k):
    rows = []
    evaluate.tune(EvaluateOptions(data=str(flickr8k), split="dev", limit=2), rows.append)
    assert len(rows) == 1 + 5 * 6


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "captioning" / "MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(config)


def test_the_shipped_model_beats_its_baselines_on_both_splits(config):
    for split in ("dev", "test"):
        found = config["metrics"][split]
        assert found["n"] == 1000
        for baseline in ("nearest_photo", "most_common_caption"):
            assert found["bleu_4"] > found[f"{baseline}_bleu_4"]


def test_8_bit_integers_cost_less_than_a_third_of_a_point_on_dev(config):
    exact, shipped = (config["metrics"][split] for split in ("dev in fp32", "dev"))
    assert exact["bleu_4"] - shipped["bleu_4"] <= 0.3
    assert "in fp32 and" in results(config)


def test_parity_in_fp32_was_within_its_bound(config):
    assert config["export"]["parity_fp32"] <= 1e-4
