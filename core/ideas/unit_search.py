"""Which unit of a network follows a property of its input, and would it be found by chance as well?

The unit is chosen on one half of the probes and judged on the other. The control repeats both with
the labels moved along the text, so that they have the same rhythm but belong to other words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.cells.lstm_cell import CellWeights, run_lstm, sigmoid
from core.ideas import probes
from core.sentiment.inference import SentimentModel, SentimentResult, embed

LAYER = "bilstm_forward"
NUM_SHUFFLES = 200
SEED = 0

METHOD = (
    "Does some unit's memory follow something that a reader would name? For each property, the "
    "unit with the largest correlation over one set of sentences was chosen, and then tried on "
    "**new sentences with other words**: that is the evidence. Two controls: the grey bar is the "
    f"best that {NUM_SHUFFLES} searches reached whose labels had been moved to other words; the "
    "diamond is the best unit of a network that **learned nothing**, with the same weights in a "
    "random order, since any recurrent network echoes a bracket for a while. The search runs here "
    "and now, on the network that judges your sentence."
)

Sentences = Sequence[Sequence[str]]
Run = Callable[[Sentences], Sequence[np.ndarray]]
"""Sentences become the memories of every unit after each of their tokens, (T, H) each."""
Property = Callable[[Sequence[str]], np.ndarray]
"""Tokens become (T,) labels."""
Halves = Sequence[np.ndarray]
"""An array for the sentences to choose on, and one for those to judge on."""


@dataclass(frozen=True)
class Finding:
    """The unit that follows one property most closely. H = units."""

    unit: int
    """Chosen where |correlation| over the searched half is largest."""
    searched: float
    """Its correlation there, in [-1, 1]; flattered, as the largest of H."""
    held_out: float
    """Its correlation over the half that it was not chosen on: the evidence."""
    control: float
    """The largest |held_out| that any of NUM_SHUFFLES searches for moved labels found."""
    untrained: float
    """What the best unit of a network that learned nothing reached on that half."""
    followers: np.ndarray
    """(H,) bool: beyond both controls on both halves, with the same sign."""

    @property
    def heading(self) -> str:
        """The unit's name, and whether its memory falls where the property rises."""
        return f"Unit {self.unit}" + (", downwards" if self.searched < 0 else "")

    @property
    def holds(self) -> bool:
        """Whether the unit follows the property more closely than both controls."""
        agreed = self.held_out * np.sign(self.searched)
        return agreed > max(self.control, self.untrained)


def search_sentiment(model: SentimentModel) -> dict[str, Finding]:
    """Ask the deployed network which unit that reads forward follows which property."""
    trained, halves = model.cell(LAYER), (probes.sentences(0), probes.sentences(1))
    networks = [partial(memories, model, w) for w in (trained, with_mixed_weights(trained))]
    return search(*networks, probes.PROPERTIES, halves)


def memories(model: SentimentModel, weights: CellWeights, sentences: Sentences) -> list[np.ndarray]:
    """Return (T, H) for each sentence: the cell state through tanh, all sentences side by side.

    The steps are those of `core.cells.lstm_cell.run_lstm`, which takes one sentence at a time.
    """
    longest = max(map(len, sentences))
    token_ids = np.full((len(sentences), longest), model.vocabulary.pad_id, np.int64)
    for row, tokens in enumerate(sentences):
        token_ids[row, : len(tokens)] = model.vocabulary.encode(tokens)
    from_inputs = embed(model, token_ids) @ weights.weight_ih.T + weights.bias  # (B, T, 4H)
    hidden = cell = np.zeros((len(sentences), weights.hidden_size), np.float32)
    kept = []
    for t in range(longest):
        sums = from_inputs[:, t] + hidden @ weights.weight_hh.T  # (B, 4H)
        write, keep, candidate, show = np.split(sums, 4, axis=1)
        cell = sigmoid(keep) * cell + sigmoid(write) * np.tanh(candidate)  # (B, H)
        hidden = sigmoid(show) * np.tanh(cell)
        kept.append(np.tanh(cell))
    states = np.stack(kept, axis=1)  # (B, T, H)
    return [s[: len(tokens)] for s, tokens in zip(states, sentences, strict=True)]


