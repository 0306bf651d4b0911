"""What an LSTM carried from word to word: one column per token, one row per unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.explanations import readable
from core.figures import theme

MEANINGS = {
    "cell_state": "The memory of each unit: orange is plus, blue is minus.",
    "hidden_state": "What each unit shows of its memory to the rest of the network.",
    "forget_gate": "How much of its memory each unit keeps; without colour it forgets.",
    "input_gate": "How much of the candidate each unit writes into its memory.",
    "candidate": "What each unit could write: orange is plus, blue is minus.",
    "output_gate": "How much of its memory each unit shows.",
}
"""What is drawn, in the order in which it is offered."""

NUM_UNITS = 48
"""Units drawn: enough to see who speaks when, few enough to tell rows apart."""


@dataclass(frozen=True)
class StateView:
    """One quantity of an LSTM over a whole sentence, and what it means. U = units drawn."""

    name: str
    values: np.ndarray
    """(T, U), in [-1, 1] if signed, else in [0, 1]."""
    units: np.ndarray
    """(U,) their numbers among the H of the network."""
    meaning: str

    @property
    def lowest(self) -> int:
        """0 for the gates, which are shares; -1 for what has a sign."""
        return 0 if self.name.endswith("gate") else -1


def views(
    hidden_states: np.ndarray,
    cell_states: np.ndarray,
    gates: Mapping[str, np.ndarray],
    *,
    units: np.ndarray | None = None,
) -> dict[str, StateView]:
    """Return everything that an LSTM computed for some of its units, by the name people read.

    Args:
        hidden_states: (T, H) in [-1, 1].
        cell_states: (T, H), unbounded; shown through tanh, as the output gate reads them.
        gates: input_gate, forget_gate, candidate and output_gate, each (T, H).
        units: (U,) the numbers of the units to draw; None takes the busiest.
    """
    memory = np.tanh(cell_states)
    if units is None:
        units = most_varying(memory, min(NUM_UNITS, memory.shape[1]))
    values = {"cell_state": memory, "hidden_state": hidden_states, **gates}
    listed = [
        StateView(name.replace("_", " ").capitalize(), values[name][:, units], units, meaning)
        for name, meaning in MEANINGS.items()
    ]
    return {view.name: view for view in listed}


def heatmap(view: StateView, tokens: Sequence[str], selected: int | None = None) -> go.Figure:
    """Draw one column per token and one row per unit, in a range that never changes.

    Args:
        view: The quantity, one row per token; see `views`.
        tokens: T labels; repeated tokens keep their own column.
        selected: The token whose column gets a frame.

    Raises:
        ValueError: If `view` has not one row per token, or values outside its range.
    """
    if len(view.values) != len(tokens):
        raise ValueError(f"{len(view.values)} states for {len(tokens)} tokens")
    if view.values.min() < view.lowest - 1e-5 or view.values.max() > 1 + 1e-5:
        raise ValueError(f"{view.name} lies between {view.lowest} and 1")
    labels = [escape(readable(token)) for token in tokens]
    cells = go.Heatmap(
        z=view.values.T,
        zmin=view.lowest,
        zmax=1,
        colorscale=theme.SHARE if view.lowest == 0 else theme.SIGNED,
        customdata=[[(label, int(unit)) for label in labels] for unit in view.units],
        hovertemplate="%{customdata[0]}, unit %{customdata[1]}: %{z:.2f}<extra></extra>",
        colorbar={"thickness": 12, "tickvals": sorted({view.lowest, 0, 1})},
        xgap=1,
    )
    figure = go.Figure(cells)
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    figure.update_xaxes(tickvals=list(range(len(labels))), ticktext=labels, side="top", **bare)
    title = f"{len(view.units)} units"
    figure.update_yaxes(title=title, showticklabels=False, autorange="reversed", **bare)
    if selected is not None:
        figure.add_vrect(selected - 0.5, selected + 0.5, line={"color": theme.CHOSEN, "width": 2})
    return theme.apply(figure, height=480)


def most_varying(states: np.ndarray, count: int) -> np.ndarray:
    """Return the numbers of the `count` units that change most over a sentence.

    They stand in the order in which they are farthest from their own mean, so that the picture
    shows who speaks at the beginning of a sentence and who at its end.

    Args:
        states: (T, H).
        count: At most H.
    """
    busiest = np.argsort(-states.std(axis=0), kind="stable")[:count]
    away = np.abs(states - states.mean(axis=0))[:, busiest]
    return busiest[np.argsort(away.argmax(axis=0), kind="stable")]
