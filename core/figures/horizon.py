"""How far back a network still feels a word: several networks over one text, words downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.perturbation import horizon
from core.text.typed_text import shortened

ROW_HEIGHT = 24
STRONGEST = 0.5
"""A change of the probability from which on a cell is of full colour, in every picture."""


def memory_map(
    labels: Sequence[str], effects: Mapping[str, np.ndarray], epsilon: float
) -> go.Figure:
    """Draw per network how much the result moves when a word is taken out, and its horizon.

    Args:
        labels: P words or groups of words in the order of reading.
        effects: For each network (P,) in [-1, 1], the change of the probability.
        epsilon: What counts as moved; a line stands before the farthest word that moves it.

    Raises:
        ValueError: If a network has not one effect per word.
    """
    for name, changes in effects.items():
        if np.shape(changes) != (len(labels),):
            raise ValueError(f"{np.shape(changes)} effects of {name} for {len(labels)} words")
    words = [escape(shortened(label)) for label in labels]
    cells = go.Heatmap(
        z=np.abs(np.stack(list(effects.values()), axis=1)),
        zmin=0,
        zmax=STRONGEST,
        colorscale=theme.SHARE,
        customdata=[[(word, name) for name in effects] for word in words],
        hovertemplate="%{customdata[1]} without %{customdata[0]}: moves by %{z:.1%}<extra></extra>",
        colorbar={"thickness": 12, "tickvals": [0, STRONGEST], "ticktext": ["0 %", "50 %"]},
        xgap=4,
        ygap=1,
    )
    figure = go.Figure(cells)
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    names = list(effects)
    figure.update_xaxes(tickvals=list(range(len(names))), ticktext=names, side="top", **bare)
    figure.update_yaxes(
        tickvals=list(range(len(words))), ticktext=words, range=[len(words) - 0.5, -0.5], **bare
    )
    for column, changes in enumerate(effects.values()):
        _mark_horizon(figure, column, len(labels), horizon(changes, epsilon))
    return theme.apply(figure, height=max(240, ROW_HEIGHT * len(labels) + 60))


def _mark_horizon(figure: go.Figure, column: int, length: int, distance: int | None) -> None:
    """Frame what lies within a network's horizon."""
    if distance is not None:
        figure.add_shape(
            type="rect",
            x0=column - 0.485,
            x1=column + 0.485,
            y0=length - distance - 0.5,
            y1=length - 0.5,
            line={"color": theme.CHOSEN, "width": 2},
        )
