"""A network that reads from both ends: its plan, its states, and what each direction is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme
from core.figures.diagram import add_arrow, add_box, add_words, canvas
from core.text.typed_text import shortened

FORWARD, BACKWARD = theme.HIDDEN, theme.SENTINEL
CELL, HALF = (34, 34), (22, 18)
WORDS, FIRST, SECOND, TOP = 0.0, 1.0, 2.0, 3.1
"""Heights of the words, of the forward row, of the backward row, and of the states side by side."""
ASIDE = 0.21
"""Of a column: how far left of its word a forward cell stands, and a backward cell right of it."""
ROW_HEIGHT, MOST_WORDS, NUM_UNITS = 26, 40, 24


def plan(tokens: Sequence[str], selected: int) -> go.Figure:
    """Draw one cell of each direction per word, and the selected word's two states side by side.

    Args:
        tokens: The words to draw, a handful.
        selected: One of them, from 0.

    Raises:
        ValueError: If `selected` is none of them.
    """
    if not 0 <= selected < len(tokens):
        raise ValueError(f"word {selected} of {len(tokens)}")
    figure = canvas((-0.6, len(tokens) - 0.4), (-0.35, 3.6), height=300)
    for place, token in enumerate(tokens):
        now = place == selected
        _add_column(figure, place, now=now, known=(place <= selected, place >= selected))
        add_words(figure, (place, WORDS), shortened(token, 9))
        if place:
            seen = [0.25 + 0.75 * (place <= selected), 0.25 + 0.75 * (place > selected)]
            pair = (place - 1, place)
            _add_link(figure, pair, FIRST, theme.translucent(FORWARD, seen[0]))
            _add_link(figure, pair[::-1], SECOND, theme.translucent(BACKWARD, seen[1]))
    return figure


def states(
    tokens: Sequence[str], forward: np.ndarray, backward: np.ndarray, selected: int
) -> go.Figure:
    """Draw both states of every word, side by side as the network sets them.

    Args:
        tokens: T labels; repeated ones keep their own row.
        forward: (T, H) in [-1, 1].
        backward: (T, H) in [-1, 1].
        selected: The row that is marked.

    Raises:
        ValueError: If there is not one state of each kind per token.
    """
    if not len(tokens) == len(forward) == len(backward):
        raise ValueError(f"{len(forward)} and {len(backward)} states for {len(tokens)} tokens")
    first = max(0, min(selected - MOST_WORDS // 2, len(tokens) - MOST_WORDS))
    rows = list(range(first, min(len(tokens), first + MOST_WORDS)))
    titles = ("forward", "backward")
    figure = make_subplots(cols=2, shared_yaxes=True, column_titles=titles, horizontal_spacing=0.03)
    for column, (name, values) in enumerate(zip(titles, (forward, backward), strict=True), start=1):
        units = np.sort(np.argsort(-values.std(axis=0), kind="stable")[:NUM_UNITS])
        cells = go.Heatmap(
            z=values[np.ix_(rows, units)],
            y=rows,
            zmin=-1,
            zmax=1,
            colorscale=theme.SIGNED,
            showscale=column == 2,
            colorbar={"thickness": 12, "tickvals": [-1, 0, 1]},
            customdata=[[(escape(tokens[row]), int(unit)) for unit in units] for row in rows],
            hovertemplate=f"%{{customdata[0]}}, {name} unit %{{customdata[1]}}: %{{z:.2f}}"
            "<extra></extra>",
            ygap=1,
        )
        figure.add_trace(cells, 1, column)
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    figure.update_xaxes(showticklabels=False, **bare)
    words = [escape(shortened(tokens[row], 12)) for row in rows]
    figure.update_yaxes(range=[rows[-1] + 0.5, first - 0.5], **bare)
    figure.update_yaxes(tickvals=rows, ticktext=words, col=1)
    edge = {"color": theme.CHOSEN, "width": 2}
    figure.add_hrect(y0=selected - 0.5, y1=selected + 0.5, line=edge)
    theme.apply(figure, height=max(200, ROW_HEIGHT * len(rows) + 60))
    return figure.update_layout(margin_t=32)


def accuracies(shares: Mapping[str, float], majority: float, margin: float) -> go.Figure:
    """Draw accuracies in percent with their uncertainty, and what the commoner label reaches.

    Args:
        shares: In [0, 100], by the way of reading.
        majority: In [0, 100], drawn as a dotted line.
        margin: Half the width of each interval, in points.
    """
    rows = list(range(len(shares)))
    colors = (FORWARD, BACKWARD, theme.CHOSEN)[: len(rows)]
    bars = go.Bar(
        x=list(shares.values()),
        y=rows,
        orientation="h",
        marker={"color": colors, "cornerradius": 4},
        error_x={"type": "constant", "value": margin, "color": theme.TEXT, "thickness": 1.5},
        text=[f"{share:.1f} %" for share in shares.values()],
        textposition="inside",
        insidetextanchor="start",
        textfont={"size": 15, "color": "white"},
        hovertemplate="%{x:.1f} % right<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.add_vline(x=majority, line={"color": theme.PRUNED, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=majority, y=-0.75, text="always the commoner label", showarrow=False, xanchor="center"
    )
    figure.update_xaxes(title="percent right", range=[0, 100], fixedrange=True, showgrid=False)
    ends = [len(rows) - 0.5, -1.0]
    figure.update_yaxes(tickvals=rows, ticktext=list(shares), range=ends, fixedrange=True)
    return theme.apply(figure, height=52 * len(rows) + 100)


def _add_column(figure: go.Figure, place: int, *, now: bool, known: tuple[bool, bool]) -> None:
    """Draw one word's two cells, what enters them, and of the selected one what leaves them."""
    entering = theme.translucent(theme.ATTENTION, 1.0 if now else 0.4)
    rows = ((FIRST, -ASIDE, FORWARD), (SECOND, ASIDE, BACKWARD))
    for (row, shift, color), seen in zip(rows, known, strict=True):
        border = theme.CHOSEN if now else theme.translucent(color, 1.0 if seen else 0.35)
        _add_cell(figure, (place + shift, row), border, color, fill=0.25 if seen else 0.05)
        below = (place + shift, WORDS + 0.15)
        add_arrow(figure, below, (place + shift, row), entering, gaps=(0, 20))
        if now:
            add_arrow(figure, (place + shift, row), (place + shift, TOP), color, gaps=(19, 8))
            add_box(figure, (place + shift, TOP + 0.1), HALF, color, fill=0.6)


def _add_cell(
    figure: go.Figure, place: tuple[float, float], border: str, color: str, *, fill: float
) -> None:
    add_box(figure, place, CELL, color, fill=fill)
    figure.layout.shapes[-1].line.color = border


def _add_link(figure: go.Figure, places: tuple[int, int], row: float, color: str) -> None:
    shift = -ASIDE if row == FIRST else ASIDE
    add_arrow(figure, (places[0] + shift, row), (places[1] + shift, row), color, gaps=(23, 23))
