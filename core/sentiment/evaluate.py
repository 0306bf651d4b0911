"""Hold the shipped networks to the labels of SST-2 and IMDB, beside models without recurrence.

    python -m core.sentiment.evaluate --data DIR --split test

`--data` is the folder of corpora that core/training/opinions.py describes. Every text goes the way
of a visitor's. The last line printed is one JSON object. `--record` also writes its metrics into
models/sentiment/config.json, where pages and the model card read them; `--calibrate` instead fits
the temperature on the dev split, writes it, and judges the samples anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.metrics import expected_calibration_error
from core.model_card import markdown_table
from core.onnx_model import MODELS
from core.sentiment.inference import SentimentModel, classify, classify_many, embed, load_model
from core.sentiment.inspection import contrast_examples
from core.text.tokenization import words_of
from core.training.baselines import WORD_LISTS, Judge, baselines, fit_probe
from core.training.calibration import Told, fit_temperature
from core.training.leaks import LeakFilter
from core.training.manifest import record_change, update_manifest
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
    "forward_": "linear readout of the last forward state",
    "backward_": "linear readout of the last backward state",
    "both_": "linear readout of both",
}
"""How a judge's metrics begin -> who it is."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder with sst2_glue/ and imdb/."""
    split: str = "dev"
    """dev or test; IMDB's dev is a tenth of its training half that no training saw."""
    record: bool = False
    """Write the metrics into models/sentiment/config.json."""
    fp32: bool = False
    """Evaluate the twin with fp32 word vectors below `work`: what did int8 cost?"""
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


