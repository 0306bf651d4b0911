"""Bars stand at the given numbers, on the right side, in ranges that never change."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme, verdicts

LABELS = ("not", "bad", "not", "<b>bad</b>" * 5)
SHARES = np.array([0.2, 0.5, 0.9, 1.0])


def ends(bar) -> np.ndarray:
    """Return where the bars end on the axis of probabilities."""
    return np.asarray(bar.base) + np.asarray(bar.x)


@pytest.mark.parametrize("probability", [0.0, 0.3, 0.5, 1.0])
def test_the_verdict_bar_ends_at_its_probability(probability):
    figure = verdicts.verdict_bar(probability)
    (bar,) = figure.data
    assert ends(bar) == pytest.approx([probability])
    assert list(bar.marker.color) == [theme.SIDES[int(probability >= 0.5)]]
    assert tuple(figure.layout.xaxis.range) == (0, 1)


def test_both_ways_of_reading_are_drawn_over_the_same_rows():
    figure = verdicts.verdicts_over_time(LABELS, SHARES, SHARES[::-1], range(1, 3))
    down, up = figure.data
    np.testing.assert_allclose(ends(down), SHARES)
    np.testing.assert_allclose(ends(up), SHARES[::-1])
    assert list(down.y) == list(up.y) == [0, 1, 2, 3]
    assert list(down.marker.color) == [theme.SIDES[i] for i in (0, 1, 1, 1)]
    bands = {(shape.y0, shape.y1) for shape in figure.layout.shapes}
    assert bands == {(0.5, 2.5)}


def test_repeated_words_keep_their_rows_and_markup_is_shown():
    axis = verdicts.effect_bars(LABELS, SHARES, SHARES).layout.yaxis
    assert list(axis.ticktext)[:3] == ["not", "bad", "not"]
    assert axis.ticktext[3].startswith("&lt;b&gt;bad") and axis.ticktext[3].endswith("…")
    assert tuple(axis.range) == (3.5, -0.5)  # read downwards


def test_effects_end_at_the_edge_and_say_their_true_size():
    effects = np.array([-99.0, -1.0, 0.5, 99.0])
    figure = verdicts.effect_bars(LABELS, effects, SHARES)
    (bar,) = figure.data
    assert list(bar.x) == [-verdicts.STRONGEST, -1.0, 0.5, verdicts.STRONGEST]
    assert [row[1] for row in bar.customdata] == ["-99.00", "-1.00", "+0.50", "+99.00"]
    assert [row[2] for row in bar.customdata] == ["20%", "50%", "90%", "100%"]
    assert list(bar.marker.color) == [theme.SIDES[i] for i in (0, 0, 1, 1)]
    assert tuple(figure.layout.xaxis.range) == (-verdicts.STRONGEST, verdicts.STRONGEST)


def test_the_histogram_counts_every_text_once():
    shares = np.array([0.0, 0.01, 0.49, 0.5, 0.97, 1.0])
    (bar,) = verdicts.verdict_histogram(shares).data
    assert sum(bar.y) == len(shares)
    assert (bar.y[0], bar.y[9], bar.y[10], bar.y[-1]) == (2, 1, 1, 2)
    assert set(bar.marker.color[:10]) == {theme.SIDES[0]}
    assert set(bar.marker.color[10:]) == {theme.SIDES[1]}
    assert sum(verdicts.verdict_histogram(np.array([])).data[0].y) == 0


def test_unusable_numbers_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        verdicts.verdict_bar(1.2)
    with pytest.raises(ValueError, match="between 0 and 1"):
        verdicts.verdict_histogram(np.array([np.nan]))
    with pytest.raises(ValueError, match="probabilities for 4 words"):
        verdicts.verdicts_over_time(LABELS, SHARES, SHARES[:2], range(1))
    with pytest.raises(ValueError, match="effects for 4 words"):
        verdicts.effect_bars(LABELS, SHARES[:3], SHARES)
