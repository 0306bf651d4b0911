"""Which side a text is on: now, after every word, and without every word; words run downwards."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme
from core.text.typed_text import shortened

ROW_HEIGHT = 26
STRONGEST = 6.0
"""Log-odds at the end of the effects' axis, in every picture; longer bars end there."""
MIDDLE = 0.5
NUM_BINS = 20


def verdict_bar(probability: float) -> go.Figure:
    """Draw one bar from the middle towards the side that a text is on.

    Args:
        probability: Of positive, in [0, 1].

    Raises:
        ValueError: If it is no probability.
    """
    shares = _probabilities([probability], 1)
    figure = go.Figure(_from_the_middle(shares, [""], width=0.7))
    track = theme.translucent(theme.PRUNED, 0.18)
    figure.add_shape(
        type="rect", x0=0, x1=1, y0=-0.35, y1=0.35, fillcolor=track, line_width=0, layer="below"
    )
    figure.update_xaxes(
        range=[0, 1],
        tickvals=[0.16, MIDDLE, 0.84],
        ticktext=["negative", "even", "positive"],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.add_vline(x=MIDDLE, line={"color": theme.PRUNED, "width": 2})
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.5, 0.5])
    return theme.apply(figure, height=88).update_layout(showlegend=False, margin_b=32)


def verdicts_over_time(
    labels: Sequence[str], forward: np.ndarray, backward: np.ndarray, turn: range
) -> go.Figure:
    """Draw what the verdict was after each word, read downwards and read upwards.

    Args:
        labels: P words or groups of words; repeated ones keep their own row.
        forward: (P,) in [0, 1], positive after everything down to this row.
        backward: (P,) in [0, 1], positive after everything from the end up to this row.
        turn: The rows whose words turned the downward verdict; they are marked.

    Raises:
        ValueError: If an array has not one probability per label.
    """
    titles = ("Read down to here", "Read up to here")
    figure = make_subplots(cols=2, shared_yaxes=True, column_titles=titles, horizontal_spacing=0.06)
    for column, shares in enumerate((forward, backward), start=1):
        figure.add_trace(_from_the_middle(_probabilities(shares, len(labels)), labels), 1, column)
    _probability_axis(figure)
    _words_downwards(figure, labels)
    band = {"y0": turn.start - 0.5, "y1": turn.stop - 0.5, "line_width": 0, "layer": "below"}
    figure.add_hrect(fillcolor=theme.PRUNED, opacity=0.25, **band)
    theme.apply(figure, height=ROW_HEIGHT * len(labels) + 80)
    return figure.update_layout(showlegend=False, margin_t=32)


def effect_bars(labels: Sequence[str], effects: np.ndarray, without: np.ndarray) -> go.Figure:
    """Draw to which side each word pulls: how far the verdict falls back when it is taken out.

    Args:
        labels: P words or groups of words; repeated ones keep their own row.
        effects: (P,) log-odds with the word minus log-odds without it.
        without: (P,) in [0, 1], positive when the word is taken out; written beside the bar.

    Raises:
        ValueError: If an array has not one value per label.
    """
    shares = _probabilities(without, len(labels))
    if np.shape(effects) != (len(labels),):
        raise ValueError(f"{np.shape(effects)} effects for {len(labels)} words")
    bars = go.Bar(
        x=np.clip(effects, -STRONGEST, STRONGEST),
        y=list(range(len(labels))),
        orientation="h",
        marker={"color": [theme.SIDES[int(e >= 0)] for e in effects], "cornerradius": 4},
        customdata=[
            (escape(label), f"{effect:+.2f}", f"{share:.0%}")
            for label, effect, share in zip(labels, effects, shares, strict=True)
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<br>"
        "without it %{customdata[2]} positive<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_xaxes(
        range=[-STRONGEST, STRONGEST],
        tickvals=[-STRONGEST / 2, STRONGEST / 2],
        ticktext=["← to negative", "to positive →"],
        side="top",
        fixedrange=True,
        zeroline=True,
        zerolinecolor=theme.PRUNED,
        showgrid=False,
    )
    _words_downwards(figure, labels)
    theme.apply(figure, height=ROW_HEIGHT * len(labels) + 40)
    return figure.update_layout(showlegend=False)


def verdict_histogram(probabilities: np.ndarray) -> go.Figure:
    """Draw how many texts stand where between negative and positive, in twenty bins.

    Args:
        probabilities: (N,) of positive, in [0, 1].
    """
    shares = _probabilities(probabilities, len(probabilities))
    counts, edges = np.histogram(shares, bins=NUM_BINS, range=(0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    bars = go.Bar(
        x=middles,
        y=counts,
        width=0.9 / NUM_BINS,
        marker_color=[theme.SIDES[int(middle >= MIDDLE)] for middle in middles],
        customdata=[f"{a:.0%} to {b:.0%}" for a, b in zip(edges[:-1], edges[1:], strict=True)],
        hovertemplate="%{y} texts, %{customdata} positive<extra></extra>",
    )
    figure = go.Figure(bars)
    _probability_axis(figure, ends=("0 %", "100 %"))
    figure.update_xaxes(showgrid=False, title="probability of positive")
    figure.update_yaxes(dtick=1 if counts.max(initial=0) < 6 else None)
    figure.update_yaxes(title="texts", rangemode="tozero", fixedrange=True)
    return theme.apply(figure, height=220).update_layout(showlegend=False, margin_r=32)


def _probabilities(values: Sequence[float] | np.ndarray, count: int) -> np.ndarray:
    shares = np.asarray(values, np.float64)
    if shares.shape != (count,):
        raise ValueError(f"{shares.shape} probabilities for {count} words")
    if count and not (shares.min() >= 0 and shares.max() <= 1):
        raise ValueError("probabilities lie between 0 and 1")
    return shares


def _from_the_middle(
    shares: np.ndarray, labels: Sequence[str], *, width: float | None = None
) -> go.Bar:
    """Return bars that begin at one half, where neither side leads."""
    return go.Bar(
        x=shares - MIDDLE,
        base=MIDDLE,
        y=list(range(len(shares))),
        width=width,
        orientation="h",
        marker={"color": [theme.SIDES[int(s >= MIDDLE)] for s in shares], "cornerradius": 4},
        customdata=[
            (escape(label), f"{share:.1%}") for label, share in zip(labels, shares, strict=True)
        ],
        hovertemplate="%{customdata[0]} %{customdata[1]} positive<extra></extra>",
    )


def _probability_axis(figure: go.Figure, *, ends: tuple[str, str] = ("", "")) -> None:
    figure.update_xaxes(
        range=[0, 1],
        tickvals=[0, MIDDLE, 1],
        ticktext=[ends[0], "50 %", ends[1]],
        fixedrange=True,
        gridcolor=theme.translucent(theme.PRUNED, 0.5),
        zeroline=False,
    )


def _words_downwards(figure: go.Figure, labels: Sequence[str]) -> None:
    """Label the rows; numbered places keep two equal words of one text apart."""
    figure.update_yaxes(
        tickvals=list(range(len(labels))),
        ticktext=[escape(shortened(label)) for label in labels],
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        ticks="",
        tickfont_size=14,
    )
