"""Distances are the given ones; units stand in both sentences and in their difference."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme
from core.figures.two_contexts import FARTHEST, NUM_UNITS, both_states, context_distances

NAMES = ("word vector", "read from the left", "<both>")
SENTENCES = ("The dog ate.", "A hot <dog>" + " and more" * 9)


def test_bars_and_marks_stand_at_the_given_distances():
    same, other = context_distances(NAMES, (0.0, 0.31, 0.72), (0.95, 0.8, 0.9)).data
    assert list(same.x) == [0.0, 0.31, 0.72] and list(other.x) == [0.95, 0.8, 0.9]
    assert list(same.y) == list(other.y) == [0, 1, 2]
    assert same.marker.color != other.marker.color
    assert same.name != other.name and other.mode == "markers"


def test_rows_have_their_names_and_numbers_in_the_order_given():
    figure = context_distances(NAMES, (0.0, 0.31, 0.72), (0.95, 0.8, 0.9))
    rows = figure.layout.yaxis
    assert list(rows.ticktext) == ["word vector", "read from the left", "&lt;both&gt;"]
    assert rows.range[0] > rows.range[1]  # read downwards
    told = {note.y: note.text for note in figure.layout.annotations}
    assert told == {0: "<b>0.00</b>", 1: "<b>0.31</b>", 2: "<b>0.72</b>"}


def test_a_bar_beyond_the_axis_ends_there_and_says_its_true_length():
    figure = context_distances(["far"], [1.9], [1.5])
    same, other = figure.data
    assert tuple(figure.layout.xaxis.range) == (0, FARTHEST)
    assert list(same.x) == list(other.x) == [FARTHEST]
    assert (same.customdata[0][1], other.customdata[0][1]) == (1.9, 1.5)


def test_distances_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 and 3 distances for 3 names"):
        context_distances(NAMES, (0.1, 0.2), (1, 1, 1))
    with pytest.raises(ValueError, match="between 0 and 2"):
        context_distances(NAMES, (0.1, 0.2, -0.1), (1, 1, 1))
    with pytest.raises(ValueError, match="between 0 and 2"):
        context_distances(NAMES, (0.1, 0.2, 0.3), (1, 1, float("nan")))


def test_the_third_row_is_the_difference_and_rises_to_the_right():
    states = np.array([[0.5, -0.9, 0.25, 0.0], [-0.25, 0.9, 0.25, 0.125]])
    cells = both_states(states, SENTENCES).data[0]
    assert [int(unit) for _, unit in cells.customdata[0]] == [0, 2, 3, 1]
    np.testing.assert_array_equal(cells.z[:2], states[:, [0, 2, 3, 1]])
    np.testing.assert_allclose(cells.z[2], [-0.75, 0, 0.125, 1.8])
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert cells.colorscale == tuple(theme.SIGNED)


def test_of_many_units_the_strongest_are_drawn_whether_or_not_they_differ():
    states = np.full((2, 3 * NUM_UNITS), 0.1)
    states[1, ::9] = -0.1  # what differs is weak
    states[:, :NUM_UNITS] = 0.8
    cells = both_states(states, SENTENCES).data[0]
    assert sorted(int(unit) for _, unit in cells.customdata[0]) == list(range(NUM_UNITS))
    assert not cells.z[2].any()


def test_sentences_stand_above_their_rows_as_text():
    first, second, difference = both_states(np.zeros((2, 5)), SENTENCES).layout.annotations
    assert first.text == "“The dog ate.”"
    assert second.text.startswith("“A hot &lt;dog&gt; and") and second.text.endswith("…”")
    assert [note.y for note in (first, second, difference)] == [-0.5, 0.5, 1.5]


def test_states_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="not two"):
        both_states(np.zeros((3, 5)), SENTENCES)
    with pytest.raises(ValueError, match="not two"):
        both_states(np.zeros((2, 5)), SENTENCES[:1])
    with pytest.raises(ValueError, match="not two"):
        both_states(np.zeros(2), SENTENCES)
    with pytest.raises(ValueError, match="between -1 and 1"):
        both_states(np.full((2, 5), 1.1), SENTENCES)
    with pytest.raises(ValueError, match="between -1 and 1"):
        both_states(np.full((2, 5), np.nan), SENTENCES)
