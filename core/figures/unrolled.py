"""A recurrent network drawn twice: as the loop that it is, and unrolled over time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.figures import theme
from core.figures.diagram import add_arrow, add_box, add_dot, add_loop, add_words, canvas

HEIGHT = 210
Y_RANGE = (-1.08, 1.05)
INPUT_Y, OUTPUT_Y = -0.95, 0.95
BOX = (48, 48)
FADING = 0.72
"""Each further time step leaves this share of a memory's colour; a picture, not a measurement."""
LONGEST_LABEL = 9


def folded() -> go.Figure:
    """Draw the network as a loop: one cell that hands its hidden state to itself."""
    figure = canvas((-1, 1), Y_RANGE, height=HEIGHT)
    add_box(figure, (0, 0), BOX, theme.HIDDEN, fill=0.16)
    add_loop(figure, (0, 0), BOX[0], theme.HIDDEN)
    add_arrow(figure, (0, INPUT_Y), (0, 0), theme.ATTENTION, gaps=(12, 28))
    add_arrow(figure, (0, 0), (0, OUTPUT_Y), theme.PROBABILITY, gaps=(28, 12))
    add_words(figure, (0, INPUT_Y), "input")
    add_words(figure, (0, OUTPUT_Y), "output")
    return figure


def unrolled(tokens: Sequence[str], *, time_step: int | None = None) -> go.Figure:
    """Draw the same cell once per token, each handing its hidden state to the next.

    Args:
        tokens: What enters, one per time step.
        time_step: The step to stand at, from 0; what comes later is drawn faintly. None: the last.

    Raises:
        ValueError: If there are no tokens, or `time_step` is none of theirs.
    """
    last = len(tokens) - 1
    now = last if time_step is None else time_step
    if not 0 <= now <= last:
        raise ValueError(f"time_step {time_step} with {len(tokens)} tokens")
    figure = canvas((-0.6, last + 0.6), Y_RANGE, height=HEIGHT)
    for step, token in enumerate(tokens):
        _add_step(figure, step, token, now)
    figure.add_scatter(
        x=list(range(len(tokens))),
        y=[0] * len(tokens),
        mode="markers",
        marker={"size": 44, "opacity": 0},
        text=[f"has read: {escape(' '.join(tokens[: t + 1]))}" for t in range(len(tokens))],
        hovertemplate="%{text}<extra></extra>",
    )
    return figure


def _add_step(figure: go.Figure, step: int, token: str, now: int) -> None:
    seen = 1.0 if step <= now else 0.25
    state = theme.translucent(theme.HIDDEN, seen)
    color = theme.CHOSEN if step == now else theme.HIDDEN
    add_box(figure, (step, 0), BOX, color, fill=0.16)
    if step > 0:
        add_arrow(figure, (step - 1, 0), (step, 0), state, gaps=(28, 28))
    add_arrow(
        figure, (step, INPUT_Y), (step, 0), theme.translucent(theme.ATTENTION, seen), gaps=(12, 28)
    )
    add_arrow(
        figure,
        (step, 0),
        (step, OUTPUT_Y),
        theme.translucent(theme.PROBABILITY, seen),
        gaps=(28, 0),
    )
    add_words(figure, (step, INPUT_Y), _short(token))
    if step <= now:
        _add_memory(figure, step)


def _add_memory(figure: go.Figure, step: int) -> None:
    """Draw a dot for every token read so far, fainter the longer ago."""
    for read in range(step + 1):
        offset = (-13 + 13 * (read % 3), 7 - 14 * (read // 3))
        add_dot(figure, (step, 0), offset, theme.translucent(theme.HIDDEN, FADING ** (step - read)))


def _short(token: str) -> str:
    return token if len(token) <= LONGEST_LABEL else token[: LONGEST_LABEL - 1] + "…"
