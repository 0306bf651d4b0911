"""What may come: a fan of central intervals behind its median, and what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from core.figures import theme

HEIGHT = 420
OPACITIES = (0.16, 0.24, 0.36)
"""Of the intervals, the widest first; the narrower lie on the wider."""
_LINES = ((theme.BASELINE, "dash"), (theme.CLIMATOLOGY, "dot"))
"""Colour and dash of other forecasts, told apart without colour too."""


class Fan(Protocol):
    """A forecast and the days around it. P = days before, Z = days ahead, Q = quantile levels."""

    past_dates: np.ndarray
    """(P,) datetime64[D]; the last is the last known day."""
    past: np.ndarray
    """(P,) values."""
    dates: np.ndarray
    """(Z,) datetime64[D]."""
    levels: Sequence[float]
    """Q levels, rising, symmetric about 0.5."""
    quantiles: np.ndarray
    """(Z, Q) values."""
    actual: np.ndarray
    """(A,) what came on the first A <= Z days."""


def fan_chart(fan: Fan, unit: str, others: Mapping[str, np.ndarray] | None = None) -> go.Figure:
    """Draw the days before, the central intervals of the days ahead, the median and what came.

    Args:
        fan: The forecast.
        unit: Title of the vertical axis.
        others: Name -> (Z,) other forecasts of the same days, at most two.

    Raises:
        ValueError: If the levels are not symmetric about a median, or arrays do not fit.
    """
    levels, middle = np.asarray(fan.levels), len(fan.levels) // 2
    if len(levels) % 2 == 0 or np.abs(levels + levels[::-1] - 1).max() > 1e-6:
        raise ValueError(f"levels {tuple(fan.levels)} are not symmetric about a median")
    if fan.quantiles.shape != (len(fan.dates), len(levels)) or len(fan.actual) > len(fan.dates):
        raise ValueError(f"quantiles {fan.quantiles.shape} for {len(fan.dates)} days")
    figure = go.Figure()
    start, origin = fan.past[-1], str(fan.past_dates[-1])
    days = [origin, *map(str, fan.dates)]
    for low, opacity in zip(range(middle), OPACITIES[-middle:], strict=False):
        _add_band(figure, days, start, fan.quantiles[:, [low, -1 - low]], opacity)
        figure.data[-1].name = f"{levels[-1 - low] - levels[low]:.0%}"
    for (name, values), (color, dash) in zip((others or {}).items(), _LINES, strict=False):
        _add_line(figure, map(str, fan.dates), values, escape(name), color, dash=dash)
    _add_line(figure, days, [start, *fan.quantiles[:, middle]], "median", theme.FORECAST)
    came = [*map(str, fan.past_dates), *map(str, fan.dates[: len(fan.actual)])]
    _add_line(figure, came, [*fan.past, *fan.actual], "what happened", theme.TEXT, width=1.5)
    mark = {"x": origin, "line": {"color": theme.PRUNED, "width": 1, "dash": "dot"}}
    figure.add_vline(**mark)
    figure.update_xaxes(type="date", fixedrange=True, showgrid=False)
    if np.is_busday([fan.past_dates[-1], *fan.dates]).all():  # a market: weekends are no days
        figure.update_xaxes(rangebreaks=[{"bounds": ["sat", "mon"]}])
    figure.update_yaxes(title=unit, fixedrange=True, zeroline=False)
    return theme.apply(figure, height=HEIGHT).update_layout(hovermode="x unified")


def _add_band(
    figure: go.Figure, days: list[str], start: float, ends: np.ndarray, opacity: float
) -> None:
    """Add one interval (Z, 2), drawn from the last known value as one closed outline."""
    low, high = ([start, *ends[:, side]] for side in (0, 1))
    figure.add_scatter(
        x=days + days[::-1],
        y=high + low[::-1],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=theme.translucent(theme.FORECAST, opacity),
        hoverinfo="skip",
    )


def _add_line(
    figure: go.Figure, days: object, values: object, name: str, color: str, **line: object
) -> None:
    figure.add_scatter(
        x=list(days),
        y=list(values),
        name=name,
        mode="lines",
        line={"color": color, "width": 2.5} | line,
        hovertemplate="%{y:.4~g}",
    )
