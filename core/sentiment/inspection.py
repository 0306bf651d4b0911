"""What a page asks beyond the verdict: over time, per word, per gate, otherwise, how far back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.cells.lstm_cell import CellTrace, CellWeights, GateSum, gate_sum, run_lstm, sigmoid
from core.onnx_model import read_checked
from core.perturbation import beginnings, endings, parts, turning_point, without_each
from core.sentiment.inference import (
    NETWORKS,
    SentimentModel,
    SentimentResult,
    classify_many,
    judge,
    label_of,
    log_odds_of,
    read,
)
from core.text.typed_text import edited

MOST_PARTS = 64
"""Words that are questioned one by one; a longer text is taken apart into as many groups."""
DIRECTIONS = {"Forward": "bilstm_forward", "Backward": "bilstm_backward"}
"""The two LSTMs of the main network, by the way they read."""


@dataclass(frozen=True)
class Sample:
    """A text that the app ships, with what the shipped model thinks of it."""

    title: str
    text: str
    probability: float
    """Of positive, as the shipped model said when it was exported; a test asks it again."""


def load_samples() -> tuple[Sample, ...]:
    """Read models/sentiment/samples.json.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    rows = json.loads(read_checked("sentiment/samples.json"))
    return tuple(Sample(row["title"], row["text"], row["probability"]) for row in rows)


@dataclass(frozen=True)
class Journey:
    """What the network would have said had the text ended, or begun, at each part. P = parts."""

    labels: tuple[str, ...]
    forward: np.ndarray
    """(P,) probability of positive after everything up to this part."""
    backward: np.ndarray
    """(P,) probability of positive for everything from this part on."""

    @property
    def turn(self) -> range:
        """The parts at which the forward verdict turned; see `core.perturbation.turning_point`."""
        return turning_point(self.forward)

    @property
    def turning_token(self) -> int:
        """The place of the first token of those parts."""
        return sum(len(label.split()) for label in self.labels[: self.turn.start])


@dataclass(frozen=True)
class Influence:
    """What taking each part out does to the verdict. P = parts."""

    labels: tuple[str, ...]
    places: tuple[slice, ...] = field(repr=False)
    """Which tokens each part holds."""
    effects: np.ndarray
    """(P,) log-odds with the part minus without it: above 0 it pulls to positive."""
    without: np.ndarray
    """(P,) probability of positive when the part is taken out."""


@dataclass(frozen=True)
class Memories:
    """How much each part still matters to each network at the end of the text. P = parts."""

    labels: tuple[str, ...]
    probabilities: dict[str, float]
    """Of positive for the whole text, by the networks' names."""
    effects: dict[str, np.ndarray]
    """(P,) change of that probability when the part is taken out."""


def part_labels(result: SentimentResult) -> tuple[tuple[slice, ...], tuple[str, ...]]:
    """Return the parts that are questioned, and their words; one word each up to MOST_PARTS."""
    tokens = result.reading.tokens
    places = parts(len(tokens), MOST_PARTS)
    return places, tuple(" ".join(tokens[place]) for place in places)


def over_time(model: SentimentModel, result: SentimentResult) -> Journey:
    """Judge every beginning and every ending of the text, in two calls."""
    places, labels = part_labels(result)
    score = partial(log_odds_of, model)
    ways = (way(result.embeddings, places, score) for way in (beginnings, endings))
    return Journey(labels, *map(sigmoid, ways))


def influence(model: SentimentModel, result: SentimentResult) -> Influence:
    """Take every part out once, all in one call."""
    places, labels = part_labels(result)
    without = without_each(result.embeddings, places, partial(log_odds_of, model))
    return Influence(labels, places, result.log_odds - without, sigmoid(without))


def memories(model: SentimentModel, result: SentimentResult) -> Memories:
    """Take every part out of the text for each of the four networks."""
    places, labels = part_labels(result)
    lengths = np.array([len(result.embeddings)])
    probabilities, effects = {}, {}
    for graph, name in NETWORKS.items():
        score = partial(log_odds_of, model, network=graph)
        probabilities[name] = float(sigmoid(score(result.embeddings[None], lengths)[0]))
        without = sigmoid(without_each(result.embeddings, places, score))
        effects[name] = probabilities[name] - without
    return Memories(labels, probabilities, effects)


