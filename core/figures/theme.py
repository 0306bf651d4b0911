"""One colour per quantity on every page, and the layout that all figures share.

Each colour stands out at least 3 to 1 from the light and from the dark page, and quantities that
one figure compares (COMPARED) stay apart for colour-blind eyes; tests/figures/test_theme.py
measures both. Text is in TEXT, which follows the visitor's theme.
"""

from __future__ import annotations

import plotly.graph_objects as go

TEXT = "#000037"
"""Streamlit's mark for its strongest text colour, put in by the browser; its usual grey is faint.

Without Streamlit it is what it says, nearly black.
"""

ATTENTION = "#D97706"
"""What the network looks at, and how much."""
PROBABILITY = "#0DA088"
"""How sure the network is of a token."""
SENTINEL = "#4F5FE8"
"""The share of a word that comes from the words before it."""

HIDDEN = "#2F83E4"
"""What the recurrent cell passes on and shows."""
CELL = "#AD8B00"
"""What an LSTM keeps to itself."""

INPUT_GATE = "#0F9A6C"
"""How much of the candidate is written."""
FORGET_GATE = "#EE560B"
"""How much of the old cell state is kept."""
CANDIDATE = "#8440F5"
"""What could be written into the cell state."""
OUTPUT_GATE = "#E44FC8"
"""How much of the cell state is shown."""

KEPT = "#3B8FC6"
"""A hypothesis that a search follows on."""
PRUNED = "#858B99"
"""A hypothesis that it gave up; also whatever stands in the background."""
CHOSEN = "#D6246E"
"""The hypothesis that won; the thing that is selected."""

FORECAST = "#7247F5"
"""What a network says of days to come, and what follows from it."""
BASELINE = "#A57E09"
"""The simplest forecast: tomorrow as today; the money of who buys and holds."""
CLIMATOLOGY = "#C20A66"
"""The second baseline: as usual for the season."""
SIDES = (ATTENTION, PROBABILITY)
"""Against and for: a negative and a positive verdict, and what pulls to either side."""

COMPARED = (
    (ATTENTION, SENTINEL, PROBABILITY),
    (INPUT_GATE, FORGET_GATE, CANDIDATE, OUTPUT_GATE),
    (HIDDEN, CELL),
    (KEPT, PRUNED, CHOSEN),
    (ATTENTION, CHOSEN),
    (FORECAST, BASELINE, CLIMATOLOGY, PRUNED),
    SIDES,
)
"""Quantities that meet in one figure and must not be confused."""


def translucent(color: str, opacity: float) -> str:
    """Return `#RRGGBB` as rgba(): 0 lets the page through, 1 is the colour itself."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


SIGNED = (
    (0.0, HIDDEN),
    (0.5, translucent(HIDDEN, 0)),
    (0.5, translucent(FORGET_GATE, 0)),
    (1.0, FORGET_GATE),
)
"""For [-1, 1]: blue below zero, red above, and zero is the page itself, light or dark."""

SHARE = ((0.0, translucent(PROBABILITY, 0.04)), (1.0, PROBABILITY))
"""For [0, 1]: nothing is the page itself."""

ATTENTION_OVERLAY = ((0.0, translucent(ATTENTION, 0)), (1.0, translucent(ATTENTION, 0.8)))
"""For weights drawn over a photo: unseen places leave it as it is."""

STRENGTH = (
    (0.0, translucent(HIDDEN, 0.04)),
    (2 / 3, HIDDEN),
    (1.0, FORGET_GATE),
)
"""For powers of ten from -12 to 6: nothing is the page itself, 1 is blue, far above it red."""

RUNS = (ATTENTION, SENTINEL, PROBABILITY)
"""Networks side by side: the first three colours of COMPARED, whatever else they stand for."""

CONFIG = {"displayModeBar": False}
"""For st.plotly_chart(config=...): Plotly's toolbar has no names that a screen reader could say."""


def apply(figure: go.Figure, *, height: int) -> go.Figure:
    """Give `figure` the common layout and return it.

    Args:
        figure: Changed in place.
        height: In pixels; the width is the page's.
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "color": TEXT},
        hoverlabel={"font_size": 14, "align": "left"},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font_color": TEXT},
        dragmode=False,  # a finger that starts on a figure still scrolls the page
    )
    for update_axes in (figure.update_xaxes, figure.update_yaxes):
        update_axes(tickfont_color=TEXT, title_font_color=TEXT)
    return figure.update_traces({"colorbar.tickfont.color": TEXT}, selector={"type": "heatmap"})
