"""Bars are the scores, the line is the score of all, and every bucket says how many it holds."""

from __future__ import annotations

import pytest

from core.figures import theme
from core.figures.by_length import score_by_length

LABELS, SCORES, COUNTS = ("1–5", "6–10", "<31"), (41.25, 30.0, 0.0), (1204, 310, 1)


def test_bars_and_line_stand_at_the_given_numbers():
    bars, line = score_by_length(LABELS, SCORES, COUNTS, 35.2).data
    assert list(bars.x) == [0, 1, 2] and list(bars.y) == list(SCORES)
    assert list(bars.text) == ["41.2", "30.0", "0.0"]
    assert list(line.y) == [35.2, 35.2] and line.line.dash == "dot"
    assert line.name == "all sentences: 35.2"
    assert line.x[0] < bars.x[0] and line.x[-1] > bars.x[-1]


def test_labels_and_hover_say_how_many_sentences():
    figure = score_by_length(LABELS, SCORES, COUNTS, 35.2)
    assert list(figure.layout.xaxis.ticktext) == [
        "<b>1–5</b><br>1,204",
        "<b>6–10</b><br>310",
        "<b>&lt;31</b><br>1",
    ]
    assert [row[1] for row in figure.data[0].customdata] == ["1,204", "310", "1"]


def test_the_range_does_not_follow_the_values():
    low, high = (score_by_length(["1–5"], [s], [9], s).layout.yaxis.range for s in (3, 99))
    assert tuple(low) == tuple(high) == (0, 100)


def test_the_line_has_the_colour_of_the_background():
    bars, line = score_by_length(LABELS, SCORES, COUNTS, 35.2).data
    assert any({bars.marker.color, line.line.color} <= set(group) for group in theme.COMPARED)


def test_unusable_numbers_are_refused():
    with pytest.raises(ValueError, match="2 scores and 3 counts for 3 labels"):
        score_by_length(LABELS, SCORES[:2], COUNTS, 35)
    with pytest.raises(ValueError, match="between 0 and 100"):
        score_by_length(LABELS, (1, 2, 100.5), COUNTS, 35)
    with pytest.raises(ValueError, match="between 0 and 100"):
        score_by_length(LABELS, SCORES, COUNTS, float("nan"))
    with pytest.raises(ValueError, match="at least one sentence"):
        score_by_length(LABELS, SCORES, (1, 0, 2), 35)
