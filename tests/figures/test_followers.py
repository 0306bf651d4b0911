"""The evidence is drawn as it was found, the same way up; the words keep their rows."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.followers import evidence, word_by_word
from core.ideas.unit_search import Finding

NOBODY = np.zeros(4, bool)
FINDINGS = {
    "brackets": Finding(3, -0.9, -0.8, 0.3, 0.4, NOBODY),
    "length": Finding(1, 0.5, -0.1, 0.2, 0.1, NOBODY),
}


def test_evidence_points_to_the_side_of_the_unit_that_was_chosen():
    traces = {trace.name: trace for trace in evidence(FINDINGS).data}
    assert list(traces["where it was chosen"].x) == [0.9, 0.5]
    assert list(traces["on new sentences"].x) == [0.8, -0.1]
    assert list(traces["by chance"].x) == [0.3, 0.2]
    assert list(traces["a network that learned nothing"].x) == [0.4, 0.1]
    assert list(evidence(FINDINGS).layout.yaxis.ticktext) == ["brackets, unit 3", "length, unit 1"]


def test_equal_words_keep_their_own_rows():
    figure = word_by_word(["a", "b", "a"], np.array([0.1, -0.2, 0.3]), np.arange(3.0), ("u", "p"))
    memory, label = figure.data
    assert list(memory.y) == [0, 1, 2] and list(memory.x) == [0.1, -0.2, 0.3]
    assert list(label.x) == [0, 0.5, 1]
    assert list(figure.layout.yaxis.ticktext) == ["a", "b", "a"]
    assert list(figure.layout.xaxis.ticktext) == ["-0.3", "0", "0.3"]


def test_a_property_that_is_nowhere_is_drawn_as_nothing():
    figure = word_by_word(["a"], np.array([0.1]), np.zeros(1), ("u", "p"))
    assert list(figure.data[1].x) == [0]


def test_unusable_numbers_are_refused():
    with pytest.raises(ValueError, match="2 tokens"):
        word_by_word(["a", "b"], np.zeros(3), np.zeros(2), ("u", "p"))
    with pytest.raises(ValueError, match="between -1 and 1"):
        word_by_word(["a"], np.array([1.5]), np.zeros(1), ("u", "p"))
