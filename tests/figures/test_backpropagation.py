"""The numbers stand in their boxes, and the tangent touches the curve where the weight stands."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import backpropagation as figures


def texts(figure) -> list[str]:
    return [trace.text[0] for trace in figure.data if trace.mode == "text"]


def test_known_numbers_are_written_and_unknown_ones_are_not():
    hidden = np.array([[0.25, -0.5], [np.nan, np.nan]])
    back = np.full((2, 2), np.nan)
    figure = figures.numbers_there_and_back((1.0, 2.0), hidden, back, (np.nan, np.nan))
    written = texts(figure)
    assert {"0.250", "−0.500", "x = 1", "x = 2"} <= set(written)
    assert written.count("…") == 2 + 4 + 2


def test_states_and_gradients_belong_to_inputs():
    with pytest.raises(ValueError, match="3 states"):
        figures.numbers_there_and_back((1.0,), np.ones((3, 2)), np.ones((1, 2)), (0.0, 0.0))


def test_the_tangent_touches_the_parabola_where_the_weight_stands():
    weights = np.linspace(-1, 3, 81)
    figure = figures.loss_along((weights, weights**2), (1.0, 1.0, 2.0), 0.0, "w1")
    curve, tangent, now, after = figure.data
    middle = np.mean(tangent.y)
    assert middle == pytest.approx(1) and (now.x[0], now.y[0]) == (1, 1)
    assert np.diff(tangent.y)[0] / np.diff(tangent.x)[0] == pytest.approx(2)
    assert all(line <= w**2 + 1e-9 for line, w in zip(tangent.y, tangent.x, strict=True))
    assert (after.x[0], after.y[0]) == (0, pytest.approx(0, abs=1e-9))
    assert list(curve.x) == list(weights)


def test_a_step_that_leaves_the_picture_is_not_drawn():
    weights = np.linspace(-1, 3, 81)
    figure = figures.loss_along((weights, weights**2), (1.0, 1.0, 2.0), 99.0, "w1")
    assert [trace.name for trace in figure.data] == ["loss", "slope 2.000", "now"]


def test_the_page_s_learning_rate_stands_out():
    figure = figures.loss_by_update({"slow": [1.0, 0.9], "fast": [1.0, 0.1]}, "fast", 1)
    widths = {trace.name: trace.line.width for trace in figure.data[:2]}
    assert widths["fast"] > widths["slow"]
    assert (figure.data[2].x[0], figure.data[2].y[0]) == (1, 0.1)
