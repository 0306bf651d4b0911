"""Train the captioner on photos and their captions: cross-entropy first, then self-criticism.

    python -m core.captioning.train --data DIR [--warm-start] [--resume] [--dry-run]

`--data` is the Flickr8k release that `prepare.py` describes. The second phase samples sentences
and raises the probability of those that people's captions agree with (CIDEr and BLEU) more than
with the other samples for the same photo. In both the pretrained CNN learns along, slowly; on a CPU
`--encoder-share 0` leaves it as it is and is several times faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.captioning.model import (
    CaptionDecoder,
    Captioner,
    DecoderConfig,
    repeat_photo,
    sentences,
    write,
)
from core.captioning.prepare import Flickr8k, Photos, PrepareOptions, photo_batches, prepare
from core.captioning.warm_start import copy_vocabulary, load_shipped
from core.metrics import Cider, SentenceReward, corpus_bleu
from core.training.encoders import ENCODERS, load_encoder
from core.training.loop import (
    fit,
    length_buckets,
    load_averaged,
    pick_device,
    schedule_of,
    train_one_batch,
)
from core.training.options import train_from_command_line, write_run
from core.vocabulary import Vocabulary, parse_vocabulary

CAPTIONS_PER_PHOTO = 5


@dataclass(frozen=True)
class TrainOptions:
    """The run that produced models/captioning/; change a copy, not these."""

    data: str = ""
    """Folder of the Flickr8k release (Hodosh et al. 2013)."""
    work: str = ".data/captioning"
    """The vocabulary and checkpoints; not part of the repository."""
    encoder: str = "efficientnet_lite0"
    """One of core.training.encoders.ENCODERS."""
    mobilenet_weights: str = ""
    """State dict for mobilenet_v2; empty: torchvision downloads it."""
    encoder_share: float = 0.07
    """Of the learning rate, with which the CNN learns; 0 leaves it as ImageNet taught it."""
    num_workers: int = 2
    """Processes that read photos ahead."""
    hidden_size: int = 512
    dropout: float = 0.5
    label_smoothing: float = 0.1
    photos_per_batch: int = 32
    max_caption_length: int = 24
    """Longer captions are cut when the network reads them; the metrics never cut."""
    num_epochs: int = 12
    """Epochs of cross-entropy; 0 leaves the first phase out."""
    learning_rate: float = 1.5e-3
    reward_epochs: int = 15
    """Epochs of self-critical training; 0 ships the first phase."""
    reward_learning_rate: float = 2e-4
    reward_dropout: float = 0.3
    """In the second phase: samples come from a network more like the shipped one."""
    bleu_weight: float = 2.0
    """The reward is CIDEr plus so many times the sentence's BLEU-4 in [0, 1]."""
    bleu_1_weight: float = 0.0
    """And so many times its BLEU-1, which minds brevity most."""
    ema_decay: float = 0.998
    bf16: bool = True
    seed: int = 0
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    begin_with: str = ""
    """Folder below `work` of a phase of another run, whose best weights to begin with."""
    warm_start: bool = False
    """Begin with the weights of models/captioning/."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch of a few photos of each phase; nothing is kept."""


class Batch(NamedTuple):
    """Photos with all their captions."""

    images: Tensor
    """(B, S, S, 3) uint8."""
    token_ids: Tensor
    """(5B, T + 1) int64: begin token, words, end token, padding; a photo's captions adjoin."""
    photos: np.ndarray
    """(B,) row numbers in the split."""


class CaptionTask:
    """Cross-entropy with the five captions of each photo."""

    def __init__(self, options: TrainOptions, dataset: Flickr8k, vocabulary: Vocabulary) -> None:
        self.options, self.vocabulary = options, vocabulary
        size = ENCODERS[options.encoder].image_size
        self.photos = {name: Photos(dataset, name, size) for name in ("train", "dev")}
        train, self.dev_references = map(dataset.captions_of, self.photos)
        self.token_ids = [[self._encode(c) for c in group] for group in train]
        self.longest = np.array([max(map(len, group)) for group in self.token_ids])
        self.steps_per_epoch = sum(1 for _ in self._rows(0))
        self.dev_cider = Cider(self.dev_references)

    def _encode(self, words: list[str]) -> list[int]:
        ids = self.vocabulary.encode(words[: self.options.max_caption_length])
        return [self.vocabulary.bos_id, *ids, self.vocabulary.eos_id]

    def _rows(self, epoch: int) -> Iterator[np.ndarray]:
        rng = np.random.default_rng([self.options.seed, epoch])
        return length_buckets(self.longest, self.options.photos_per_batch, rng)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the epoch's batches, every photo in a view of its own."""
        rows = list(self._rows(epoch))
        rng = np.random.default_rng([self.options.seed, epoch, 1])
        views = rng.integers(1, 2**31, size=len(self.longest)).tolist()
        places = [[(row, views[row]) for row in batch.tolist()] for batch in rows]
        read = photo_batches(self.photos["train"], places, self.options.num_workers)
        for photos, images in zip(rows, read, strict=True):
            captions = [ids for photo in photos for ids in self.token_ids[photo]]
            padded = np.full((len(captions), max(map(len, captions))), self.vocabulary.pad_id)
            for row, ids in enumerate(captions):
                padded[row, : len(ids)] = ids
            yield Batch(images, torch.from_numpy(padded), photos)

    def loss(self, network: Captioner, batch: Batch) -> Tensor:
        """Return the smoothed negative log-likelihood per word, nats."""
        decoder = network.decoder
        token_ids = batch.token_ids.to(decoder.output_bias.device)
        photo = repeat_photo(network.look(batch.images.to(token_ids.device)), CAPTIONS_PER_PHOTO)
        looked = decoder(photo, token_ids[:, :-1])
        real = token_ids[:, 1:] != self.vocabulary.pad_id
        log_probs = decoder.log_probs(looked.output[real])  # (words, V)
        smoothing = self.options.label_smoothing
        target = -log_probs.gather(-1, token_ids[:, 1:][real].unsqueeze(-1)).mean()
        return (1 - smoothing) * target - smoothing * log_probs.mean()

    def score(self, network: Captioner) -> dict[str, float]:
        """Return greedy BLEU and CIDEr on the dev split."""
        written: list[tuple[str, ...]] = []
        decoder, number = network.decoder, len(self.dev_references)
        batches = [[(r, 0) for r in range(number)[i : i + 50]] for i in range(0, number, 50)]
        for images in photo_batches(self.photos["dev"], batches, self.options.num_workers):
            with torch.inference_mode():
                photo = network.look(images.to(decoder.output_bias.device))
                token_ids, _ = write(decoder, photo, self.vocabulary, sample=False)
            written += map(self.vocabulary.decode, sentences(token_ids, self.vocabulary))
        cider = 100 * float(self.dev_cider.scores(written, range(number)).mean())
        bleu = corpus_bleu(written, self.dev_references)
        return {"bleu_4": bleu["bleu_4"], "bleu_1": bleu["bleu_1"], "cider": cider}


