"""The tagger's training and export on a tiny treebank."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core import tagging
from core.tagging.export import ExportOptions, examples, export, load_run
from core.tagging.inference import read_tokens
from core.tagging.model import ModelConfig, Tagger
from core.tagging.train import TaggingTask, TrainOptions, new_tagger, train
from core.training.graphs import check_graph, write_graph

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Exporting a model to ONNX with a batch_size other than 1",
    "ignore::torch.jit.TracerWarning",  # nn.LSTM asks in Python whether sizes fit
)
SIZES = {"embedding_dim": 6, "hidden_size": 5, "dropout": 0.0}


@pytest.fixture(scope="module")
def options(treebank, tmp_path_factory):
    work = str(tmp_path_factory.mktemp("work"))
    training = {"num_epochs": 12, "learning_rate": 0.03, "tokens_per_batch": 16, "ema_decay": 0.5}
    return TrainOptions(data=str(treebank), work=work, word_dropout=0.1, **training, **SIZES)


@pytest.fixture(scope="module")
def trained(options):
    train(options)
    return options


@pytest.fixture(scope="module")
def config():
    return ModelConfig(vocab_size=30, num_features=9, num_tags=17, **SIZES)


@pytest.fixture(scope="module")
def tagger(config):
    torch.manual_seed(0)
    return Tagger(config).eval()


def test_a_batch_holds_sentences_of_one_length_and_an_epoch_every_word_once(trained):
    task = TaggingTask(trained)
    batches = list(task.batches(0))
    assert len(batches) == task.steps_per_epoch
    assert sum(batch.tags.numel() for batch in batches) == len(task.train.tags)
    counted = np.bincount(torch.cat([batch.tags.flatten() for batch in batches]), minlength=17)
    np.testing.assert_array_equal(counted, np.bincount(task.train.tags, minlength=17))
    assert max(batch.tags.numel() for batch in batches) <= 16


def test_the_loss_is_the_cross_entropy_by_hand(trained):
    task = TaggingTask(replace(trained, word_dropout=0.0))
    (network, _), batch = new_tagger(trained), next(iter(task.batches(0)))
    probabilities = network(batch.feature_ids)[2].softmax(dim=-1)
    given = probabilities.gather(2, batch.tags.unsqueeze(-1))
    torch.testing.assert_close(task.loss(network, batch), -given.log().mean())


def test_a_hidden_word_keeps_its_ends_and_its_shape(trained):
    task = TaggingTask(replace(trained, word_dropout=1.0))
    (network, _), batch = new_tagger(trained), next(iter(task.batches(0)))
    hidden = batch.feature_ids.clone()
    hidden[..., 0] = 3
    *_, logits = network(hidden)
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch.tags.flatten())
    torch.testing.assert_close(task.loss(network, batch), expected)
    assert not torch.equal(batch.feature_ids, hidden)  # the batch itself is left as it was


def test_it_learns_a_simple_language(trained):
    log = (Path(trained.work) / "run" / "log.jsonl").read_text().splitlines()
    assert json.loads(log[-1])["dev_accuracy"] > 0.95


def test_a_dry_run_keeps_nothing(trained, tmp_path, capsys):
    train(replace(trained, work=str(tmp_path), dry_run=True))
    assert "loss" in capsys.readouterr().out and not (tmp_path / "run").exists()


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("length", [1, 9, 30, 200])
def test_every_batch_size_and_length_gives_torchs_numbers(tagger, config, tmp_path, length, batch):
    path, shape = tmp_path / "tagger.onnx", (batch, length, config.num_features)
    axes = {0: "texts", 1: "words"}
    names = ("embeddings", "hidden_states", "logits")
    write_graph(tagger, list(examples(config))[3], names, path, axes=axes)
    generator = torch.Generator().manual_seed(length)
    ids = torch.randint(0, config.vocab_size, shape, generator=generator)
    assert check_graph(tagger, path, [{"feature_ids": ids}], tolerance=1e-5) <= 1e-5


def test_an_exported_run_tags_what_it_learned(trained, tmp_path):
    export(ExportOptions(work=trained.work), models=tmp_path)
    model = tagging.load_model(models=tmp_path)
    result = tagging.tag(model, "My painter waits.")
    assert result.tokens == ("My", "painter", "waits", ".")
    assert result.tags == ("DET", "NOUN", "VERB", "PUNCT")
    files = ("config.json", "samples.json", "tagger.onnx", "vocabulary.json")
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert set(manifest) == {f"tagging/{name}" for name in files}
    twin = tagging.load_model(models=Path(trained.work) / "fp32")
    exact, _ = load_run(ExportOptions(work=trained.work))
    found = read_tokens(twin, result.tokens)
    with torch.no_grad():
        *_, logits = exact(torch.from_numpy(found["feature_ids"])[None])
    np.testing.assert_allclose(found["logits"], logits[0].numpy(), atol=1e-5)
