"""Hold the shipped networks to the labels of SST-2 and IMDB, beside models without recurrence.

    python -m core.sentiment.evaluate --data DIR --split test

`--data` is the folder of corpora that core/training/opinions.py describes. Every text goes the way
of a visitor's. The last line printed is one JSON object. `--record` also writes its metrics into
models/sentiment/config.json, where pages and the model card read them; `--calibrate` fits the
temperature on the dev split and writes that instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.metrics import expected_calibration_error
from core.model_card import markdown_table, replace_section
from core.onnx_model import MODELS
from core.sentiment.inference import SentimentModel, classify_many, load_model
from core.sentiment.inspection import contrast_examples
from core.tokenization import words_of
from core.training.baselines import fit_tfidf, textblob_scores, vader_scores
from core.training.calibration import Told, fit_temperature
from core.training.leaks import LeakFilter
from core.training.manifest import update_manifest
from core.training.opinions import Text, read_imdb, read_sst2
from core.training.options import from_command_line

COMMAND = "python -m core.sentiment.evaluate"
DATA_SETS = {"sst2": read_sst2, "imdb": read_imdb}
KEYS = ("accuracy", "ece")
WRITERS = {
    "": "bidirectional LSTM, as shipped",
    "lstm_": "small LSTM, one direction",
    "gru_": "small GRU, one direction",
    "rnn_": "small plain RNN, one direction",
    "tfidf_": "TF-IDF with logistic regression",
    "textblob_": "TextBlob",
    "vader_": "VADER",
    "majority_": "always the more common label",
}
"""How a judge's metrics begin -> who it is."""

Judge = Callable[[Sequence[str]], np.ndarray]
"""Texts -> probabilities of positive, (N,)."""


WORD_LISTS: dict[str, Judge] = {
    "textblob_": lambda texts: (textblob_scores(texts) >= 0).astype(float),
    "vader_": lambda texts: (vader_scores(texts) >= 0).astype(float),
}
"""A score of nothing counts as positive."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder with sst2_glue/ and imdb/."""
    split: str = "dev"
    """dev or test; IMDB's dev is a tenth of its training half that no training saw."""
    limit: int = 0
    """Only so many texts of each; 0 takes all."""
    record: bool = False
    """Write the metrics into models/sentiment/config.json."""
    fp32: bool = False
    """Evaluate the twin with fp32 word vectors that the export left below `work`."""
    baselines: bool = True
    """Also judge with word lists, a linear model and the more common label."""
    calibrate: bool = False
    """Fit and write the temperature instead; dev only."""
    work: str = ".data/sentiment"


def judges(model: SentimentModel) -> dict[str, Judge]:
    """Return the shipped networks."""
    networks = {"": "bilstm", "lstm_": "lstm", "gru_": "gru", "rnn_": "rnn"}
    return {
        prefix: lambda texts, network=network: classify_many(model, texts, network=network)
        for prefix, network in networks.items()
    }


def baselines(train: Sequence[Text]) -> dict[str, Judge]:
    """Return what the networks must beat; word lists give a side, not a probability."""
    labels = np.array([text.target > 0.5 for text in train])
    linear = fit_tfidf([words_of(text.text) for text in train], labels)
    common = float(labels.mean() >= 0.5)
    return {
        "tfidf_": lambda texts: linear.predict_proba([words_of(t) for t in texts])[:, 1],
        **WORD_LISTS,
        "majority_": lambda texts: np.full(len(texts), common),
    }