class RewardTask(CaptionTask):
    """Self-critical training: each sample against the mean of the photo's other samples.

    Source: Rennie et al. (2017), arXiv:1612.00563; the baseline is Luo (2020), arXiv:2003.09971.
    """

    def __init__(self, options: TrainOptions, dataset: Flickr8k, vocabulary: Vocabulary) -> None:
        super().__init__(options, dataset, vocabulary)
        weights = {4: options.bleu_weight, 1: options.bleu_1_weight}
        words = [[ids[1:-1] for ids in group] for group in self.token_ids]
        self.reward = SentenceReward(words, vocabulary.eos_id, weights)

    def loss(self, network: Captioner, batch: Batch) -> Tensor:
        """Return minus the expected advantage of the sampled sentences, per word."""
        decoder, device = network.decoder, network.decoder.output_bias.device
        photo = repeat_photo(network.look(batch.images.to(device)), CAPTIONS_PER_PHOTO)
        token_ids, log_probs = write(decoder, photo, self.vocabulary, sample=True)
        rewards = self._rewards(token_ids, batch.photos)  # (B, 5)
        others = (rewards.sum(1, keepdims=True) - rewards) / (CAPTIONS_PER_PHOTO - 1)
        advantage = torch.from_numpy(rewards - others).float().to(device).view(-1, 1)
        real = token_ids != self.vocabulary.pad_id
        return -(advantage * log_probs * real).sum() / real.sum()

    def _rewards(self, token_ids: Tensor, photos: np.ndarray) -> np.ndarray:
        """Return (B, 5) rewards."""
        groups = np.repeat(photos, CAPTIONS_PER_PHOTO)
        rewards = self.reward.scores(sentences(token_ids, self.vocabulary), groups)
        return rewards.reshape(-1, CAPTIONS_PER_PHOTO)


def train(options: TrainOptions) -> None:
    """Write the vocabulary, then run the phases one after another."""
    dataset = prepare(PrepareOptions(options.data, options.work))
    if options.dry_run:
        dataset = dataset.first(8)
    if options.warm_start:
        copy_vocabulary(Path(options.work))
    vocabulary = parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())
    torch.manual_seed(options.seed)
    network = new_captioner(options, len(vocabulary)).to(pick_device())
    if options.warm_start:
        load_shipped(network)
    elif options.begin_with:
        load_averaged(network, Path(options.work) / options.begin_with / "best.pt")
    if options.num_epochs:
        run_phase(network, CaptionTask(options, dataset, vocabulary), "cross_entropy", options)
    if options.reward_epochs:
        network.decoder.dropout.p = options.reward_dropout
        run_phase(network, RewardTask(options, dataset, vocabulary), "self_critical", options)


def new_captioner(options: TrainOptions, vocab_size: int) -> Captioner:
    """Return the pretrained CNN with a decoder that knows nothing yet."""
    encoder = load_encoder(options.encoder, options.mobilenet_weights)
    encoder.requires_grad_(options.encoder_share > 0)
    sizes = (vocab_size, encoder.config.feature_size, options.hidden_size)
    return Captioner(encoder, CaptionDecoder(DecoderConfig(*sizes, options.dropout)))


def run_phase(network: Captioner, task: CaptionTask, phase: str, options: TrainOptions) -> None:
    """Run one phase, or one batch of it, from the weights that `network` has."""
    num_epochs, learning_rate = {
        "cross_entropy": (options.num_epochs, options.learning_rate),
        "self_critical": (options.reward_epochs, options.reward_learning_rate),
    }[phase]
    own = {"num_epochs": num_epochs, "patience": num_epochs, "learning_rate": learning_rate}
    schedule = schedule_of(options, slow_part="encoder", slow_share=options.encoder_share, **own)
    if options.dry_run:
        print(f"{phase}: loss {train_one_batch(network, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name / phase
    write_run(folder, options, decoder=network.decoder.config)
    fit(network, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train, num_workers=0)


if __name__ == "__main__":
    main()