def score(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return accuracy in percent, and ece where there are real probabilities."""
    found = {"accuracy": 100 * float(np.mean((probabilities >= 0.5) == labels))}
    if not np.isin(probabilities, (0.0, 1.0)).all():
        found["ece"] = expected_calibration_error(probabilities, labels)
    return found


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split."""
    model = load_model(models=Path(options.work) / "fp32" if options.fp32 else MODELS)
    metrics: dict[str, float] = {}
    for name in DATA_SETS:
        texts = read_split(name, options)
        shown, labels = [t.text for t in texts], np.array([t.target > 0.5 for t in texts])
        everyone = judges(model)
        if options.baselines:
            train = training_texts(name, options)
            everyone |= baselines(
                [t.text for t in train], np.array([t.target > 0.5 for t in train])
            )
        for prefix, judge in everyone.items():
            found = score(judge(shown), labels)
            metrics |= {f"{prefix}{name}_{key}": value for key, value in found.items()}
        metrics[f"{name}_n"] = len(texts)
    more = directions(model, options) if options.baselines else {}
    return metrics | more | contrast(model)


def directions(model: SentimentModel, options: EvaluateOptions) -> dict[str, float]:
    """Return SST-2 accuracy in percent of linear readouts of each direction's last state."""
    train, tested = training_texts("sst2", options), read_split("sst2", options)
    seen, shown = final_states(model, train), final_states(model, tested)
    size = model.onnx.config["network"]["hidden_size"]
    parts = {"forward_": slice(0, size), "backward_": slice(size, None), "both_": slice(None)}
    found = {}
    for prefix, part in parts.items():
        probe = fit_probe(seen[:, part], labels_of(train))
        found[f"{prefix}sst2_accuracy"] = 100 * probe.score(shown[:, part], labels_of(tested))
    return found


def final_states(model: SentimentModel, texts: Sequence[Text]) -> np.ndarray:
    """Return (N, 2H): what each direction holds once it has read the whole text."""
    states = []
    for text in texts:
        ids = model.vocabulary.encode(words_of(text.text))
        vectors = embed(model, np.array([ids]))  # (1, S, E)
        lengths = np.array([vectors.shape[1]])
        found = model.onnx.run("bilstm", embeddings=vectors, lengths=lengths)
        states.append(np.append(found["hidden_forward"][0, -1], found["hidden_backward"][0, 0]))
    return np.stack(states)


def labels_of(texts: Sequence[Text]) -> np.ndarray:
    """Return (N,) bool: positive or not."""
    return np.array([text.target > 0.5 for text in texts])


def read_split(name: str, options: EvaluateOptions) -> list[Text]:
    """Return the split of a data set."""
    return DATA_SETS[name](Path(options.data), options.split)


def training_texts(name: str, options: EvaluateOptions) -> list[Text]:
    """Return what a linear model may learn from: nothing that is tested on."""
    read, folder = DATA_SETS[name], Path(options.data)
    held = [t.text for split in ("dev", "test") for t in read(folder, split)]
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
        told.append(Told(np.log(shares / (1 - shares)), words, labels_of(texts)))
    temperature, exponent = fit_temperature(told)
    record({"temperature": temperature, "temperature_exponent": exponent})
    judge_samples()


def judge_samples() -> None:
    """Write what the shipped, calibrated network says about each sample into samples.json."""
    path, model = MODELS / "sentiment" / "samples.json", load_model()
    rows = json.loads(path.read_text("utf-8"))
    for row in rows:
        row["probability"] = round(classify(model, row["text"]).probability, 4)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    update_manifest("sentiment", COMMAND)


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    if not config["metrics"]:
        return "Nothing was measured yet."
    parts = []
    for split, found in config["metrics"].items():
        header = [split, "SST-2 accuracy", "SST-2 ECE", "IMDB accuracy", "IMDB ECE"]
        rows = [
            [who, *(_cell(found, f"{prefix}{name}_{key}") for name in DATA_SETS for key in KEYS)]
            for prefix, who in WRITERS.items()
            if f"{prefix}sst2_accuracy" in found
        ]
        size = f"{found['sst2_n']} sentences of SST-2, {found['imdb_n']} reviews of IMDB."
        parts += [markdown_table(header, rows), size]
    header = [f"our {found['contrast_n']} contrast sentences", "accuracy"]
    overall = [[f"all: {who}", f"{prefix}contrast_accuracy"] for prefix, who in WRITERS.items()]
    kinds = [
        [key.removeprefix("contrast_").removesuffix("_accuracy").replace("_", " "), key]
        for key in found
        if key.startswith("contrast_") and key not in ("contrast_accuracy", "contrast_n")
    ]
    rows = [[who, _cell(found, key)] for who, key in kinds + overall if key in found]
    return "\n\n".join([*parts, markdown_table(header, rows)])


def left_out(config: dict) -> str:
    """Return the model card's section about leaks: what was trained on, and what was not."""
    leaks = config["leaks"].items()
    rows = [[source.replace("_", " "), *map(str, counts.values())] for source, counts in leaks]
    return markdown_table(["training texts", "kept", "left out"], rows)


def _cell(found: dict[str, float], key: str) -> str:
    digits = 3 if key.endswith("ece") else 1
    return f"{found[key]:.{digits}f}" if key in found else ""


def record(change: dict) -> None:
    """Merge `change` into config.json and write the model card's numbers."""
    sections = {"Results": results, "Left out": left_out}
    record_change("sentiment", change, sections, COMMAND, models=MODELS)


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    if options.calibrate:
        calibrate(options)
        return
    metrics = {name: round(value, 4) for name, value in evaluate(options).items()}
    split = f"{options.split} in fp32" if options.fp32 else options.split
    if options.fp32:  # the twin is not calibrated: only its accuracy says anything
        metrics = {name: value for name, value in metrics.items() if not name.endswith("_ece")}
    print(results({"metrics": {split: metrics}}))
    if options.record:
        record({"metrics": {split: metrics}})
    number = metrics["sst2_n"] + metrics["imdb_n"]
    print(json.dumps({"task": "sentiment", "split": split, "n": number, "metrics": metrics}))


if __name__ == "__main__":
    main()
