"""Train the caption decoder on prepared features: cross-entropy first, then self-criticism.

    python -m core.captioning.train --data DIR [--resume] [--dry-run]

`--data` is the Flickr8k release that `prepare.py` describes. The second phase samples sentences
and raises the probability of those that people's captions agree with (CIDEr and BLEU) more than
with the other samples for the same photo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from core.captioning.model import CaptionDecoder, DecoderConfig, repeat_photo, sentences, write
from core.captioning.prepare import PrepareOptions, prepare, read_split
from core.metrics import Cider, SentenceBleu, corpus_bleu
from core.training.loop import fit, length_buckets, pick_device, schedule_of, train_one_batch
from core.training.options import train_from_command_line, write_run
from core.vocabulary import Vocabulary, parse_vocabulary

CAPTIONS_PER_PHOTO = 5


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced models/captioning/; change a copy, not these."""

    data: str = ""
    """Folder of the Flickr8k release (Hodosh et al. 2013)."""
    work: str = ".data/captioning"
    """Prepared arrays and checkpoints; not part of the repository."""
    encoder: str = "efficientnet_lite2"
    num_views: int = 5
    mobilenet_weights: str = ""
    hidden_size: int = 512
    dropout: float = 0.5
    label_smoothing: float = 0.1
    photos_per_batch: int = 32
    max_caption_length: int = 24
    """Longer captions are cut when the network reads them; the metrics never cut."""
    num_epochs: int = 12
    learning_rate: float = 1.5e-3
    reward_epochs: int = 15
    """Epochs of self-critical training; 0 ships the first phase."""
    reward_learning_rate: float = 2e-4
    reward_dropout: float = 0.3
    """In the second phase: samples come from a network more like the shipped one."""
    bleu_weight: float = 2.0
    """The reward is CIDEr plus so many times the sentence's BLEU-4 in [0, 1]."""
    ema_decay: float = 0.998
    bf16: bool = True
    seed: int = 0
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch of a few photos of each phase; nothing is kept."""


class Batch(NamedTuple):
    """Photos with all their captions."""

    image_features: Tensor
    """(B, R, D) float32."""
    token_ids: Tensor
    """(5B, T + 1) int64: begin token, words, end token, padding; a photo's captions adjoin."""
    photos: np.ndarray
    """(B,) row numbers in the split."""


