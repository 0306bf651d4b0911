"""Gradients on their way back through time, for up to three networks side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import theme

HEIGHT, SMALL_HEIGHT = 380, 250
DASHES = ("solid", "dash", "dot")
"""Beside the colour, so that networks can be told apart without it."""
MAX_POINTS = 300
"""Of one curve; a longer one is thinned out, and its last point stays."""
MAX_ROWS = 70
"""Of one heat map; of a longer sequence only every second or third time step is drawn."""
LOWEST, HIGHEST = -12.0, 6.0
"""Powers of ten that the river and its history show; beyond them lies their edge."""
FARTHEST = 30.0
"""Where a river ends that rises above HIGHEST."""

Series = Mapping[str, np.ndarray]
"""Name of a network -> its numbers; at most three networks."""


class Panel(Protocol):
    """One number per training step for every network."""

    title: str
    """What is measured, with its unit."""
    series: Series
    """(N,) values per network, from step 1."""
    log: bool
    """Powers of ten upwards; values that are not positive leave a gap."""
    top: float | None
    """Upper end of a range that begins at 0; None lets the values decide."""
    lines: Sequence[tuple[str, float]]
    """(label, value) of horizontal lines to compare with."""
    explosions: Sequence[tuple[str, int]]
    """(network, step) at which a number was no longer finite."""


def river(rivers: Series, cell_rivers: Series | None = None) -> go.Figure:
    """Draw how strong the gradient is at every time step, on a scale of powers of ten.

    There are two scales, up to 10^HIGHEST and up to 10^FARTHEST for what explodes, so that two
    moments and two networks can be compared. A gradient below the scale is drawn at its lower
    edge, and the exact value is shown on touch.

    Args:
        rivers: (T + 1,) norms >= 0 per network; inf and NaN leave a gap.
        cell_rivers: The same for cell states, drawn thin; empty arrays are left out.
    """
    figure, cell_rivers = go.Figure(), cell_rivers or {}
    whole = [np.asarray(norms, float) for norms in (*rivers.values(), *cell_rivers.values())]
    largest = max((norms[np.isfinite(norms)].max(initial=0.0) for norms in whole), default=0.0)
    top = FARTHEST if largest > 10**HIGHEST else HIGHEST
    for index, (name, norms) in enumerate(rivers.items()):
        _add_river(figure, norms, index, name=name, width=3, top=top)
        cells = cell_rivers.get(name, np.empty(0))
        if len(cells):
            _add_river(figure, cells, index, name=f"{name}, cell state", width=1, top=top)
    steps = max((len(norms) for norms in rivers.values()), default=1) - 1
    figure.update_xaxes(title="time step t", range=[0, max(steps, 1)], fixedrange=True)
    _powers_of_ten(figure, "size of ∂L/∂h<sub>t</sub>", top)
    theme.apply(figure, height=HEIGHT)
    return figure.update_layout(margin_r=20)  # room for the last label: T, where the loss is


def river_history(snapshots: Mapping[str, tuple[int, Sequence[np.ndarray]]]) -> go.Figure:
    """Draw earlier rivers as columns: training goes right, time within a sequence goes up.

    Args:
        snapshots: Per network the training steps from one river to the next, and (T + 1,) log10
            of the norms of each river.
    """
    figure = make_subplots(
        cols=max(len(snapshots), 1), column_titles=list(snapshots), shared_yaxes=True
    )
    for column, (stride, rivers) in enumerate(snapshots.values(), start=1):
        values = np.array(rivers, dtype=np.float64).T if len(rivers) else np.empty((1, 0))
        shown = np.clip(np.nan_to_num(values, nan=HIGHEST), LOWEST, HIGHEST)
        every = max(1, -(-len(shown) // MAX_ROWS))
        heatmap = go.Heatmap(
            z=shown[::every].round(1),
            x0=1,
            dx=stride,
            y0=0,
            dy=every,
            zmin=LOWEST,
            zmax=HIGHEST,
            colorscale=theme.STRENGTH,
            showscale=column == len(snapshots),
            colorbar={"thickness": 12, **_ticks(6)},
            hovertemplate="training step %{x}, t = %{y}: 10<sup>%{z}</sup><extra></extra>",
        )
        figure.add_trace(heatmap, 1, column)
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(title="training step", **bare)
    figure.update_yaxes(**bare).update_yaxes(title="time step t", col=1)
    theme.apply(figure, height=SMALL_HEIGHT + 60)
    figure.update_annotations(font={"color": theme.TEXT, "size": 14})
    return figure.update_layout(margin_t=32)


def curves(panel: Panel) -> go.Figure:
    """Draw one number over the training of every network."""
    figure = go.Figure()
    for index, (name, values) in enumerate(panel.series.items()):
        steps = _thinned(len(values))
        shown = np.asarray(values, dtype=np.float64)[steps]
        shown[~np.isfinite(shown) | (panel.log & (shown <= 0))] = np.nan
        line = {"color": theme.RUNS[index], "dash": DASHES[index], "width": 2}
        mode = "lines" if len(steps) > 1 else "markers"
        figure.add_scatter(x=steps + 1, y=shown, mode=mode, name=name, line=line)
    _add_marks(figure, panel)
    figure.update_xaxes(title="training step", fixedrange=True, rangemode="tozero")
    figure.update_yaxes(title=panel.title, fixedrange=True)
    if panel.log:
        figure.update_yaxes(type="log", **_log_ticks(panel))
    elif panel.top is not None:
        figure.update_yaxes(range=[0, panel.top])
    theme.apply(figure, height=SMALL_HEIGHT)
    return figure.update_layout(showlegend=False, margin_t=24)


def singular_values(series: Series, before: Series | None = None) -> go.Figure:
    """Draw singular values from the largest to the smallest, on a scale of powers of ten.

    Args:
        series: (H,) values >= 0 per network, largest first; NaN leaves a gap.
        before: The same before training, drawn hollow.
    """
    figure = go.Figure()
    for index, (name, values) in enumerate(series.items()):
        first = (before or {}).get(name, np.empty(0))
        _add_values(figure, first, index, name=f"{name} before training", symbol="circle-open")
        _add_values(figure, values, index, name=name, symbol="circle")
    figure.add_hline(y=0, line_color=theme.PRUNED, line_width=1.5, line_dash="dash")
    figure.update_xaxes(title="direction, strongest first", fixedrange=True)
    _powers_of_ten(figure, "singular value")
    theme.apply(figure, height=SMALL_HEIGHT + 40)
    return figure.update_layout(showlegend=False)


def _add_river(
    figure: go.Figure, norms: np.ndarray, index: int, *, name: str, width: int, top: float
) -> None:
    figure.add_scatter(
        x=np.arange(len(norms)),
        y=_logs(norms, top),
        mode="lines",
        name=name,
        line={"color": theme.RUNS[index], "dash": DASHES[index], "width": width},
        customdata=[f"{norm:.2g}" for norm in norms],
        hovertemplate=f"{name}, t = %{{x}}: %{{customdata}}<extra></extra>",
    )


def _add_values(
    figure: go.Figure, values: np.ndarray, index: int, *, name: str, symbol: str
) -> None:
    figure.add_scatter(
        x=np.arange(1, len(values) + 1),
        y=_logs(values),
        mode="markers",
        name=name,
        marker={"color": theme.RUNS[index], "symbol": symbol, "size": 7},
        customdata=[f"{value:.2g}" for value in values],
        hovertemplate=f"{name}, direction %{{x}}: %{{customdata}}<extra></extra>",
    )


def _logs(values: np.ndarray, top: float = HIGHEST) -> np.ndarray:
    """Return log10 within the scale; what is not finite becomes a gap."""
    values = np.asarray(values, dtype=np.float64)
    with np.errstate(divide="ignore"):
        logs = np.log10(values)
    return np.where(np.isfinite(values), np.clip(logs, LOWEST, top), np.nan)


def _powers_of_ten(figure: go.Figure, title: str, top: float = HIGHEST) -> None:
    edges, every = [LOWEST - 0.3, top + 0.3], 3 if top == HIGHEST else 6
    figure.update_yaxes(title=title, range=edges, fixedrange=True, **_ticks(every, top))


def _ticks(every: int, top: float = HIGHEST) -> dict[str, list]:
    exponents = np.arange(LOWEST, top + 1, every).tolist()
    return {"tickvals": exponents, "ticktext": [_power(e) for e in exponents]}


def _power(exponent: float) -> str:
    return "1" if exponent == 0 else f"10<sup>{exponent:.0f}</sup>".replace("-", "−")


def _add_marks(figure: go.Figure, panel: Panel) -> None:
    for _, value in panel.lines:
        figure.add_hline(y=value, line_color=theme.PRUNED, line_width=1.5, line_dash="dash")
    if panel.lines:  # above the picture, where no curve can cross the words
        figure.add_annotation(
            text="– – " + ", ".join(label for label, _ in panel.lines),
            x=1,
            xref="paper",
            xanchor="right",
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            font={"color": theme.TEXT, "size": 13},
        )
    for place, (name, step) in enumerate(panel.explosions):
        color = theme.RUNS[list(panel.series).index(name)]
        label = {"annotation_text": f"explodes at step {step}", "annotation_yshift": -18 * place}
        label["annotation_font_color"] = theme.TEXT
        figure.add_vline(x=step, line_color=color, line_width=2, **label)


def _log_ticks(panel: Panel) -> dict[str, list]:
    """Return about five powers of ten, 1, 2 and 5 times them in a narrow range, or nothing."""
    lines = np.array([value for _, value in panel.lines])
    values = np.concatenate([lines, *(np.asarray(v, float) for v in panel.series.values())])
    values = values[np.isfinite(values) & (values > 0)]
    logs = np.log10(values) if len(values) else np.zeros(1)
    low, high = int(np.floor(logs.min())), int(np.ceil(logs.max()))
    exponents = range(low, high + 1, max(1, round((high - low) / 4)))
    if 0 < np.ptp(logs) < 0.5:
        return {}  # Plotly counts evenly there
    if np.ptp(logs) < 1:
        ticks = [factor * 10.0**exponent for exponent in exponents for factor in (1, 2, 5)]
        return {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
    ticks = [10.0**exponent for exponent in exponents]
    return {"tickvals": ticks, "ticktext": [_power(exponent) for exponent in exponents]}


def _thinned(count: int) -> np.ndarray:
    """Return at most MAX_POINTS places of `count`, the last one among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, MAX_POINTS)).round().astype(int))
