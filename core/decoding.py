"""Greedy and beam search over any one-step network, keeping the whole tree.

The search knows arrays and token ids only. It returns every candidate that it weighed, kept or
pruned, so that a page can draw the search and re-rank finished hypotheses without the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.largest import largest_columns

Arrays = Mapping[str, np.ndarray]
Step = Callable[[np.ndarray, Arrays], tuple[np.ndarray, Arrays, Arrays]]
"""(token_ids (K,), states) -> log_probs (K, V), next states, records; every array has K rows."""

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


@dataclass(frozen=True)
class Expansion:
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
    finished: bool = False
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


@dataclass(frozen=True)
class SearchTree:
    """Everything that a search did."""

    options: SearchOptions
    expansions: tuple[Expansion, ...]
    """In the order of time steps, within a step by rank."""
    finished: tuple[Hypothesis, ...]
    """In the order of their ends."""
    log_probs: Mapping[int, np.ndarray]
    """Per living node (ROOT too), (V,) log-probabilities of what could follow."""
    records: Mapping[int, Mapping[str, np.ndarray]]
    """Per living node (ROOT too), what the network recorded while it read that node's token."""

    def ranked(self, length_penalty: float) -> tuple[Hypothesis, ...]:
        """Return finished hypotheses, best score first; complete ones before cut ones."""
        order = sorted(self.finished, key=lambda h: (not h.complete, -h.score(length_penalty)))
        return tuple(order)

    def parents(self, hypothesis: Hypothesis) -> tuple[int, ...]:
        """Return, for each of its tokens, the node whose log_probs and records chose it."""
        return (ROOT, *hypothesis.expansions[:-1])


def beam_search(
    step: Step, states: Arrays, *, bos_id: int, eos_id: int, options: SearchOptions
) -> SearchTree:
    """Search for likely sequences, keeping `beam_size` unfinished ones alive.

    At each step all continuations of the living compete. Among the best 2K, end tokens that rank
    within the first K finish their hypothesis and the best K others live on. The search ends with
    K finished hypotheses or at the limit, where the living are cut.

    Args:
        step: Runs the network once; see `Step`.
        states: The states before the begin token, one row each.
        bos_id: Read first.
        eos_id: Ends a hypothesis.
        options: Width and limit.

    Source: Sutskever et al. (2014), arXiv:1409.3215, section 3.2.
    """
    search = _Search(bos_id, eos_id, options)
    while search.living:
        tokens = np.array([search.token_of(node) for node in search.living], dtype=np.int64)
        log_probs, states, records = step(tokens, states)
        search.record(log_probs, records)
        rows = search.advance(log_probs)
        states = {name: array[rows] for name, array in states.items()}
    return search.tree()


def replay(step: Step, states: Arrays, token_ids: np.ndarray) -> tuple[np.ndarray, list[Arrays]]:
    """Force a known sequence through the network.

    Args:
        step: Runs the network once; see `Step`.
        states: The states before the first token, one row each.
        token_ids: (T,) tokens to read, the begin token first.

    Returns:
        (T, V) log-probabilities of what follows each token, and T records.
    """
    rows, records = [], []
    for token_id in token_ids:
        log_probs, states, record = step(np.array([token_id], dtype=np.int64), states)
        rows.append(log_probs[0])
        records.append({name: array[0] for name, array in record.items()})
    return np.stack(rows), records


class _Search:
    """The tree while it grows."""

    def __init__(self, bos_id: int, eos_id: int, options: SearchOptions) -> None:
        self.bos_id, self.eos_id, self.options = bos_id, eos_id, options
        self.expansions: list[Expansion] = []
        self.finished: list[Hypothesis] = []
        self.log_probs: dict[int, np.ndarray] = {}
        self.records: dict[int, Arrays] = {}
        self.living = [ROOT]
        self.time_step = 0

    def token_of(self, node: int) -> int:
        return self.bos_id if node == ROOT else self.expansions[node].token_id

    def log_prob_of(self, node: int) -> float:
        return 0.0 if node == ROOT else self.expansions[node].log_prob

    def record(self, log_probs: np.ndarray, records: Arrays) -> None:
        for row, node in enumerate(self.living):
            self.log_probs[node] = log_probs[row]
            self.records[node] = {name: array[row] for name, array in records.items()}

    def advance(self, log_probs: np.ndarray) -> np.ndarray:
        """Add this step's expansions; return, per new living node, the row it grew from."""
        last_step = self.time_step + 1 == self.options.max_new_tokens
        beam_size, living, rows = self.options.beam_size, [], []
        for rank, (row, token_id) in enumerate(self._candidates(log_probs)):
            ends = token_id == self.eos_id
            kept = rank < beam_size if ends else len(living) < beam_size
            node = self._add(row, token_id, rank, kept)
            if kept and (ends or last_step):
                self._finish(node, complete=ends)
            if kept and not ends:
                living.append(node)
                rows.append(row)
        done = last_step or len(self.finished) >= beam_size
        self.living, self.time_step = ([] if done else living), self.time_step + 1
        return np.array([] if done else rows, dtype=np.int64)

    def _candidates(self, log_probs: np.ndarray) -> list[tuple[int, int]]:
        """Return (row, token_id) of each parent's best 2K continuations, best total first."""
        count = min(2 * self.options.beam_size, log_probs.shape[1])
        best = largest_columns(log_probs, count)
        found = []
        for row, node in enumerate(self.living):
            start = self.log_prob_of(node)
            found += [
                (-(start + float(log_probs[row, token_id])), row, int(token_id))
                for token_id in best[row]
                if log_probs[row, token_id] > -np.inf
            ]
        return [(row, token_id) for _, row, token_id in sorted(found)]

    def _add(self, row: int, token_id: int, rank: int, kept: bool) -> int:
        parent, index = self.living[row], len(self.expansions)
        token_log_prob = float(self.log_probs[parent][token_id])
        log_prob = self.log_prob_of(parent) + token_log_prob
        self.expansions.append(
            Expansion(index, parent, self.time_step, token_id, token_log_prob, log_prob, rank, kept)
        )
        return index

    def _finish(self, node: int, *, complete: bool) -> None:
        self.expansions[node] = replace(self.expansions[node], finished=True)
        path = [node]
        while (parent := self.expansions[path[-1]].parent) != ROOT:
            path.append(parent)
        path.reverse()
        token_ids = tuple(self.expansions[n].token_id for n in path)
        self.finished.append(
            Hypothesis(
                expansions=tuple(path),
                token_ids=token_ids[:-1] if complete else token_ids,
                token_log_probs=tuple(self.expansions[n].token_log_prob for n in path),
                log_prob=self.expansions[node].log_prob,
                complete=complete,
            )
        )

    def tree(self) -> SearchTree:
        return SearchTree(
            self.options,
            tuple(self.expansions),
            tuple(self.finished),
            self.log_probs,
            self.records,
        )
