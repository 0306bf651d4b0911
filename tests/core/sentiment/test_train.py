"""The training commands on a handful of sentences."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from core.sentiment import train as training
from core.sentiment.model import Classifier, ModelConfig
from core.sentiment.prepare import PrepareOptions, prepare
from core.sentiment.train import SentimentTask, TrainOptions, logits_of, new_classifier, train
from core.training.loop import load_averaged


@pytest.fixture(scope="module")
def options(opinions, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    prepare(PrepareOptions(data=str(opinions), work=str(work), embedding_size=6))
    sizes = {"embedding_size": 6, "hidden_size": 5, "sibling_size": 4}
    return TrainOptions(work=str(work), tokens_per_batch=128, word_dropout=0.0, **sizes)


@pytest.fixture
def task(options):
    return SentimentTask(options)


@pytest.fixture
def network(options):
    vocab = json.loads((Path(options.work) / "vocabulary.json").read_text())
    config = ModelConfig(len(vocab), 6, 5, 4, embedding_dropout=0.0, readout_dropout=0.0)
    torch.manual_seed(0)
    return Classifier("bilstm", config)


def test_an_epoch_sees_its_share_of_every_source(task):
    seen = {name: [] for name in task.sources}
    for name, rows in task._rows(0):
        seen[name] += list(rows)
    for name, rows in seen.items():
        assert len(rows) == max(1, round(training.SHARES[name] * len(task.sources[name].starts)))
        assert len(set(rows)) == len(rows)
    assert sum(1 for _ in task.batches(0)) == task.steps_per_epoch
    first, again, other = ([n for n, _ in task._rows(epoch)] for epoch in (0, 0, 1))
    assert first == again and [r.tolist() for _, r in task._rows(0)] != [
        r.tolist() for _, r in task._rows(1)
    ]
    assert sorted(first) == sorted(other)


def test_a_batch_holds_about_as_many_words_as_asked(task):
    assert max(batch.token_ids.numel() for batch in task.batches(0)) <= 128


def test_the_loss_is_the_cross_entropy_with_soft_targets(task, network):
    batch = next(iter(task.batches(0)))
    logit = network(batch.token_ids, batch.lengths)
    by_hand = -(batch.targets * F.logsigmoid(logit) + (1 - batch.targets) * F.logsigmoid(-logit))
    torch.testing.assert_close(task.loss(network, batch), by_hand.mean())


def test_hidden_words_are_unknown_words(task, network, options):
    task.options = replace(options, word_dropout=1.0)
    batch = next(iter(task.batches(0)))
    unknown = torch.full_like(batch.token_ids, 3)
    expected = F.binary_cross_entropy_with_logits(network(unknown, batch.lengths), batch.targets)
    torch.testing.assert_close(task.loss(network, batch), expected)


def test_the_score_is_the_share_of_right_sides(task, network):
    texts = task.dev["sst2"]
    logits = logits_of(network.eval(), texts, batch_size=1)
    np.testing.assert_allclose(logits, logits_of(network, texts), atol=1e-6)
    found = task.score(network)
    assert found["sst2_accuracy"] == np.mean((logits > 0) == (texts.targets > 0.5))
    assert found["dev_accuracy"] == (found["sst2_accuracy"] + found["imdb_accuracy"]) / 2


def test_gates_start_open_for_memory(options, network):
    lstm = new_classifier("bilstm", network_config(network), options).reader.forward_lstm
    assert (lstm.bias_ih_l0[5:10] == 1).all()
    block = lstm.weight_hh_l0[:5]
    torch.testing.assert_close(block @ block.T, torch.eye(5))


def network_config(network):
    return ModelConfig(network.embedding.num_embeddings, 6, 5, 4)


def test_a_run_trains_all_four_on_one_table_of_words_and_can_be_resumed(options):
    short = replace(options, num_epochs=1, sibling_epochs=1, bf16=False)
    train(short)
    folder, tables = Path(options.work) / "run", []
    config = ModelConfig(**json.loads((folder / "bilstm" / "run.json").read_text())["network"])
    for name in ("bilstm", "rnn", "gru", "lstm"):
        classifier = Classifier(name, config)
        load_averaged(classifier, folder / name / "best.pt")
        tables.append(classifier.embedding.weight)
    for table in tables[1:]:
        torch.testing.assert_close(table, tables[0])
    train(replace(short, num_epochs=2, resume=True))
    log = (folder / "bilstm" / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in log] == [1, 2]
    assert len((folder / "gru" / "log.jsonl").read_text().splitlines()) == 1


def test_dry_run_goes_the_whole_way_and_keeps_nothing(opinions, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train", "--data", str(opinions), "--dry-run"])
    training.main()
    printed = capsys.readouterr().out
    assert all(f"{name}: loss" in printed for name in ("bilstm", "rnn", "gru", "lstm"))
    assert list(tmp_path.iterdir()) == []
