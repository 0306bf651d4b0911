"""Hold the shipped digit classifier to what the digits' writers meant, beside two baselines.

    python -m core.digits.evaluate --split test [--data DIR]

The last line printed is one JSON object. `--record` also writes its metrics into
models/digits/config.json and the model card.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.digits.inference import WHITE, load_model, recognise
from core.digits.prepare import Digits, read_split
from core.model_card import markdown_table
from core.onnx_model import MODELS
from core.training.manifest import record_change
from core.training.options import from_command_line

COMMAND = "python -m core.digits.evaluate"
WRITERS = {
    "accuracy": "feed-forward network, as shipped",
    "baseline_logistic_accuracy": "logistic regression on the pixels",
    "baseline_majority_accuracy": "always the most common digit",
}
"""A metric -> whose it is."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder of the images, see prepare.py; empty: scikit-learn's copy."""
    split: str = "dev"
    """dev or test."""
    record: bool = False
    """Write the metrics into models/digits/config.json."""


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split, in percent, and its number of images n."""
    model, held = load_model(), read_split(options.data, options.split)
    train = read_split(options.data, "train")
    linear = LogisticRegression(max_iter=1000).fit(_flat(train), train.labels)
    answers = {
        "accuracy": np.array([recognise(model, image).digit for image in held.images]),
        "baseline_logistic_accuracy": linear.predict(_flat(held)),
        "baseline_majority_accuracy": np.bincount(train.labels).argmax(),
    }
    shares = {name: 100 * np.mean(said == held.labels) for name, said in answers.items()}
    return {name: round(float(share), 4) for name, share in shares.items()} | {
        "n": len(held.labels)
    }


def _flat(digits: Digits) -> np.ndarray:
    return digits.images.reshape(len(digits.images), -1) / WHITE


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    splits = config["metrics"].items()
    header = ["accuracy in percent", *(f"{split}, {m['n']} images" for split, m in splits)]
    rows = [[who, *(f"{m[name]:.1f}" for _, m in splits)] for name, who in WRITERS.items()]
    return markdown_table(header, rows)


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    metrics = evaluate(options)
    found = {"metrics": {options.split: metrics}}
    print(results(found))
    if options.record:
        record_change("digits", found, {"Results": results}, COMMAND, models=MODELS)
    number, shares = metrics["n"], {name: v for name, v in metrics.items() if name != "n"}
    print(json.dumps({"task": "digits", "split": options.split, "n": number, "metrics": shares}))


if __name__ == "__main__":
    main()
