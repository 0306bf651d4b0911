"""A small image as its pixels, and how likely each label of it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures import theme

INK = ((0.0, theme.translucent(theme.ATTENTION, 0.04)), (1.0, theme.ATTENTION))
"""Paper is the page itself; ink has the colour of what goes in."""
HEIGHT = 200


def pixels(image: np.ndarray, most: float) -> go.Figure:
    """Draw an image as squares.

    Args:
        image: (rows, columns) in [0, most]; row 0 is above.
        most: What is all ink.

    Raises:
        ValueError: If a pixel is out of range, or this is no image.
    """
    if image.ndim != 2 or not image.size or image.min() < 0 or image.max() > most:
        raise ValueError(f"no image in [0, {most}]: shape {image.shape}")
    cells = go.Heatmap(
        z=image,
        zmin=0,
        zmax=most,
        colorscale=INK,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: %{z:.0f}<extra></extra>",
    )
    figure = go.Figure(cells)
    bare = {"visible": False, "fixedrange": True, "constrain": "domain"}
    figure.update_xaxes(**bare)
    figure.update_yaxes(autorange="reversed", scaleanchor="x", **bare)
    return theme.apply(figure, height=HEIGHT)


def label_bars(labels: Sequence[str], probabilities: np.ndarray) -> go.Figure:
    """Draw one bar per label, in the order of the labels, with its percentage above.

    Args:
        labels: K of them, short.
        probabilities: (K,) in [0, 1].

    Raises:
        ValueError: If there is not one probability in [0, 1] per label.
    """
    shares = np.asarray(probabilities)
    if shares.shape != (len(labels),) or shares.min() < 0 or shares.max() > 1 + 1e-6:
        raise ValueError(f"{shares.shape} probabilities for {len(labels)} labels")
    bars = go.Bar(
        x=list(range(len(labels))),
        y=shares,
        marker={"color": theme.PROBABILITY, "cornerradius": 4},
        text=[f"{share:.0%}" if share >= 0.005 else "" for share in shares],
        textposition="outside",
        cliponaxis=False,
        customdata=list(labels),
        hovertemplate="%{customdata}: %{y:.1%}<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_xaxes(
        tickvals=list(range(len(labels))), ticktext=list(labels), fixedrange=True, showgrid=False
    )
    figure.update_yaxes(range=[0, 1.15], visible=False, fixedrange=True)
    return theme.apply(figure, height=HEIGHT)
