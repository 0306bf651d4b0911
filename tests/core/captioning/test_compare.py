"""Encoders side by side, on runs written by hand, and what the model card says of them."""

import json

import pytest

from core.captioning import compare as comparing
from core.captioning.compare import CompareOptions, compare
from core.captioning.evaluate import comparison


@pytest.fixture
def work(tmp_path):
    for name, best in {"mobilenet_v2": 20.0, "efficientnet_lite0": 22.0}.items():
        folder = tmp_path / f"compare_{name}" / "cross_entropy"
        folder.mkdir(parents=True)
        epochs = [(best - 1, 50.0), (best, 51.0), (best - 2, 60.0)]
        lines = [json.dumps({"bleu_4": bleu, "cider": cider}) for bleu, cider in epochs]
        (folder / "log.jsonl").write_text("\n".join(lines) + "\n")
        (folder / "run.json").write_text(json.dumps({"options": {"num_epochs": 3}}))
    return tmp_path


def test_each_run_has_a_row_with_its_best_epoch(work, monkeypatch):
    monkeypatch.setattr(comparing, "encoder_ms", lambda name, weights: float(len(name)))
    rows = compare(CompareOptions(work=str(work)))
    assert [(r["encoder"], r["dev_bleu_4"], r["dev_cider"], r["encoder_ms"]) for r in rows] == [
        ("mobilenet_v2", 20.0, 51.0, 12.0),
        ("efficientnet_lite0", 22.0, 51.0, 18.0),
    ]
    told = comparison({"encoder_comparison": rows})
    assert "3 epochs" in told and "| efficientnet_lite0 | 22.0 | 51.0 | 18.0 |" in told


def test_nothing_is_said_before_anything_was_measured(tmp_path):
    assert compare(CompareOptions(work=str(tmp_path))) == []
    assert comparison({"encoder_comparison": []}) == "Nothing was measured yet."


@pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Constant folding",
)
def test_a_photo_through_the_encoder_takes_milliseconds():
    assert 0.5 < comparing.encoder_ms("efficientnet_lite0") < 1000
