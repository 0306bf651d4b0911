"""Bars: the drawn numbers are the given ones, and equal words keep rows of their own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.figures import theme, words
from core.vocabulary import EOS

TOKENS = ("a", "man", "and", "a", "dog", EOS)
SURE = np.array([0.5, 0.25, 0.125, 0.75, 1.0, 0.0])
TOLD = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


def weighed(**probabilities: float) -> list[SimpleNamespace]:
    return [SimpleNamespace(token=t, probability=p) for t, p in probabilities.items()]


def test_labels_are_unique_and_the_end_has_a_name():
    labels = words.numbered(TOKENS)
    assert labels == ["1 a", "2 man", "3 and", "4 a", "5 dog", "6 end"]


def test_alternatives_are_drawn_best_first_and_the_chosen_one_stands_out():
    bars = words.alternative_bars(weighed(man=0.6, dog=0.25, cat=0.01), "dog").data[0]
    assert list(bars.x) == [0.6, 0.25, 0.01]
    assert list(bars.marker.color) == [theme.PRUNED, theme.CHOSEN, theme.PRUNED]
    assert list(bars.text) == ["60%", "25%", "1%"]


def test_the_range_does_not_follow_the_values():
    few, sure = (words.alternative_bars(weighed(a=p), "a") for p in (0.01, 0.99))
    assert few.layout.xaxis.range == sure.layout.xaxis.range
    assert few.layout.xaxis.range[1] >= 1


def test_a_sentence_has_one_row_per_token_and_the_selected_row_is_marked():
    figure = words.share_bars(TOKENS, SURE, TOLD, 3)
    np.testing.assert_array_equal(figure.data[0].x, SURE)
    np.testing.assert_array_equal(figure.data[1].x, TOLD)
    assert list(figure.data[0].y) == list(figure.data[1].y) == [0, 1, 2, 3, 4, 5]
    assert list(figure.layout.yaxis.ticktext) == ["a", "man", "and", "a", "dog", "end"]
    assert {(shape.y0, shape.y1) for shape in figure.layout.shapes} == {(2.5, 3.5)}


def test_words_cannot_bring_markup_into_a_figure():
    figure = words.alternative_bars(weighed(**{"<b>": 0.5}), "")
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;",)


@pytest.mark.parametrize("sure", [SURE[:-1], SURE + 0.5, SURE - 0.5])
def test_unusable_shares_are_refused(sure):
    with pytest.raises(ValueError, match="shares"):
        words.share_bars(TOKENS, sure, TOLD, 0)


def test_a_probability_above_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        words.alternative_bars(weighed(a=1.5), "a")
