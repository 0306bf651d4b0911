"""What became of money: the curve of equity and, below it, how far it fell from its height."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme

MAX_POINTS = 1000
"""Days drawn of a long history; every so many, the last included."""
LEAST = 0.001
"""Less money is drawn as this: a logarithmic axis has no zero."""
_STYLES = ((theme.FORECAST, "solid"), (theme.BASELINE, "dash"))


def equity_and_drawdown(
    dates: np.ndarray, equity: Mapping[str, np.ndarray], band: np.ndarray, band_name: str
) -> go.Figure:
    """Draw money over time on a logarithmic axis, and its distance below its highest mark.

    Args:
        dates: (N,) datetime64[D].
        equity: Name -> (N,) >= 0, beginning near 1; at most two.
        band: (2, N) lower and upper end of what others would have had.
        band_name: What these others are.

    Raises:
        ValueError: If a curve has not one value per date, or a negative one.
    """
    for name, curve in equity.items():
        if curve.shape != dates.shape or curve.min() < 0:
            raise ValueError(f"{name} has not one amount of money per date, none below zero")
    every = np.arange(len(dates) - 1, -1, -max(1, len(dates) // MAX_POINTS))[::-1]
    days = list(map(str, dates[every]))
    figure = make_subplots(
        rows=2, shared_xaxes=True, row_heights=[0.68, 0.32], vertical_spacing=0.06
    )
    low, high = np.maximum(band[:, every], LEAST)
    figure.add_scatter(
        x=days + days[::-1],
        y=[*high, *low[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=theme.translucent(theme.PRUNED, 0.3),
        name=escape(band_name),
        hoverinfo="skip",
    )
    for (name, curve), (color, dash) in zip(equity.items(), _STYLES, strict=False):
        line = {"x": days, "mode": "lines", "line": {"color": color, "dash": dash, "width": 2}}
        figure.add_scatter(
            **line, y=np.maximum(curve[every], LEAST), name=escape(name), hovertemplate="%{y:.2f}"
        )
        below = 100 * (curve / np.maximum(np.maximum.accumulate(curve), 1) - 1)
        hover = {"hovertemplate": "%{y:.0f}%", "showlegend": False, "name": escape(name)}
        figure.add_scatter(**line, y=below[every], **hover, row=2, col=1)
    figure.update_xaxes(type="date", fixedrange=True, showgrid=False)
    figure.update_yaxes(title="money, began with 1", type="log", dtick="D2", row=1, col=1)
    figure.update_yaxes(title="below its height", ticksuffix="%", row=2, col=1)
    figure.update_yaxes(fixedrange=True)
    return theme.apply(figure, height=520).update_layout(hovermode="x unified")
