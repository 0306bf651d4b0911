"""The evaluation command on a few sentences, and the numbers that the repository states."""

import json

import pytest

from core.model_card import section
from core.onnx_model import MODELS
from core.training.parallel import Example
from core.translation import evaluate
from core.translation.card import SECTIONS
from core.translation.evaluate import (
    EvaluateOptions,
    nearest_translations,
)


@pytest.fixture(autouse=True)
def small_split(monkeypatch):
    monkeypatch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "translation" / "config.json").read_text("utf-8"))


@pytest.mark.parametrize(("split", "number"), [("test_2016_flickr", 4), ("test", 4)])
def test_the_command_prints_one_json_object_last(parallel, monkeypatch, capsys, split, number):
    command = ["evaluate", "--data", str(parallel), "--split", split, "--to", "de", "--limit", "4"]
    monkeypatch.setattr("sys.argv", command)
    evaluate.main()
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (printed["task"], printed["split"], printed["n"]) == ("translation", split, number)
    metrics = printed["metrics"]
    assert {"bleu", "chrf", "greedy_bleu", "nearest_bleu", "signature"} <= metrics.keys()
    assert 0 <= metrics["bleu"] <= 100 and "tok:13a" in metrics["signature"]


def test_without_a_language_all_are_scored(parallel, monkeypatch, capsys):
    command = ["evaluate", "--data", str(parallel), "--split", "val", "--limit", "3"]
    monkeypatch.setattr("sys.argv", [*command, "--no-baselines"])
    evaluate.main()
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed["n"] == 6 and {"de_bleu", "fr_bleu"} <= printed["metrics"].keys()


def test_the_nearest_sentence_is_the_one_that_shares_most_words():
    training = [
        Example("A dog runs.", {"de": ["eins"]}),
        Example("A cat sleeps.", {"de": ["zwei"]}),
    ]
    asked = [Example("The cat sleeps here.", {}), Example("dog", {})]
    assert nearest_translations(asked, training, "de") == ["zwei", "eins"]


def test_tuning_prints_a_row_for_every_setting(parallel):
    rows = []
    evaluate.tune(EvaluateOptions(data=str(parallel), split="val", limit=2), rows.append)
    assert [row.split()[0] for row in rows] == ["beam", "1", "3", "4", "6"]
    assert all(len(row.split()) == 1 + len(evaluate.PENALTIES) for row in rows)


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "translation" / "MODEL_CARD.md").read_text("utf-8")
    for heading, written in SECTIONS.items():
        assert section(card, heading) == written(config)


def test_the_shipped_model_beats_its_baselines_on_every_split(config):
    for split in ("val", "dev", "test", "test_2016_flickr"):
        for found in config["metrics"][split].values():
            assert found["bleu"] > found["nearest_bleu"]
            assert found["bleu"] > found["untranslated_bleu"]
