"""A beam search drawn downwards: a row per time step, the best total so far on the left."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.explanations import readable
from core.figures import theme
from core.search_tree import ROOT, Expansion, Hypothesis, SearchTree
from core.text.typed_text import shortened
from core.vocabulary import Vocabulary

ROW_HEIGHT = 60
LONGEST_LABEL, MANY_LANES, LONGEST_OF_MANY = 11, 6, 8
"""Letters of a label, and of one in a search with more lanes than that."""
USUAL_LANES = 5
"""Candidates drawn in a row of a narrow search; a wide one draws its beam and one more."""
_GAP = 0.3
"""Of a row: an edge leaves this much room to the words that it joins."""


@dataclass(frozen=True)
class _Style:
    """How one kind of branch looks."""

    name: str
    color: str
    width: float
    dash: str = "solid"
    opacity: float = 1.0


_STYLES = (
    _Style("given up", theme.PRUNED, 1.2, dash="dot", opacity=0.7),
    _Style("followed", theme.KEPT, 1.8),
    _Style("chosen", theme.CHOSEN, 4),
)
_GIVEN_UP, _FOLLOWED, _CHOSEN = _STYLES

Places = dict[int, tuple[float, float]]
"""Node -> (lane, row)."""


def lanes(tree: SearchTree, vocabulary: Vocabulary, chosen: Hypothesis) -> go.Figure:
    """Draw what the search followed, what it gave up, and the path that won.

    Of what it gave up, the best few of each row are drawn and the others are counted.

    Args:
        tree: From `beam_search`.
        vocabulary: A label per token id.
        chosen: One of `tree.finished`; drawn on top.

    Raises:
        ValueError: If `chosen` does not belong to `tree`.
    """
    if chosen not in tree.finished:
        raise ValueError("the chosen hypothesis is not one that this search finished")
    places, left_out = _lay_out(tree)
    figure = go.Figure()
    nodes = _sort(tree, places, chosen)
    for style in _STYLES:
        figure.add_trace(_edges(tree, nodes[style], places, style))
    for style in _STYLES:
        figure.add_trace(_stops(tree, nodes[style], places, style))
        figure.add_trace(_words(tree, nodes[style], places, style, vocabulary))
    num_lanes = _num_lanes(places)
    figure.add_trace(_start())
    figure.add_trace(_counts(left_out, num_lanes))
    return _frame(figure, num_lanes, len(left_out))


def shown_nodes(tree: SearchTree) -> list[Expansion]:
    """Return what is drawn: everything that was followed, and the best of the rest."""
    followed = followed_nodes(tree)
    limit = max(tree.options.beam_size + 1, USUAL_LANES)
    return [e for e in tree.expansions if e.index in followed or e.rank < limit]


def followed_nodes(tree: SearchTree) -> set[int]:
    """Return the nodes that ended a sentence or from which the search went on."""
    parents = {e.parent for e in tree.expansions} - {ROOT}
    return parents | {e.index for e in tree.expansions if e.finished}


def _lay_out(tree: SearchTree) -> tuple[Places, list[int]]:
    """Return where each node stands and how many of each row are not drawn."""
    num_rows = 1 + max(e.time_step for e in tree.expansions)
    weighed = np.bincount([e.time_step for e in tree.expansions], minlength=num_rows)
    filled = np.zeros(num_rows, dtype=int)
    places: Places = {ROOT: (0.0, -1.0)}
    for node in shown_nodes(tree):  # best first within a step
        places[node.index] = (float(filled[node.time_step]), float(node.time_step))
        filled[node.time_step] += 1
    return places, (weighed - filled).tolist()


def _num_lanes(places: Places) -> int:
    return 1 + round(max(lane for lane, _ in places.values()))


def _sort(tree: SearchTree, places: Places, chosen: Hypothesis) -> dict[_Style, list[int]]:
    """Return the drawn nodes of each style."""
    path, followed = set(chosen.expansions), followed_nodes(tree)
    given_up = places.keys() - followed - path - {ROOT}
    kinds = (given_up, (followed - path) & places.keys(), path)
    return {style: sorted(kind) for style, kind in zip(_STYLES, kinds, strict=True)}


def _edges(tree: SearchTree, nodes: list[int], places: Places, style: _Style) -> go.Scatter:
    """Return one line with gaps: a soft curve from each node's parent to the node."""
    along = np.linspace(0, 1, 12)
    aside = along * along * (3 - 2 * along)
    lanes: list[float | None] = []
    rows: list[float | None] = []
    for node in nodes:
        (lane, row), (end_lane, end_row) = places[tree.expansions[node].parent], places[node]
        lanes += [*(lane + (end_lane - lane) * aside), None]
        rows += [*(row + _GAP + (end_row - row - 2 * _GAP) * along), None]
    return go.Scatter(
        x=lanes,
        y=rows,
        mode="lines",
        name=style.name,
        line={"color": style.color, "width": style.width, "dash": style.dash},
        opacity=style.opacity,
        hoverinfo="skip",
    )


