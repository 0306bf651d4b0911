"""Forecasts held against what came: skill with its interval, error by horizon, reliability."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from core.figures import theme

ROW_HEIGHT = 44
STYLES = (
    (theme.FORECAST, "solid", "circle"),
    (theme.BASELINE, "dash", "square"),
    (theme.CLIMATOLOGY, "dot", "diamond"),
)
"""Colour, dash and mark of the first, second and third forecaster of a picture."""


class Interval(Protocol):
    """A number and how far it could be off."""

    estimate: float
    low: float
    high: float


def interval_dots(rows: Mapping[str, Interval], title: str, chosen: str) -> go.Figure:
    """Draw one dot per row with its interval, and the line at 0 that it is held against.

    Args:
        rows: Name -> shares; 0.05 is drawn as 5 %.
        title: Of the horizontal axis.
        chosen: The row in the forecast's own colour.
    """
    names = list(rows)
    figure = go.Figure()
    for place, (name, interval) in enumerate(rows.items()):
        color = theme.FORECAST if name == chosen else theme.PRUNED
        away = (interval.high - interval.estimate, interval.estimate - interval.low)
        figure.add_scatter(
            x=[100 * interval.estimate],
            y=[place],
            mode="markers",
            marker={"color": color, "size": 12},
            error_x={"array": [100 * away[0]], "arrayminus": [100 * away[1]], "thickness": 2.5},
            hovertemplate=f"{escape(name)}: %{{x:.1f}}%<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": theme.TEXT, "width": 1})
    figure.update_xaxes(title=title, ticksuffix="%", fixedrange=True, zeroline=False)
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[escape(name) for name in names],
        range=[len(names) - 0.5, -0.5],
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure = theme.apply(figure, height=ROW_HEIGHT * len(names) + 70)
    return figure.update_layout(showlegend=False)


def error_by_horizon(errors: Mapping[str, np.ndarray], title: str, step: str) -> go.Figure:
    """Draw how an error grows with the horizon, one line per forecaster.

    Args:
        errors: Name -> (Z,) errors >= 0 at horizons 1 to Z; at most three.
        title: Of the vertical axis.
        step: What a horizon counts: "days ahead".

    Raises:
        ValueError: If an error is negative.
    """
    figure = go.Figure()
    for (name, values), (color, dash, mark) in zip(errors.items(), STYLES, strict=False):
        if min(values) < 0:
            raise ValueError(f"{name} has a negative error")
        figure.add_scatter(
            x=np.arange(1, len(values) + 1),
            y=values,
            name=escape(name),
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            marker={"symbol": mark, "size": 8},
            hovertemplate="%{y:.2f}",
        )
    figure.update_xaxes(title=step, fixedrange=True, showgrid=False, dtick=1)
    figure.update_yaxes(title=title, fixedrange=True, rangemode="tozero")
    return theme.apply(figure, height=360).update_layout(hovermode="x unified")


def reliability(promised: np.ndarray, measured: Mapping[str, np.ndarray]) -> go.Figure:
    """Draw how often intervals held the outcome over how often they should have.

    Args:
        promised: (R,) in [0, 1].
        measured: Name -> (R,) in [0, 1]; at most three. On the diagonal is right, below it the
            intervals are too narrow, above it too wide.

    Raises:
        ValueError: If a share is outside [0, 1].
    """
    figure = go.Figure()
    ends = {"x": [0, 100], "y": [0, 100]}
    line = {"color": theme.TEXT, "width": 1}
    figure.add_scatter(**ends, mode="lines", line=line, name="as promised", hoverinfo="skip")
    for (name, shares), (color, dash, mark) in zip(measured.items(), STYLES, strict=False):
        if min(shares) < 0 or max(shares) > 1:
            raise ValueError(f"{name} has shares outside 0 to 1")
        figure.add_scatter(
            x=100 * np.asarray(promised),
            y=100 * np.asarray(shares),
            name=escape(name),
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            marker={"symbol": mark, "size": 8},
            hovertemplate="promised %{x:.0f}%, held %{y:.1f}%",
        )
    bounds = {"range": [0, 100], "ticksuffix": "%", "fixedrange": True, "dtick": 20}
    figure.update_xaxes(title="promised", **bounds)
    figure.update_yaxes(title="outcomes inside", **bounds)
    return theme.apply(figure, height=400)