class CaptionTask:
    """Cross-entropy with the five captions of each photo."""

    def __init__(self, options: TrainOptions, vocabulary: Vocabulary) -> None:
        self.options, self.vocabulary = options, vocabulary
        folder = Path(options.work)
        self.train = read_split(folder, "train", options.encoder, options.num_views)
        self.dev = read_split(folder, "dev", options.encoder, num_views=1)
        self.token_ids = [[self._encode(c) for c in group] for group in self.train.references]
        self.longest = np.array([max(map(len, group)) for group in self.token_ids])
        self.steps_per_epoch = sum(1 for _ in self._rows(0))
        self.dev_cider = Cider(self.dev.references)

    def _encode(self, words: list[str]) -> list[int]:
        ids = self.vocabulary.encode(words[: self.options.max_caption_length])
        return [self.vocabulary.bos_id, *ids, self.vocabulary.eos_id]

    def _rows(self, epoch: int) -> Iterator[np.ndarray]:
        rng = np.random.default_rng([self.options.seed, epoch])
        return length_buckets(self.longest, self.options.photos_per_batch, rng)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches, each photo in one of its views."""
        rng = np.random.default_rng([self.options.seed, epoch, 1])
        views = rng.integers(len(self.train.views), size=len(self.longest))
        for photos in self._rows(epoch):
            features = np.stack([self.train.views[views[p]][p] for p in photos])
            captions = [ids for photo in photos for ids in self.token_ids[photo]]
            padded = np.full((len(captions), max(map(len, captions))), self.vocabulary.pad_id)
            for row, ids in enumerate(captions):
                padded[row, : len(ids)] = ids
            image_features = torch.from_numpy(features.astype(np.float32))
            yield Batch(image_features, torch.from_numpy(padded), photos)

    def loss(self, network: CaptionDecoder, batch: Batch) -> Tensor:
        """Return the smoothed negative log-likelihood per word, nats."""
        device = network.output_bias.device
        token_ids = batch.token_ids.to(device)
        photo = repeat_photo(network.look(batch.image_features.to(device)), CAPTIONS_PER_PHOTO)
        looked = network(photo, token_ids[:, :-1])
        real = token_ids[:, 1:] != self.vocabulary.pad_id
        log_probs = network.log_probs(looked.output[real])  # (words, V)
        smoothing = self.options.label_smoothing
        target = -log_probs.gather(-1, token_ids[:, 1:][real].unsqueeze(-1)).mean()
        return (1 - smoothing) * target - smoothing * log_probs.mean()

    def score(self, network: CaptionDecoder) -> dict[str, float]:
        """Return greedy BLEU and CIDEr on the dev split."""
        written: list[tuple[str, ...]] = []
        features = self.dev.views[0]
        for start in range(0, len(features), 100):
            chunk = torch.from_numpy(features[start : start + 100].astype(np.float32))
            with torch.inference_mode():
                photo = network.look(chunk.to(network.output_bias.device))
                token_ids, _ = write(network, photo, self.vocabulary, sample=False)
            written += [
                self.vocabulary.decode(ids) for ids in sentences(token_ids, self.vocabulary)
            ]
        cider = 100 * float(self.dev_cider.scores(written, range(len(written))).mean())
        bleu = corpus_bleu(written, self.dev.references)
        return {"bleu_4": bleu["bleu_4"], "bleu_1": bleu["bleu_1"], "cider": cider}


class RewardTask(CaptionTask):
    """Self-critical training: each sample against the mean of the photo's other samples.

    Source: Rennie et al. (2017), arXiv:1612.00563; the baseline is Luo (2020), arXiv:2003.09971.
    """

    def __init__(self, options: TrainOptions, vocabulary: Vocabulary) -> None:
        super().__init__(options, vocabulary)
        self.cider = Cider([[ids[1:] for ids in group] for group in self.token_ids])
        self.bleu = SentenceBleu([[ids[1:-1] for ids in group] for group in self.token_ids])

    def loss(self, network: CaptionDecoder, batch: Batch) -> Tensor:
        """Return minus the expected advantage of the sampled sentences, per word."""
        device = network.output_bias.device
        photo = repeat_photo(network.look(batch.image_features.to(device)), CAPTIONS_PER_PHOTO)
        token_ids, log_probs = write(network, photo, self.vocabulary, sample=True)
        rewards = self._rewards(token_ids, batch.photos)  # (B, 5)
        others = (rewards.sum(1, keepdims=True) - rewards) / (CAPTIONS_PER_PHOTO - 1)
        advantage = torch.from_numpy(rewards - others).float().to(device).view(-1, 1)
        real = token_ids != self.vocabulary.pad_id
        return -(advantage * log_probs * real).sum() / real.sum()

    def _rewards(self, token_ids: Tensor, photos: np.ndarray) -> np.ndarray:
        """Return (B, 5) rewards; CIDEr sees the end token, so that sentences end well."""
        written = sentences(token_ids, self.vocabulary)
        groups = np.repeat(photos, CAPTIONS_PER_PHOTO)
        ended = [[*ids, self.vocabulary.eos_id] for ids in written]
        rewards = self.cider.scores(ended, groups)
        rewards += self.options.bleu_weight * self.bleu.scores(written, groups)
        return rewards.reshape(-1, CAPTIONS_PER_PHOTO)


def train(options: TrainOptions) -> None:
    """Prepare what is missing, then run the phases one after another."""
    prepared = PrepareOptions(
        options.data,
        options.work,
        options.encoder,
        options.mobilenet_weights,
        options.num_views,
        max_photos=8 if options.dry_run else 0,
    )
    prepare(prepared)
    vocabulary = parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())
    config = DecoderConfig(
        len(vocabulary), hidden_size=options.hidden_size, dropout=options.dropout
    )
    torch.manual_seed(options.seed)
    network = CaptionDecoder(config).to(pick_device())
    run_phase(network, CaptionTask(options, vocabulary), "cross_entropy", options)
    if options.reward_epochs:
        network.dropout.p = options.reward_dropout
        run_phase(network, RewardTask(options, vocabulary), "self_critical", options)


def run_phase(network: nn.Module, task: CaptionTask, phase: str, options: TrainOptions) -> None:
    """Run one phase, or one batch of it, from the weights that `network` has."""
    num_epochs, learning_rate = {
        "cross_entropy": (options.num_epochs, options.learning_rate),
        "self_critical": (options.reward_epochs, options.reward_learning_rate),
    }[phase]
    schedule = schedule_of(options, num_epochs=num_epochs, learning_rate=learning_rate)
    if options.dry_run:
        print(f"{phase}: loss {train_one_batch(network, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name / phase
    write_run(folder, options, decoder=network.config)
    fit(network, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train, num_views=1)


if __name__ == "__main__":
    main()
