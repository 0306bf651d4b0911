"""Greedy and beam search over any one-step network, keeping the whole tree.

The search knows arrays and token ids only. It returns every candidate that it weighed, kept or
pruned, so that a page can draw the search and re-rank finished hypotheses without the network.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np

from core.largest import shortlist
from core.search_tree import ROOT, Hypothesis, Reading, SearchOptions, SearchTree

LONGEST_LOOP = 4
"""Tokens that a sequence which runs in circles says again and again, at most."""
Arrays = Mapping[str, np.ndarray]
Step = Callable[[np.ndarray, Arrays], tuple[np.ndarray, Arrays, Arrays]]
"""(token_ids (K,), states) -> log_probs (K, V), next states, records; every array has K rows."""


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
        log_probs, states, records = step(search.read_next(), states)
        rows = search.advance(log_probs, records)
        states = {name: array.take(rows, axis=0) for name, array in states.items()}
    return search.tree()


def beam_search_without_loops(
    step: Step, states: Arrays, *, bos_id: int, eos_id: int, options: SearchOptions, most: int
) -> SearchTree:
    """Search as `beam_search` does, and if the best sequence runs in circles, again without.

    Args:
        step, states, bos_id, eos_id, options: As for `beam_search`.
        most: Copies of the same tokens that may follow each other; see `longest_run`.
    """
    ids = {"bos_id": bos_id, "eos_id": eos_id}
    tree = beam_search(step, states, **ids, options=options)
    if longest_run(tree.ranked(1.0)[0].token_ids) <= most:
        return tree
    (rows,) = {len(array) for array in states.values()}
    written = np.full((rows, most * LONGEST_LOOP), -1)
    return beam_search(
        _straight(step, most), {**states, "written": written}, **ids, options=options
    )


def longest_run(tokens: Sequence[Hashable]) -> int:
    """Return how many copies of up to LONGEST_LOOP tokens follow each other at most; 0 of none."""
    longest, tokens = min(1, len(tokens)), list(tokens)
    for size in range(1, LONGEST_LOOP + 1):
        same = 0
        for here, there in zip(tokens, tokens[size:], strict=False):
            same = same + 1 if here == there else 0
            longest = max(longest, 1 + same // size)
    return longest


def _straight(step: Step, most: int) -> Step:
    """Return a step after which no further copy of tokens can begin where `most` stand already."""

    def careful(token_ids: np.ndarray, states: Arrays) -> tuple[np.ndarray, Arrays, Arrays]:
        states = dict(states)
        written = np.column_stack([states.pop("written")[:, 1:], token_ids])
        log_probs, following, records = step(token_ids, states)
        for row, history in enumerate(written):
            for size in range(1, LONGEST_LOOP + 1):
                tail = history[-most * size :]
                if tail[0] >= 0 and (tail[size:] == tail[:-size]).all():
                    log_probs[row, tail[-size]] = -np.inf
        return log_probs, {**following, "written": written}, records

    return careful


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
    """The tree while it grows; a node is its candidate's place in `SearchTree.expansions`."""

    def __init__(self, bos_id: int, eos_id: int, options: SearchOptions) -> None:
        self.eos_id, self.options = eos_id, options
        self.kept: dict[int, tuple[int, int, float, float]] = {ROOT: (ROOT, bos_id, 0.0, 0.0)}
        """Per kept node its parent, token, that token's log-probability, and the sum of all."""
        self.finished: list[tuple[int, bool]] = []
        """Last nodes, and whether they are an end token."""
        self.readings: list[Reading] = []
        self.num_weighed = 0
        self.living = [ROOT]

    def read_next(self) -> np.ndarray:
        """Return the token of each living node."""
        return np.array([self.kept[node][1] for node in self.living], np.int64)

    def advance(self, log_probs: np.ndarray, records: Arrays) -> np.ndarray:
        """Weigh this step's candidates; return, per new living node, the row it grew from.

        No row has two end tokens, so the first 2K candidates hold all that are kept.
        """
        beam_size, living, rows = self.options.beam_size, [], []
        parents, first_node = self.living, self.num_weighed
        reading = self._read(log_probs, records)
        last_step = len(self.readings) == self.options.max_new_tokens
        for rank, (row, token_id, own, total) in enumerate(reading.best(2 * beam_size)):
            ends, node = token_id == self.eos_id, first_node + rank
            if rank >= beam_size if ends else len(living) == beam_size:
                continue
            self.kept[node] = (parents[row], token_id, own, total)
            if ends or last_step:
                self.finished.append((node, ends))
            if not ends:
                living.append(node)
                rows.append(row)
        done = last_step or len(self.finished) >= beam_size
        self.living = [] if done else living
        return np.array([] if done else rows, dtype=np.int64)

    def _read(self, log_probs: np.ndarray, records: Arrays) -> Reading:
        """Note what the living have led to, with every row's best 2K continuations."""
        width = log_probs.shape[1]
        count = min(2 * self.options.beam_size, width)
        places = shortlist(log_probs, count)
        before = np.array([self.kept[node][3] for node in self.living])
        totals = log_probs.ravel().take(places) + before.take(places // width)
        order = (-totals).argsort(kind="stable")  # equal ones by row, then by token
        places, totals = places.take(order), totals.take(order)
        self.readings.append(Reading(tuple(self.living), log_probs, records, places, totals))
        if totals[-1] > -np.inf:  # every row has as many
            self.num_weighed += count * len(self.living)
        else:
            self.num_weighed += len(self.readings[-1].candidates(count)[0])
        return self.readings[-1]

    def tree(self) -> SearchTree:
        hypotheses = tuple(self._hypothesis(node, ends) for node, ends in self.finished)
        kept = frozenset(self.kept) - {ROOT}
        return SearchTree(self.options, tuple(self.readings), kept, hypotheses)

    def _hypothesis(self, node: int, ends: bool) -> Hypothesis:
        path, log_prob = [], self.kept[node][3]
        while node != ROOT:
            path.append(node)
            node = self.kept[node][0]
        path.reverse()
        _, token_ids, token_log_probs, _ = zip(*(self.kept[n] for n in path), strict=True)
        written = token_ids[:-1] if ends else token_ids
        return Hypothesis(tuple(path), written, token_log_probs, log_prob, ends)
