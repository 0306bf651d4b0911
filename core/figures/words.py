"""Words and their numbers: what else could have stood here, and how sure the network was."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.explanations import readable
from core.figures import theme

ROW_HEIGHT = 30


class Weighed(Protocol):
    """A token that could stand at one place."""

    token: str
    probability: float
    """In [0, 1]."""


def numbered(tokens: Sequence[str]) -> list[str]:
    """Return one label per token that no other token has: "1 a", "2 dog", "3 end"."""
    return [f"{number} {readable(token)}" for number, token in enumerate(tokens, start=1)]


def alternative_bars(alternatives: Sequence[Weighed], chosen: str) -> go.Figure:
    """Draw the likeliest tokens at one place as bars, the chosen one in its own colour.

    Args:
        alternatives: Best first, without repetition.
        chosen: The token that the sentence has here; it may be missing from `alternatives`.

    Raises:
        ValueError: If a probability is outside [0, 1].
    """
    tokens = [alternative.token for alternative in alternatives]
    shares = _checked(tokens, [alternative.probability for alternative in alternatives])
    colors = [theme.CHOSEN if token == chosen else theme.PRUNED for token in tokens]
    figure = go.Figure(_bars(tokens, shares, colors))
    figure.update_xaxes(range=[0, 1.2], visible=False, fixedrange=True)
    _words_downwards(figure, tokens)
    return theme.apply(figure, height=ROW_HEIGHT * len(tokens) + 16)


def share_bars(
    tokens: Sequence[str], probabilities: np.ndarray, sentinel_weight: np.ndarray, selected: int
) -> go.Figure:
    """Draw a sentence downwards: how sure each word was, and how much came from the words before.

    Args:
        tokens: T labels; repeated tokens keep their own row.
        probabilities: (T,) in [0, 1], of each token after those before it.
        sentinel_weight: (T,) in [0, 1], share of each token that came from the sentence so far.
        selected: Place of the token that the page shows; its row is marked.

    Raises:
        ValueError: If an array has not one share in [0, 1] per token.
    """
    titles = ("How sure", "From earlier words")
    figure = make_subplots(cols=2, shared_yaxes=True, column_titles=titles, horizontal_spacing=0.06)
    figure.add_trace(_bars(tokens, _checked(tokens, probabilities), theme.PROBABILITY), 1, 1)
    figure.add_trace(_bars(tokens, _checked(tokens, sentinel_weight), theme.SENTINEL), 1, 2)
    figure.update_xaxes(range=[0, 1.35], visible=False, fixedrange=True)
    _words_downwards(figure, tokens)
    band = {"y0": selected - 0.5, "y1": selected + 0.5, "line_width": 0, "layer": "below"}
    figure.add_hrect(fillcolor=theme.CHOSEN, opacity=0.14, **band)
    theme.apply(figure, height=ROW_HEIGHT * len(tokens) + 48)
    return figure.update_layout(margin_t=32, showlegend=False)


def _checked(tokens: Sequence[str], shares: Sequence[float] | np.ndarray) -> np.ndarray:
    shares = np.asarray(shares)
    if shares.shape != (len(tokens),):
        raise ValueError(f"{shares.shape} shares for {len(tokens)} tokens")
    if len(shares) and (shares.min() < 0 or shares.max() > 1 + 1e-6):
        raise ValueError("shares lie between 0 and 1")
    return shares


def _bars(tokens: Sequence[str], shares: np.ndarray, color: str | list[str]) -> go.Bar:
    return go.Bar(
        x=shares,
        y=list(range(len(tokens))),
        orientation="h",
        marker={"color": color, "cornerradius": 4},
        text=[f"{share:.0%}" for share in shares],
        textposition="outside",
        cliponaxis=False,
        customdata=[escape(readable(token)) for token in tokens],
        hovertemplate="%{customdata}: %{x:.1%}<extra></extra>",
    )


def _words_downwards(figure: go.Figure, tokens: Sequence[str]) -> None:
    """Label the rows; numbered places keep two equal words of one sentence apart."""
    figure.update_yaxes(
        tickvals=list(range(len(tokens))),
        ticktext=[escape(readable(token)) for token in tokens],
        range=[len(tokens) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        ticks="",
        tickfont_size=14,
    )
