"""What a search over sequences leaves: every candidate that it weighed, kept or pruned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.largest import places_within

ROOT = -1
"""The parent of the first tokens: the state after reading the begin token alone."""


@dataclass(frozen=True)
class SearchOptions:
    """How far the search looks."""

    beam_size: int = 3
    """Unfinished hypotheses that live on after each step (K); 1 is greedy."""
    max_new_tokens: int = 20
    """After so many tokens without an end token a hypothesis is cut."""

    def __post_init__(self) -> None:
        if self.beam_size < 1 or self.max_new_tokens < 1:
            raise ValueError(f"{self} needs beam_size >= 1 and max_new_tokens >= 1")


class Weighed(NamedTuple):
    """All N candidates of a search, as columns; what they mean: `Expansion`."""

    parents: np.ndarray
    time_steps: np.ndarray
    token_ids: np.ndarray
    token_log_probs: np.ndarray
    log_probs: np.ndarray
    ranks: np.ndarray


class Expansion(NamedTuple):
    """One token weighed by the search: a node of the tree."""

    index: int
    """Its place in `SearchTree.expansions`."""
    parent: int
    """Index of the expansion that it continues, or ROOT."""
    time_step: int
    """0 for the first token of a hypothesis."""
    token_id: int
    token_log_prob: float
    """Natural logarithm of the token's probability after its parents (<= 0)."""
    log_prob: float
    """Sum of `token_log_prob` from the root to here (<= 0)."""
    rank: int
    """0 for the best of its time step, by `log_prob`."""
    kept: bool
    """True: within the beam after its step, or the end of a hypothesis. False: pruned.

    What was kept at the search's last step has no continuation in the tree.
    """
    finished: bool
    """True: this is the end token of a finished hypothesis, or was cut at the limit."""


@dataclass(frozen=True)
class Hypothesis:
    """A finished path through the tree."""

    expansions: tuple[int, ...]
    """Indices from the first token to the last, the end token included."""
    token_ids: tuple[int, ...]
    """Without the end token."""
    token_log_probs: tuple[float, ...]
    """One per expansion, the end token's last."""
    log_prob: float
    """Their sum."""
    complete: bool
    """False: cut at `max_new_tokens` before an end token came."""

    def score(self, length_penalty: float) -> float:
        """Return log_prob / ((5 + length) / 6) ** length_penalty; 0 leaves log_prob as it is.

        Source: Wu et al. (2016), arXiv:1609.08144, section 7.
        """
        return self.log_prob / length_divisor(len(self.expansions), length_penalty)


def length_divisor(length: int, length_penalty: float) -> float:
    """Return what a hypothesis' log_prob is divided by; 1 for a single token."""
    return ((5 + length) / 6) ** length_penalty


class Reading(NamedTuple):
    """One time step: what the network returned for K living nodes, and what was weighed then."""

    nodes: tuple[int, ...]
    """The living, one per row."""
    log_probs: np.ndarray
    """(K, V), of what could follow each."""
    records: Mapping[str, np.ndarray]
    """What the network recorded while it read their tokens, by name, K rows each."""
    places: np.ndarray
    """(C,) of candidates in `log_probs.ravel()`, best first: every row's best and few others."""
    totals: np.ndarray
    """(C,) float64, their `Expansion.log_prob`."""

    def best(self, count: int) -> Iterator[tuple[int, int, float, float]]:
        """Yield the best of all: row, token_id, its log-probability and the total's."""
        places, totals, width = self.places[:count], self.totals[:count], self.log_probs.shape[1]
        columns = (places, self.log_probs.ravel().take(places), totals)
        for place, own, total in zip(*(column.tolist() for column in columns), strict=True):
            if total > -np.inf:
                yield *divmod(place, width), own, total

    def candidates(self, count: int) -> tuple[np.ndarray, ...]:
        """Return every row's `count` best: parents, token_ids, their log-probabilities, totals."""
        rows, token_ids = np.divmod(self.places, self.log_probs.shape[1])
        own = self.log_probs.ravel()[self.places].astype(np.float64)
        wanted = (places_within(rows) < count) & (own > -np.inf)
        columns = (np.array(self.nodes)[rows], token_ids, own, self.totals)
        return tuple(column[wanted] for column in columns)


@dataclass(frozen=True)
class SearchTree:
    """Everything that a search did."""

    options: SearchOptions
    readings: tuple[Reading, ...]
    """One per time step."""
    kept: frozenset[int]
    """Indices of the expansions that were kept."""
    finished: tuple[Hypothesis, ...]
    """In the order of their ends."""

    @cached_property
    def weighed(self) -> Weighed:
        """Every candidate, in the order of time steps, within a step by rank."""
        steps = [reading.candidates(2 * self.options.beam_size) for reading in self.readings]
        parents, *columns = (np.concatenate(parts) for parts in zip(*steps, strict=True))
        time_steps = np.arange(len(steps)).repeat([len(step[0]) for step in steps])
        return Weighed(parents, time_steps, *columns, places_within(time_steps))

    @cached_property
    def log_probs(self) -> Mapping[int, np.ndarray]:
        """Per living node (ROOT too), (V,) log-probabilities of what could follow."""
        return {node: reading.log_probs[row] for node, (reading, row) in self._rows.items()}

    @cached_property
    def records(self) -> Mapping[int, Mapping[str, np.ndarray]]:
        """Per living node (ROOT too), what the network recorded while it read that node's token."""
        return {
            node: {name: array[row] for name, array in reading.records.items()}
            for node, (reading, row) in self._rows.items()
        }

    @cached_property
    def _rows(self) -> Mapping[int, tuple[Reading, int]]:
        """Per living node its time step and its row there."""
        return {
            node: (reading, row)
            for reading in self.readings
            for row, node in enumerate(reading.nodes)
        }

    @cached_property
    def expansions(self) -> tuple[Expansion, ...]:
        """The candidates one by one."""
        ended = {hypothesis.expansions[-1] for hypothesis in self.finished}
        rows = zip(*(column.tolist() for column in self.weighed), strict=True)
        return tuple(
            Expansion(index, *row, index in self.kept, index in ended)
            for index, row in enumerate(rows)
        )

    def ranked(self, length_penalty: float) -> tuple[Hypothesis, ...]:
        """Return finished hypotheses, best score first; complete ones before cut ones."""
        order = sorted(self.finished, key=lambda h: (not h.complete, -h.score(length_penalty)))
        return tuple(order)

    def parents(self, hypothesis: Hypothesis) -> tuple[int, ...]:
        """Return, for each of its tokens, the node whose log_probs and records chose it."""
        return (ROOT, *hypothesis.expansions[:-1])

    def recorded(self, name: str, hypothesis: Hypothesis) -> np.ndarray:
        """Return (T, ...) what the network recorded under a name, a row per token it chose."""
        found = (self._rows[node] for node in self.parents(hypothesis))
        return np.stack([reading.records[name][row] for reading, row in found])
