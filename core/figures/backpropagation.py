"""A small network's numbers on their way forward and back, and the loss along one weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.figures.diagram import add_arrow, add_box, add_words, canvas

HEIGHT = 280
BOX = (64, 58)
FORWARD_Y, INPUT_Y, BACK_Y = 0.3, 1.15, -0.75


def numbers_there_and_back(
    inputs: Sequence[float], hidden: np.ndarray, back: np.ndarray, output: tuple[float, float]
) -> go.Figure:
    """Draw a network of two hidden units unrolled: states above, their gradients below.

    Args:
        inputs: One number per time step.
        hidden: (T, 2) states, of as many time steps as were computed; NaN where not yet.
        back: (T, 2) gradients of the loss by state; NaN where not yet.
        output: What the network answers and its loss; NaN where not yet.

    Raises:
        ValueError: If states and gradients are not one per input.
    """
    if not len(inputs) == len(hidden) == len(back):
        raise ValueError(f"{len(inputs)} inputs, {len(hidden)} states, {len(back)} gradients")
    last = len(inputs)
    figure = canvas((-0.5, last + 0.5), (-1.25, 1.4), height=HEIGHT)
    for t, value in enumerate(inputs):
        add_words(figure, (t, INPUT_Y), f"x = {value:g}".replace("-", "−"))
        add_arrow(figure, (t, INPUT_Y), (t, FORWARD_Y), theme.ATTENTION, gaps=(10, 32))
        _add_pair(figure, (t, FORWARD_Y), hidden[t], theme.HIDDEN)
        _add_pair(figure, (t, BACK_Y), back[t], theme.CHOSEN)
        ahead, behind = (t, FORWARD_Y), (t, BACK_Y)
        add_arrow(figure, ahead, (t + 1, FORWARD_Y), theme.HIDDEN, gaps=(34, 34))
        add_arrow(figure, (t + 1, BACK_Y), behind, theme.CHOSEN, gaps=(34, 34))
    add_words(figure, (last, INPUT_Y), "output, loss")
    _add_pair(figure, (last, FORWARD_Y), np.array(output), theme.PROBABILITY)
    add_words(figure, (last, BACK_Y), "∂L/∂h")
    return figure


def loss_along(
    curve: tuple[np.ndarray, np.ndarray], now: tuple[float, float, float], after: float, name: str
) -> go.Figure:
    """Draw the loss as one weight changes, the tangent where it stands, and where it goes.

    Args:
        curve: (N,) weights, rising, and (N,) losses.
        now: The weight, its loss, and the slope there, which is the gradient.
        after: The weight after the update.
        name: Of the weight.
    """
    weights, losses = curve
    weight, loss, slope = now
    reach = (weights[-1] - weights[0]) / 5
    figure = go.Figure()
    color = {"color": theme.HIDDEN, "width": 2}
    figure.add_scatter(x=weights, y=losses, mode="lines", name="loss", line=color)
    figure.add_scatter(
        x=[weight - reach, weight + reach],
        y=[loss - slope * reach, loss + slope * reach],
        mode="lines",
        name=f"slope {slope:.3f}",
        line={"color": theme.CHOSEN, "width": 2, "dash": "dash"},
    )
    figure.add_scatter(
        x=[weight], y=[loss], mode="markers", name="now", marker={"color": theme.CHOSEN, "size": 12}
    )
    if weights[0] <= after <= weights[-1]:
        marker = {"color": theme.PROBABILITY, "size": 12, "symbol": "diamond"}
        there = np.interp(after, weights, losses)
        figure.add_scatter(x=[after], y=[there], mode="markers", name="after", marker=marker)
    figure.update_xaxes(title=name, range=[weights[0], weights[-1]], fixedrange=True)
    top = max(float(losses.max()), loss) * 1.1
    figure.update_yaxes(title="loss", range=[-0.05 * top, top], fixedrange=True)
    return theme.apply(figure, height=HEIGHT)


def loss_by_update(losses: Mapping[str, Sequence[float]], selected: str, update: int) -> go.Figure:
    """Draw how the loss went for each learning rate, from 0.0001 to 100, and where the page stands.

    Args:
        losses: Per learning rate one loss before training and one after every update.
        selected: The learning rate that the page shows.
        update: The update at which it stands.
    """
    figure = go.Figure()
    for (name, values), color in zip(losses.items(), theme.RUNS, strict=False):
        line = {"color": color, "width": 3 if name == selected else 1.5}
        steps = list(range(len(values)))
        figure.add_scatter(x=steps, y=list(values), mode="lines", name=name, line=line)
    here = {"color": theme.CHOSEN, "size": 12}
    y = [losses[selected][update]]
    figure.add_scatter(x=[update], y=y, mode="markers", marker=here, showlegend=False)
    figure.update_xaxes(title="updates", fixedrange=True)
    powers = {"type": "log", "range": [-4, 2], "exponentformat": "power", "dtick": 2}
    figure.update_yaxes(title="loss", fixedrange=True, **powers)
    return theme.apply(figure, height=HEIGHT)


def _add_pair(figure: go.Figure, place: tuple[float, float], pair: np.ndarray, color: str) -> None:
    known = bool(np.isfinite(pair).all())
    add_box(figure, place, BOX, color if known else theme.PRUNED, fill=0.16 if known else 0)
    for value, above in zip(pair, (0.12, -0.12), strict=True):
        text = f"{value:.3f}".replace("-", "−") if known else "…"
        add_words(figure, (place[0], place[1] + above), text)
