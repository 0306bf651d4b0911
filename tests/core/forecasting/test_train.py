"""The training command on drawn series."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.forecasting import train as training
from core.forecasting.inference import scale_mixture
from core.forecasting.model import to_parts
from core.forecasting.prepare import make_examples
from core.forecasting.train import ForecastTask, TrainOptions, make_network, read_examples
from core.probabilistic.baselines import random_walk
from core.probabilistic.mixture import gaussian
from core.probabilistic.scores import SHARES, covered
from core.series.windows import LINEAR_INPUTS, read_days
from tests.fixtures.make_forecasting import simulate_garch

SMALL = {"hidden_size": 4, "num_members": 1, "num_epochs": 1, "batches_per_epoch": 3}


@pytest.fixture(scope="module", params=["stocks", "weather"])
def options(request, data):
    return TrainOptions(data=str(data), kind=request.param, batch_size=16, **SMALL)


def test_a_batch_is_the_same_for_the_same_epoch(options):
    task = ForecastTask(options, read_examples(options))
    first, again, other = (next(iter(task.batches(epoch))) for epoch in (0, 0, 1))
    assert torch.equal(first.inputs, again.inputs) and not torch.equal(first.inputs, other.inputs)
    assert first.inputs.shape[:2] == (16, options.window_length)
    assert first.outcomes.shape == first.weights.shape


def test_training_lowers_the_loss(options):
    task, network = ForecastTask(options, read_examples(options)), make_network(options)
    batch = next(iter(task.batches(0)))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    before = task.loss(network, batch).item()
    for _ in range(30):
        optimizer.zero_grad()
        task.loss(network, batch).backward()
        optimizer.step()
    assert task.loss(network, batch).item() < before - 0.01


def test_weather_starts_as_least_squares(data):
    options = TrainOptions(data=str(data), kind="weather", num_curves=0, **SMALL)
    examples, network = read_examples(options)["train"], make_network(options)
    training.start_linear(network.eval(), examples)
    inputs = examples.inputs[examples.rows]
    with torch.no_grad():
        windows = torch.from_numpy(examples.window(np.arange(400), options.window_length))
        means = to_parts(network(windows)[0]).means[..., 0].numpy()
    read = inputs[:, : LINEAR_INPUTS["weather"]].astype(float)
    solution, *_ = np.linalg.lstsq(read, examples.outcomes.astype(float))
    np.testing.assert_allclose(means, read[:400] @ solution, atol=1e-3)


def test_a_network_that_learns_from_garch_comes_to_its_entropy():
    """On new series it loses at most 0.012 nats above the law that made them; constant, 0.08.

    The entropy is the mean of -log p under the true law; what is lost above it is the
    Kullback-Leibler divergence from it. Intervals hold what they say.
    """
    options = TrainOptions(likelihood_weight=1.0, batch_size=128, dropout=0.0)
    series = [simulate_garch(seed, 4000)[0] for seed in range(8)]
    examples = {split: make_examples("stocks", series, "train") for split in ("train", "dev")}
    task, network = ForecastTask(options, examples), make_network(options)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for batch in itertools.islice(task.batches(0), 80):
        optimizer.zero_grad()
        task.loss(network, batch).backward()
        optimizer.step()
    lost, constant, inside = [], [], []
    for seed in (100, 101, 102):
        new, volatilities = simulate_garch(seed, 4000)
        held_out = make_examples("stocks", [new], "train")
        rows = held_out.rows[: 4000 - 100]
        days = read_days(new, "stocks", len(new.values) - 1, 20)
        windows = torch.from_numpy(days.windows(rows, options.window_length))
        with torch.no_grad():
            parts = to_parts(network.eval()(windows)[0])
        out = {n: t.numpy() for n, t in parts._asdict().items()}
        outcomes = np.log(new.values[rows + 1] / new.values[rows])[:, None]
        entropy = -gaussian(np.zeros(outcomes.shape), volatilities[rows, None]).log_density(
            outcomes
        )
        mixture = scale_mixture(out, days, rows)[:, :1]
        lost.append((-mixture.log_density(outcomes) - entropy).mean())
        inside.append([covered(mixture, outcomes, share).mean() for share in SHARES])
        walk = random_walk(new.values, rows, np.array([1]))
        constant.append((-walk.log_density(outcomes) - entropy).mean())
    assert np.mean(inside, axis=0) == pytest.approx(SHARES, abs=0.02)
    assert 0 < np.mean(lost) < 0.012 and np.mean(constant) > 0.05


def test_dry_run_trains_one_batch_and_keeps_nothing(options, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["train", "--data", options.data, "--kind", options.kind, "--dry-run"]
    monkeypatch.setattr("sys.argv", command)
    training.main()
    assert capsys.readouterr().out.startswith("loss ") and list(tmp_path.iterdir()) == []


def test_a_stopped_run_goes_on_where_it_stopped(options, tmp_path):
    """Two epochs at once, and one epoch that is resumed: the same weights and scores."""
    two = replace(options, work=str(tmp_path / "whole"), num_epochs=2)
    whole = training.train(two)
    parts = replace(two, work=str(tmp_path / "parts"))
    folder = tmp_path / "parts" / options.kind / "run" / "member_0"

    class Stopped(Exception):
        pass

    def stop(self, epoch, batches=ForecastTask.batches):
        if epoch == 1:
            raise Stopped
        return batches(self, epoch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ForecastTask, "batches", stop)
        with pytest.raises(Stopped):
            training.train(parts)
    assert len((folder / "log.jsonl").read_text().splitlines()) == 1
    assert training.train(replace(parts, resume=True)) == whole
    epochs = [json.loads(line)["epoch"] for line in (folder / "log.jsonl").read_text().splitlines()]
    assert epochs == [1, 2]
