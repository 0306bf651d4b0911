"""The drawn search is the search: every kept branch, the chosen path, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core.decoding import beam_search
from core.figures import beam_tree
from core.search_tree import ROOT, SearchOptions, SearchTree
from core.vocabulary import SPECIAL_TOKENS, Vocabulary

WORDS = ("a", "dog", "man", "runs", "sits", "in", "the", "grass", "snowboarding", "<b>")
VOCABULARY = Vocabulary((*SPECIAL_TOKENS, *WORDS))
KINDS = ("given up", "followed", "chosen")


def some_search(beam_size: int, seed: int = 0) -> SearchTree:
    """Search a random table of what follows what; the end grows likelier with every step."""
    size = len(VOCABULARY)
    table = np.random.default_rng(seed).normal(0, 2, (size, size))
    table[:, [VOCABULARY.pad_id, VOCABULARY.bos_id, VOCABULARY.unk_id]] = -30

    def step(token_ids, states):
        logits = table[token_ids].copy()
        logits[:, VOCABULARY.eos_id] += states["age"] - 4
        log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probs, {"age": states["age"] + 1}, {}

    return beam_search(
        step,
        {"age": np.zeros(1)},
        bos_id=VOCABULARY.bos_id,
        eos_id=VOCABULARY.eos_id,
        options=SearchOptions(beam_size, max_new_tokens=9),
    )


def drawn_words(figure: go.Figure, kind: str) -> list[tuple[str, float]]:
    """Return (word, total log-probability) of each node of one kind."""
    [trace] = [
        t for t in figure.data if t.mode == "text" and f", {kind}<br>" in (t.hovertemplate or "")
    ]
    return [(node[0], node[2]) for node in trace.customdata]


@pytest.mark.parametrize("beam_size", [1, 3, 5])
def test_every_branch_that_was_followed_is_drawn_once(beam_size):
    tree = some_search(beam_size)
    figure = beam_tree.lanes(tree, VOCABULARY, tree.ranked(0.7)[0])
    drawn = drawn_words(figure, "followed") + drawn_words(figure, "chosen")
    last_step = tree.expansions[-1].time_step
    followed = [e for e in tree.expansions if e.kept and (e.finished or e.time_step < last_step)]
    assert Counter(round(total, 6) for _, total in drawn) == Counter(
        round(e.log_prob, 6) for e in followed
    )


def test_the_chosen_path_is_drawn_in_its_order():
    tree = some_search(3)
    chosen = tree.ranked(0.7)[1]
    names = [name for name, _ in drawn_words(beam_tree.lanes(tree, VOCABULARY, chosen), "chosen")]
    words = [*VOCABULARY.decode(chosen.token_ids), "end"]
    assert names == [{"<b>": "&lt;b&gt;"}.get(word, word) for word in words]


def test_drawn_and_left_out_are_together_everything_that_was_weighed():
    tree = some_search(5)
    figure = beam_tree.lanes(tree, VOCABULARY, tree.ranked(0.0)[0])
    drawn = sum(len(drawn_words(figure, kind)) for kind in KINDS)
    [counts] = [t for t in figure.data if "more were weighed" in (t.hovertemplate or "")]
    assert drawn + sum(counts.customdata) == len(tree.expansions)
    assert sum(counts.customdata) > 0


def test_each_edge_joins_a_parent_to_its_child():
    tree = some_search(3)
    figure = beam_tree.lanes(tree, VOCABULARY, tree.ranked(0.7)[0])
    texts = [t for t in figure.data if t.mode == "text" and t.customdata is not None]
    lane = {}
    for trace in texts[: len(KINDS)]:
        for x, node in zip(trace.x, trace.customdata, strict=True):
            lane[round(node[2], 9)] = x
    joined = set()
    for trace in (t for t in figure.data if t.mode == "lines"):
        curve, rows = [], []
        for x, y in zip(trace.x, trace.y, strict=True):
            if x is None:
                joined.add((curve[0], curve[-1], round(rows[-1])))
                curve, rows = [], []
            else:
                curve.append(x)
                rows.append(y)
    shown = beam_tree.shown_nodes(tree)
    expected = set()
    for node in shown:
        parent = node.parent
        start = 0 if parent == ROOT else lane[round(tree.expansions[parent].log_prob, 9)]
        expected.add((start, lane[round(node.log_prob, 9)], node.time_step))
    assert joined == expected


def test_the_best_total_of_each_row_stands_on_the_left():
    tree = some_search(5)
    figure = beam_tree.lanes(tree, VOCABULARY, tree.ranked(0.7)[0])
    rows: dict[float, list[tuple[float, float]]] = {}
    for trace in (
        t for t in figure.data if t.mode == "text" and "total" in (t.hovertemplate or "")
    ):
        for x, y, node in zip(trace.x, trace.y, trace.customdata, strict=True):
            rows.setdefault(y, []).append((x, node[2]))
    for row in rows.values():
        totals = [total for _, total in sorted(row)]
        assert totals == sorted(totals, reverse=True)


def test_a_hypothesis_of_another_search_is_refused():
    tree = some_search(3)
    with pytest.raises(ValueError, match="did not|not one that this search"):
        beam_tree.lanes(tree, VOCABULARY, replace(tree.finished[0], log_prob=-1.0))
