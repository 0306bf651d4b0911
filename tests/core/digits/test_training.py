"""The digits' training and export on the real images, a moment of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core import digits
from core.digits.export import ExportOptions, export
from core.digits.model import Classifier, ModelConfig
from core.digits.train import DigitsTask, TrainOptions, train
from core.training.graphs import check_graph

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
)


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    work = str(tmp_path_factory.mktemp("work"))
    return TrainOptions(work=work, num_epochs=2, hidden_size=8, ema_decay=0.5)


@pytest.fixture(scope="module")
def trained(options):
    train(options)
    return options


def test_an_epoch_sees_every_training_image_once(trained):
    task = DigitsTask(trained)
    seen = [(pixels, labels) for pixels, labels in task.batches(0)]
    assert len(seen) == task.steps_per_epoch
    total = sum(pixels.sum() for pixels, _ in seen)
    assert total == pytest.approx(float(task.train[0].sum()), rel=1e-5)
    assert not torch.equal(seen[0][0], next(iter(task.batches(1)))[0])
    assert torch.equal(seen[0][0], next(iter(task.batches(0)))[0])


def test_the_loss_is_the_cross_entropy_by_hand(trained):
    torch.manual_seed(0)
    network = Classifier(ModelConfig(dropout=0.0))
    pixels, labels = next(iter(DigitsTask(trained).batches(0)))
    probabilities = network(pixels)[1].softmax(dim=-1)
    by_hand = -probabilities[torch.arange(len(labels)), labels].log().mean()
    torch.testing.assert_close(DigitsTask(trained).loss(network, (pixels, labels)), by_hand)


def test_two_epochs_already_beat_guessing(trained, tmp_path):
    log = (Path(trained.work) / "run" / "log.jsonl").read_text().splitlines()
    first, second = map(json.loads, log)
    assert second["loss"] < first["loss"] < math.log(10)
    assert second["dev_accuracy"] > 0.15  # guessing: 0.1


def test_a_dry_run_keeps_nothing(trained, tmp_path, capsys):
    train(replace(trained, work=str(tmp_path / "dry"), dry_run=True))
    assert "loss" in capsys.readouterr().out
    assert not (tmp_path / "dry" / "run").exists()


def test_an_export_agrees_with_torch_and_can_be_loaded(trained, tmp_path):
    export(ExportOptions(work=trained.work), models=tmp_path)
    model = digits.load_model(models=tmp_path)
    assert model.config["network"]["hidden_size"] == 8
    assert model.config["export"]["parity"] <= 1e-4 and model.config["metrics"] == {}
    result = digits.recognise(model, np.full((8, 8), 4, np.float32))
    assert result.hidden.shape == (8,) and result.probabilities.sum() == pytest.approx(1)
    rows = json.loads((tmp_path / "digits/samples.json").read_text("utf-8"))
    assert {row["digit"] for row in rows} == set(range(10)) and len(rows) >= 10
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert {"digits/classifier.onnx", "digits/config.json", "digits/samples.json"} == set(manifest)


def test_other_weights_do_not_pass_the_check(trained, tmp_path):
    export(ExportOptions(work=trained.work), models=tmp_path)
    other = Classifier(ModelConfig(hidden_size=8))
    with pytest.raises(ValueError, match="differs from torch"):
        check_graph(
            other,
            tmp_path / "digits/classifier.onnx",
            [{"pixels": torch.ones(3, 64)}],
            tolerance=1e-4,
        )
