"""Hold the shipped tagger to the treebank's tags, beside two baselines.

    python -m core.tagging.evaluate --data DIR --split test

`--data` is what prepare.py describes. The network reads the treebank's own words, as is usual. The
last line printed is one JSON object; `--record` also writes its metrics into
models/tagging/config.json and the model card.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.model_card import markdown_table
from core.onnx_model import MODELS
from core.tagging.inference import likeliest_tags, load_model, read_tokens
from core.tagging.prepare import Sentence, read_split
from core.training.manifest import record_change
from core.training.options import from_command_line

COMMAND = "python -m core.tagging.evaluate"
UNKNOWN_TAG = "NOUN"
"""What the first baseline says of a word that training does not hold."""
WRITERS = {
    "": "bidirectional LSTM, as shipped",
    "baseline_frequent_": "the word's most frequent tag, NOUN if unknown",
    "baseline_majority_": "always the most common tag",
}
"""How a tagger's metrics begin -> who it is."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder of the treebank, see prepare.py."""
    split: str = "dev"
    """dev or test."""
    record: bool = False
    """Write the metrics into models/tagging/config.json."""
    fp32: bool = False
    """Evaluate the twin with fp32 vectors below `work`: what did int8 cost?"""
    work: str = ".data/tagging"


def frequent_tags(train: Sequence[Sentence]) -> dict[str, str]:
    """Return the most frequent tag of every word, as it is written, in training."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in train:
        for token, name in zip(sentence.tokens, sentence.tags, strict=True):
            counts[token][name] += 1
    return {token: found.most_common(1)[0][0] for token, found in counts.items()}


def score(said: Sequence[str], truth: Sequence[str], known: np.ndarray) -> dict[str, float]:
    """Return accuracy in percent over all words, and over known and unknown words apart.

    Args:
        said: N tags.
        truth: N tags.
        known: (N,) bool: the word stands in training as it is written.
    """
    right = np.array(said) == np.array(truth)
    parts = {"accuracy": right, "known_accuracy": right[known], "unknown_accuracy": right[~known]}
    return {name: 100 * float(part.mean()) for name, part in parts.items() if len(part)}


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split; accuracies in percent, numbers of words and sentences."""
    model = load_model(models=Path(options.work) / "fp32" if options.fp32 else MODELS)
    train, held = (read_split(options.data, split) for split in ("train", options.split))
    tokens = [token for sentence in held for token in sentence.tokens]
    truth = [name for sentence in held for name in sentence.tags]
    frequent = frequent_tags(train)
    known = np.array([token in frequent for token in tokens])
    common = Counter(name for sentence in train for name in sentence.tags).most_common(1)[0][0]
    read = [likeliest_tags(read_tokens(model, s.tokens)["logits"]) for s in held]
    said = {
        "": [name for names in read for name in names],
        "baseline_frequent_": [frequent.get(token, UNKNOWN_TAG) for token in tokens],
        "baseline_majority_": [common] * len(tokens),
    }
    found = {
        f"{p}{n}": v for p, names in said.items() for n, v in score(names, truth, known).items()
    }
    whole = np.mean([names == sentence.tags for names, sentence in zip(read, held, strict=True)])
    found["sentence_accuracy"] = 100 * float(whole)
    sizes = {"words": len(tokens), "unknown_words": int((~known).sum()), "sentences": len(held)}
    return {name: round(value, 4) for name, value in found.items()} | sizes


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    parts = []
    for split, found in config["metrics"].items():
        header = [f"{split}, accuracy in percent", "all words", "known", "unknown"]
        keys = ("accuracy", "known_accuracy", "unknown_accuracy")
        rows = [[who, *(_cell(found, p + key) for key in keys)] for p, who in WRITERS.items()]
        sizes = (
            f"{found['words']:,} words of {found['sentences']:,} sentences; "
            f"{found['unknown_words']:,} words are not in training as they are written. The "
            f"network tags {found['sentence_accuracy']:.1f} % of the sentences without a mistake."
        )
        parts += [markdown_table(header, rows), sizes]
    return "\n\n".join(parts)


def _cell(found: dict[str, float], key: str) -> str:
    return f"{found[key]:.1f}" if key in found else ""


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    metrics = evaluate(options)
    split = f"{options.split} in fp32" if options.fp32 else options.split
    found = {"metrics": {split: metrics}}
    print(results(found))
    if options.record:
        record_change("tagging", found, {"Results": results}, COMMAND, models=MODELS)
    number = metrics["words"]
    print(json.dumps({"task": "tagging", "split": split, "n": number, "metrics": metrics}))


if __name__ == "__main__":
    main()
