"""One LSTM unit as a plan: the belt of memory with its valves, and what happens on it over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.figures.diagram import add_arrow, add_box, add_words, canvas

GATE, NODE = (74, 46), (30, 30)
BETWEEN_LINES = 0.115
"""Of a row: half the distance between a name and the number below it."""
SHUT = 0.2
"""Opacity of an arrow through which nothing comes."""

BEFORE, AFTER, SHOWN = (0.0, 1.0), (4.0, 1.0), (4.0, 2.0)
FORGET, ADD = (1.0, 1.0), (2.0, 1.0)
WRITE, SHOW = (2.0, 0.0), (3.0, 2.0)
FORGET_GATE, INPUT_GATE, CANDIDATE, OUTPUT_GATE = (1.0, 0.0), (2.0, -1.0), (3.0, 0.0), (2.0, 2.0)

LINES = (
    {"color": theme.FORGET_GATE, "width": 3},
    {"color": theme.CELL, "width": 3},
    {"color": theme.PRUNED, "width": 2, "dash": "dot"},
)
"""How the courses of a memory are told apart: held, as it is, gone."""


class Step(Protocol):
    """One step of one unit; gates in [0, 1], candidate in [-1, 1]."""

    previous_cell: float
    input_gate: float
    forget_gate: float
    candidate: float
    output_gate: float
    cell: float
    hidden: float


def memory_cell(step: Step) -> go.Figure:
    """Draw what is kept, written and shown; the wider a gate is open, the stronger its colour."""
    figure = canvas((-0.6, 4.6), (-1.4, 2.4), height=330)
    _add_flow(figure, step)
    for place, sign in ((FORGET, "×"), (WRITE, "×"), (SHOW, "×"), (ADD, "+")):
        add_box(figure, place, NODE, theme.CELL, fill=0.12)
        add_words(figure, place, sign)
    _add_value(figure, FORGET_GATE, "forget", step.forget_gate, theme.FORGET_GATE)
    _add_value(figure, INPUT_GATE, "input", step.input_gate, theme.INPUT_GATE)
    _add_value(figure, CANDIDATE, "candidate", step.candidate, theme.CANDIDATE)
    _add_value(figure, OUTPUT_GATE, "output", step.output_gate, theme.OUTPUT_GATE)
    _add_value(figure, BEFORE, "memory", step.previous_cell, theme.CELL)
    _add_value(figure, AFTER, "memory", step.cell, theme.CELL)
    _add_value(figure, SHOWN, "shown", step.hidden, theme.HIDDEN)
    return figure


def cell_over_time(states: Mapping[str, np.ndarray]) -> go.Figure:
    """Draw up to three courses of one cell state, a line per name.

    Args:
        states: (T,) each, from time step 0.

    Raises:
        ValueError: If there are more lines than styles to tell them apart.
    """
    if len(states) > len(LINES):
        raise ValueError(f"{len(states)} lines, but {len(LINES)} styles")
    figure = go.Figure()
    for (name, values), line in zip(states.items(), LINES, strict=False):
        figure.add_scatter(y=values, mode="lines", name=name, line=line)
        figure.data[-1].hovertemplate = f"{name}<br>step %{{x}}: %{{y:.3f}}<extra></extra>"
    grid = {"fixedrange": True, "gridcolor": theme.translucent(theme.PRUNED, 0.25)}
    figure.update_xaxes(title="time step", zeroline=False, **grid)
    figure.update_yaxes(title="memory", rangemode="tozero", zerolinecolor=theme.PRUNED, **grid)
    return theme.apply(figure, height=320)


def _add_flow(figure: go.Figure, step: Step) -> None:
    """Draw the arrows, each as strong as what comes through."""
    flows = (
        (BEFORE, FORGET, theme.CELL, 1.0, (38, 16)),
        (FORGET, ADD, theme.CELL, step.forget_gate, (16, 16)),
        (ADD, AFTER, theme.CELL, 1.0, (16, 38)),
        (FORGET_GATE, FORGET, theme.FORGET_GATE, step.forget_gate, (24, 16)),
        (INPUT_GATE, WRITE, theme.INPUT_GATE, step.input_gate, (24, 16)),
        (CANDIDATE, WRITE, theme.CANDIDATE, abs(step.candidate), (38, 16)),
        (WRITE, ADD, theme.CANDIDATE, step.input_gate * abs(step.candidate), (16, 16)),
        ((3.0, 1.0), SHOW, theme.CELL, 1.0, (0, 16)),
        (OUTPUT_GATE, SHOW, theme.OUTPUT_GATE, step.output_gate, (38, 16)),
        (SHOW, SHOWN, theme.HIDDEN, step.output_gate, (16, 38)),
    )
    for start, end, color, share, gaps in flows:
        strength = SHUT + (1 - SHUT) * min(1.0, share)
        add_arrow(figure, start, end, theme.translucent(color, strength), gaps=gaps)
    add_words(figure, (3.3, 1.45), "tanh")


def _add_value(
    figure: go.Figure, place: tuple[float, float], name: str, value: float, color: str
) -> None:
    x, y = place
    add_box(figure, place, GATE, color, fill=0.04 + 0.22 * min(1.0, abs(value)))
    add_words(figure, (x, y + BETWEEN_LINES), name)
    add_words(figure, (x, y - BETWEEN_LINES), f"{value:.2f}")
