"""Train the digit classifier; it takes seconds.

    python -m core.digits.train [--data DIR] [--resume] [--dry-run]

`--data` is what prepare.py describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.digits.inference import WHITE
from core.digits.model import Classifier, ModelConfig
from core.digits.prepare import PrepareOptions, prepare
from core.training.loop import fit, pick_device, schedule_of, train_one_batch
from core.training.options import train_from_command_line, write_run

Batch = tuple[Tensor, Tensor]
"""pixels (B, 64) float32 in [0, 1] and labels (B,) int64."""


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced models/digits/; change a copy, not these."""

    data: str = ""
    """Folder of the images, see prepare.py; empty: scikit-learn's copy."""
    work: str = ".data/digits"
    """Prepared arrays and checkpoints; not part of the repository."""
    hidden_size: int = 32
    dropout: float = 0.2
    num_epochs: int = 40
    learning_rate: float = 1e-2
    batch_size: int = 32
    ema_decay: float = 0.99
    seed: int = 0
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch; nothing is kept."""


class DigitsTask:
    """Cross-entropy of the digit."""

    def __init__(self, options: TrainOptions) -> None:
        self.options, work = options, Path(options.work)
        self.train, self.dev = (_load(work / f"{split}.npz") for split in ("train", "dev"))
        self.steps_per_epoch = -(-len(self.train[1]) // options.batch_size)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches."""
        pixels, labels = self.train
        rng = np.random.default_rng([self.options.seed, epoch])
        order = torch.from_numpy(rng.permutation(len(labels)))
        for rows in order.split(self.options.batch_size):
            yield pixels[rows], labels[rows]

    def loss(self, network: Classifier, batch: Batch) -> Tensor:
        """Return the mean cross-entropy, nats."""
        pixels, labels = (part.to(network.readout.weight.device) for part in batch)
        return F.cross_entropy(network(pixels)[1], labels)

    def score(self, network: Classifier) -> dict[str, float]:
        """Return the share of dev images that are read right."""
        pixels, labels = (part.to(network.readout.weight.device) for part in self.dev)
        with torch.inference_mode():
            right = network(pixels)[1].argmax(dim=-1) == labels
        return {"dev_accuracy": float(right.float().mean())}


def _load(path: Path) -> Batch:
    arrays = np.load(path)
    pixels = torch.from_numpy(arrays["images"]).flatten(start_dim=1) / WHITE
    return pixels, torch.from_numpy(arrays["labels"])


def train(options: TrainOptions) -> None:
    """Prepare, then train, or take one step in a dry run."""
    prepare(PrepareOptions(options.data, options.work))
    torch.manual_seed(options.seed)
    config = ModelConfig(hidden_size=options.hidden_size, dropout=options.dropout)
    classifier, task = Classifier(config).to(pick_device()), DigitsTask(options)
    schedule = schedule_of(options, patience=options.num_epochs, bf16=False)
    if options.dry_run:
        print(f"loss {train_one_batch(classifier, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name
    write_run(folder, options, network=config)
    fit(classifier, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train)


if __name__ == "__main__":
    main()
