"""Whether a unit follows something: how closely, against chance, and word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme

ROW_HEIGHT = 30
_FULL = {"size": 13, "color": theme.CHOSEN}
_HOLLOW = {"size": 13, "color": theme.CHOSEN, "symbol": "circle-open", "line_width": 2}
_PLAIN = {"size": 12, "color": theme.PRUNED, "symbol": "diamond"}


class Finding(Protocol):
    """How closely the best unit follows a property."""

    unit: int
    searched: float
    held_out: float
    control: float
    untrained: float


def evidence(findings: Mapping[str, Finding]) -> go.Figure:
    """Draw for each property what chance reached as a bar and what the best unit reached as dots.

    Args:
        findings: By what is followed; correlations lie in [-1, 1].
    """
    names, rows = list(findings), list(range(len(findings)))
    found = list(findings.values())
    sides = [np.sign(f.searched) for f in found]
    figure = go.Figure(
        go.Bar(
            x=[f.control for f in found],
            y=rows,
            orientation="h",
            name="by chance",
            marker={"color": theme.translucent(theme.PRUNED, 0.35), "cornerradius": 4},
            hovertemplate="moved labels reached %{x:.2f}<extra></extra>",
        )
    )
    for name, values, look in (
        ("a network that learned nothing", [f.untrained for f in found], _PLAIN),
        (
            "where it was chosen",
            [f.searched * s for f, s in zip(found, sides, strict=True)],
            _HOLLOW,
        ),
        ("on new sentences", [f.held_out * s for f, s in zip(found, sides, strict=True)], _FULL),
    ):
        figure.add_trace(_dots(name, values, look))
    figure.update_xaxes(title="correlation", range=[-0.25, 1.02], fixedrange=True, zeroline=False)
    figure.update_yaxes(
        tickvals=rows,
        ticktext=[f"{escape(n)}, unit {f.unit}" for n, f in findings.items()],
        range=[len(names) - 0.5, -0.5],
        fixedrange=True,
        showgrid=False,
    )
    return theme.apply(figure, height=40 * len(names) + 100)


def word_by_word(
    tokens: Sequence[str], memory: np.ndarray, label: np.ndarray, names: tuple[str, str]
) -> go.Figure:
    """Draw a sentence downwards: what a unit remembers beside what it is said to follow.

    A unit may speak softly, so the axis ends where its largest memory of this sentence does.

    Args:
        tokens: T labels; repeated tokens keep their own row.
        memory: (T,) in [-1, 1].
        label: (T,); drawn as a share of its largest size.
        names: Headings of both.

    Raises:
        ValueError: If there is not one number per token, or a memory beyond 1.
    """
    if not len(tokens) == len(memory) == len(label):
        raise ValueError(f"{len(memory)} memories, {len(label)} labels, {len(tokens)} tokens")
    if np.abs(memory).max() > 1 + 1e-5:
        raise ValueError("a memory, through tanh, lies between -1 and 1")
    share = label / max(1e-9, float(np.abs(label).max()))
    figure = make_subplots(cols=2, shared_yaxes=True, column_titles=names, horizontal_spacing=0.06)
    for column, values, color in ((1, memory, theme.CELL), (2, share, theme.CHOSEN)):
        bars = go.Bar(y=list(range(len(tokens))), x=values, orientation="h", marker_color=color)
        bars.hovertemplate = "%{x:.2f}<extra></extra>"
        figure.add_trace(bars, 1, column)
    for column, values in ((1, memory), (2, share)):
        end = max(0.01, float(np.abs(values).max()))
        ticks = {"tickvals": [-end, 0, end], "ticktext": [f"{-end:.2g}", "0", f"{end:.2g}"]}
        figure.update_xaxes(range=[-1.05 * end, 1.05 * end], col=column, **ticks)
    figure.update_xaxes(fixedrange=True, zerolinecolor=theme.PRUNED)
    figure.update_yaxes(
        tickvals=list(range(len(tokens))),
        ticktext=[escape(token) for token in tokens],
        range=[len(tokens) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    theme.apply(figure, height=ROW_HEIGHT * len(tokens) + 72)
    return figure.update_layout(margin_t=32, showlegend=False)


def _dots(name: str, values: list[float], look: dict) -> go.Scatter:
    return go.Scatter(
        x=values,
        y=list(range(len(values))),
        mode="markers",
        name=name,
        marker=look,
        hovertemplate=name + ": %{x:.2f}<extra></extra>",
    )
