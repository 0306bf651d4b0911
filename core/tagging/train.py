"""Train the tagger on sentences of equal length at a time, so that nothing is padded.

    python -m core.tagging.train --data DIR [--resume] [--dry-run]

`--data` is what prepare.py describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.tagging.inference import TAGS
from core.tagging.model import ModelConfig, Tagger
from core.tagging.prepare import PrepareOptions, prepare
from core.training.loop import fit, pick_device, schedule_of, train_one_batch
from core.training.options import train_from_command_line, write_run
from core.vocabulary import Vocabulary, parse_vocabulary


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced models/tagging/; change a copy, not these."""

    data: str = ""
    """Folder of the treebank, see prepare.py."""
    work: str = ".data/tagging"
    """Prepared arrays and checkpoints; not part of the repository."""
    embedding_dim: int = 48
    hidden_size: int = 128
    dropout: float = 0.4
    num_epochs: int = 8
    learning_rate: float = 3e-3
    tokens_per_batch: int = 768
    word_dropout: float = 0.1
    """Share of words that the network sees by their ends, beginnings and shape alone."""
    ema_decay: float = 0.998
    seed: int = 0
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch; nothing is kept."""


class Batch(NamedTuple):
    """Sentences of one length."""

    feature_ids: Tensor
    """(B, S, F) int64."""
    tags: Tensor
    """(B, S) int64."""


class Sentences:
    """What `write_sentences` wrote, in batches of equal length."""

    def __init__(self, path: Path) -> None:
        arrays = np.load(path)
        self.feature_ids, self.tags = arrays["feature_ids"], arrays["tags"]
        self.lengths = arrays["lengths"]
        self.starts = np.cumsum(self.lengths) - self.lengths

    def rows(self, tokens_per_batch: int, rng: np.random.Generator) -> list[np.ndarray]:
        """Return shuffled batches of row numbers, each of one length and about so many words."""
        batches = []
        for length in np.unique(self.lengths):
            members = rng.permutation(np.flatnonzero(self.lengths == length))
            size = max(1, tokens_per_batch // length)
            batches += [members[i : i + size] for i in range(0, len(members), size)]
        return [batches[i] for i in rng.permutation(len(batches))]

    def batch(self, rows: np.ndarray) -> Batch:
        """Return these sentences, all of one length."""
        places = self.starts[rows][:, None] + np.arange(self.lengths[rows[0]])  # (B, S)
        return Batch(
            torch.from_numpy(self.feature_ids[places]), torch.from_numpy(self.tags[places])
        )


class TaggingTask:
    """Cross-entropy of every word's tag."""

    def __init__(self, options: TrainOptions) -> None:
        self.options, work = options, Path(options.work)
        self.train, self.dev = Sentences(work / "train.npz"), Sentences(work / "dev.npz")
        self.steps_per_epoch = len(self._rows(0))

    def _rows(self, epoch: int) -> list[np.ndarray]:
        rng = np.random.default_rng([self.options.seed, epoch])
        return self.train.rows(self.options.tokens_per_batch, rng)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches."""
        yield from map(self.train.batch, self._rows(epoch))

    def loss(self, network: Tagger, batch: Batch) -> Tensor:
        """Return the cross-entropy per word, nats; some words are hidden, their parts are not."""
        hidden = torch.rand(batch.tags.shape) < self.options.word_dropout
        feature_ids = batch.feature_ids.clone()
        feature_ids[..., 0].masked_fill_(hidden, Vocabulary.unk_id)
        device = network.embedding.weight.device
        *_, logits = network(feature_ids.to(device))
        return F.cross_entropy(logits.float().flatten(0, 1), batch.tags.to(device).flatten())

    def score(self, network: Tagger) -> dict[str, float]:
        """Return the share of dev words that get their tag."""
        device, right = network.embedding.weight.device, 0
        for rows in self.dev.rows(4096, np.random.default_rng(0)):
            batch = self.dev.batch(rows)
            with torch.inference_mode():
                *_, logits = network(batch.feature_ids.to(device))
            right += int((logits.cpu().argmax(dim=-1) == batch.tags).sum())
        return {"dev_accuracy": right / len(self.dev.tags)}


def new_tagger(options: TrainOptions) -> tuple[Tagger, ModelConfig]:
    """Return an untrained network for what was prepared, and its sizes."""
    work = Path(options.work)
    config = ModelConfig(
        vocab_size=len(parse_vocabulary((work / "vocabulary.json").read_bytes())),
        num_features=np.load(work / "dev.npz")["feature_ids"].shape[1],
        num_tags=len(TAGS),
        **{name: getattr(options, name) for name in ("embedding_dim", "hidden_size", "dropout")},
    )
    torch.manual_seed(options.seed)
    return Tagger(config).to(pick_device()), config


def train(options: TrainOptions) -> None:
    """Prepare what is missing, then train, or take one step in a dry run."""
    prepare(PrepareOptions(options.data, options.work))
    (tagger, config), task = new_tagger(options), TaggingTask(options)
    schedule = schedule_of(options, bf16=False)
    if options.dry_run:
        print(f"loss {train_one_batch(tagger, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name
    write_run(folder, options, network=config)
    fit(tagger, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train)


if __name__ == "__main__":
    main()