def _words(
    tree: SearchTree, nodes: list[int], places: Places, style: _Style, vocabulary: Vocabulary
) -> go.Scatter:
    longest = LONGEST_LABEL if _num_lanes(places) <= MANY_LANES else LONGEST_OF_MANY
    found = [tree.expansions[node] for node in nodes]
    names = [readable(token) for token in vocabulary.decode(e.token_id for e in found)]
    labels = [escape(shortened(name, longest)) for name in names]
    weight = ("<b>", "</b>") if style is _CHOSEN else ("", "")
    return go.Scatter(
        x=[places[node][0] for node in nodes],
        y=[places[node][1] for node in nodes],
        mode="text",
        text=[
            f"{weight[0]}{label}{weight[1]}<br>{np.exp(e.token_log_prob):.0%}"
            for label, e in zip(labels, found, strict=True)
        ],
        textfont_size=12,
        cliponaxis=False,
        opacity=style.opacity,
        customdata=[
            (escape(name), e.token_log_prob, e.log_prob, e.rank + 1)
            for name, e in zip(names, found, strict=True)
        ],
        hovertemplate=(
            "<b>%{customdata[0]}</b>, " + style.name + "<br>log-probability %{customdata[1]:.2f}"
            "<br>total so far %{customdata[2]:.2f}<br>place %{customdata[3]} of its row"
            "<extra></extra>"
        ),
        showlegend=False,
    )


def _stops(tree: SearchTree, nodes: list[int], places: Places, style: _Style) -> go.Scatter:
    """Return a bar below each token that ended a sentence."""
    ends = [node for node in nodes if tree.expansions[node].finished]
    return go.Scatter(
        x=[places[node][0] for node in ends],
        y=[places[node][1] + 0.36 for node in ends],
        mode="markers",
        marker={"symbol": "line-ew", "size": 24, "line": {"width": 4, "color": style.color}},
        hoverinfo="skip",
        showlegend=False,
    )


def _start() -> go.Scatter:
    return go.Scatter(
        x=[0], y=[-1], mode="text", text=["start"], hoverinfo="skip", showlegend=False
    )


def _counts(left_out: list[int], lane: int) -> go.Scatter:
    return go.Scatter(
        x=[lane - 0.2] * len(left_out),
        y=list(range(len(left_out))),
        mode="text",
        text=[f"+{count}" if count else "" for count in left_out],
        opacity=_GIVEN_UP.opacity,
        customdata=left_out,
        hovertemplate="%{customdata} more were weighed and given up<extra></extra>",
        showlegend=False,
    )


def _frame(figure: go.Figure, num_lanes: int, num_rows: int) -> go.Figure:
    figure.update_xaxes(range=[-0.7, num_lanes + 0.1], visible=False, fixedrange=True)
    figure.update_yaxes(range=[num_rows - 0.45, -1.4], visible=False, fixedrange=True)
    figure.add_annotation(
        text="← better total so far",
        x=num_lanes,
        y=-1,
        xanchor="right",
        showarrow=False,
        font_color=theme.TEXT,
    )
    return theme.apply(figure, height=ROW_HEIGHT * (num_rows + 1) + 40)
