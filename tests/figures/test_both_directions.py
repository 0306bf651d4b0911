"""The plan marks what is read from either side; states and accuracies are the given ones."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import both_directions as drawn, theme


def test_the_forward_row_is_full_up_to_the_word_and_the_backward_row_from_it():
    figure = drawn.plan(["a", "b", "c", "d"], 1)
    strong = {}
    for shape in figure.layout.shapes:
        if shape.yanchor in (drawn.FIRST, drawn.SECOND):
            opacity = float(shape.fillcolor.rstrip(")").split(",")[-1])
            strong.setdefault(shape.yanchor, []).append(opacity > 0.1)
    assert strong == {
        drawn.FIRST: [True, True, False, False],
        drawn.SECOND: [False, True, True, True],
    }
    chosen = [s for s in figure.layout.shapes if s.line.color == theme.CHOSEN]
    assert len(chosen) == 2


def test_words_stand_below_and_tags_are_shown_as_they_are():
    texts = [trace.text[0] for trace in drawn.plan(["<b>", "b"], 0).data]
    assert texts == ["&lt;b&gt;", "b"]


def test_states_are_those_of_the_units_that_change_most():
    rng = np.random.default_rng(0)
    forward, backward = rng.uniform(-1, 1, (5, 40)), rng.uniform(-1, 1, (5, 40))
    figure = drawn.states(list("abcde"), forward, backward, 2)
    for heat, values in zip(figure.data, (forward, backward), strict=True):
        units = np.sort(np.argsort(-values.std(axis=0))[: drawn.NUM_UNITS])
        np.testing.assert_array_equal(heat.z, values[:, units])
        assert (heat.zmin, heat.zmax) == (-1, 1)


def test_a_long_text_is_drawn_around_the_word():
    values = np.zeros((300, 30))
    heat = drawn.states([str(n) for n in range(300)], values, values, 200).data[0]
    assert len(heat.y) == drawn.MOST_WORDS and 200 in heat.y


def test_bars_are_the_accuracies_with_their_margin():
    figure = drawn.accuracies({"forward": 80.0, "both": 85.0}, 50.0, 1.5)
    assert list(figure.data[0].x) == [80, 85] and figure.data[0].error_x.value == 1.5
    assert figure.layout.shapes[0].x0 == 50


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="word 2 of 2"):
        drawn.plan(["a", "b"], 2)
    with pytest.raises(ValueError, match="for 1 tokens"):
        drawn.states(["a"], np.zeros((2, 3)), np.zeros((2, 3)), 0)
