"""Which source words a network looked at for every word that it wrote: the alignment matrix."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.explanations import readable
from core.figures import theme
from core.text.typed_text import shortened

ROW_HEIGHT = 26
LONGEST_LABEL = 12
LETTER_WIDTH = 8
"""Pixels that a letter of an upright label needs at most."""
MANY_SOURCE_TOKENS = 20
"""From here on their labels are small, and upright on most pages."""
WEIGHTS = ((0.0, theme.translucent(theme.ATTENTION, 0.04)), (1.0, theme.ATTENTION))
"""For [0, 1]: nothing is the page itself."""
_SCALE_BELOW = {
    "orientation": "h",
    "thickness": 10,
    "lenmode": "pixels",
    "len": 160,
    "x": 0,
    "xanchor": "left",
    "xpad": 0,
    "y": 0,
    "yanchor": "top",
    "ypad": 8,
    "tickvals": [0, 0.5, 1],
    "ticktext": ["0%", "50%", "100%"],
}
"""It leaves a narrow page's whole width to the columns."""


def alignment_matrix(
    attention_weights: np.ndarray,
    source_tokens: Sequence[str],
    target_tokens: Sequence[str],
    selected: int,
) -> go.Figure:
    """Draw one row per target token and one column per source token; full colour is all of it.

    Where the columns are narrower than their labels, as on a phone, the browser leaves some
    labels out; what the selected row looked at most is also written below.

    Args:
        attention_weights: (T, S) in [0, 1]; each row sums to 1.
        source_tokens: S labels; repeated tokens keep their own column.
        target_tokens: T labels; repeated tokens keep their own row.
        selected: Place of the target token that the page shows, from 0.

    Raises:
        ValueError: If the weights are no distribution over the source per target token, or
            `selected` is no row.
    """
    _check(attention_weights, (len(target_tokens), len(source_tokens)), selected)
    source, target = _labels(source_tokens), _labels(target_tokens)
    looked_at = int(attention_weights[selected].argmax())
    weight = attention_weights[selected, looked_at]
    pair = f"<b>{target[selected]}</b> ← <b>{source[looked_at]}</b>: {weight:.0%}"
    figure = go.Figure(_cells(attention_weights, source, target, pair))
    _label_columns(figure, source, looked_at)
    _label_rows(figure, target, selected)
    _mark(figure, len(source), looked_at, selected)
    line = {"spikemode": "across", "spikethickness": ROW_HEIGHT, "spikedash": "solid"}
    line |= {"spikecolor": theme.translucent(theme.CHOSEN, 0.25), "spikesnap": "hovered data"}
    figure.update_xaxes(showspikes=True, **line)  # hovering lights the column and the row
    figure.update_yaxes(showspikes=True, **line)
    above = LETTER_WIDTH * max(len(shortened(token, LONGEST_LABEL)) for token in source_tokens)
    theme.apply(figure, height=ROW_HEIGHT * len(target) + above + 90)
    return figure.update_layout(margin_t=16 + above * (len(source) >= MANY_SOURCE_TOKENS))


def _check(weights: np.ndarray, shape: tuple[int, int], selected: int) -> None:
    if np.shape(weights) != shape:
        raise ValueError(f"{np.shape(weights)} weights for {shape[0]} by {shape[1]} tokens")
    if not 0 <= selected < shape[0]:
        raise ValueError(f"row {selected} of {shape[0]}")
    if not (np.min(weights) >= 0 and np.allclose(np.sum(weights, axis=1), 1, rtol=0, atol=1e-3)):
        raise ValueError("attention weights are not negative and each row sums to 1")


def _labels(tokens: Sequence[str]) -> list[str]:
    return [escape(shortened(readable(token), LONGEST_LABEL)) for token in tokens]


def _cells(
    weights: np.ndarray, source: Sequence[str], target: Sequence[str], told: str
) -> go.Heatmap:
    title = {"text": told, "side": "top", "font": {"size": 14, "color": theme.TEXT}}
    return go.Heatmap(
        z=weights,
        x=[str(column) for column in range(len(source))],
        zmin=0,
        zmax=1,
        colorscale=WEIGHTS,
        customdata=[[(written, read) for read in source] for written in target],
        hovertemplate="%{customdata[0]} ← %{customdata[1]}: %{z:.0%}<extra></extra>",
        colorbar=_SCALE_BELOW | {"title": title},
        xgap=1 if len(source) < MANY_SOURCE_TOKENS else 0,
        ygap=1,
    )


def _label_columns(figure: go.Figure, source: Sequence[str], looked_at: int) -> None:
    """Name the columns by number, so that Plotly draws only as many labels as there is room."""
    names = {str(column): label for column, label in enumerate(source)}
    names[str(looked_at)] = f"<b>{source[looked_at]}</b>"
    figure.update_xaxes(
        type="category",
        labelalias=names,
        autotickangles=[0, -45, -90],
        tickfont_size=14 if len(source) < MANY_SOURCE_TOKENS else 12,
        side="top",
        range=[-0.5, len(source) - 0.5],
        automargin=True,
        **_bare(),
    )


def _label_rows(figure: go.Figure, target: Sequence[str], selected: int) -> None:
    texts = [f"<b>{label}</b>" if row == selected else label for row, label in enumerate(target)]
    rows = list(range(len(target)))
    ends = [len(target) - 0.5, -0.5]
    figure.update_yaxes(tickvals=rows, ticktext=texts, range=ends, automargin=True, **_bare())


def _bare() -> dict[str, bool | str]:
    return {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}


def _mark(figure: go.Figure, num_columns: int, looked_at: int, selected: int) -> None:
    """Frame the selected row, and the column of what it looked at up to its label."""
    edge = {"color": theme.CHOSEN, "width": 1.5}
    left, right = looked_at - 0.5, looked_at + 0.5
    top, bottom = selected - 0.5, selected + 0.5
    figure.add_shape(x0=left, x1=right, y0=-0.5, y1=top, line=edge | {"width": 1, "dash": "dot"})
    figure.add_shape(x0=-0.5, x1=num_columns - 0.5, y0=top, y1=bottom, line=edge)
    figure.add_shape(x0=left, x1=right, y0=top, y1=bottom, line=edge | {"width": 3})
