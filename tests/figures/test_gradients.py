"""Rivers, curves and singular values: what is drawn is what was measured, on a scale that stays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from core.figures import gradients as figures, theme


@dataclass
class Panel:
    series: dict
    title: str = "loss"
    log: bool = True
    top: float | None = None
    lines: list = field(default_factory=list)
    explosions: list = field(default_factory=list)


def test_a_river_is_drawn_as_powers_of_ten_on_one_of_two_scales():
    figure = figures.river({"a": np.array([1e-3, 1.0, 100.0]), "b": np.array([1e-9, 1e5, 1.0])})
    np.testing.assert_allclose(figure.data[0].y, [-3, 0, 2])
    faint = figures.river({"a": np.array([1e-40, 1.0])})
    assert figure.layout.yaxis.range == faint.layout.yaxis.range
    np.testing.assert_allclose(faint.data[0].y, [figures.LOWEST, 0])
    other = figures.river({"a": np.array([1e-40, 1e32]), "b": np.array([np.inf, 1e9])}, {})
    np.testing.assert_allclose(other.data[0].y, [figures.LOWEST, figures.FARTHEST])
    assert list(other.data[0].customdata) == ["1e-40", "1e+32"]
    assert other.layout.yaxis.range[1] > other.data[1].y[1] == 9
    for drawn in (figure, other):
        low, high = drawn.layout.yaxis.range
        assert low < min(drawn.layout.yaxis.tickvals) < max(drawn.layout.yaxis.tickvals) < high


def test_what_is_not_finite_leaves_a_gap_and_nothing_is_at_the_edge():
    figure = figures.river({"a": np.array([np.nan, np.inf, 0.0])})
    np.testing.assert_array_equal(figure.data[0].y, [np.nan, np.nan, figures.LOWEST])


@pytest.mark.parametrize("rivers", [{}, {"a": np.empty(0)}])
def test_nothing_can_be_drawn(rivers):
    assert figures.river(rivers).layout.height == figures.HEIGHT
    figures.singular_values(rivers)
    figures.curves(Panel(rivers))
    figures.river_history({name: (1, []) for name in rivers})


def test_a_cell_state_gets_the_colour_of_its_network():
    norms = np.ones(3)
    figure = figures.river({"rnn": norms, "lstm": norms}, {"rnn": np.empty(0), "lstm": norms})
    assert [trace.name for trace in figure.data] == ["rnn", "lstm", "lstm, cell state"]
    assert figure.data[1].line.color == figure.data[2].line.color == theme.RUNS[1]


def test_networks_differ_in_colour_and_in_dashes():
    figure = figures.river({name: np.ones(2) for name in "abc"})
    assert len({trace.line.color for trace in figure.data}) == 3
    assert len({trace.line.dash for trace in figure.data}) == 3


def test_a_long_curve_is_thinned_out_and_keeps_its_ends():
    figure = figures.curves(Panel({"a": np.arange(1.0, 2001.0)}))
    (trace,) = figure.data
    assert len(trace.x) == figures.MAX_POINTS
    assert (trace.x[0], trace.y[0], trace.x[-1], trace.y[-1]) == (1, 1, 2000, 2000)


def test_a_line_and_an_explosion_stand_where_they_belong():
    figure = figures.curves(
        Panel({"a": np.array([1.0, np.inf])}, lines=[("limit", 100.0)], explosions=[("a", 2)])
    )
    words = {annotation.text: annotation for annotation in figure.layout.annotations}
    assert set(words) == {"– – limit", "explodes at step 2"}
    assert [(line.x0, line.y0) for line in figure.layout.shapes] == [(0, 100), (2, 0)]
    assert np.isnan(figure.data[0].y[1])


def test_a_history_has_a_column_per_river_and_few_enough_cells():
    rivers = [np.full(201, step, np.float16) for step in (-20, 0, 20)]
    (trace,) = figures.river_history({"a": (4, rivers)}).data
    assert np.shape(trace.z)[1] == 3 and np.shape(trace.z)[0] <= figures.MAX_ROWS
    assert (trace.x0, trace.dx, trace.dy) == (1, 4, 3)
    np.testing.assert_array_equal(trace.z[0], [figures.LOWEST, 0, figures.HIGHEST])


def test_singular_values_are_drawn_from_the_strongest():
    before, now = figures.singular_values({"a": np.array([10.0, 1e-2])}, {"a": np.ones(2)}).data
    np.testing.assert_allclose(now.y, [1, -2])
    np.testing.assert_allclose(before.y, [0, 0])
    assert list(now.x) == [1, 2]
    assert (before.marker.symbol, now.marker.symbol) == ("circle-open", "circle")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.4, 8.0], ["1", "2", "5", "10", "20", "50"]),
        ([1e-2, 1.0], ["10<sup>−2</sup>", "10<sup>−1</sup>", "1"]),
        ([np.nan, 0.0], ["1", "2", "5"]),
    ],
)
def test_a_scale_of_powers_of_ten_names_a_few(values, words):
    figure = figures.curves(Panel({"a": np.array(values)}))
    assert list(figure.layout.yaxis.ticktext) == words
