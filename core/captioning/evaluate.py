"""Hold the shipped captioner to people's captions of the official split.

    python -m core.captioning.evaluate --data DIR --split test

`--data` is the Flickr8k release that prepare.py describes. Every photo goes the way of a visitor's
upload. The last line printed is one JSON object. `--record` also writes its metrics into
models/captioning/config.json, where the pages and the model card read them; `--tune` prints a
table over beam sizes and length penalties instead, for the dev split.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.captioning.card import SECTIONS
from core.captioning.inference import (
    CaptionModel,
    CaptionOptions,
    EncodedImage,
    caption,
    encode_image,
    load_model,
)
from core.captioning.prepare import Flickr8k, read_flickr8k
from core.metrics import Cider, corpus_bleu
from core.onnx_model import MODELS
from core.training.manifest import record_change
from core.training.options import from_command_line
from core.uploads import read_image

Words = Sequence[str]
COMMAND = "python -m core.captioning.evaluate"


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder of the Flickr8k release."""
    split: str = "dev"
    """train, dev or test."""
    limit: int = 0
    """Only so many photos; 0 takes all."""
    record: bool = False
    """Write the metrics into models/captioning/config.json."""
    fp32: bool = False
    """Evaluate the fp32 twin that the export left below `work`: what did int8 cost?"""
    baselines: bool = True
    """Also score captions of similar training photos, the most common one, and one person."""
    tune: bool = False
    """Print BLEU-4 over beam sizes and length penalties instead."""
    work: str = ".data/captioning"
    """Where the fp32 twin is."""


def encode_split(model: CaptionModel, dataset: Flickr8k, split: str) -> list[EncodedImage]:
    """Run the shipped encoder over a split; keep no pixels."""
    encoded = []
    for name in tqdm(dataset.image_names[split], desc=f"encode {split}", mininterval=10):
        photo = read_image((dataset.image_folder / name).read_bytes())
        seen = encode_image(model, photo)
        encoded.append(EncodedImage(seen.image[:0], seen.states))
    return encoded


def score(candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> dict[str, float]:
    """Return bleu_1 ... bleu_4 and cider, all times 100."""
    cider = Cider(references).scores(candidates, range(len(candidates))).mean()
    return {**corpus_bleu(candidates, references), "cider": 100 * float(cider)}


def describe(
    model: CaptionModel, encoded: Sequence[EncodedImage], options: CaptionOptions
) -> list[tuple[str, ...]]:
    """Return one sentence of words per photo."""
    bar = tqdm(encoded, desc=f"beam {options.beam_size}", mininterval=10)
    return [caption(model, photo, options).tokens for photo in bar]


def nearest_captions(
    encoded: Sequence[EncodedImage], train: Sequence[EncodedImage], dataset: Flickr8k
) -> list[Words]:
    """Baseline: the first caption of the training photo that the encoder finds most alike."""
    ours, theirs = _overview(encoded), _overview(train)
    nearest = np.argmax(ours @ theirs.T, axis=1)
    names = dataset.image_names["train"]
    return [dataset.captions[names[i]][0] for i in nearest]


def _overview(encoded: Sequence[EncodedImage]) -> np.ndarray:
    """Return unit vectors (N, 5H) of what each photo adds to the LSTM's gates."""
    rows = np.concatenate([photo.states["overview_gates"] for photo in encoded])
    rows = rows - rows.mean(axis=0)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def human_captions(references: Sequence[Sequence[Words]]) -> dict[str, float]:
    """Return how one person's caption scores against the other four."""
    return score([group[0] for group in references], [group[1:] for group in references])


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split."""
    model = load_model(models=Path(options.work) / "fp32" if options.fp32 else MODELS)
    dataset = _limited(options)
    references = dataset.captions_of(options.split)
    encoded = encode_split(model, dataset, options.split)
    written = {size: describe(model, encoded, CaptionOptions(beam_size=size)) for size in (1, 3, 5)}
    shipped = written[CaptionOptions().beam_size]
    known = {tuple(c) for name in dataset.image_names["train"] for c in dataset.captions[name]}
    metrics = score(shipped, references)
    metrics |= _prefixed("greedy", score(written[1], references))
    metrics |= _prefixed("beam_5", score(written[5], references))
    if options.baselines:
        metrics |= baselines(model, dataset, encoded, references)
    metrics["distinct_captions"] = len(set(shipped))
    metrics["share_in_training"] = float(np.mean([words in known for words in shipped]))
    metrics["words_per_caption"] = float(np.mean([len(words) for words in shipped]))
    return metrics


def baselines(
    model: CaptionModel,
    dataset: Flickr8k,
    encoded: Sequence[EncodedImage],
    references: Sequence[Sequence[Words]],
) -> dict[str, float]:
    """Return what captions score that no decoder wrote."""
    names = dataset.image_names["train"]
    counts = Counter(tuple(words) for name in names for words in dataset.captions[name])
    common = [counts.most_common(1)[0][0]] * len(encoded)
    nearest = nearest_captions(encoded, encode_split(model, dataset, "train"), dataset)
    return {
        **_prefixed("most_common_caption", score(common, references)),
        **_prefixed("nearest_photo", score(nearest, references)),
        **_prefixed("one_person", human_captions(references)),
    }


def _prefixed(name: str, metrics: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{key}": value for key, value in metrics.items()}


def _limited(options: EvaluateOptions) -> Flickr8k:
    dataset = read_flickr8k(options.data)
    return dataset.first(options.limit) if options.limit else dataset


def tune(options: EvaluateOptions, show: Callable[[str], None] = print) -> None:
    """Print BLEU-4 and CIDEr per beam size and length penalty: one search serves all penalties."""
    model, dataset = load_model(), _limited(options)
    references = dataset.captions_of(options.split)
    encoded = encode_split(model, dataset, options.split)
    show("beam  penalty  bleu_1  bleu_4  cider")
    for size in (1, 2, 3, 4, 5):
        trees = [caption(model, photo, CaptionOptions(beam_size=size)).tree for photo in encoded]
        for penalty in (0.0, 0.7, 1.0, 1.5, 2.0, 3.0):
            best = [tree.ranked(penalty)[0].token_ids for tree in trees]
            found = score([model.vocabulary.decode(ids) for ids in best], references)
            numbers = "  ".join(f"{found[key]:6.2f}" for key in ("bleu_1", "bleu_4", "cider"))
            show(f"{size:4}  {penalty:7.1f}  {numbers}")


def record(change: dict) -> None:
    """Merge `change` into config.json, write the model card's numbers, renew the manifest."""
    record_change("captioning", change, SECTIONS, COMMAND)


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    if options.tune:
        tune(options)
    else:
        metrics = evaluate(options)
        number = len(_limited(options).image_names[options.split])
        if options.record:
            rounded = {name: round(value, 4) for name, value in metrics.items()}
            split = f"{options.split} in fp32" if options.fp32 else options.split
            record({"metrics": {split: {"n": number, **rounded}}})
        found = {"task": "captioning", "split": options.split, "n": number, "metrics": metrics}
        print(json.dumps(found))


if __name__ == "__main__":
    main()
