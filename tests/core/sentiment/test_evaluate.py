"""The evaluation command on a few sentences, and the numbers that the repository states."""

import json

import numpy as np
import pytest

from core.model_card import section
from core.onnx_model import MODELS
from core.sentiment import evaluate
from core.sentiment.evaluate import (
    WRITERS,
    EvaluateOptions,
    left_out,
    results,
    score,
    training_texts,
)
from tests.fixtures.make_opinions import DEV_SENTENCE, LEAKED_REVIEW

DIRECTIONS = ("forward_", "backward_", "both_")


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "sentiment" / "config.json").read_text("utf-8"))


def test_the_command_prints_a_table_and_one_json_object_last(opinions, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["evaluate", "--data", str(opinions), "--split", "test"])
    evaluate.main()
    lines = capsys.readouterr().out.splitlines()
    table = "\n".join(lines)
    assert all(f"| {who} |" in table for who in WRITERS.values())
    printed = json.loads(lines[-1])
    assert (printed["task"], printed["split"], printed["n"]) == ("sentiment", "test", 2 + 41)
    metrics = printed["metrics"]
    for data_set, ours in (("sst2", 2), ("imdb", 41)):
        assert metrics[f"{data_set}_n"] == ours
        for prefix in [p for p in WRITERS if p not in DIRECTIONS]:
            assert 0 <= metrics[f"{prefix}{data_set}_accuracy"] <= 100
        assert {f"{p}{data_set}_ece" for p in ("", "rnn_", "tfidf_")} <= metrics.keys()
        assert f"vader_{data_set}_ece" not in metrics  # no probabilities, so nothing to calibrate
    assert all(0 <= metrics[f"{prefix}sst2_accuracy"] <= 100 for prefix in DIRECTIONS)
    assert {"contrast_accuracy", "contrast_negation_accuracy"} <= metrics.keys()


def test_scores_by_hand():
    found = score(np.array([0.9, 0.2, 0.6, 0.5]), np.array([True, False, False, True]))
    assert found["accuracy"] == 75 and found["ece"] > 0
    assert score(np.array([1.0, 0.0]), np.array([True, True])) == {"accuracy": 50}


def test_the_linear_model_learns_from_nothing_that_is_tested(opinions):
    options = EvaluateOptions(data=str(opinions))
    phrases = [t.text for t in training_texts("sst2", options)]
    reviews = [t.text for t in training_texts("imdb", options)]
    assert DEV_SENTENCE not in phrases and len(phrases) == 24
    assert LEAKED_REVIEW not in reviews and reviews


def test_recording_changes_config_card_and_manifest_together(config, tmp_path, monkeypatch):
    folder = tmp_path / "sentiment"
    folder.mkdir()
    for name in ("config.json", "MODEL_CARD.md"):
        (folder / name).write_text((MODELS / "sentiment" / name).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(evaluate, "MODELS", tmp_path)
    metrics = config["metrics"]["dev"]
    evaluate.record({"temperature": 1.5, "metrics": {"drawn": metrics | {"sst2_accuracy": 12.3}}})
    changed = json.loads((folder / "config.json").read_text("utf-8"))
    assert changed["temperature"] == 1.5 and set(changed["metrics"]) == {
        *config["metrics"],
        "drawn",
    }
    card = (folder / "MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(changed) and "| 12.3 |" in card
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert set(manifest) == {"sentiment/config.json", "sentiment/MODEL_CARD.md"}


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "sentiment" / "MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(config)


def test_the_model_card_states_what_was_left_out(config):
    card = (MODELS / "sentiment" / "MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Left out") == left_out(config)
    snippets = config["leaks"]["snippets"]
    assert snippets["removed_as_leaks"] > 2000  # the snippets hold the treebank's sentences
    assert f"| snippets | {snippets['kept']} | {snippets['removed_as_leaks']} |" in card


def test_the_shipped_network_beats_what_has_no_memory(config):
    found = config["metrics"]["test"]
    assert (found["sst2_n"], found["imdb_n"]) == (1821, 25_000)
    for data_set in ("sst2", "imdb"):
        for baseline in ("tfidf_", "vader_", "textblob_", "majority_"):
            ours, theirs = found[f"{data_set}_accuracy"], found[f"{baseline}{data_set}_accuracy"]
            assert ours > theirs


def test_int8_word_vectors_cost_little(config):
    ours, exact = (config["metrics"][split] for split in ("dev", "dev in fp32"))
    for data_set in ("sst2", "imdb"):
        assert ours[f"{data_set}_accuracy"] >= exact[f"{data_set}_accuracy"] - 0.3
