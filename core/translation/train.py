"""Train the translator on everyday sentences and photo captions, in three languages at once.

    python -m core.translation.train --data DIR [--warm-start] [--resume] [--dry-run]

`--data` is what prepare.py describes. An English sentence is read once for all its translations;
each time it is seen, sentences are cut into subwords anew (Kudo 2018, arXiv:1804.10959).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from core.text.sentences import tidy
from core.text.subwords import parse_subwords
from core.training.attention_lstm import Inputs, attention_lstm
from core.training.loop import fit, length_buckets, pick_device, schedule_of, train_one_batch
from core.training.options import train_from_command_line, write_run
from core.training.packed import PackedBatch, Target, pack, pad
from core.training.parallel import Example
from core.training.softmax import smoothed_loss
from core.training.text_scores import score
from core.translation.model import LANGUAGES, ModelConfig, Source, Translator, write
from core.translation.prepare import SOURCE, PrepareOptions, prepare, read_examples, read_split
from core.translation.warm_start import copy_subwords, load_shipped
from core.vocabulary import Vocabulary

SAMPLED_SHARES = {"multi30k": 0.3, "tatoeba": 0.0, "copies": 0.0, "everyday": 0.0}
"""Of a corpus' sentences that are cut anew; the others are cut in the likeliest way."""


@dataclass(frozen=True)
class TrainOptions:
    """One run from nothing; the model card says in which runs models/translation/ was trained."""

    data: str = ""
    """Folder with multi30k/ and tatoeba/."""
    work: str = ".data/translation"
    """Prepared files and checkpoints; not part of the repository."""
    vocab_size: int = 8000
    embedding_dim: int = 256
    hidden_size: int = 512
    dropout: float = 0.2
    label_smoothing: float = 0.1
    subword_alpha: float = 0.3
    """Of the sampled segmentations; smaller samples more evenly."""
    sentences_per_batch: int = 96
    num_epochs: int = 20
    learning_rate: float = 1.5e-3
    multi30k_share: float = 1.0
    """Of this corpus that an epoch sees; the next epoch goes on where it stopped."""
    tatoeba_share: float = 0.25
    copies_share: float = 0.15
    everyday_share: float = 1.0
    ema_decay: float = 0.998
    dev_sentences: int = 500
    """Of each dev split that are translated after an epoch."""
    languages: str = ",".join(LANGUAGES)
    """What to train on; fewer only to compare."""
    bf16: bool = True
    seed: int = 0
    num_workers: int = 0
    """Processes that make batches ahead; worth it where a GPU waits for them."""
    run_name: str = "run"
    """Folder below `work` for this run's checkpoints."""
    warm_start: bool = False
    """Begin with the weights in models/translation/ and go on."""
    resume: bool = False
    dry_run: bool = False
    """Train one batch of a few sentences; nothing is kept."""


