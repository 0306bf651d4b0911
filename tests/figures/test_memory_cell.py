"""The plan shows the numbers of its step; the lines are the given states."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.memory_cell import LINES, cell_over_time, memory_cell
from core.ideas.gates import CellStep

STEP = CellStep(0.5, input_gate=0.25, forget_gate=0.75, candidate=-0.6, output_gate=0.95)


def written(figure) -> list[str]:
    return [trace.text[0] for trace in figure.data]


def test_every_number_of_the_step_stands_below_its_name():
    words = written(memory_cell(STEP))
    named = dict(zip(words, words[1:], strict=False))
    assert (named["forget"], named["input"], named["output"]) == ("0.75", "0.25", "0.95")
    assert (named["candidate"], named["shown"]) == ("-0.60", f"{STEP.hidden:.2f}")
    memories = [b for a, b in zip(words, words[1:], strict=False) if a == "memory"]
    assert memories == ["0.50", f"{STEP.cell:.2f}"]


def test_an_open_gate_has_the_stronger_colour():
    def fill(step: CellStep) -> float:
        boxes = [s for s in memory_cell(step).layout.shapes if s.xanchor == 1 and s.yanchor == 0]
        return float(boxes[0].fillcolor.rstrip(")").split(",")[-1])

    shut = CellStep(0.5, input_gate=0.25, forget_gate=0.05, candidate=-0.6, output_gate=0.95)
    assert fill(shut) < fill(STEP)


def test_lines_hold_the_states():
    states = {"kept": np.ones(4), "fading": 0.5 ** np.arange(4)}
    figure = cell_over_time(states)
    assert [line.name for line in figure.data] == list(states)
    for line, values in zip(figure.data, states.values(), strict=True):
        np.testing.assert_array_equal(line.y, values)
    with pytest.raises(ValueError, match="styles"):
        cell_over_time({str(n): np.ones(2) for n in range(len(LINES) + 1)})