def score(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return accuracy in percent, and ece where there are real probabilities."""
    found = {"accuracy": 100 * float(np.mean((probabilities >= 0.5) == labels))}
    if not np.isin(probabilities, (0.0, 1.0)).all():
        found["ece"] = expected_calibration_error(probabilities, labels)
    return found


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split."""
    model, metrics = load_model(models=_models(options)), {}
    for name, read in DATA_SETS.items():
        texts = read_split(name, options)
        shown, labels = [t.text for t in texts], np.array([t.target > 0.5 for t in texts])
        everyone = judges(model)
        if options.baselines:
            everyone |= baselines(training_texts(name, read, options))
        for prefix, judge in everyone.items():
            found = score(judge(shown), labels)
            metrics |= {f"{prefix}{name}_{key}": value for key, value in found.items()}
        metrics[f"{name}_n"] = len(texts)
    return metrics | contrast(model)


def read_split(name: str, options: EvaluateOptions) -> list[Text]:
    """Return a data set's split, cut as the options say."""
    texts = DATA_SETS[name](Path(options.data), options.split)
    return texts[: options.limit or None]


def training_texts(name: str, read: Callable, options: EvaluateOptions) -> list[Text]:
    """Return what a linear model may learn from: nothing that is tested on."""
    folder = Path(options.data)
    held = [t.text for split in ("dev", "test") for t in DATA_SETS[name](folder, split)]
    return LeakFilter(held).keep(read(folder, "train"))[0]


def contrast(model: SentimentModel) -> dict[str, float]:
    """Return accuracy in percent on our own sentences: per judge, and by kind for the main one."""
    examples = contrast_examples(model)
    labels = np.array([example.label == "positive" for example in examples])
    texts = [example.text for example in examples]
    found = {"contrast_n": len(texts)}
    for prefix, judge in (judges(model) | WORD_LISTS).items():
        found[f"{prefix}contrast_accuracy"] = score(judge(texts), labels)["accuracy"]
    for kind in dict.fromkeys(example.category for example in examples):
        right = [example.right for example in examples if example.category == kind]
        found[f"contrast_{kind}_accuracy"] = 100 * float(np.mean(right))
    return found


def calibrate(options: EvaluateOptions) -> None:
    """Fit the temperature on the dev splits and write it."""
    record({"temperature": 1.0, "temperature_exponent": 0.0})
    model, told = load_model(), []
    for name in DATA_SETS:
        texts = read_split(name, options)
        shares = np.clip(classify_many(model, [t.text for t in texts]), 1e-9, 1 - 1e-9)
        words = np.array([min(len(words_of(t.text)), model.max_tokens) for t in texts], float)
        labels = np.array([t.target > 0.5 for t in texts])
        told.append(Told(np.log(shares / (1 - shares)), words, labels))
    temperature, exponent = fit_temperature(told)
    print(f"temperature {temperature} * words ** {exponent}")
    record({"temperature": temperature, "temperature_exponent": exponent})


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    parts = []
    for split, found in config["metrics"].items():
        header = [split, "SST-2 accuracy", "SST-2 ECE", "IMDB accuracy", "IMDB ECE"]
        rows = [
            [who, *(_cell(found, f"{prefix}{name}_{key}") for name in DATA_SETS for key in KEYS)]
            for prefix, who in WRITERS.items()
            if f"{prefix}sst2_accuracy" in found
        ]
        parts.append(markdown_table(header, rows))
        parts.append(f"{found['sst2_n']} sentences of SST-2, {found['imdb_n']} reviews of IMDB.")
    header = [f"our {found['contrast_n']} contrast sentences", "accuracy"]
    overall = [
        [f"all: {who}", f"{prefix}contrast_accuracy"]
        for prefix, who in WRITERS.items()
        if f"{prefix}contrast_accuracy" in found
    ]
    kinds = [
        [key.removeprefix("contrast_").removesuffix("_accuracy").replace("_", " "), key]
        for key in found
        if key.startswith("contrast_") and key not in ("contrast_accuracy", "contrast_n")
    ]
    rows = [[who, _cell(found, key)] for who, key in kinds + overall]
    return "\n\n".join([*parts, markdown_table(header, rows)])


def left_out(config: dict) -> str:
    """Return the model card's section about leaks: what was trained on, and what was not."""
    rows = [
        [source.replace("_", " "), str(counts["kept"]), str(counts["removed_as_leaks"])]
        for source, counts in config["leaks"].items()
    ]
    return markdown_table(["training texts", "kept", "left out"], rows)


def _cell(found: dict[str, float], key: str) -> str:
    digits = 3 if key.endswith("ece") else 1
    return f"{found[key]:.{digits}f}" if key in found else ""


def record(change: dict) -> None:
    """Merge `change` into config.json, write the model card's numbers, renew the manifest."""
    path, card = (MODELS / "sentiment" / name for name in ("config.json", "MODEL_CARD.md"))
    config = json.loads(path.read_text("utf-8"))
    config |= change | {"metrics": config["metrics"] | change.get("metrics", {})}
    path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    text = replace_section(card.read_text("utf-8"), "Left out", left_out(config))
    if config["metrics"]:
        text = replace_section(text, "Results", results(config))
    card.write_text(text, "utf-8")
    update_manifest("sentiment", COMMAND)


def _models(options: EvaluateOptions) -> Path:
    return Path(options.work) / "fp32" if options.fp32 else MODELS


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    if options.calibrate:
        calibrate(options)
        return
    metrics = {name: round(value, 4) for name, value in evaluate(options).items()}
    split = f"{options.split} in fp32" if options.fp32 else options.split
    print(results({"metrics": {split: metrics}}))
    if options.record:
        record({"metrics": {split: metrics}})
    number = metrics["sst2_n"] + metrics["imdb_n"]
    print(json.dumps({"task": "sentiment", "split": split, "n": number, "metrics": metrics}))


if __name__ == "__main__":
    main()
