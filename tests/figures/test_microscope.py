"""The map's cells and the lines' points are the cell's own numbers, for the right words."""

from __future__ import annotations

import numpy as np
import pytest

from core.cells.lstm_cell import LSTM_GATES, CellTrace
from core.figures import microscope, theme


def a_trace(length: int, num_units: int = 60) -> CellTrace:
    rng = np.random.default_rng(length)
    shape = (length, num_units)
    gates = {name: rng.random(shape) for name in LSTM_GATES}
    return CellTrace(rng.uniform(-1, 1, shape), rng.normal(0, 2, shape), gates, False)


def labels(length: int) -> list[str]:
    return [f"w{number}" for number in range(length)]


@pytest.mark.parametrize("unit", [0, 59])
def test_the_chosen_unit_is_always_drawn_and_framed(unit):
    trace = a_trace(5)
    trace.cell_states[:, unit] = 0  # never busy
    view = microscope.parts(trace, unit)["Forget gate"]
    assert len(view.units) == microscope.NUM_UNITS and unit in view.units
    np.testing.assert_array_equal(view.values, trace.gates["forget_gate"][:, view.units])
    figure = microscope.unit_map(view, labels(5), 3, unit)
    column = list(view.units).index(unit)
    frames = [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes]
    assert (column - 0.5, column + 0.5) in [frame[:2] for frame in frames]
    assert (2.5, 3.5) in [frame[2:] for frame in frames]


def test_cells_are_the_values_word_by_word_in_a_fixed_range():
    view = microscope.parts(a_trace(4), 0)["Candidate"]
    cells = microscope.unit_map(view, labels(4), 0, 0).data[0]
    np.testing.assert_array_equal(cells.z, view.values)
    assert (cells.zmin, cells.zmax) == (-1, 1)


def test_lines_are_one_units_gates_and_states():
    trace = a_trace(4)
    figure = microscope.unit_lines(trace, labels(4), 7, 2)
    drawn = {line.name: np.asarray(line.x) for line in figure.data}
    for name in LSTM_GATES:
        np.testing.assert_array_equal(drawn[name.replace("_", " ")], trace.gates[name][:, 7])
    np.testing.assert_allclose(drawn["cell"], np.tanh(trace.cell_states[:, 7]))
    np.testing.assert_array_equal(drawn["hidden"], trace.hidden_states[:, 7])
    colors = {line.name: line.line.color for line in figure.data}
    assert colors["forget gate"] == theme.FORGET_GATE and colors["cell"] == theme.CELL


@pytest.mark.parametrize(("step", "first", "last"), [(0, 0, 59), (100, 70, 129), (299, 240, 299)])
def test_of_a_long_text_the_rows_around_the_word_are_drawn(step, first, last):
    trace = a_trace(300)
    figure = microscope.unit_map(microscope.parts(trace, 0)["Cell state"], labels(300), step, 0)
    assert (figure.data[0].y[0], figure.data[0].y[-1]) == (first, last)
    assert figure.layout.yaxis.ticktext[0] == f"w{first}"
    lines = microscope.unit_lines(trace, labels(300), 0, step)
    assert (lines.data[0].y[0], lines.data[0].y[-1]) == (first, last)


def test_markup_in_words_is_shown():
    figure = microscope.unit_lines(a_trace(1), ["<i>"], 0, 0)
    assert list(figure.layout.yaxis.ticktext) == ["&lt;i&gt;"]


def test_other_numbers_of_words_are_refused():
    trace = a_trace(3)
    with pytest.raises(ValueError, match="3 states for 2 words"):
        microscope.unit_map(microscope.parts(trace, 0)["Cell state"], labels(2), 0, 0)
    with pytest.raises(ValueError, match="3 states for 2 words"):
        microscope.unit_lines(trace, labels(2), 0, 0)
