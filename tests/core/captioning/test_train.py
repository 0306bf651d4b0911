"""The training commands on a handful of drawn photos."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.captioning import train as training
from core.captioning.model import CaptionDecoder, Captioner, DecoderConfig
from core.captioning.prepare import PrepareOptions, prepare
from core.captioning.train import CaptionTask, RewardTask, TrainOptions
from core.training.encoders import ImageEncoder
from core.vocabulary import parse_vocabulary


@pytest.fixture(scope="module")
def options(flickr8k, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    return TrainOptions(str(flickr8k), str(work), photos_per_batch=4, num_workers=0)


@pytest.fixture(scope="module")
def dataset(options):
    return prepare(PrepareOptions(options.data, options.work))


@pytest.fixture
def vocabulary(options, dataset):
    return parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())


def captioner(vocabulary):
    """A small network: photos of 224 pixels become nine regions of 20 numbers."""
    torch.manual_seed(0)
    cnn = nn.Sequential(nn.Conv2d(3, 20, 74, stride=74), nn.BatchNorm2d(20))
    decoder = CaptionDecoder(DecoderConfig(len(vocabulary), 20, 16, dropout=0.0))
    return Captioner(ImageEncoder("efficientnet_lite0", cnn), decoder)


def test_a_batch_holds_each_photos_five_captions_side_by_side(options, dataset, vocabulary):
    task = CaptionTask(options, dataset, vocabulary)
    batches = list(task.batches(0))
    assert len(batches) == task.steps_per_epoch == 2
    assert sorted(np.concatenate([b.photos for b in batches])) == list(range(8))
    first = batches[0]
    assert first.images.shape == (4, 224, 224, 3) and first.token_ids.shape[0] == 20
    assert (first.token_ids[:, 0] == vocabulary.bos_id).all()


def test_a_photo_looks_different_in_every_epoch_and_alike_when_training_resumes(
    options, dataset, vocabulary
):
    task = CaptionTask(options, dataset, vocabulary)

    def seen(epoch):
        batches = list(task.batches(epoch))
        images = torch.cat([batch.images for batch in batches])
        return images[np.argsort(np.concatenate([batch.photos for batch in batches]))].float()

    first, second = seen(0), seen(1)
    assert torch.equal(first, seen(0))
    assert ((first - second).abs().flatten(1).mean(dim=1) > 5).all()


def test_the_loss_is_the_smoothed_likelihood_of_the_real_words(options, dataset, vocabulary):
    """Against torch's own cross-entropy with label smoothing and an ignored index."""
    task, network = CaptionTask(options, dataset, vocabulary), captioner(vocabulary)
    batch = next(iter(task.batches(0)))
    photo = training.repeat_photo(network.look(batch.images), 5)
    looked = network.decoder(photo, batch.token_ids[:, :-1])
    expected = torch.nn.functional.cross_entropy(
        network.decoder.log_probs(looked.output).flatten(0, 1),
        batch.token_ids[:, 1:].flatten(),
        ignore_index=vocabulary.pad_id,
        label_smoothing=options.label_smoothing,
    )
    torch.testing.assert_close(task.loss(network, batch), expected)


def test_the_encoder_learns_along_slowly_and_keeps_its_statistics(
    options, dataset, vocabulary, tmp_path
):
    """After one epoch its weights have moved, by less than the decoder's; ImageNet's means stay."""
    quick = replace(options, work=str(tmp_path), num_epochs=1, bf16=False)
    network = captioner(vocabulary)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    training.run_phase(network, CaptionTask(quick, dataset, vocabulary), "cross_entropy", quick)
    moved = {
        name: float((value.float() - before[name].float()).abs().max())
        for name, value in network.state_dict().items()
    }
    assert 0 < moved["encoder.cnn.0.weight"] < 0.2 * moved["decoder.region.weight"]
    assert moved["encoder.cnn.1.running_mean"] == 0
    assert moved["encoder.cnn.1.num_batches_tracked"] == 0


def test_self_criticism_makes_the_better_sample_likelier(options, dataset, vocabulary, monkeypatch):
    """With rewards of one word alone, its probability must rise."""
    task, network = RewardTask(options, dataset, vocabulary), captioner(vocabulary)
    dog = vocabulary.token_ids["dog"]

    def rewards(token_ids, photos):
        return (token_ids[:, 0] == dog).double().numpy().reshape(-1, 5)

    monkeypatch.setattr(task, "_rewards", rewards)
    batch = next(iter(task.batches(0)))

    def probability():
        decoder, begin = network.decoder, torch.full((4, 1), vocabulary.bos_id)
        with torch.no_grad():
            output = decoder(network.look(batch.images), begin).output
            return decoder.spoken_log_probs(output)[..., dog].exp().mean()

    before, optimizer = probability(), torch.optim.SGD(network.decoder.parameters(), lr=5.0)
    for _ in range(30):
        optimizer.zero_grad()
        task.loss(network, batch).backward()
        optimizer.step()
    assert probability() > 2 * before


def test_the_reward_prefers_what_people_wrote(options, dataset, vocabulary):
    task = RewardTask(options, dataset, vocabulary)
    human = torch.tensor(vocabulary.encode(["a", "dog", "runs", "on", "the", "grass"]))
    other = human.flip(0)
    rows = torch.stack([human, other, other, other, other])
    found = task._rewards(rows, np.array([0]))
    assert found.shape == (1, 5) and found[0, 0] > 2 * found[0, 1] > 0


def test_dry_run_goes_the_whole_way_and_keeps_nothing(flickr8k, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train", "--data", str(flickr8k), "--dry-run"])
    training.main()
    printed = capsys.readouterr().out
    assert all(f"{phase}: loss" in printed for phase in ("cross_entropy", "self_critical"))
    assert list(tmp_path.iterdir()) == []
