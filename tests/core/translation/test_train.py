"""The training command on a handful of sentences."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from core.training.loop import LoopOptions, train_one_batch
from core.translation import train as training
from core.translation.model import LANGUAGES, ModelConfig, Translator
from core.translation.prepare import PrepareOptions, prepare
from core.translation.train import (
    TrainOptions,
    TranslationTask,
    read_translations,
    translate_greedily,
)


@pytest.fixture(autouse=True)
def small_split(monkeypatch):
    monkeypatch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))


@pytest.fixture(scope="module")
def task(parallel, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))
        prepare(PrepareOptions(str(parallel), str(work), vocab_size=38, copy_share=1.0))
        own = {"everyday_share": 0.0, "sentences_per_batch": 8}
        options = TrainOptions(data=str(parallel), work=str(work), **own)
        return TranslationTask(options)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Translator(ModelConfig(38, embedding_dim=24, hidden_size=32, dropout=0.0))


def test_epochs_go_on_where_the_last_one_stopped(task):
    """Four epochs with a quarter each see every sentence of a corpus once."""
    corpus, share = task.corpora["tatoeba"], task.options.tatoeba_share
    rounds = round(1 / share)
    seen = []
    for epoch in range(rounds):
        rows = [e.source for batch in task._rows(epoch) for e, _ in batch]
        seen += [s for s in rows if not s.startswith("A photo") and "<copy>" not in s]
    assert len(set(seen)) >= len(corpus) - rounds and len(seen) <= len(corpus) + rounds


def test_a_batch_holds_every_translation_of_its_sentences(task):
    examples = next(task._rows(0))
    batch = task.make_batch(examples, random.Random(0))
    number = sum(len(texts) for e, _ in examples for texts in e.targets.values())
    assert len(batch.source_rows) == number == batch.rows_per_step[0]
    assert len(batch.source_ids) == len(examples)
    assert sum(1 for _ in task.batches(0)) == task.steps_per_epoch


def test_the_loss_is_the_smoothed_cross_entropy_of_each_language(task, network):
    """Against torch's own, over the network's log-probabilities."""
    batch = task.make_batch(next(task._rows(0)), random.Random(0))
    attended, total = read_translations(network, batch), 0.0
    for place, language in enumerate(LANGUAGES):
        chosen = batch.kinds == place
        total = total + F.cross_entropy(
            F.linear(network.project(attended[chosen]), *network.output_of(language)),
            batch.target_ids[chosen],
            label_smoothing=task.options.label_smoothing,
            reduction="sum",
        )
    torch.testing.assert_close(task.loss(network, batch), total / len(batch.target_ids))


def test_it_learns_a_handful_of_sentences_by_heart(task, network):
    examples = [(e, 0.0) for e in task.corpora["tatoeba"][:3]]
    batch = task.make_batch(examples, random.Random(0))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(260):
        optimizer.zero_grad()
        task.loss(network, batch).backward()
        optimizer.step()
    network.eval()
    sentences = [e for e, _ in examples]
    for language in ("de", "fr"):
        written = translate_greedily(network, task.subwords, sentences, language)
        assert written == [e.targets[language][0] for e in sentences]


def test_the_score_names_every_set_and_language(task, network):
    found = task.score(network.eval())
    assert list(found) == ["dev_bleu", "val_de", "val_fr", "dev_de", "dev_fr", "dev_es"]
    assert found["dev_bleu"] == pytest.approx(np.mean(list(found.values())[1:]))


def test_a_step_lowers_the_loss_of_its_batch(task, network):
    schedule = LoopOptions(num_epochs=1, learning_rate=0.01, bf16=False)
    before = train_one_batch(network, task, schedule)
    assert train_one_batch(network, task, schedule) < before


def test_dry_run_goes_the_whole_way_and_keeps_nothing(parallel, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["train", "--data", str(parallel), "--dry-run", "--vocab-size", "38"]
    monkeypatch.setattr("sys.argv", command)
    training.main()
    assert "translation: loss" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_warm_start_knows_what_the_shipped_translator_knows(
    parallel, monkeypatch, tmp_path, capsys
):
    """Its very first loss is far below that of a new network of the same size."""
    monkeypatch.chdir(tmp_path)
    losses = []
    for more in ([], ["--warm-start"]):
        command = ["train", "--data", str(parallel), "--dry-run", "--vocab-size", "38", *more]
        monkeypatch.setattr("sys.argv", command)
        training.main()
        losses.append(float(capsys.readouterr().out.split()[-1]))
    assert losses[1] < losses[0] + np.log(8000 / 38) - 3
