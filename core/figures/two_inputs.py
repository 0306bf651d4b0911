"""The two inputs of a recurrent network as bars: what the present brings, and the recent past."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.text.typed_text import shortened

ROW_HEIGHT = 26
MOST_WORDS = 40
"""Words drawn, around the selected one."""


class Update(Protocol):
    """One step of a vanilla RNN for U units, (U,) each: after = tanh(present + past + bias)."""

    units: np.ndarray
    present: np.ndarray
    past: np.ndarray
    bias: np.ndarray
    after: np.ndarray


def terms(update: Update) -> go.Figure:
    """Draw for each unit what its sum is made of, as bars side by side, and the state as a dot.

    Args:
        update: The units to draw.
    """
    rows = list(range(len(update.units)))
    figure = go.Figure()
    for name, values, color in (
        ("present, W x", update.present, theme.ATTENTION),
        ("recent past, U h", update.past, theme.HIDDEN),
        ("own, b", update.bias, theme.PRUNED),
    ):
        figure.add_bar(x=values, y=rows, orientation="h", name=name, marker_color=color)
        figure.data[-1].hovertemplate = f"{name}: %{{x:.2f}}<extra></extra>"
    figure.add_scatter(
        x=update.after,
        y=rows,
        mode="markers",
        name="new state",
        marker={"color": theme.CHOSEN, "size": 12, "symbol": "diamond"},
        hovertemplate="new state %{x:.2f}<extra></extra>",
    )
    grid = {"fixedrange": True, "gridcolor": theme.translucent(theme.PRUNED, 0.25)}
    figure.update_xaxes(title="sum", zerolinecolor=theme.PRUNED, **grid)
    names = [f"unit {unit}" for unit in update.units]
    figure.update_yaxes(tickvals=rows, ticktext=names, range=[len(rows) - 0.5, -0.5], **grid)
    figure.update_layout(barmode="group", bargap=0.25)
    return theme.apply(figure, height=58 * len(rows) + 90)


def balance(tokens: Sequence[str], present: np.ndarray, step: int) -> go.Figure:
    """Draw at every word how much of the step is the word and how much the state before.

    Args:
        tokens: T labels; repeated ones keep their own row.
        present: (T,) in [0, 1], the word's share.
        step: The row that is marked.

    Raises:
        ValueError: If there is not one share in [0, 1] per token.
    """
    if np.shape(present) != (len(tokens),) or present.min() < 0 or present.max() > 1 + 1e-6:
        raise ValueError(f"{len(tokens)} tokens have as many shares between 0 and 1")
    first = max(0, min(step - MOST_WORDS // 2, len(tokens) - MOST_WORDS))
    rows = list(range(first, min(len(tokens), first + MOST_WORDS)))
    shares = present[rows]
    figure = go.Figure()
    for name, values, color in (
        ("present", shares, theme.ATTENTION),
        ("recent past", 1 - shares, theme.HIDDEN),
    ):
        figure.add_bar(x=values, y=rows, orientation="h", name=name, marker_color=color)
        figure.data[-1].hovertemplate = f"{name}: %{{x:.0%}}<extra></extra>"
    figure.update_layout(barmode="stack", bargap=0.2, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", dtick=0.5, fixedrange=True, showgrid=False)
    words = [escape(shortened(tokens[row], 12)) for row in rows]
    ends = [rows[-1] + 0.5, first - 0.5]
    figure.update_yaxes(tickvals=rows, ticktext=words, range=ends, fixedrange=True, showgrid=False)
    line = {"color": theme.CHOSEN, "width": 2}
    figure.add_hrect(y0=step - 0.5, y1=step + 0.5, line=line)
    return theme.apply(figure, height=max(220, ROW_HEIGHT * len(rows) + 90))
