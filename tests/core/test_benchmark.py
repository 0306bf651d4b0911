"""Both sides of a contest must do the same work."""

import time
from pathlib import Path

import pytest
import torch

from core import benchmark
from core.sentiment.model import Classifier, ModelConfig
from core.training import contests

ROOT = Path(__file__).resolve().parents[2]


def test_walking_word_by_word_gives_the_whole_networks_verdict():
    torch.manual_seed(0)
    network = Classifier("bilstm", ModelConfig(30, 7, 5, 4)).eval()
    token_ids = torch.tensor([[4, 9, 9, 28, 5]])
    with torch.no_grad():
        walked = contests._walk_words(network, token_ids)
        whole = network(token_ids, torch.tensor([5])).sigmoid()
    torch.testing.assert_close(walked.flatten(), whole)


def test_a_contest_is_timed_after_its_first_calls():
    waits = [0.05, 0.05, 0.01, 0.003, 0.02]  # the first two only warm up
    ms = benchmark.median_ms(lambda: time.sleep(waits.pop(0)), seconds=0.001, fewest=3)
    assert not waits and 10 <= ms < 20
    calls = []
    benchmark.median_ms(lambda: calls.append(1), seconds=0.05)
    assert len(calls) > 17


def test_every_task_competes():
    tasks = {path.parent.name for path in (ROOT / "core").glob("*/inference.py")}
    assert tasks <= benchmark.CONTESTS.keys()


@pytest.mark.parametrize("task", benchmark.CONTESTS)
def test_both_sides_of_a_contest_answer(task):
    contest = benchmark.CONTESTS[task]()
    contest.shipped()
    contest.eager()
