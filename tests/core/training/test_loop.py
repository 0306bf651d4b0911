"""The loop on a network so small that its run can be compared number by number."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

from core.training.loop import (
    LoopOptions,
    fit,
    learning_rate_factor,
    length_buckets,
    load_averaged,
    parameter_groups,
    schedule_of,
    train_one_batch,
)

OPTIONS = LoopOptions(num_epochs=4, learning_rate=0.3, ema_decay=0.5, bf16=False, patience=9)


def test_a_tasks_options_are_its_schedule_unless_it_says_otherwise():
    @dataclass(frozen=True)
    class Options:
        data: str = "here"
        num_epochs: int = 7
        learning_rate: float = 0.1
        seed: int = 3

    found = schedule_of(Options(), num_epochs=2, bf16=False)
    assert found == LoopOptions(num_epochs=2, learning_rate=0.1, seed=3, bf16=False)


class Line:
    """Learn y = 2x + 1; the dev score is minus the squared error."""

    steps_per_epoch = 5

    def batches(self, epoch):
        generator = torch.Generator().manual_seed(epoch)
        for _ in range(self.steps_per_epoch):
            x = torch.rand(16, 1, generator=generator)
            yield x, 2 * x + 1

    def loss(self, network, batch):
        return (network(batch[0]) - batch[1]).pow(2).mean()

    def score(self, network):
        x = torch.linspace(0, 1, 9).unsqueeze(1)
        with torch.no_grad():
            return {"closeness": -float((network(x) - 2 * x - 1).pow(2).mean())}


def test_a_slow_part_learns_with_its_share_of_the_rate():
    network = nn.ModuleDict({"cnn": nn.Linear(1, 2), "cnns": nn.Linear(2, 3)})
    options = LoopOptions(1, learning_rate=0.5, slow_part="cnn", slow_share=0.1)
    groups = {group["lr"]: group["params"] for group in parameter_groups(network, options)}
    assert {rate: [p.numel() for p in found] for rate, found in groups.items()} == {
        0.05: [2, 2],
        0.5: [6, 3],
    }
    assert [g["lr"] for g in parameter_groups(network, OPTIONS)] == [OPTIONS.learning_rate]


def new_network():
    torch.manual_seed(1)
    return nn.Linear(1, 1)


def test_a_run_from_nothing_forgets_the_log_of_the_one_before(tmp_path):
    for _ in range(2):
        fit(new_network(), Line(), OPTIONS, tmp_path, resume=False)
        log = (tmp_path / "log.jsonl").read_text().splitlines()
        assert [json.loads(line)["epoch"] for line in log] == list(range(1, len(log) + 1))


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path):
    whole = new_network()
    fit(whole, Line(), OPTIONS, tmp_path / "whole", resume=False)

    class Interrupted(Line):
        def batches(self, epoch):
            if epoch == 2:
                raise KeyboardInterrupt
            return super().batches(epoch)

    with pytest.raises(KeyboardInterrupt):
        fit(new_network(), Interrupted(), OPTIONS, tmp_path / "parts", resume=False)
    resumed = new_network()
    fit(resumed, Line(), OPTIONS, tmp_path / "parts", resume=True)
    for ours, theirs in zip(resumed.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def test_training_learns_and_leaves_the_best_weights_and_a_log(tmp_path):
    network, task = new_network(), Line()
    before = task.score(network)["closeness"]
    best = fit(network, task, OPTIONS, tmp_path, resume=False)
    assert task.score(network)["closeness"] == pytest.approx(best) and best > before / 4
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [entry["epoch"] for entry in log] == [1, 2, 3, 4]
    again = new_network()
    load_averaged(again, tmp_path / "best.pt")
    assert task.score(again)["closeness"] == pytest.approx(best)
    load_averaged(again, tmp_path / "last.pt")
    assert task.score(again)["closeness"] == pytest.approx(log[-1]["closeness"])


def test_training_stops_early_without_gain(tmp_path):
    class Worse(Line):
        def __init__(self):
            self.scores = iter([5.0, 4.0, 3.0, 2.0, 1.0])

        def score(self, network):
            return {"score": next(self.scores)}

    options = LoopOptions(num_epochs=5, learning_rate=0.01, patience=2, bf16=False)
    assert fit(new_network(), Worse(), options, tmp_path, resume=False) == 5.0
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 3


def test_bf16_autocast_trains_too():
    options = LoopOptions(num_epochs=1, learning_rate=0.01, bf16=True)
    assert np.isfinite(train_one_batch(new_network(), Line(), options))


def test_the_schedule_warms_up_to_one_and_ends_at_its_floor():
    options = LoopOptions(num_epochs=1, learning_rate=1.0, warmup_share=0.1, final_share=0.02)
    factor = learning_rate_factor(options, num_steps=100)
    factors = [factor(step) for step in range(101)]
    assert factors[:10] == pytest.approx([0.1 * i for i in range(1, 11)])
    assert max(factors) == 1 and factors[100] == pytest.approx(0.02)
    assert factors[55] == pytest.approx((1 + 0.02) / 2)  # half of the cosine


def test_length_buckets_hold_every_row_once_and_similar_lengths():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 40, size=1000)
    batches = list(length_buckets(lengths, 20, rng, batches_in_pool=10))
    assert sorted(np.concatenate(batches)) == list(range(1000))
    spread = np.mean([np.ptp(lengths[batch]) for batch in batches])
    assert spread < 8  # unsorted batches of twenty spread over about 36


def test_options_that_cannot_be_trained_with_are_refused():
    with pytest.raises(ValueError, match="cannot be trained"):
        LoopOptions(num_epochs=0, learning_rate=0.1)
