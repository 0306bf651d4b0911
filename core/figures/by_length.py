"""BLEU by the length of the sentence: what long sentences cost."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.figures import theme


def score_by_length(
    labels: Sequence[str], scores: Sequence[float], counts: Sequence[int], overall: float
) -> go.Figure:
    """Draw the BLEU of the sentences of each length, and a dotted line for all of them together.

    Args:
        labels: What each bucket holds, shortest first: "1–5", "6–10".
        scores: One per bucket, in [0, 100].
        counts: Sentences per bucket, at least 1: an empty bucket has no score.
        overall: In [0, 100], of all sentences.

    Raises:
        ValueError: If there is not one score in [0, 100] and one count per label.
    """
    if not len(labels) == len(scores) == len(counts):
        raise ValueError(f"{len(scores)} scores and {len(counts)} counts for {len(labels)} labels")
    if not all(0 <= score <= 100 for score in (*scores, overall)):
        raise ValueError("BLEU lies between 0 and 100")
    if not all(count >= 1 for count in counts):
        raise ValueError("a score is of at least one sentence")
    ends = [-0.5, len(labels) - 0.5]
    figure = go.Figure([_bars(labels, scores, counts), _line(ends, overall)])
    figure.update_xaxes(
        title="words per sentence, and how many sentences",
        tickvals=list(range(len(labels))),
        ticktext=[f"<b>{escape(b)}</b><br>{n:,}" for b, n in zip(labels, counts, strict=True)],
        tickangle=0,
        range=ends,
        fixedrange=True,
        showgrid=False,
    )
    figure.update_yaxes(title="BLEU", range=[0, 100], fixedrange=True, dtick=20, showgrid=False)
    return theme.apply(figure, height=360)


def _bars(labels: Sequence[str], scores: Sequence[float], counts: Sequence[int]) -> go.Bar:
    return go.Bar(
        x=list(range(len(labels))),
        y=list(scores),
        marker={"color": theme.FORECAST, "cornerradius": 4},
        text=[f"{score:.1f}" for score in scores],
        textposition="auto",
        textangle=0,
        insidetextanchor="start",
        insidetextfont={"size": 14, "color": "white"},
        cliponaxis=False,
        customdata=[(escape(b), f"{n:,}") for b, n in zip(labels, counts, strict=True)],
        hovertemplate="%{customdata[0]} words: BLEU %{y:.1f}<br>%{customdata[1]} sentences"
        "<extra></extra>",
        showlegend=False,
    )


def _line(ends: Sequence[float], overall: float) -> go.Scatter:
    return go.Scatter(
        x=ends,
        y=[overall, overall],
        mode="lines",
        name=f"all sentences: {overall:.1f}",
        line={"color": theme.PRUNED, "width": 2, "dash": "dot"},
        showlegend=True,
        hoverinfo="skip",
    )
