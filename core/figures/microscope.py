"""The gates of a running LSTM: all units over a whole text, and one unit followed through it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.cells.lstm_cell import CellTrace
from core.figures import theme
from core.figures.states import StateView, most_varying, views
from core.text.typed_text import shortened

ROW_HEIGHT = 24
NUM_UNITS, NUM_ROWS = 48, 60
"""Units drawn beside each other, and words below each other; of a longer text those around one."""
LINES = {
    "forget_gate": theme.FORGET_GATE,
    "input_gate": theme.INPUT_GATE,
    "output_gate": theme.OUTPUT_GATE,
    "candidate": theme.CANDIDATE,
    "cell": theme.CELL,
    "hidden": theme.HIDDEN,
}
"""What is followed, each in its colour; the gates are dotted, the states are drawn through."""


def parts(trace: CellTrace, unit: int) -> dict[str, StateView]:
    """Return what an LSTM computed for its busiest units and for `unit`, by what people read."""
    memory = np.tanh(trace.cell_states)
    units = most_varying(memory, min(NUM_UNITS, memory.shape[1]))
    if unit not in units:
        units[-1] = unit
    return views(trace.hidden_states, trace.cell_states, trace.gates, units=units)


def rows_around(step: int, length: int) -> range:
    """Return the at most NUM_ROWS rows that are drawn, `step` among them."""
    first = max(0, min(step - NUM_ROWS // 2, length - NUM_ROWS))
    return range(first, min(length, first + NUM_ROWS))


def unit_map(view: StateView, labels: Sequence[str], step: int, unit: int) -> go.Figure:
    """Draw one row per word and one column per unit, in a range that never changes.

    Args:
        view: The quantity, one row per word; see `parts`.
        labels: T words; repeated ones keep their own row.
        step: The row that is marked.
        unit: The number of the unit whose column is marked, if it is drawn.

    Raises:
        ValueError: If `view` has not one row per word.
    """
    if len(view.values) != len(labels):
        raise ValueError(f"{len(view.values)} states for {len(labels)} words")
    rows = rows_around(step, len(labels))
    words = [escape(shortened(labels[row])) for row in rows]
    cells = go.Heatmap(
        z=view.values[rows.start : rows.stop],
        y=list(rows),
        zmin=view.lowest,
        zmax=1,
        colorscale=theme.SHARE if view.lowest == 0 else theme.SIGNED,
        customdata=[[(word, int(number)) for number in view.units] for word in words],
        hovertemplate="%{customdata[0]}, unit %{customdata[1]}: %{z:.2f}<extra></extra>",
        colorbar={"thickness": 12, "tickvals": sorted({view.lowest, 0, 1})},
        ygap=1,
    )
    figure = go.Figure(cells)
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    figure.update_xaxes(title=f"{len(view.units)} units", showticklabels=False, **bare)
    _words_downwards(figure, rows, words, **bare)
    edge = {"line": {"color": theme.CHOSEN, "width": 2}}
    figure.add_hrect(y0=step - 0.5, y1=step + 0.5, **edge)
    for column in np.flatnonzero(view.units == unit):
        figure.add_vrect(x0=column - 0.5, x1=column + 0.5, **edge)
    return theme.apply(figure, height=max(240, ROW_HEIGHT * len(rows) + 60))


def unit_lines(trace: CellTrace, labels: Sequence[str], unit: int, step: int) -> go.Figure:
    """Draw the gates and the states of one LSTM unit over a text, in [-1, 1].

    Args:
        trace: From `core.cells.lstm_cell.run_lstm`; the cell state is drawn through tanh.
        labels: T words; repeated ones keep their own place.
        unit: Below H.
        step: A word that must be among those drawn; its row is marked.

    Raises:
        ValueError: If there is not one word per step.
    """
    if len(trace.hidden_states) != len(labels):
        raise ValueError(f"{len(trace.hidden_states)} states for {len(labels)} words")
    rows = rows_around(step, len(labels))
    values = {name: states[:, unit] for name, states in trace.gates.items()}
    values["cell"] = np.tanh(trace.cell_states[:, unit])
    values["hidden"] = trace.hidden_states[:, unit]
    words = [escape(shortened(labels[row], 12)) for row in rows]
    figure = go.Figure()
    for name, color in LINES.items():
        figure.add_scatter(
            x=values[name][rows.start : rows.stop],
            y=list(rows),
            name=name.replace("_", " "),
            mode="lines+markers",
            line={"color": color, "width": 2, "dash": "dot" if name.endswith("gate") else "solid"},
            marker_size=6,
            customdata=words,
            hovertemplate="%{customdata}: %{x:.2f}",
        )
    figure.update_xaxes(
        range=[-1.05, 1.05], tickvals=[-1, 0, 1], fixedrange=True, zerolinecolor=theme.PRUNED
    )
    faint = theme.translucent(theme.PRUNED, 0.25)
    _words_downwards(figure, rows, words, gridcolor=faint, zeroline=False, fixedrange=True)
    band = {"y0": step - 0.5, "y1": step + 0.5, "line_width": 0, "layer": "below"}
    figure.add_hrect(fillcolor=theme.PRUNED, opacity=0.25, **band)
    return theme.apply(figure, height=ROW_HEIGHT * len(rows) + 130)


def _words_downwards(figure: go.Figure, rows: range, words: Sequence[str], **style: object) -> None:
    span = [rows.stop - 0.5, rows.start - 0.5]
    figure.update_yaxes(tickvals=list(rows), ticktext=list(words), range=span, **style)
