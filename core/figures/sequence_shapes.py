"""What enters a recurrent network and what leaves it, step by step, as a small picture."""

from __future__ import annotations

from collections.abc import Collection

import plotly.graph_objects as go

from core.figures import theme
from core.figures.diagram import add_arrow, add_box, canvas

SHAPES = {
    "One to one": ({0}, {0}),
    "One to many": ({0}, {0, 1, 2, 3}),
    "Many to one": ({0, 1, 2, 3}, {3}),
    "Many to many, aligned": ({0, 1, 2, 3}, {0, 1, 2, 3}),
    "Many to many, unaligned": ({0, 1, 2}, {2, 3, 4}),
}
"""The time steps at which something enters, and those at which something leaves."""

WIDEST = 5
"""All shapes are drawn on a canvas of so many time steps, so that they can be compared."""
CELL = (26, 26)
ITEM = (26, 14)


def sequence_shape(inputs: Collection[int], outputs: Collection[int]) -> go.Figure:
    """Draw one cell per time step, with an arrow wherever something enters or leaves.

    Args:
        inputs: The time steps, from 0, at which something enters.
        outputs: The time steps at which something leaves.

    Raises:
        ValueError: If a time step is not below WIDEST, or nothing enters or leaves.
    """
    steps = {*inputs, *outputs}
    if not inputs or not outputs or not steps <= set(range(WIDEST)):
        raise ValueError(f"cannot draw inputs {inputs} and outputs {outputs}")
    length = max(steps) + 1
    margin = (WIDEST - length) / 2 + 0.6
    figure = canvas((-margin, length - 1 + margin), (-1.2, 1.2), height=150)
    for step in range(length):
        add_box(figure, (step, 0), CELL, theme.HIDDEN, fill=0.25)
        if step > 0:
            add_arrow(figure, (step - 1, 0), (step, 0), theme.HIDDEN, gaps=(14, 14))
        if step in inputs:
            add_box(figure, (step, -1), ITEM, theme.ATTENTION, fill=0.25)
            add_arrow(figure, (step, -1), (step, 0), theme.ATTENTION, gaps=(8, 15))
        if step in outputs:
            add_box(figure, (step, 1), ITEM, theme.PROBABILITY, fill=0.25)
            add_arrow(figure, (step, 0), (step, 1), theme.PROBABILITY, gaps=(15, 9))
    return figure
