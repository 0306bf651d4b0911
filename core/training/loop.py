"""One training loop for every task: resumable, averaged weights, early stopping on the dev split.

A task says what a batch is, what its loss is and how good the network is; the loop does the rest.
Each epoch ends with a checkpoint (`last.pt`), a line in `log.jsonl` and, if it is the best so far
on the dev split, the weights in `best.pt`.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm


@dataclass(frozen=True)
class LoopOptions:
    """How to train, whatever the task."""

    num_epochs: int
    learning_rate: float
    """At the top of the schedule: linear warm-up, then a cosine down to `final_share` of it."""
    warmup_share: float = 0.05
    final_share: float = 0.02
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    ema_decay: float = 0.999
    """The evaluated weights are an exponential average of the trained ones; 0 turns it off."""
    patience: int = 3
    """Epochs without a better dev score before training stops."""
    bf16: bool = True
    seed: int = 0
    slow_part: str = ""
    """Of the network, its name: it learns with `slow_share` of the rate."""
    slow_share: float = 1.0

    def __post_init__(self) -> None:
        if self.num_epochs < 1 or self.learning_rate <= 0 or not 0 <= self.ema_decay < 1:
            raise ValueError(f"{self} cannot be trained with")


def schedule_of(options: Any, **own: Any) -> LoopOptions:
    """Return how a task wants to be trained.

    Args:
        options: The task's, a dataclass; fields that LoopOptions has too are taken over.
        own: Fields that are to be otherwise.
    """
    shared = {f.name for f in fields(options)} & {f.name for f in fields(LoopOptions)}
    return LoopOptions(**({name: getattr(options, name) for name in shared} | own))


class Task(Protocol):
    """What the loop must be told."""

    steps_per_epoch: int

    def batches(self, epoch: int) -> Iterable[Any]:
        """Yield the epoch's batches, the same for the same epoch."""

    def loss(self, network: nn.Module, batch: Any) -> Tensor:
        """Return a scalar to minimise."""

    def score(self, network: nn.Module) -> dict[str, float]:
        """Return dev metrics; the first is the one to maximise."""


def fit(
    network: nn.Module, task: Task, options: LoopOptions, folder: Path, *, resume: bool
) -> float:
    """Train `network` and leave it with the best weights.

    Args:
        network: On its device already; changed in place.
        task: Batches, loss and score.
        options: Schedule and limits.
        folder: For checkpoints and the log; made if missing.
        resume: Continue from `folder`/last.pt where there is one.

    Returns:
        The best dev score.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = _Run(network, task, options)
    if resume and (folder / "last.pt").exists():
        run.load(folder / "last.pt")
    else:
        (folder / "log.jsonl").unlink(missing_ok=True)  # of an earlier run
    while run.epoch < options.num_epochs and run.epochs_without_gain < options.patience:
        entry = run.train_epoch()
        if run.epochs_without_gain == 0:
            _save(run.averaged.state_dict(), folder / "best.pt")
        _save(run.state(), folder / "last.pt")
        with (folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(entry) + "\n")
        tqdm.write(json.dumps(entry))
    load_averaged(network, folder / "best.pt")
    return run.best_score


def train_one_batch(network: nn.Module, task: Task, options: LoopOptions) -> float:
    """Take a single step and return its loss: the dry run."""
    return _Run(network, task, options).train_step(next(iter(task.batches(0))))


def load_averaged(network: nn.Module, path: Path) -> None:
    """Load the averaged weights that `fit` wrote as best.pt or within last.pt."""
    kept = torch.load(path, map_location="cpu", weights_only=True)
    weights = kept.get("averaged", kept).items()
    network.load_state_dict({n.removeprefix("module."): w for n, w in weights if "." in n})


def learning_rate_factor(options: LoopOptions, num_steps: int) -> Callable[[int], float]:
    """Return the schedule: step -> factor of the learning rate, in (0, 1]."""
    warmup_steps = max(1, round(options.warmup_share * num_steps))

    def factor(step: int) -> float:
        if step < warmup_steps:
            return (step + 1) / warmup_steps
        progress = min(1.0, (step - warmup_steps) / max(1, num_steps - warmup_steps))
        cosine = 0.5 * (1 + math.cos(math.pi * progress))
        return options.final_share + (1 - options.final_share) * cosine

    return factor


def parameter_groups(network: nn.Module, options: LoopOptions) -> list[dict[str, Any]]:
    """Return the network's parameters for an optimiser, those of its slow part apart."""
    apart: dict[bool, list] = {}
    for name, parameter in network.named_parameters():
        is_slow = bool(options.slow_part) and name.startswith(f"{options.slow_part}.")
        apart.setdefault(is_slow, []).append(parameter)
    rates = {True: options.learning_rate * options.slow_share, False: options.learning_rate}
    return [{"params": parameters, "lr": rates[slow]} for slow, parameters in apart.items()]


