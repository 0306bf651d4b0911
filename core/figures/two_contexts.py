"""One word in two sentences: how far apart its states are, and in which units."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.text.typed_text import shortened

ROW_HEIGHT = 44
FARTHEST = 1.2
"""End of the axis of distances, in every picture; longer bars end there."""
NUM_UNITS = 64
"""Units drawn: on a phone one is 5 pixels wide."""
LONGEST_SENTENCE = 44
_DIFFERENCE = "the second minus the first"
_HEADER = 26
"""Pixels between two rows of units, for the sentence of the lower one."""


def context_distances(
    names: Sequence[str], distances: Sequence[float], usual: Sequence[float]
) -> go.Figure:
    """Draw how far one word's two states are apart, and how far two different words are.

    Args:
        names: One per way of representing a word, nearest to the input first.
        distances: Cosine distances in [0, 2] between the word's states in two sentences.
        usual: The same between two different words, as measured over many.

    Raises:
        ValueError: If there is not one distance in [0, 2] of each kind per name.
    """
    if not len(names) == len(distances) == len(usual):
        raise ValueError(f"{len(distances)} and {len(usual)} distances for {len(names)} names")
    if not all(0 <= distance <= 2 for distance in (*distances, *usual)):
        raise ValueError("cosine distances lie between 0 and 2")
    labels = [escape(name) for name in names]
    figure = go.Figure([_same_word(labels, distances), _other_words(labels, usual)])
    for row, distance in enumerate(distances):
        beside = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6}
        text = f"<b>{distance:.2f}</b>"
        figure.add_annotation(y=row, text=text, showarrow=False, font_color=theme.TEXT, **beside)
    grid = {"fixedrange": True, "zeroline": False, "ticks": ""}
    title, ticks = "cosine distance", {"tickvals": [0, 0.5, 1], "ticktext": ["0", "0.5", "1"]}
    figure.update_xaxes(title=title, range=[0, FARTHEST], **ticks, **grid)
    figure.update_xaxes(gridcolor=theme.translucent(theme.PRUNED, 0.25))
    rows = {"tickvals": list(range(len(names))), "ticktext": labels, "showgrid": False}
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], automargin=True, **rows, **grid)
    theme.apply(figure, height=ROW_HEIGHT * len(names) + 110)
    return figure.update_layout(margin_r=48)


def both_states(states: np.ndarray, sentences: Sequence[str]) -> go.Figure:
    """Draw one word's state in two sentences and what is different, a column per unit.

    Drawn are the units that are strongest in either sentence, from the one that falls most to
    the one that rises most. A difference beyond 1 has the colour of 1.

    Args:
        states: (2, U) in [-1, 1].
        sentences: The first and the second.

    Raises:
        ValueError: If there are not two states and two sentences, or values outside [-1, 1].
    """
    if np.ndim(states) != 2 or not len(states) == len(sentences) == 2:
        raise ValueError(f"{np.shape(states)} states for {len(sentences)} sentences, not two")
    if not np.abs(states).max() <= 1 + 1e-5:
        raise ValueError("states lie between -1 and 1")
    rows = np.stack([states[0], states[1], states[1] - states[0]])
    units = _strongest(states, min(NUM_UNITS, states.shape[1]))
    titles = [*(f"“{escape(shortened(s, LONGEST_SENTENCE))}”" for s in sentences), _DIFFERENCE]
    figure = go.Figure(_units(rows, units, titles))
    for row, title in enumerate(titles):
        figure.add_annotation(
            x=0, xref="paper", y=row - 0.5, text=title, showarrow=False, font_color=theme.TEXT
        )
    figure.update_annotations(xanchor="left", yanchor="middle")
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    count = f"{len(units)} of {states.shape[1]} units, from falling to rising"
    figure.update_xaxes(title=count, showticklabels=False, **bare)
    figure.update_yaxes(range=[2.5, -0.7], showticklabels=False, **bare)
    return theme.apply(figure, height=260)


def _same_word(labels: Sequence[str], distances: Sequence[float]) -> go.Bar:
    return go.Bar(
        x=np.minimum(distances, FARTHEST),
        y=list(range(len(labels))),
        orientation="h",
        width=0.5,
        name="the word in the two sentences",
        marker={"color": theme.HIDDEN, "cornerradius": 4},
        customdata=list(zip(labels, distances, strict=True)),
        hovertemplate="%{customdata[0]}: %{customdata[1]:.2f}<extra></extra>",
    )


def _other_words(labels: Sequence[str], usual: Sequence[float]) -> go.Scatter:
    return go.Scatter(
        x=np.minimum(usual, FARTHEST),
        y=list(range(len(labels))),
        mode="markers",
        name="two different words, usually",
        marker={"symbol": "diamond", "size": 12, "color": theme.TEXT},
        customdata=list(zip(labels, usual, strict=True)),
        hovertemplate="%{customdata[0]}, different words: %{customdata[1]:.2f}<extra></extra>",
    )


def _strongest(states: np.ndarray, count: int) -> np.ndarray:
    """Return the numbers of the units strongest in either state, by how much they rise."""
    units = np.argsort(-np.abs(states).max(axis=0), kind="stable")[:count]
    rise = states[1] - states[0]
    return units[np.argsort(rise[units], kind="stable")]


def _units(rows: np.ndarray, units: np.ndarray, titles: Sequence[str]) -> go.Heatmap:
    return go.Heatmap(
        z=rows[:, units],
        zmin=-1,
        zmax=1,
        colorscale=theme.SIGNED,
        customdata=[[(title, int(unit)) for unit in units] for title in titles],
        hovertemplate="%{customdata[0]}<br>unit %{customdata[1]}: %{z:.2f}<extra></extra>",
        colorbar={"thickness": 10, "xpad": 4, "tickvals": [-1, 0, 1]},
        xgap=1,
        ygap=_HEADER,
    )