class TranslationTask:
    """Smoothed cross-entropy per subword; the score is dev BLEU."""

    def __init__(self, options: TrainOptions) -> None:
        self.options, work = options, Path(options.work)
        wanted = options.languages.split(",")
        self.subwords = {
            name: parse_subwords((work / f"{name}.model").read_bytes())
            for name in (SOURCE, *LANGUAGES)
        }
        self.corpora = {}
        for name in SAMPLED_SHARES:
            examples = [
                Example(source, {n: texts for n, texts in targets.items() if n in wanted})
                for source, targets in read_examples(work / f"{name}.jsonl")
            ]
            self.corpora[name] = [e for e in examples if any(e.targets.values())]
        self.dev = {
            split: read_split(options.data, split)[: options.dev_sentences]
            for split in ("val", "dev")
        }
        self.wanted = [name for name in LANGUAGES if name in wanted]
        self.steps_per_epoch = sum(1 for _ in self._rows(0))

    def _rows(self, epoch: int) -> Iterator[list[tuple[Example, float]]]:
        """Yield the epoch's sentences, those of a batch similar in length.

        With each comes the chance that it is cut in another way than the likeliest.
        """
        rng = np.random.default_rng([self.options.seed, epoch])
        examples = []
        for name, corpus in self.corpora.items():
            size = max(1, len(corpus))  # a language alone may have none of it
            number = round(getattr(self.options, f"{name}_share") * len(corpus))
            start = epoch * number
            rounds = [
                np.random.default_rng([self.options.seed, turn]).permutation(size)
                for turn in range(start // size, (start + number) // size + 1)
            ]
            chosen = np.concatenate(rounds)[start % size :][:number]
            examples += [(corpus[i], SAMPLED_SHARES[name]) for i in chosen]
        lengths = np.array([len(e.source) for e, _ in examples])
        for rows in length_buckets(lengths, self.options.sentences_per_batch, rng):
            yield [examples[i] for i in rows]

    def batches(self, epoch: int) -> Iterator[PackedBatch]:
        """Yield the epoch's batches."""
        work = {"num_workers": self.options.num_workers, "collate_fn": self._collate}
        yield from DataLoader([(epoch, *b) for b in enumerate(self._rows(epoch))], None, **work)

    def _collate(self, place: tuple[int, int, list[tuple[Example, float]]]) -> PackedBatch:
        epoch, number, examples = place
        return self.make_batch(examples, random.Random(f"{self.options.seed} {epoch} {number}"))

    def make_batch(
        self, examples: Sequence[tuple[Example, float]], chance: random.Random
    ) -> PackedBatch:
        """Cut sentences into subwords and pack their translations."""
        sources = [self._cut(SOURCE, e.source, chance.random() < share) for e, share in examples]
        targets = [
            Target(place, LANGUAGES.index(name), self._cut(name, text, chance.random() < share))
            for place, (example, share) in enumerate(examples)
            for name, texts in example.targets.items()
            for text in texts
        ]
        return pack(sources, targets)

    def _cut(self, language: str, text: str, sampled: bool) -> list[int]:
        """Return the subwords of a sentence, the end token last."""
        model, more = self.subwords[language], {}
        if sampled:
            more = {"enable_sampling": True, "alpha": self.options.subword_alpha, "nbest_size": -1}
        return [*model.processor.encode(text, **more), Vocabulary.eos_id]

    def loss(self, network: Translator, batch: PackedBatch) -> Tensor:
        """Return the smoothed cross-entropy per token, nats."""
        device = network.key.weight.device
        batch = PackedBatch(*(p.to(device) if isinstance(p, Tensor) else p for p in batch))
        attended = read_translations(network, batch)  # (N, H)
        output, total = network.project(attended), 0.0
        for place, language in enumerate(LANGUAGES):
            chosen = (batch.kinds == place).nonzero().squeeze(1)
            if len(chosen):
                weight, bias = network.output_of(language)
                smoothing = self.options.label_smoothing
                wanted = batch.target_ids[chosen]
                total = total + smoothed_loss(output[chosen], weight, bias, wanted, smoothing)
        return total / len(batch.target_ids)

    def score(self, network: Translator) -> dict[str, float]:
        """Return mean dev BLEU of greedy translations, then that of every set and language."""
        found = {}
        for split, examples in self.dev.items():
            for language in self.wanted:
                known = [e for e in examples if e.targets.get(language)]
                if known:
                    written = translate_greedily(network, self.subwords, known, language)
                    references = [e.targets[language] for e in known]
                    found[f"{split}_{language}"] = score(written, references).bleu
        return {"dev_bleu": float(np.mean(list(found.values()))), **found}


def read_translations(network: Translator, batch: PackedBatch) -> Tensor:
    """Force all translations through the decoder; return what was said at each token (N, H)."""
    source = network.read(batch.source_ids, batch.lengths)
    rows = Source(*(part[batch.source_rows] for part in source))
    inputs = Inputs(
        network.embed_mixed(batch.read_ids, batch.kinds),
        *rows,
        network.state_gates.weight,
        network.combine.weight,
        network.combine.bias,
    )
    keep = network.dropout(torch.ones_like(rows.hidden, dtype=torch.float32))
    return attention_lstm(inputs, batch.mask, keep, batch.rows_per_step)


def translate_greedily(
    network: Translator,
    subwords: dict,
    examples: Sequence[Example],
    language: str,
    batch_size: int = 128,
) -> list[str]:
    """Translate the English sides, those of similar length together."""
    written = [""] * len(examples)
    sources = [[*subwords[SOURCE].encode(tidy(e.source)), Vocabulary.eos_id] for e in examples]
    order = sorted(range(len(examples)), key=lambda i: len(sources[i]))
    device = network.key.weight.device
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        token_ids = pad([sources[i] for i in rows]).to(device)
        lengths = torch.tensor([len(sources[i]) for i in rows], device=device)
        mask = torch.arange(token_ids.shape[1], device=device) < lengths[:, None]
        with torch.inference_mode():
            found = write(network, network.read(token_ids, lengths), mask, language)
        for row, text in zip(rows, map(subwords[language].decode, found), strict=True):
            written[row] = text
    return written


def train(options: TrainOptions) -> None:
    """Prepare what is missing, then train, or take one step in a dry run."""
    prepare(PrepareOptions(options.data, options.work, options.vocab_size))
    if options.warm_start:
        copy_subwords(Path(options.work))
    task = TranslationTask(options)
    sizes = {name: getattr(options, name) for name in ("embedding_dim", "hidden_size", "dropout")}
    vocab_size = max(len(subwords.vocabulary) for subwords in task.subwords.values())
    config = ModelConfig(vocab_size, **sizes)
    torch.manual_seed(options.seed)
    network = Translator(config)
    if options.warm_start:
        load_shipped(network)
    network = network.to(pick_device())
    schedule = schedule_of(options, patience=options.num_epochs)
    if options.dry_run:
        print(f"translation: loss {train_one_batch(network, task, schedule):.3f}")
        return
    folder = Path(options.work) / options.run_name
    write_run(folder, options, network=config)
    fit(network, task, schedule, folder, resume=options.resume)


def main() -> None:
    """Train as the command line asks."""
    train_from_command_line(TrainOptions, train)


if __name__ == "__main__":
    main()
