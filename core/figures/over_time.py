"""Lines over days: a forecast over the truth, a state beside what it follows, a fading effect."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme
from core.figures.verification import STYLES


def overlay(dates: np.ndarray, actual: np.ndarray, predicted: np.ndarray, unit: str) -> go.Figure:
    """Draw what was forecast over what happened.

    Args:
        dates: (N,) datetime64[D] of the days that were forecast.
        actual: (N,) what happened.
        predicted: (N,) what had been forecast for the same days.
        unit: Title of the vertical axis.

    Raises:
        ValueError: If the arrays have different lengths.
    """
    days = list(map(str, dates))
    figure = go.Figure()
    lines = (
        ("what happened", actual, theme.TEXT, 2.5),
        ("forecast", predicted, theme.FORECAST, 1.5),
    )
    for name, values, color, width in lines:
        if len(values) != len(days):
            raise ValueError(f"{len(values)} values for {len(days)} days")
        figure.add_scatter(
            x=days,
            y=values,
            name=name,
            mode="lines",
            line={"color": color, "width": width},
            hovertemplate="%{y:.4~g}",
        )
    figure.update_xaxes(type="date", fixedrange=True, showgrid=False, nticks=5)
    figure.update_yaxes(title=escape(unit), fixedrange=True)
    return theme.apply(figure, height=320).update_layout(hovermode="x unified")


def states_beside(
    dates: np.ndarray, states: np.ndarray, units: np.ndarray, values: np.ndarray, title: str
) -> go.Figure:
    """Draw hidden states, one row per unit, above a line of what some of them follow.

    Args:
        dates: (T,) datetime64[D].
        states: (T, U) in [-1, 1], in the order in which the rows are drawn, the first on top.
        units: (U,) their numbers.
        values: (T,) drawn below, on the same days.
        title: Of the line's axis.

    Raises:
        ValueError: If the arrays do not fit, or a state is outside [-1, 1].
    """
    if states.shape != (len(dates), len(units)) or len(values) != len(dates):
        raise ValueError(f"states {states.shape} for {len(dates)} days and {len(units)} units")
    if np.abs(states).max() > 1 + 1e-5:
        raise ValueError("hidden states lie between -1 and 1")
    days = list(map(str, dates))
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.7, 0.3], vertical_spacing=0.05)
    cells = go.Heatmap(
        x=days,
        z=states.T,
        zmin=-1,
        zmax=1,
        colorscale=theme.SIGNED,
        colorbar={"thickness": 12, "tickvals": [-1, 0, 1], "y": 0.66, "len": 0.7},
        customdata=[[int(unit)] * len(days) for unit in units],
        hovertemplate="%{x|%d %b %Y}, unit %{customdata}: %{z:.2f}<extra></extra>",
    )
    figure.add_trace(cells, row=1, col=1)
    figure.add_scatter(
        x=days,
        y=values,
        mode="lines",
        line={"color": theme.TEXT, "width": 2},
        hovertemplate="%{x|%d %b %Y}: %{y:.1f}%<extra></extra>",
        row=2,
        col=1,
    )
    figure.update_xaxes(type="date", fixedrange=True, showgrid=False)
    figure.update_yaxes(fixedrange=True, zeroline=False, showgrid=False)
    rows = f"{len(units)} units"
    figure.update_yaxes(title=rows, showticklabels=False, autorange="reversed", row=1, col=1)
    figure.update_yaxes(title=escape(title), rangemode="tozero", row=2, col=1)
    return theme.apply(figure, height=560).update_layout(showlegend=False)


def fading(days_back: np.ndarray, effects: Mapping[str, np.ndarray], title: str) -> go.Figure:
    """Draw how an effect fades with the days since its cause, the present at the right.

    Args:
        days_back: (D,) how long ago the cause was.
        effects: Name -> (D,) shares, 0.1 is drawn as 10 %; at most three.
        title: Of the vertical axis.
    """
    figure = go.Figure()
    for (name, effect), (color, dash, _) in zip(effects.items(), STYLES, strict=False):
        figure.add_scatter(
            x=days_back,
            y=100 * np.asarray(effect),
            name=escape(name),
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            hovertemplate="%{x} days ago: %{y:+.1f}%<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": theme.TEXT, "width": 1})
    figure.update_xaxes(title="days ago", autorange="reversed", fixedrange=True, showgrid=False)
    figure.update_yaxes(title=title, ticksuffix="%", fixedrange=True, zeroline=False)
    return theme.apply(figure, height=360)
