"""Decoding: on networks small enough to try everything, the search finds what there is to find."""

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.decoding import beam_search, beam_search_without_loops, longest_run, replay
from core.search_tree import ROOT, Hypothesis, SearchOptions, length_divisor

BOS, EOS, A, B = range(4)
Distribution = Callable[[tuple[int, ...]], np.ndarray]
"""The tokens read so far, the begin token first -> (V,) probabilities of the next."""
FUZZ = settings(max_examples=60, deadline=None, derandomize=True, database=None)
NO_HISTORY = {"history": np.zeros((1, 0), dtype=np.int64)}


class ToyNetwork:
    """A step function over any distribution; its state is the history itself, one row each."""

    def __init__(self, distribution: Distribution) -> None:
        self.distribution, self.calls = distribution, 0

    def __call__(self, token_ids, states):
        self.calls += 1
        history = np.concatenate([states["history"], token_ids[:, None]], axis=1)
        log_probs = log(np.stack([self.distribution(tuple(row)) for row in history]))
        return log_probs, {"history": history}, {"read": history.copy()}


def log(probabilities: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(probabilities)


def search(distribution: Distribution, beam_size: int, max_new_tokens: int):
    options = SearchOptions(beam_size, max_new_tokens)
    network = ToyNetwork(distribution)
    return beam_search(network, NO_HISTORY, bos_id=BOS, eos_id=EOS, options=options)


def markov(rows: dict[int, list[float]]) -> Distribution:
    """Only the last token counts."""
    return lambda history: np.array(rows[history[-1]])


@st.composite
def random_networks(draw: st.DrawFn) -> tuple[Distribution, int, int]:
    """A distribution after every history (or every last token), V and the limit."""
    seed, vocab_size = draw(st.integers(0, 2**32)), draw(st.integers(3, 5))
    memory = draw(st.sampled_from([1, 100]))

    @cache
    def distribution(history: tuple[int, ...]) -> np.ndarray:
        rng = np.random.default_rng([seed, *history[-memory:]])
        return rng.dirichlet(np.full(vocab_size, 0.7))

    return distribution, vocab_size, draw(st.integers(2, 4))


def every_hypothesis(distribution: Distribution, limit: int, read=(BOS,), log_prob=0.0):
    """Yield (token_ids, log_prob, complete) of all there are, by plain recursion."""
    if len(read) == limit + 1:
        yield read[1:], log_prob, False
        return
    for token_id, probability in enumerate(distribution(read)):
        total = log_prob + math.log(probability)
        if token_id == EOS:
            yield read[1:], total, True
        else:
            yield from every_hypothesis(distribution, limit, (*read, token_id), total)


def score(hypothesis: tuple, length_penalty: float) -> float:
    """The definition, the end token counted in the length."""
    token_ids, log_prob, complete = hypothesis
    return log_prob / ((5 + len(token_ids) + complete) / 6) ** length_penalty


def best_first(hypotheses, length_penalty: float) -> list:
    return sorted(hypotheses, key=lambda h: (not h[2], -score(h, length_penalty)))


@FUZZ
@given(random_networks(), st.sampled_from([0.0, 0.5, 0.7, 1.0, 2.0]))
def test_a_beam_as_wide_as_the_tree_finds_what_exhaustive_search_finds(network, length_penalty):
    distribution, vocab_size, limit = network
    tree = search(distribution, vocab_size**limit, limit)
    expected = best_first(every_hypothesis(distribution, limit), length_penalty)
    found = tree.ranked(length_penalty)
    assert {(h.token_ids, h.complete) for h in found} == {(t, c) for t, _, c in expected}
    # Rank by rank the numbers agree; which sentence is first may differ where two are equal.
    assert [h.complete for h in found] == [complete for _, _, complete in expected]
    scores = [h.score(length_penalty) for h in found]
    np.testing.assert_allclose(scores, [score(h, length_penalty) for h in expected])
    assert math.isclose(sum(math.exp(h.log_prob) for h in found), 1)


@FUZZ
@given(random_networks())
def test_beam_size_1_is_greedy(network):
    distribution, _, limit = network
    read = [BOS]
    while len(read) <= limit and (best := int(distribution(tuple(read)).argmax())) != EOS:
        read.append(best)
    found = search(distribution, 1, limit).ranked(0.7)[0]
    assert found.token_ids == tuple(read[1:])
    assert found.complete == (len(read) <= limit)


@FUZZ
@given(random_networks(), st.integers(1, 4))
def test_every_number_of_a_path_is_what_the_network_says(network, beam_size):
    distribution, _, limit = network
    tree = search(distribution, beam_size, limit)
    for hypothesis in tree.finished:
        chosen = [*hypothesis.token_ids, *[EOS] * hypothesis.complete]
        read = np.array([BOS, *chosen[:-1]])
        log_probs, records = replay(ToyNetwork(distribution), NO_HISTORY, read)
        assert hypothesis.token_log_probs == tuple(log_probs[range(len(chosen)), chosen])
        assert math.isclose(hypothesis.log_prob, sum(hypothesis.token_log_probs))
        parents = tree.parents(hypothesis)
        np.testing.assert_array_equal([tree.log_probs[node] for node in parents], log_probs)
        for node, record in zip(parents, records, strict=True):
            np.testing.assert_array_equal(tree.records[node]["read"], record["read"])


@FUZZ
@given(random_networks(), st.integers(1, 4))
def test_the_tree_is_a_tree(network, beam_size):
    distribution, _, limit = network
    tree = search(distribution, beam_size, limit)
    for place, node in enumerate(tree.expansions):
        assert node.index == place
        start, time_step = 0.0, -1
        if node.parent != ROOT:
            parent = tree.expansions[node.parent]
            assert parent.kept and not parent.finished
            start, time_step = parent.log_prob, parent.time_step
        assert node.time_step == time_step + 1
        assert node.token_log_prob == tree.log_probs[node.parent][node.token_id]
        assert node.log_prob == start + node.token_log_prob
    for hypothesis in tree.finished:
        path = hypothesis.expansions
        assert tree.parents(hypothesis) == (ROOT, *path[:-1])
        assert tuple(tree.expansions[node].parent for node in path) == tree.parents(hypothesis)
        assert tree.expansions[path[-1]].finished


@FUZZ
@given(random_networks(), st.integers(1, 4))
def test_a_step_keeps_the_best_and_no_more_than_the_beam(network, beam_size):
    distribution, _, limit = network
    tree = search(distribution, beam_size, limit)
    last = max(node.time_step for node in tree.expansions)
    for time_step in range(last + 1):
        nodes = [node for node in tree.expansions if node.time_step == time_step]
        assert [node.rank for node in nodes] == list(range(len(nodes)))
        assert nodes == sorted(nodes, key=lambda node: -node.log_prob)
        ends = [node for node in nodes if node.token_id == EOS]
        others = [node for node in nodes if node.token_id != EOS]
        assert [node.kept for node in ends] == [node.rank < beam_size for node in ends]
        assert [node.kept for node in others] == [i < beam_size for i in range(len(others))]
        assert len(nodes) >= min(2 * beam_size, len(distribution((BOS,))))
    assert len(tree.finished) >= beam_size or last == limit - 1


# "a" looks better at first, but sentences that begin with it are spread thin.
GARDEN_PATH = markov({BOS: [0, 0, 0.6, 0.4], A: [0, 0.4, 0.25, 0.35], B: [0, 0.9, 0.05, 0.05]})


def test_a_beam_of_2_beats_greedy_on_the_garden_path():
    greedy = search(GARDEN_PATH, 1, 5).ranked(0)[0]
    assert greedy.token_ids == (A,)
    assert math.isclose(math.exp(greedy.log_prob), 0.6 * 0.4)
    tree = search(GARDEN_PATH, 2, 5)
    assert [h.token_ids for h in tree.ranked(0)] == [(B,), (A,)]
    assert math.isclose(math.exp(tree.ranked(0)[0].log_prob), 0.4 * 0.9)
    second_step = [node for node in tree.expansions if node.time_step == 1][:4]
    weighed = [(node.token_id, round(math.exp(node.log_prob), 3)) for node in second_step]
    assert weighed == [(EOS, 0.36), (EOS, 0.24), (B, 0.21), (A, 0.15)]


def finished_hypothesis(log_prob: float, length: int) -> Hypothesis:
    """One of `length` expansions, the end token among them."""
    token_log_probs = (log_prob / length,) * length
    return Hypothesis(tuple(range(length)), (A,) * (length - 1), token_log_probs, log_prob, True)


def test_length_penalty_worked_by_hand():
    # ((5 + 7) / 6) ** 0.5 is the square root of 2; (5 + 1) / 6 is 1, whatever the exponent.
    assert math.isclose(length_divisor(7, 0.5), 1.414213562373095)
    assert math.isclose(finished_hypothesis(-3.0, 7).score(0.5), -2.121320343559643)
    assert finished_hypothesis(-3.0, 7).score(0) == -3.0
    assert finished_hypothesis(-3.0, 1).score(2.0) == -3.0


def test_ranking_by_another_penalty_does_not_run_the_network():
    """P(a) = 0.30 and P(b b b) = 0.25; log 0.30 / (7/6) = -1.03, log 0.25 / (9/6) = -0.92."""
    rows = {
        (BOS,): [0, 0, 0.5, 0.5], (BOS, A): [0, 0.6, 0.4, 0], (BOS, B): [0, 0, 0, 1],
        (BOS, B, B): [0, 0, 0, 1], (BOS, B, B, B): [0, 0.5, 0.5, 0],
    }  # fmt: skip
    network = ToyNetwork(lambda history: np.array(rows.get(history, [0, 1, 0, 0])))
    options = SearchOptions(beam_size=3, max_new_tokens=6)
    tree = beam_search(network, NO_HISTORY, bos_id=BOS, eos_id=EOS, options=options)
    calls = network.calls
    assert tree.ranked(0)[0].token_ids == (A,)
    assert tree.ranked(1)[0].token_ids == (B, B, B)
    assert network.calls == calls


def test_what_the_limit_cuts_comes_after_what_is_complete():
    """Ten times likelier, yet without an end."""
    talkative = markov({BOS: [0, 0.09, 0.91, 0], A: [0, 0.0, 1, 0]})
    tree = search(talkative, 2, 4)
    complete, cut = tree.ranked(0)[:2]
    assert (complete.token_ids, complete.complete) == ((), True)
    assert (cut.token_ids, cut.complete) == ((A,) * 4, False)
    assert cut.log_prob > complete.log_prob
    assert len(cut.token_log_probs) == len(cut.expansions) == 4


@pytest.mark.parametrize("beam_size", [1, 2, 3, 4, 9])
def test_what_has_no_probability_is_never_found(beam_size):
    never_ends = markov({BOS: [0, 0, 1, 0], A: [0, 0, 0.5, 0.5], B: [0, 0, 1, 0]})
    tree = search(never_ends, beam_size, 3)
    assert all(math.isfinite(hypothesis.log_prob) for hypothesis in tree.finished)
    found = {hypothesis.token_ids for hypothesis in tree.finished}
    assert found <= {(A, A, A), (A, A, B), (A, B, A)}
    assert len(found) == min(beam_size, 3)
    assert not any(hypothesis.complete for hypothesis in tree.finished)


@pytest.mark.parametrize("beam_size", [1, 2, 4])
def test_nodes_are_numbered_as_they_stand_where_some_tokens_are_impossible(beam_size):
    tree = search(GARDEN_PATH, beam_size, 5)
    assert all(math.isfinite(node.log_prob) for node in tree.expansions)
    for hypothesis in tree.finished:
        path = [tree.expansions[node] for node in hypothesis.expansions]
        ending = (EOS,) * hypothesis.complete
        assert tuple(node.token_id for node in path) == hypothesis.token_ids + ending
        assert tuple(node.token_log_prob for node in path) == hypothesis.token_log_probs
        assert path[-1].log_prob == hypothesis.log_prob


def test_the_network_runs_once_per_time_step_on_all_that_live():
    rows_per_call = []
    toy = ToyNetwork(lambda history: np.array([0.2, 0.01, 0.4, 0.39]))

    def step(token_ids, states):
        rows_per_call.append(len(token_ids))
        assert len(states["history"]) == len(token_ids) and token_ids.dtype == np.int64
        return toy(token_ids, states)

    options = SearchOptions(beam_size=3, max_new_tokens=4)
    beam_search(step, NO_HISTORY, bos_id=BOS, eos_id=EOS, options=options)
    assert rows_per_call == [1, 3, 3, 3]


@pytest.mark.parametrize(
    ("tokens", "longest"),
    [("", 0), ("a", 1), ("abc", 1), ("aab", 2), ("abab", 2), ("xabcabcabcab", 3), ("aaaa", 4),
     ("abcdabcdabcd", 3), ("abcdeabcde", 1), ("abba", 2)],
)  # fmt: skip
def test_the_longest_run_by_hand(tokens, longest):
    assert longest_run(tokens) == longest


def in_circles(cycle):
    """A network that says a cycle of tokens for ever, and hardly ever the end token 1."""

    def step(token_ids, states):
        log_probs = np.log(np.full((len(token_ids), 12), 0.002))
        for row, place in enumerate(states["place"]):
            log_probs[row, cycle[place % len(cycle)]] = np.log(0.97)
        return log_probs, {"place": states["place"] + 1}, {}

    return step


@pytest.mark.parametrize("cycle", [[5], [5, 6], [5, 6, 7], [5, 6, 7, 8]])
@pytest.mark.parametrize("most", [2, 3])
def test_what_runs_in_circles_is_searched_again_without(cycle, most):
    ids = {"bos_id": 0, "eos_id": 1, "options": SearchOptions(2, 30)}
    states = {"place": np.zeros(1, int)}
    usual = beam_search(in_circles(cycle), states, **ids).ranked(1.0)[0].token_ids
    assert longest_run(usual) == 30 // len(cycle)
    tree = beam_search_without_loops(in_circles(cycle), states, **ids, most=most)
    assert all(longest_run(h.token_ids) <= most for h in tree.finished)
    again = beam_search_without_loops(in_circles(cycle), states, **ids, most=30)
    assert again.ranked(1.0)[0].token_ids == usual


@pytest.mark.parametrize("options", [{"beam_size": 0}, {"max_new_tokens": 0}, {"beam_size": -1}])
def test_options_that_search_nothing_are_rejected(options):
    with pytest.raises(ValueError, match="needs beam_size >= 1 and max_new_tokens >= 1"):
        SearchOptions(**options)


def test_options_are_frozen():
    with pytest.raises(FrozenInstanceError):
        SearchOptions().beam_size = 5
