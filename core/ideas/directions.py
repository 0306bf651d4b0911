"""One text read from both ends: what each direction knows at a word, and what each is worth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.cells.lstm_cell import run_lstm
from core.literature import cite
from core.onnx_model import MODELS, read_checked
from core.sentiment.inference import SentimentModel, SentimentResult
from core.text.typed_text import quoted

FILE = "ideas/directions.json"
"""Below models/: what core/ideas/measure_directions.py recorded."""
MOST_TOLD = 8
"""Words that a sentence about a reading repeats."""
WAYS = ("forward", "backward", "both")
GRAPHS = ("embed.onnx", "bilstm.onnx")
"""What the measured accuracies depend on."""
SAMPLES = {
    "What comes later": "It was terribly good, and not at all long.",
    "What came before": "Nobody would call this dull, slow or cheap.",
    "A turn": "A fine cast and a great idea, wasted.",
}
"""Texts to try, by the words of their buttons."""
INTRODUCTION = (
    "At a word, a network that reads forwards knows only **what came before**. So a second one "
    "reads the same text **from its end**, and the two states of each word are set **side by "
    "side**: whoever looks at a word now knows both what came before it and what comes after."
)
FORMULA = (
    r"$\overrightarrow{h}_t = \text{LSTM}(x_t, \overrightarrow{h}_{t-1})$, "
    r"$\;\overleftarrow{h}_t = \text{LSTM}'(x_t, \overleftarrow{h}_{t+1})$, "
    r"$\;h_t = [\overrightarrow{h}_t ; \overleftarrow{h}_t]$ "
    f"({cite('Schuster & Paliwal 1997')})."
)
SAME_WORD = (
    "Nothing that comes later can reach a forward state, and nothing that came before a backward "
    "one. So the same word has one state per direction for every text around it, and **only the "
    "pair** knows the whole text. The price: reading can begin only when the text has ended, so "
    "a network that answers while one speaks, or writes the next word, cannot do this."
)


@dataclass(frozen=True)
class BothWays:
    """What the two halves of the deployed network hold at each word."""

    forward: np.ndarray
    """(T, H) float32 in [-1, 1]: row t has read the words up to t."""
    backward: np.ndarray
    """(T, H) float32 in [-1, 1]: row t has read the words from the end back to t."""


@dataclass(frozen=True)
class Measured:
    """Accuracies on one split of SST-2, in percent."""

    split: str
    n: int
    """Texts."""
    accuracies: Mapping[str, float]
    """By WAYS."""
    majority: float
    """Of always saying the commoner label."""

    @property
    def margin(self) -> float:
        """Half the width of a 95 % interval around an accuracy, the largest of them.

        Source: the normal approximation of a binomial share, 1.96 sqrt(p (1 - p) / n).
        """
        shares = np.array([*self.accuracies.values()]) / 100
        return 196 * float(np.sqrt(shares * (1 - shares) / self.n).max())


def read_both(model: SentimentModel, result: SentimentResult) -> BothWays:
    """Run both halves over a text in numpy, with the deployed weights."""
    return _read(model, result.embeddings)


def _read(model: SentimentModel, embeddings: np.ndarray) -> BothWays:
    forward = run_lstm(embeddings, model.cell("bilstm_forward"))
    backward = run_lstm(embeddings, model.cell("bilstm_backward"), reverse=True)
    return BothWays(forward.hidden_states, backward.hidden_states)


def when_cut(model: SentimentModel, result: SentimentResult, step: int) -> dict[str, BothWays]:
    """Return both states at one word, (1, H) each: in the whole text, and with either side gone.

    Args:
        model: From `load_model`.
        result: The text.
        step: The word, below T.
    """
    pieces = {
        "whole": (result.embeddings, step),
        "nothing before": (result.embeddings[step:], 0),
        "nothing after": (result.embeddings[: step + 1], step),
    }
    found = {}
    for name, (embeddings, place) in pieces.items():
        both = _read(model, embeddings)
        found[name] = BothWays(*(half[place : place + 1] for half in (both.forward, both.backward)))
    return found


def told_of_cuts(cuts: Mapping[str, BothWays], word: str) -> str:
    """Say as Markdown which of a word's two states notices when either side of it is gone."""
    whole = cuts["whole"]
    lines = []
    for name in ("nothing before", "nothing after"):
        changes = [_change(getattr(whole, way), getattr(cuts[name], way)) for way in WAYS[:2]]
        lines.append(
            f"- With **{name}** “{quoted(word)}”, its forward state changes by "
            f"**{changes[0]:.0%}** and its backward state by **{changes[1]:.0%}**."
        )
    return "\n".join(lines)


def told(tokens: tuple[str, ...], step: int) -> str:
    """Say as Markdown what each direction has read at a word."""
    read, unread = tokens[: step + 1], tokens[step:]
    before = ("… " if len(read) > MOST_TOLD else "") + " ".join(map(quoted, read[-MOST_TOLD:]))
    after = " ".join(map(quoted, unread[:MOST_TOLD])) + (" …" if len(unread) > MOST_TOLD else "")
    return (
        f"At “{quoted(tokens[step])}” the forward half has read {len(read)} of {len(tokens)} words "
        f"and signs: “{before}”. The backward half has read {len(unread)}, from the end: “{after}”."
    )


def load_measured(*, models: Path = MODELS) -> Measured:
    """Return the recorded accuracies: on test, or on dev as long as test was not touched.

    Raises:
        ModelFileError: If the file is missing or altered.
    """
    splits = json.loads(read_checked(FILE, models=models))["splits"]
    split = "test" if "test" in splits else "dev"
    found = splits[split]
    accuracies = {way: found[way] for way in WAYS}
    return Measured(split, found["n"], accuracies, found["majority"])


def told_of(measured: Measured) -> str:
    """Say as Markdown what was measured, how, and how sure it is."""
    forward, backward, both = (measured.accuracies[way] for way in WAYS)
    better = both - max(forward, backward)
    verdict = (
        f"**Both together are right {better:.1f} points more often** than the better half"
        if better > 0
        else f"Both together are **not** right more often than the better half ({better:.1f})"
    )
    sure = "more" if better > measured.margin else "less"
    return (
        f"{verdict}; that is {sure} than the {measured.margin:.1f} points by which "
        f"{measured.n:,} sentences can mislead. Measured on SST-2, {measured.split} split: the "
        "network stays as it is, and a linear readout like its own is fitted to the largest and "
        "the mean state of every unit of its forward half, its backward half, or both. The halves "
        "were trained together; a network trained to "
        "read one way only might do better than its half here."
    )


def graph_versions(*, models: Path = MODELS) -> dict[str, str]:
    """Return the SHA-256 of the graphs that were measured, from the manifest."""
    manifest = json.loads((models / "manifest.json").read_text("utf-8"))
    return {name: manifest[f"sentiment/{name}"]["sha256"] for name in GRAPHS}


def _change(whole: np.ndarray, cut: np.ndarray) -> float:
    return float(np.linalg.norm(whole - cut) / max(1e-12, np.linalg.norm(whole)))
