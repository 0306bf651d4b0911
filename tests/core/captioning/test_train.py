"""The training commands on a handful of drawn photos."""

import numpy as np
import pytest
import torch

from core.captioning import train as training
from core.captioning.model import CaptionDecoder, DecoderConfig
from core.captioning.prepare import PrepareOptions, prepare
from core.captioning.train import CaptionTask, RewardTask, TrainOptions
from core.vocabulary import parse_vocabulary

exports = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Constant folding",
)


@pytest.fixture(scope="module")
def options(flickr8k, tmp_path_factory):
    """Everything prepared, except that the features are drawn, not computed."""
    work = tmp_path_factory.mktemp("work")
    (work / "fake").mkdir()
    rng = np.random.default_rng(0)
    for split in ("train", "dev", "test"):
        np.save(work / "fake" / f"{split}.0.npy", rng.normal(size=(8, 9, 20)).astype(np.float16))
    from core.captioning.prepare import read_flickr8k, write_captions

    prepared = PrepareOptions(data=str(flickr8k), work=str(work))
    write_captions(read_flickr8k(str(flickr8k)), prepared)
    return TrainOptions(work=str(work), encoder="fake", num_views=1, photos_per_batch=4)


@pytest.fixture
def vocabulary(options):
    from pathlib import Path

    return parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())


def decoder(vocabulary):
    torch.manual_seed(0)
    return CaptionDecoder(DecoderConfig(len(vocabulary), 20, 16, dropout=0.0))


def test_a_batch_holds_each_photos_five_captions_side_by_side(options, vocabulary):
    task = CaptionTask(options, vocabulary)
    batches = list(task.batches(0))
    assert len(batches) == task.steps_per_epoch == 2
    assert sorted(np.concatenate([b.photos for b in batches])) == list(range(8))
    first = batches[0]
    assert first.image_features.shape == (4, 9, 20) and first.token_ids.shape[0] == 20
    assert (first.token_ids[:, 0] == vocabulary.bos_id).all()
    expected = np.load(f"{options.work}/fake/train.0.npy")[first.photos]
    np.testing.assert_array_equal(first.image_features.numpy(), expected.astype(np.float32))


def test_the_loss_is_the_smoothed_likelihood_of_the_real_words(options, vocabulary):
    """Against torch's own cross-entropy with label smoothing and an ignored index."""
    task, network = CaptionTask(options, vocabulary), decoder(vocabulary)
    batch = next(iter(task.batches(0)))
    photo = training.repeat_photo(network.look(batch.image_features), 5)
    looked = network(photo, batch.token_ids[:, :-1])
    expected = torch.nn.functional.cross_entropy(
        network.log_probs(looked.output).flatten(0, 1),
        batch.token_ids[:, 1:].flatten(),
        ignore_index=vocabulary.pad_id,
        label_smoothing=options.label_smoothing,
    )
    torch.testing.assert_close(task.loss(network, batch), expected)


def test_self_criticism_makes_the_better_sample_likelier(options, vocabulary, monkeypatch):
    """With rewards of one word alone, its probability must rise."""
    task, network = RewardTask(options, vocabulary), decoder(vocabulary)
    dog = vocabulary.token_ids["dog"]

    def rewards(token_ids, photos):
        return (token_ids[:, 0] == dog).double().numpy().reshape(-1, 5)

    monkeypatch.setattr(task, "_rewards", rewards)
    batch = next(iter(task.batches(0)))

    def probability():
        photo = network.look(batch.image_features)
        begin = torch.full((4, 1), vocabulary.bos_id)
        with torch.no_grad():
            return network.spoken_log_probs(network(photo, begin).output)[..., dog].exp().mean()

    before, optimizer = probability(), torch.optim.SGD(network.parameters(), lr=5.0)
    for _ in range(30):
        optimizer.zero_grad()
        task.loss(network, batch).backward()
        optimizer.step()
    assert probability() > 2 * before


def test_the_reward_prefers_what_people_wrote(options, vocabulary):
    task = RewardTask(options, vocabulary)
    human = torch.tensor(vocabulary.encode(["a", "dog", "runs", "on", "the", "grass"]))
    other = human.flip(0)
    rows = torch.stack([human, other, other, other, other])
    found = task._rewards(rows, np.array([0]))
    assert found.shape == (1, 5) and found[0, 0] > 2 * found[0, 1] > 0


@exports
def test_dry_run_goes_the_whole_way_and_keeps_nothing(flickr8k, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["train", "--data", str(flickr8k), "--dry-run", "--encoder", "efficientnet_lite0"]
    monkeypatch.setattr("sys.argv", command)
    training.main()
    printed = capsys.readouterr().out
    assert all(f"{phase}: loss" in printed for phase in ("cross_entropy", "self_critical"))
    assert list(tmp_path.iterdir()) == []


@exports
def test_prepare_writes_the_shapes_it_names(flickr8k, tmp_path):
    options = PrepareOptions(
        str(flickr8k), str(tmp_path), "efficientnet_lite0", num_views=2, max_photos=2
    )
    prepare(options)
    for name in ("train.0", "train.1", "dev.0", "test.0"):
        features = np.load(tmp_path / "efficientnet_lite0" / f"{name}.npy")
        assert features.shape == (2, 49, 1280) and features.dtype == np.float16
        assert np.isfinite(features).all() and features.std() > 0