def length_buckets(
    lengths: np.ndarray, batch_size: int, rng: np.random.Generator, *, batches_in_pool: int = 24
) -> Iterator[np.ndarray]:
    """Yield shuffled batches of row numbers whose lengths are alike, so that padding is small.

    Args:
        lengths: (N,) length of every row.
        batch_size: Rows in a batch; the last of a pool may hold fewer.
        rng: Shuffles.
        batches_in_pool: Rows are sorted within pools of so many batches only.
    """
    order = rng.permutation(len(lengths))
    size = batch_size * batches_in_pool
    batches = []
    for start in range(0, len(order), size):
        pool = order[start : start + size]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[i : i + batch_size] for i in range(0, len(pool), batch_size)]
    yield from (batches[i] for i in rng.permutation(len(batches)))


def pick_device() -> torch.device:
    """Return CUDA where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class _Run:
    """Everything that a checkpoint must hold."""

    def __init__(self, network: nn.Module, task: Task, options: LoopOptions) -> None:
        torch.manual_seed(options.seed)
        self.network, self.task, self.options = network, task, options
        self.optimizer = torch.optim.AdamW(
            parameter_groups(network, options),
            lr=options.learning_rate,
            weight_decay=options.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        factor = learning_rate_factor(options, options.num_epochs * task.steps_per_epoch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, factor)
        self.averaged = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(options.ema_decay))
        self.epoch = self.epochs_without_gain = 0
        self.best_score = -math.inf

    def train_step(self, batch: Any) -> float:
        """Take one optimiser step and return the loss."""
        self.network.train()
        device = next(self.network.parameters()).device
        with torch.autocast(device.type, torch.bfloat16, enabled=self.options.bf16):
            loss = self.task.loss(self.network, batch)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.options.max_grad_norm)
        self.optimizer.step()
        self.schedule.step()
        self.averaged.update_parameters(self.network)
        return loss.item()

    def train_epoch(self) -> dict[str, float]:
        """Run one epoch and the dev evaluation; return what is logged."""
        start = time.time()
        bar = tqdm(
            self.task.batches(self.epoch),
            total=self.task.steps_per_epoch,
            desc=f"epoch {self.epoch}",
            mininterval=10,
        )
        losses, trained = [self.train_step(batch) for batch in bar], time.time()
        score, *_ = (metrics := self.task.score(self.averaged.module.eval())).values()
        if math.isnan(score):
            raise FloatingPointError(f"the dev score of epoch {self.epoch} is not a number")
        self.epochs_without_gain = 0 if score > self.best_score else self.epochs_without_gain + 1
        self.best_score = max(score, self.best_score)
        self.epoch += 1
        seconds = {"train_seconds": trained - start, "dev_seconds": time.time() - trained}
        return {"epoch": self.epoch, "loss": float(np.mean(losses)), **metrics, **seconds}

    def state(self) -> dict[str, Any]:
        """Return the checkpoint."""
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "rng": [torch.get_rng_state(), *torch.cuda.get_rng_state_all()],
            "numbers": [self.epoch, self.epochs_without_gain, self.best_score],
        }

    def load(self, path: Path) -> None:
        """Continue where a checkpoint stopped."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        for name in ("network", "averaged", "optimizer", "schedule"):
            getattr(self, name).load_state_dict(state[name])
        torch.set_rng_state(state["rng"][0])
        torch.cuda.set_rng_state_all(state["rng"][1:])
        self.epoch, self.epochs_without_gain, self.best_score = state["numbers"]


def _save(state: dict, path: Path) -> None:
    """Write beside, then rename: a stop in between leaves the old file whole."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)
