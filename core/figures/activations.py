"""The two curves that squash a network's sums, with values marked on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.cells.lstm_cell import sigmoid
from core.figures import theme

STRETCH = 6.5
"""Sums from -STRETCH to STRETCH are drawn; a mark beyond stands at the edge."""
TANGENT = 1.1
"""Half of a tangent's width, in units of the sum."""


@dataclass(frozen=True)
class Curve:
    """A squashing function and its derivative."""

    name: str
    lowest: float
    """Of its values; the highest is 1."""
    squash: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    """The derivative, from the squashed value."""


SIGMOID = Curve("sigmoid σ", 0.0, sigmoid, lambda value: value * (1 - value))
TANH = Curve("tanh", -1.0, np.tanh, lambda value: 1 - value**2)


@dataclass(frozen=True)
class Mark:
    """One value on a curve."""

    name: str
    total: float
    """The sum before it is squashed."""
    color: str


def gates_on_curves(sums: Mapping[str, float]) -> dict[str, go.Figure]:
    """Draw both curves with the sums of one LSTM unit on them, by a sentence for each.

    Args:
        sums: Of input_gate, forget_gate, candidate and output_gate.
    """
    marks = [Mark(n.replace("_", " "), t, getattr(theme, n.upper())) for n, t in sums.items()]
    candidate = [mark for mark in marks if mark.name == "candidate"]
    parts = ((SIGMOID, [mark for mark in marks if mark not in candidate]), (TANH, candidate))
    return {
        f"{curve.name} with {', '.join(mark.name for mark in on_it)}": activation(curve, on_it)
        for curve, on_it in parts
    }


def activation(curve: Curve, marks: Sequence[Mark]) -> go.Figure:
    """Draw a curve with a dot per mark and a short tangent whose slope the gradient feels.

    Args:
        curve: SIGMOID or TANH.
        marks: Where the sums of this moment stand.
    """
    sums = np.linspace(-STRETCH, STRETCH, 201)
    line = {"color": theme.PRUNED, "width": 2}
    figure = go.Figure(go.Scatter(x=sums, y=curve.squash(sums), mode="lines", line=line))
    figure.update_traces(hoverinfo="skip", showlegend=False)
    for mark in marks:
        figure.add_trace(_tangent(curve, mark))
        figure.add_trace(_dot(curve, mark))
    grid = {
        "zeroline": False,
        "fixedrange": True,
        "gridcolor": theme.translucent(theme.PRUNED, 0.25),
    }
    figure.update_xaxes(title="sum", range=[-STRETCH - 0.3, STRETCH + 0.3], dtick=2, **grid)
    values = [curve.lowest - 0.1, 1.1]
    figure.update_yaxes(title=curve.name, range=values, dtick=0.5, **grid)
    return theme.apply(figure, height=300)


def _tangent(curve: Curve, mark: Mark) -> go.Scatter:
    value = float(curve.squash(np.float64(mark.total)))
    slope = float(curve.slope(np.float64(value)))
    around = np.array([-TANGENT, TANGENT])
    return go.Scatter(
        x=mark.total + around,
        y=value + slope * around,
        mode="lines",
        line={"color": mark.color, "width": 3},
        opacity=0.6,
        hoverinfo="skip",
        showlegend=False,
    )


def _dot(curve: Curve, mark: Mark) -> go.Scatter:
    value = float(curve.squash(np.float64(mark.total)))
    slope = float(curve.slope(np.float64(value)))
    name = f"{escape(mark.name)} {value:.2f}"
    return go.Scatter(
        x=[float(np.clip(mark.total, -STRETCH, STRETCH))],
        y=[value],
        mode="markers",
        name=name,
        marker={"size": 14, "color": mark.color},
        hovertemplate=f"{name}<br>sum {mark.total:.2f}, slope {slope:.3f}<extra></extra>",
        showlegend=True,
    )
