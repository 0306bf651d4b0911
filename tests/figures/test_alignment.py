"""The matrix holds the given weights in their places, and marks one row and where it looked."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme
from core.figures.alignment import alignment_matrix
from core.vocabulary import EOS

SOURCE = ("the", "dog", "sees", "the", "<b>")
TARGET = ("der", "Hund", "·s", EOS)
WEIGHTS = np.array(
    [
        [0.6, 0.1, 0.1, 0.1, 0.1],
        [0.0, 0.83, 0.17, 0.0, 0.0],
        [0.1, 0.1, 0.1, 0.5, 0.2],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)


def test_every_cell_is_its_weight_in_a_range_that_never_changes():
    cells = alignment_matrix(WEIGHTS, SOURCE, TARGET, 0).data[0]
    np.testing.assert_array_equal(cells.z, WEIGHTS)
    assert (cells.zmin, cells.zmax) == (0, 1)
    assert cells.colorscale[-1][1] == theme.ATTENTION


def test_repeated_words_keep_a_row_and_a_column_of_their_own():
    figure = alignment_matrix(WEIGHTS, SOURCE, TARGET, 1)
    columns, rows = figure.layout.xaxis, figure.layout.yaxis
    names = [columns.labelalias[column] for column in figure.data[0].x]
    assert names == ["the", "<b>dog</b>", "sees", "the", "&lt;b&gt;"]
    assert columns.type == "category" and columns.side == "top"
    assert list(rows.ticktext) == ["der", "<b>Hund</b>", "·s", "end"]
    assert rows.range[0] > rows.range[1]  # read downwards


def test_hovering_lights_the_row_and_the_column():
    figure = alignment_matrix(WEIGHTS, SOURCE, TARGET, 0)
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        assert axis.showspikes and axis.spikemode == "across"


def test_hovering_names_both_words():
    cells = alignment_matrix(WEIGHTS, SOURCE, TARGET, 0).data[0]
    assert tuple(cells.customdata[1][3]) == ("Hund", "the")
    assert tuple(cells.customdata[3][4]) == ("end", "&lt;b&gt;")
    assert "%{customdata[0]} ← %{customdata[1]}: %{z" in cells.hovertemplate


@pytest.mark.parametrize(
    ("selected", "looked_at", "told"),
    [
        (0, 0, "<b>der</b> ← <b>the</b>: 60%"),
        (1, 1, "<b>Hund</b> ← <b>dog</b>: 83%"),
        (2, 3, "<b>·s</b> ← <b>the</b>: 50%"),
        (3, 4, "<b>end</b> ← <b>&lt;b&gt;</b>: 100%"),
    ],
)
def test_the_row_and_what_it_looked_at_most_are_framed_and_told(selected, looked_at, told):
    figure = alignment_matrix(WEIGHTS, SOURCE, TARGET, selected)
    column, row, cell = ((s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes)
    assert row == (-0.5, len(SOURCE) - 0.5, selected - 0.5, selected + 0.5)
    assert cell == (looked_at - 0.5, looked_at + 0.5, selected - 0.5, selected + 0.5)
    assert column == (looked_at - 0.5, looked_at + 0.5, -0.5, selected - 0.5)
    assert {shape.line.color for shape in figure.layout.shapes} == {theme.CHOSEN}
    assert figure.data[0].colorbar.title.text == told


def test_every_further_target_word_makes_the_picture_as_much_higher():
    even = np.full((60, 60), 1 / 60)
    heights = [
        alignment_matrix(even[:rows], ["word"] * 60, ["Wort"] * rows, 0).layout.height
        for rows in (4, 5, 60)
    ]
    assert heights[2] - heights[1] == 55 * (heights[1] - heights[0]) > 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="4 by 4 tokens"):
        alignment_matrix(WEIGHTS, SOURCE[:4], TARGET, 0)
    with pytest.raises(ValueError, match="3 by 5 tokens"):
        alignment_matrix(WEIGHTS, SOURCE, TARGET[:3], 0)
    with pytest.raises(ValueError, match="row 4 of 4"):
        alignment_matrix(WEIGHTS, SOURCE, TARGET, 4)
    with pytest.raises(ValueError, match="row -1 of 4"):
        alignment_matrix(WEIGHTS, SOURCE, TARGET, -1)


@pytest.mark.parametrize("wrong", [[0.2] * 4 + [0.202], [1.1, -0.1, 0, 0, 0], [np.nan] * 5])
def test_rows_that_are_no_distribution_are_refused(wrong):
    with pytest.raises(ValueError, match="sums to 1"):
        alignment_matrix(np.vstack([WEIGHTS[:3], wrong]), SOURCE, TARGET, 0)


def test_rounding_is_no_mistake():
    rounded = np.round(WEIGHTS * 0.9995, 4)
    np.testing.assert_array_equal(alignment_matrix(rounded, SOURCE, TARGET, 0).data[0].z, rounded)
