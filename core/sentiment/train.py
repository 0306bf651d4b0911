"""Train the bidirectional LSTM and its three siblings on phrases, sentences and whole reviews.

    python -m core.sentiment.train --data DIR --minilm FOLDER [--resume] [--dry-run]

`--data` and `--minilm` are what prepare.py describes. Every epoch mixes texts of three words with
reviews of hundreds. The siblings read the word vectors that the bidirectional LSTM learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.sentiment.model import NETWORKS, Classifier, ModelConfig
from core.sentiment.prepare import DEV_SETS, PrepareOptions, prepare
from core.training.loop import (
    fit,
    length_buckets,
    load_averaged,
    pick_device,
    schedule_of,
    train_one_batch,
)
from core.training.options import train_from_command_line, write_run
from core.training.ragged import Batch, Texts
from core.vocabulary import Vocabulary, parse_vocabulary

SHARES = {
    "phrases": 1.0,
    "neutral": 0.3,
    "negations": 0.5,
    "snippets": 1.0,
    "pros_cons": 0.3,
    "sentences": 0.5,
    "reviews": 0.5,
}
"""How much of each source an epoch sees, drawn anew every time."""
LENGTH_CLASSES = (8, 16, 32, 64, 128, 256, 512)
"""Texts up to each length share batches of about `tokens_per_batch` words."""


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced models/sentiment/; change a copy, not these."""

    data: str = ""
    """Folder of the corpora, see core/training/opinions.py."""
    work: str = ".data/sentiment"
    """Prepared arrays and checkpoints; not part of the repository."""
    minilm: str = ""
    """Folder with MiniLM's weights; empty: no teacher."""
    embedding_size: int = 256
    hidden_size: int = 160
    sibling_size: int = 64
    num_epochs: int = 10
    learning_rate: float = 2e-3
    sibling_epochs: int = 3
    sibling_learning_rate: float = 4e-3
    tokens_per_batch: int = 6144
    word_dropout: float = 0.1
    """Share of words that the network sees as unknown while it trains."""
    ema_decay: float = 0.998
    bf16: bool = True
    seed: int = 0
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch of every network; nothing is kept."""


class SentimentTask:
    """Binary cross-entropy with soft targets, on every length of text at once."""

    def __init__(self, options: TrainOptions) -> None:
        self.options, work = options, Path(options.work)
        self.sources = {
            name: texts
            for name in SHARES
            if len((texts := Texts(work / f"train_{name}.npz")).starts)
        }
        self.dev = {name: Texts(work / f"dev_{name}.npz") for name in DEV_SETS}
        self.steps_per_epoch = sum(1 for _ in self._rows(0))

    def _rows(self, epoch: int) -> Iterator[tuple[str, np.ndarray]]:
        """Yield a source and rows of it, in random order, each batch of one source and length."""
        rng = np.random.default_rng([self.options.seed, epoch])
        batches = []
        for name, texts in self.sources.items():
            number = max(1, round(SHARES[name] * len(texts.starts)))
            drawn = rng.permutation(len(texts.starts))[:number]
            classes = np.searchsorted(LENGTH_CLASSES, texts.lengths[drawn])
            for place in np.unique(classes):
                members = drawn[classes == place]
                longest = LENGTH_CLASSES[min(place, len(LENGTH_CLASSES) - 1)]
                size = max(1, self.options.tokens_per_batch // longest)
                buckets = length_buckets(texts.lengths[members], size, rng)
                batches += [(name, members[rows]) for rows in buckets]
        yield from (batches[i] for i in rng.permutation(len(batches)))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches."""
        for name, rows in self._rows(epoch):
            yield self.sources[name].batch(rows)

    def loss(self, network: Classifier, batch: Batch) -> Tensor:
        """Return the cross-entropy per text, nats; some words are hidden."""
        hidden = torch.rand(batch.token_ids.shape) < self.options.word_dropout
        token_ids = batch.token_ids.masked_fill(hidden, Vocabulary.unk_id)
        device = network.embedding.weight.device
        logit = network(token_ids.to(device), batch.lengths.to(device))
        return F.binary_cross_entropy_with_logits(logit.float(), batch.targets.to(device))

    def score(self, network: Classifier) -> dict[str, float]:
        """Return the mean of both accuracies on dev, then each."""
        found = {}
        for name, texts in self.dev.items():
            right = (logits_of(network, texts) > 0) == (texts.targets > 0.5)
            found[f"{name}_accuracy"] = float(right.mean())
        return {"dev_accuracy": float(np.mean(list(found.values()))), **found}


