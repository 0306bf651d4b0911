"""Bars hold the terms of the update, and the two shares fill the row."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.two_inputs import MOST_WORDS, balance, terms
from core.ideas.update import Update


def test_every_term_is_a_bar_and_the_state_a_dot():
    parts = Update(np.array([4, 9]), *(np.array([n, -n]) for n in (0.1, 0.2, 0.3, 0.4)))
    drawn = {trace.name: list(trace.x) for trace in terms(parts).data}
    assert drawn == {
        "present, W x": [0.1, -0.1],
        "recent past, U h": [0.2, -0.2],
        "own, b": [0.3, -0.3],
        "new state": [0.4, -0.4],
    }
    assert list(terms(parts).layout.yaxis.ticktext) == ["unit 4", "unit 9"]


def test_present_and_past_fill_the_row():
    figure = balance(["a", "a"], np.array([1.0, 0.3]), 1)
    np.testing.assert_allclose(np.add(figure.data[0].x, figure.data[1].x), 1)
    assert figure.layout.shapes[0].y0 == 0.5


def test_the_selected_word_of_a_long_text_is_drawn():
    figure = balance([str(n) for n in range(200)], np.full(200, 0.5), 150)
    assert "150" in figure.layout.yaxis.ticktext and len(figure.data[0].x) == MOST_WORDS


def test_what_is_no_share_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        balance(["a"], np.array([1.5]), 0)