@dataclass(frozen=True)
class Microscope:
    """One direction of the main network at work on a text; T = tokens."""

    inputs: np.ndarray
    """(T, E): the embeddings that it read."""
    weights: CellWeights = field(repr=False)
    trace: CellTrace

    def terms(self, gate: str, step: int, unit: int) -> GateSum:
        """Take one gate of one unit at one step apart; `gate` is one of LSTM_GATES."""
        return gate_sum(self.inputs, self.weights, self.trace, gate, step=step, unit=unit)


def microscope(model: SentimentModel, result: SentimentResult, direction: str) -> Microscope:
    """Run one direction in numpy with the deployed weights; no graph runs.

    Args:
        model: From `load_model`.
        result: The text under the microscope.
        direction: A key of DIRECTIONS.
    """
    weights = model.cell(DIRECTIONS[direction])
    trace = run_lstm(result.embeddings, weights, reverse=direction == "Backward")
    return Microscope(result.embeddings, weights, trace)


@dataclass(frozen=True)
class Side:
    """A text before or after a word was changed."""

    result: SentimentResult
    trace: CellTrace
    """What the forward LSTM did."""


@dataclass(frozen=True)
class Comparison:
    """What changing one word did."""

    sides: dict[str, Side]
    """ "Before" and "After"."""
    unit: int
    """The forward unit whose largest hidden state, which the verdict reads, changed most."""


def what_if(
    model: SentimentModel, result: SentimentResult, place: int, action: str, word: str = ""
) -> Comparison | None:
    """Judge the text anew after one word was changed; None if no word is left.

    Args:
        model: From `load_model`.
        result: The text before.
        place: Which token.
        action: One of `core.text.typed_text.ACTIONS`.
        word: What comes in its place.
    """
    other = read(model, edited(result.reading.text, result.reading.words[place], action, word))
    if not other.words:
        return None
    results = {"Before": result, "After": judge(model, other)}
    sides = {n: Side(r, microscope(model, r, "Forward").trace) for n, r in results.items()}
    before, after = (side.trace.hidden_states.max(axis=0) for side in sides.values())
    return Comparison(sides, int(np.abs(after - before).argmax()))


@dataclass(frozen=True)
class ContrastExample:
    """One of our own hard sentences, what it means, and what the shipped model says."""

    text: str
    category: str
    label: str
    """What the sentence means: "positive" or "negative"."""
    probability: float
    """Of positive, says the model now."""

    @property
    def right(self) -> bool:
        """Whether the model has understood it."""
        return label_of(self.probability) == self.label


def contrast_examples(model: SentimentModel) -> tuple[ContrastExample, ...]:
    """Judge models/sentiment/contrast.json with the shipped model, now.

    Raises:
        ModelFileError: If the file is missing or altered.
    """
    rows = json.loads(read_checked("sentiment/contrast.json"))
    judged = classify_many(model, [row["text"] for row in rows])
    return tuple(
        ContrastExample(row["text"], row["category"], row["label"], float(probability))
        for row, probability in zip(rows, judged, strict=True)
    )


def limits(examples: Sequence[ContrastExample]) -> str:
    """Tell as Markdown what the model cannot do; the count is of `examples` alone."""
    right = sum(example.right for example in examples)
    return (
        "It learnt from English reviews of films, and of products in a few words: it weighs what "
        "such texts say, not what is true. It knows no tone of voice, so it takes **sarcasm** at "
        "its word; of a word that it never learnt it sees only that one stood there; other "
        "languages mean nothing to it. The sentences below are ours, written to be hard. Just now "
        f"it judged **{right} of {len(examples)}** as they are meant."
    )


def load_model_card() -> str:
    """Return models/sentiment/MODEL_CARD.md.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    return read_checked("sentiment/MODEL_CARD.md").decode()
