"""How much of the verdict stands in what was read forwards, backwards, and in both together.

    python -m core.ideas.measure_directions --data DIR --split dev --record

The shipped bidirectional network reads SST-2. On what its forward half computed, on what its
backward half computed, and on both side by side, a linear readout of the same kind is fitted to the
training phrases; of three strengths of L2 the one that does best on dev is kept. The network itself
stays as it is. `--data` is the folder that core/training/opinions.py describes. The last line
printed is one JSON object; `--record` also writes it to models/ideas/directions.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.cells.lstm_cell import sigmoid
from core.ideas.directions import FILE, WAYS, graph_versions
from core.onnx_model import MODELS
from core.sentiment.inference import SentimentModel, embed, load_model
from core.text.tokenization import words_of
from core.training.leaks import LeakFilter
from core.training.manifest import update_manifest
from core.training.opinions import Text, read_sst2
from core.training.options import from_command_line

COMMAND = "python -m core.ideas.measure_directions"
STRENGTHS = (1e-4, 1e-3, 1e-2)
"""Of L2 regularisation, per text."""
NEWTON_STEPS = 8
BATCH = 256


@dataclass(frozen=True)
class MeasureOptions:
    """Measure the forward half, the backward half and both on one split of SST-2."""

    data: str = ""
    split: str = "dev"
    record: bool = False
    limit: int = 0
    """Use so many texts of each split; 0: all."""

    def __post_init__(self) -> None:
        if self.split not in ("dev", "test"):
            raise ValueError(f"{self.split=} is neither dev nor test")


@dataclass(frozen=True)
class Readout:
    """A linear classifier on standardised features. F = features."""

    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    """(F + 1,), the bias last."""

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Return (N,) for (N, F)."""
        return _with_one((features - self.mean) / self.scale) @ self.weight


def pooled(model: SentimentModel, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Return what the network's readout sees of each direction, the largest and the mean value.

    Returns:
        By WAYS: (N, 2H) forward, (N, 2H) backward, (N, 4H) both.
    """
    token_ids = [model.vocabulary.encode(words_of(t)[: model.max_tokens]) or [0] for t in texts]
    order = np.argsort([len(ids) for ids in token_ids], kind="stable")
    rows = {name: [None] * len(texts) for name in ("hidden_forward", "hidden_backward")}
    for start in range(0, len(texts), BATCH):
        chosen = order[start : start + BATCH]
        lengths = np.array([len(token_ids[row]) for row in chosen])
        batch = np.full((len(chosen), lengths.max()), model.vocabulary.pad_id, np.int64)
        for place, row in enumerate(chosen):
            batch[place, : lengths[place]] = token_ids[row]
        read = model.onnx.run("bilstm", embeddings=embed(model, batch), lengths=lengths)
        for name, kept in rows.items():
            for place, row in enumerate(chosen):
                states = read[name][place, : lengths[place]]
                kept[row] = np.concatenate([states.max(axis=0), states.mean(axis=0)])
    forward, backward = (np.stack(kept) for kept in rows.values())
    parts = (forward, backward, np.concatenate([forward, backward], axis=1))
    return dict(zip(WAYS, parts, strict=True))


def fit(features: np.ndarray, labels: np.ndarray, strength: float) -> Readout:
    """Return the logistic regression with the smallest mean loss + strength/2 |weight|^2.

    Args:
        features: (N, F).
        labels: (N,) bool.
        strength: Above 0; the bias is not held back.

    Source: Newton's method (iteratively reweighted least squares), Hastie, Tibshirani & Friedman
    (2009), section 4.4.1.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    inputs = _with_one((features - mean) / scale)
    held_back = np.full(inputs.shape[1], strength)
    held_back[-1] = 1e-9
    weight = np.zeros(inputs.shape[1])
    for _ in range(NEWTON_STEPS):
        shares = sigmoid(inputs @ weight)
        slope = inputs.T @ (shares - labels) / len(labels) + held_back * weight
        bend = (shares * (1 - shares)).astype(np.float32)[:, None]
        curvature = (inputs.T @ (bend * inputs)).astype(float) / len(labels)
        weight -= np.linalg.solve(curvature + np.diag(held_back), slope)
    return Readout(mean, scale, weight)


def choose(train: tuple, dev: tuple) -> tuple[Readout, float]:
    """Return the readout, of all STRENGTHS, with the best accuracy on dev, and its strength.

    Args:
        train: Features (N, F) and labels (N,).
        dev: The same of the split that chooses.
    """
    readouts = {strength: fit(*train, strength) for strength in STRENGTHS}
    best = max(readouts, key=lambda strength: accuracy(readouts[strength], *dev))
    return readouts[best], best


def accuracy(readout: Readout, features: np.ndarray, labels: np.ndarray) -> float:
    """Return the percentage of texts on the right side."""
    return 100 * float(np.mean((readout.logits(features) >= 0) == labels))


def measure(model: SentimentModel, splits: dict[str, list[Text]], split: str) -> dict[str, float]:
    """Return the accuracy of each way of reading, in percent, and of the commoner label."""
    labels = {name: np.array([t.target > 0.5 for t in texts]) for name, texts in splits.items()}
    features = {n: pooled(model, [t.text for t in texts]) for n, texts in splits.items()}
    common = labels["train"].mean() >= 0.5
    found = {"n": len(splits[split]), "majority": 100 * float(np.mean(labels[split] == common))}
    for way in WAYS:
        given = [(features[name][way], labels[name]) for name in ("train", "dev", split)]
        readout, strength = choose(*given[:2])
        found |= {way: accuracy(readout, *given[2]), f"{way}_l2": strength}
    return found


def read_splits(options: MeasureOptions) -> dict[str, list[Text]]:
    """Return train without any held-out text, dev, and the split that is measured."""
    folder = Path(options.data)
    held = {name: read_sst2(folder, name) for name in ("dev", "test")}
    leaks = LeakFilter([text.text for texts in held.values() for text in texts])
    splits = {"train": leaks.keep(read_sst2(folder, "train"))[0], **held}
    return {name: texts[: options.limit or None] for name, texts in splits.items()}


def record(split: str, found: dict[str, float], *, models: Path = MODELS) -> None:
    """Write what was found beside the versions of the graphs; numbers of other versions go."""
    path, versions = models / FILE, graph_versions(models=models)
    old = json.loads(path.read_text("utf-8")) if path.exists() else {}
    splits = old["splits"] if old.get("graphs") == versions else {}
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({"graphs": versions, "splits": splits | {split: found}}, indent=1)
    path.write_text(text + "\n", "utf-8")
    update_manifest("ideas", f"{COMMAND} --split {split} --record", models=models)


def main() -> None:
    """Measure as the command line asks."""
    options = from_command_line(MeasureOptions)
    found = measure(load_model(), read_splits(options), options.split)
    if options.record:
        record(options.split, found)
    print(json.dumps({"split": options.split, **found}))


def _with_one(features: np.ndarray) -> np.ndarray:
    return np.concatenate([features, np.ones((len(features), 1), features.dtype)], axis=1)


if __name__ == "__main__":
    main()
