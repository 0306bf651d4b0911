"""Skill, error and reliability are drawn as given, on scales that can be compared."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.figures import theme
from core.figures.verification import error_by_horizon, interval_dots, reliability

ROWS = {
    "LSTM": SimpleNamespace(estimate=0.05, low=0.02, high=0.09),
    "Drift <x>": SimpleNamespace(estimate=-0.01, low=-0.02, high=0.0),
}


def test_each_row_is_a_dot_with_its_interval_and_the_chosen_one_stands_out():
    first, second = interval_dots(ROWS, "skill", "LSTM").data
    assert (first.x[0], first.error_x.array[0]) == pytest.approx((5, 4))
    assert first.error_x.arrayminus[0] == pytest.approx(3)
    assert (first.marker.color, second.marker.color) == (theme.FORECAST, theme.PRUNED)


def test_the_line_at_nothing_is_drawn_and_names_bring_no_markup():
    figure = interval_dots(ROWS, "skill", "LSTM")
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0, 0)]
    assert figure.layout.yaxis.ticktext == ("LSTM", "Drift &lt;x&gt;")


def test_errors_begin_at_horizon_one_and_their_axis_at_nothing():
    figure = error_by_horizon({"a": np.array([1.0, 2]), "b": np.array([3.0, 4])}, "RMSE", "days")
    assert [list(trace.x) for trace in figure.data] == [[1, 2], [1, 2]]
    assert list(figure.data[1].y) == [3, 4] and figure.layout.yaxis.rangemode == "tozero"
    marks = {(t.line.color, t.line.dash, t.marker.symbol) for t in figure.data}
    assert len(marks) == 2


def test_reliability_is_drawn_beside_the_diagonal_on_a_fixed_range():
    promised, held = np.array([0.5, 0.8, 0.95]), np.array([0.4, 0.7, 0.9])
    diagonal, drawn = reliability(promised, {"LSTM": held}).data
    assert list(diagonal.x) == list(diagonal.y) == [0, 100]
    np.testing.assert_allclose(drawn.x, 100 * promised)
    np.testing.assert_allclose(drawn.y, 100 * held)
    figure = reliability(promised, {"LSTM": held})
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (0, 100)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: error_by_horizon({"a": np.array([-1.0])}, "RMSE", "days"),
        lambda: reliability(np.array([0.5]), {"a": np.array([1.5])}),
    ],
)
def test_impossible_numbers_are_refused(draw):
    with pytest.raises(ValueError, match=r"negative|outside"):
        draw()
