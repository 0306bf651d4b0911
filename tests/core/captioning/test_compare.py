"""Encoders side by side, on runs written by hand, and what the model card says of them."""

import json

import pytest
import torch

from core.captioning import compare as comparing, train as training
from core.captioning.card import comparison
from core.captioning.compare import CompareOptions, compare
from core.captioning.prepare import Photos, PrepareOptions, prepare
from core.training.encoders import ImageEncoder, load_encoder


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
    assert (
        "3 epochs" in told
        and "3,000 plain photos" in told
        and "| efficientnet_lite0 | 22.0 | 51.0 | 18.0 |" in told
    )


def test_a_decoder_is_trained_on_what_the_encoder_saw_once(flickr8k, tmp_path, monkeypatch):
    options = CompareOptions(str(flickr8k), str(tmp_path), num_epochs=1, photos_at_once=3)
    dataset = prepare(PrepareOptions(options.data, options.work))
    seen, real = [], load_encoder("efficientnet_lite0")

    class Tiny(ImageEncoder):
        def forward(self, image):
            seen.append(len(image))
            return super().forward(image)

    torch.manual_seed(0)
    cnn = torch.nn.Conv2d(3, 1280, 74, stride=74)
    monkeypatch.setattr(training, "load_encoder", lambda *_: Tiny("efficientnet_lite0", cnn))
    comparing.train_decoder("efficientnet_lite0", options, dataset)
    photos = {split: len(dataset.image_names[split]) for split in ("train", "dev")}
    assert sum(seen) == sum(photos.values())  # each photo once, however many epochs
    monkeypatch.setattr(comparing, "encoder_ms", lambda name, weights: 1.0)
    (row,) = compare(options)
    assert row["encoder"] == "efficientnet_lite0" and 0 <= row["dev_bleu_4"] <= 100
    stored = comparing.store_features(real, Photos(dataset, "dev", 224), at_once=2)
    pixels = Photos(dataset, "dev", 224)[1, 0][None]
    with torch.no_grad():
        torch.testing.assert_close(stored[1, 7].float(), real(pixels)[0], atol=0.02, rtol=0.02)


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