def memory(model: SentimentModel, result: SentimentResult) -> np.ndarray:
    """Return (T, H): the cell state of every unit that reads forward, through tanh."""
    return np.tanh(run_lstm(result.embeddings, model.cell(LAYER)).cell_states)


def with_mixed_weights(weights: CellWeights) -> CellWeights:
    """Return a cell that learned nothing: the same numbers, each matrix in a random order."""
    rng = np.random.default_rng(SEED)
    return replace(
        weights,
        weight_ih=rng.permuted(weights.weight_ih.ravel()).reshape(weights.weight_ih.shape),
        weight_hh=rng.permuted(weights.weight_hh.ravel()).reshape(weights.weight_hh.shape),
    )


def search(
    run: Run,
    run_untrained: Run,
    properties: Mapping[str, Property],
    halves: tuple[Sentences, Sentences],
) -> dict[str, Finding]:
    """Return the best unit for each property.

    Args:
        run: The network.
        run_untrained: The same network, having learned nothing.
        properties: What a unit might follow.
        halves: Sentences to choose on, and sentences to judge on.
    """
    trained, untrained = (
        [np.concatenate(r(half)) for half in halves] for r in (run, run_untrained)
    )
    return {
        name: find(trained, untrained, [np.concatenate([label(t) for t in h]) for h in halves])
        for name, label in properties.items()
    }


def find(trained: Halves, untrained: Halves, labels: Halves) -> Finding:
    """Choose a unit on the first half and judge it on the second.

    Args:
        trained: (N, H) memories for each half, all sentences one after the other.
        untrained: The same of a network that learned nothing.
        labels: (N,) for each half.
    """
    searched, held_out = _both_halves(trained, [label[None] for label in labels])
    unit, agreed = int(np.abs(searched).argmax()), held_out * np.sign(searched)
    reached, again = _both_halves(untrained, [label[None] for label in labels])
    plain = float(np.abs(again[0, np.abs(reached).argmax()]))
    control = _by_chance(trained, labels)
    followers = np.minimum(np.abs(searched), agreed)[0] > max(control, plain)
    return Finding(unit, searched[0, unit], held_out[0, unit], control, plain, followers)


def correlations(states: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return (P, H) Pearson correlations of (P, N) labels with (N, H) states; 0 if one is constant.

    Source: Pearson (1895), doi:10.1098/rspl.1895.0041: the mean product of standardised values.
    """
    return _standardised(labels.T).T @ _standardised(states) / len(states)


def _both_halves(states: Halves, labels: Halves) -> list[np.ndarray]:
    return [correlations(s, label) for s, label in zip(states, labels, strict=True)]


def _by_chance(states: Halves, labels: Halves) -> float:
    """Return the largest |correlation| on the second half over all searches for moved labels."""
    rng = np.random.default_rng(SEED)
    moved = []
    for label in labels:
        offsets = rng.integers(1, len(label), NUM_SHUFFLES)
        moved.append(np.stack([np.roll(label, offset) for offset in offsets]))
    searched, held_out = _both_halves(states, moved)
    chosen = np.abs(searched).argmax(axis=1)
    return float(np.abs(held_out[np.arange(NUM_SHUFFLES), chosen]).max())


def _standardised(values: np.ndarray) -> np.ndarray:
    """Return each column with mean 0 and variance 1; a constant column becomes 0."""
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    return centred / np.where(spread > 1e-9, spread, np.inf)


def told(findings: Mapping[str, Finding]) -> str:
    """Say as Markdown how many units follow anything, and how few that is."""
    following = np.any([finding.followers for finding in findings.values()], axis=0)
    found = [name for name, finding in findings.items() if finding.holds]
    missed = [name for name in findings if name not in found]
    lost = f" No unit was found for {_listed(missed)}." if missed else ""
    return (
        f"Beyond both controls a unit was found for {_listed(found) or 'nothing'}.{lost} "
        f"**Take care:** {following.sum()} of {len(following)} units follow any of these; "
        f"**the other {(~following).sum()} follow nothing that we could name**. And a unit that "
        "follows something need not be what the network decides by: a correlation is no cause."
    )


def _listed(names: Sequence[str]) -> str:
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
