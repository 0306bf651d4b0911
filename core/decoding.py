"""Greedy and beam search over any one-step network, keeping the whole tree.

The search knows arrays and token ids only. It returns every candidate that it weighed, kept or
pruned, so that a page can draw the search and re-rank finished hypotheses without the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from core.largest import places_within, shortlist
from core.search_tree import ROOT, Hypothesis, Reading, SearchOptions, SearchTree, Weighed

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
        rows = search.advance(Reading(log_probs, records))
        states = {name: array.take(rows, axis=0) for name, array in states.items()}
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
    """The tree while it grows; a node is `stride` times its time step, plus its rank."""

    def __init__(self, bos_id: int, eos_id: int, options: SearchOptions) -> None:
        self.eos_id, self.options = eos_id, options
        self.stride = 2 * options.beam_size
        self.weighed: list[tuple[np.ndarray, ...]] = []
        """Per time step `_weigh`'s columns."""
        self.kept: dict[int, tuple[int, int, float, float]] = {ROOT: (ROOT, bos_id, 0.0, 0.0)}
        """Per kept node its parent, token, that token's log-probability, and the sum of all."""
        self.finished: list[tuple[int, bool]] = []
        """Last nodes, and whether they are an end token."""
        self.readings: list[Reading] = []
        self.read: list[list[int]] = []
        """Per time step the nodes that lived, one per row of its reading."""
        self.living = [ROOT]

    def read_next(self) -> np.ndarray:
        """Return the token of each living node."""
        return np.array([self.kept[node][1] for node in self.living], np.int64)

    def advance(self, reading: Reading) -> np.ndarray:
        """Weigh this step's candidates; return, per new living node, the row it grew from.

        No row has two end tokens, so the first 2K candidates hold all that are kept.
        """
        beam_size, living, rows = self.options.beam_size, [], []
        parents, first_node = self.living, self.stride * len(self.read)
        last_step = len(self.read) + 1 == self.options.max_new_tokens
        for rank, (row, token_id, own, total) in enumerate(self._weigh(reading.log_probs)):
            ends, node = token_id == self.eos_id, first_node + rank
            if rank >= beam_size if ends else len(living) == beam_size:
                continue
            self.kept[node] = (parents[row], token_id, own, total)
            if ends or last_step:
                self.finished.append((node, ends))
            if not ends:
                living.append(node)
                rows.append(row)
        self.readings.append(reading)
        self.read.append(parents)
        done = last_step or len(self.finished) >= beam_size
        self.living = [] if done else living
        return np.array([] if done else rows, dtype=np.int64)

    def _weigh(self, log_probs: np.ndarray) -> Iterator[tuple[int, int, float, float]]:
        """Note the likeliest continuations of all rows; return the best 2K, best total first.

        Each is (row, token_id, its log-probability, the total's).
        """
        width = log_probs.shape[1]
        places = shortlist(log_probs, min(self.stride, width))
        own = log_probs.ravel().take(places)
        before = np.array([self.kept[node][3] for node in self.living])
        totals = own + before.take(places // width)
        order = (-totals).argsort(kind="stable")  # equal ones by row, then by token
        self.weighed.append((places, own, totals, order))
        columns = (column.take(order[: self.stride]).tolist() for column in (places, own, totals))
        return (
            (*divmod(place, width), own, total)
            for place, own, total in zip(*columns, strict=True)
            if total > -np.inf
        )

    def tree(self) -> SearchTree:
        weighed, stride = self._all_weighed(), self.stride
        starts = np.searchsorted(weighed.time_steps, np.arange(len(self.read)))
        firsts, nodes = starts.tolist(), weighed.parents
        parents = np.where(nodes == ROOT, ROOT, starts[nodes // stride] + nodes % stride)

        def index(node: int) -> int:
            return ROOT if node == ROOT else firsts[node // stride] + node % stride

        read = zip(self.readings, self.read, strict=True)
        return SearchTree(
            self.options,
            weighed._replace(parents=parents),
            frozenset(map(index, self.kept)) - {ROOT},
            tuple(self._hypothesis(node, ends, index) for node, ends in self.finished),
            {index(node): (step, row) for step, living in read for row, node in enumerate(living)},
        )

    def _all_weighed(self) -> Weighed:
        """Return every parent's best 2K continuations; parents are nodes still."""
        num_rows = np.array([len(nodes) for nodes in self.read])
        sizes = np.array([len(places) for places, *_ in self.weighed])
        columns = (np.concatenate(parts) for parts in zip(*self.weighed, strict=True))
        places, own, totals, order = columns
        own = own.astype(np.float64)
        rows, token_ids = np.divmod(places, self.readings[0].log_probs.shape[1])
        rows += (num_rows.cumsum() - num_rows).repeat(sizes)  # counted through all steps
        order += (sizes.cumsum() - sizes).repeat(sizes)
        wanted = order[(places_within(rows[order]) < self.stride) & (own[order] > -np.inf)]
        parents, time_steps = np.concatenate(self.read)[rows], np.arange(len(sizes)).repeat(sizes)
        columns = [c[wanted] for c in (parents, time_steps, token_ids, own, totals)]
        return Weighed(*columns, places_within(columns[1]))

    def _hypothesis(self, node: int, ends: bool, index: Callable[[int], int]) -> Hypothesis:
        path, log_prob = [], self.kept[node][3]
        while node != ROOT:
            path.append(node)
            node = self.kept[node][0]
        path.reverse()
        _, token_ids, token_log_probs, _ = zip(*(self.kept[n] for n in path), strict=True)
        written = token_ids[:-1] if ends else token_ids
        return Hypothesis(tuple(map(index, path)), written, token_log_probs, log_prob, ends)
