"""What of the past is left in a state: several networks beside each other, words downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.text.typed_text import shortened

ROW_HEIGHT = 26
LOWEST, HIGHEST = 1e-4, 30.0
"""Of the axis, times what the newest word does; what lies beyond stands at its edge."""
COLORS = (theme.ATTENTION, theme.SENTINEL, theme.PROBABILITY)
SYMBOLS = ("circle", "square", "diamond")
MOST_WORDS = 40
"""Words drawn: the newest."""


def recency(tokens: Sequence[str], shares: Mapping[str, np.ndarray], felt: float) -> go.Figure:
    """Draw how much each word up to now moves the state, a line per network, newest at the bottom.

    Args:
        tokens: t + 1 labels, the newest last; repeated ones keep their own row.
        shares: For each network (t + 1,), not negative; the newest word's is 1.
        felt: Where a dotted line marks what is still felt.

    Raises:
        ValueError: If a network has not one share per token.
    """
    for name, values in shares.items():
        if np.shape(values) != (len(tokens),):
            raise ValueError(f"{np.shape(values)} shares of {name} for {len(tokens)} tokens")
    first = max(0, len(tokens) - MOST_WORDS)
    rows = list(range(first, len(tokens)))
    words = [escape(shortened(token, 12)) for token in tokens[first:]]
    figure = go.Figure()
    for (name, values), color, symbol in zip(shares.items(), COLORS, SYMBOLS, strict=False):
        figure.add_scatter(
            x=np.clip(values[first:], LOWEST, HIGHEST),
            y=rows,
            mode="lines+markers",
            name=name,
            line={"color": color, "width": 2},
            marker={"symbol": symbol, "size": 8},
            customdata=list(zip(words, values[first:], strict=True)),
            hovertemplate=name + ", %{customdata[0]}: %{customdata[1]:.2g}<extra></extra>",
        )
    grid = {"fixedrange": True, "gridcolor": theme.translucent(theme.PRUNED, 0.25)}
    ends = [np.log10(LOWEST) - 0.15, np.log10(HIGHEST) + 0.1]
    ticks = {"tickvals": [1e-4, 1e-2, 1], "ticktext": ["0.0001", "0.01", "1"]}
    title = "times the newest word’s effect"
    figure.update_xaxes(type="log", range=ends, title=title, **ticks, **grid)
    figure.add_vline(x=felt, line={"color": theme.CHOSEN, "width": 1.5, "dash": "dot"})
    figure.update_yaxes(tickvals=rows, ticktext=words, range=[rows[-1] + 0.5, first - 0.5], **grid)
    return theme.apply(figure, height=max(220, ROW_HEIGHT * len(rows) + 110))