def logits_of(network: Classifier, texts: Texts, *, batch_size: int = 64) -> np.ndarray:
    """Return (N,) logits in the order of `texts`."""
    logits = np.zeros(len(texts.starts), np.float32)
    order = np.argsort(texts.lengths, kind="stable")
    device = network.embedding.weight.device
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        batch = texts.batch(rows)
        with torch.inference_mode():
            logit = network(batch.token_ids.to(device), batch.lengths.to(device))
        logits[rows] = logit.cpu().numpy()
    return logits


def new_classifier(name: str, config: ModelConfig, options: TrainOptions) -> Classifier:
    """Return an untrained network; word vectors are the teacher's, or the trained BiLSTM's."""
    torch.manual_seed(options.seed)
    classifier, work = Classifier(name, config), Path(options.work)
    for module in classifier.modules():
        if isinstance(module, nn.RNNBase):
            remember(module)
    if (work / "vectors.npy").exists():
        vectors = torch.from_numpy(np.load(work / "vectors.npy"))
        classifier.embedding.weight.data.copy_(vectors)
    if name != "bilstm":
        trained = Classifier("bilstm", config)
        if not options.dry_run:
            load_averaged(trained, work / options.run_name / "bilstm" / "best.pt")
        classifier.embedding.load_state_dict(trained.embedding.state_dict())
        classifier.embedding.requires_grad_(False)
    return classifier.to(pick_device())


def remember(layer: nn.RNNBase) -> None:
    """Start with gates that keep the memory, and a recurrence that neither grows nor fades.

    Source: Jozefowicz et al. (2015), https://proceedings.mlr.press/v37/jozefowicz15.html.
    """
    size = layer.hidden_size
    for block in layer.weight_hh_l0.data.split(size):
        nn.init.orthogonal_(block)
    keeping = {"LSTM": slice(size, 2 * size), "GRU": slice(size, 2 * size)}.get(layer.mode)
    if keeping:  # forget gate, or the GRU's update gate
        layer.bias_ih_l0.data[keeping] = 1.0


def train(options: TrainOptions) -> None:
    """Prepare what is missing, then train one network after another."""
    prepare(
        PrepareOptions(
            options.data, options.work, options.minilm, embedding_size=options.embedding_size
        )
    )
    vocabulary = parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())
    config = ModelConfig(
        len(vocabulary), options.embedding_size, options.hidden_size, options.sibling_size
    )
    task = SentimentTask(options)
    for name in NETWORKS:
        classifier = new_classifier(name, config, options)
        train_network(name, classifier, task, config)


def train_network(
    name: str, classifier: Classifier, task: SentimentTask, config: ModelConfig
) -> None:
    """Train one network, or one batch of it in a dry run."""
    options, own = task.options, name == "bilstm"
    schedule = schedule_of(
        options,
        num_epochs=options.num_epochs if own else options.sibling_epochs,
        learning_rate=options.learning_rate if own else options.sibling_learning_rate,
        patience=options.num_epochs,
    )
    if options.dry_run:
        print(f"{name}: loss {train_one_batch(classifier, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name / name
    write_run(folder, options, network=config)
    fit(classifier, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train)


if __name__ == "__main__":
    main()
