"""Boxes, arrows and words on an empty canvas, for figures that explain rather than measure.

Places are data coordinates and sizes are pixels: on a phone the parts move together, and neither
the boxes nor the words shrink.
"""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from core.figures import theme

LINE_WIDTH = 2


def canvas(x_range: tuple[float, float], y_range: tuple[float, float], *, height: int) -> go.Figure:
    """Return a figure without axes that shows the given stretch of both.

    Args:
        x_range: Left and right end.
        y_range: Lower and upper end.
        height: In pixels.
    """
    figure = go.Figure(layout_showlegend=False)
    figure.update_xaxes(range=x_range, visible=False, fixedrange=True)
    figure.update_yaxes(range=y_range, visible=False, fixedrange=True)
    return theme.apply(figure, height=height)


def add_box(
    figure: go.Figure, place: tuple[float, float], size: tuple[int, int], color: str, *, fill: float
) -> None:
    """Draw a box with round corners.

    Args:
        figure: From `canvas`.
        place: Its centre.
        size: Width and height in pixels.
        color: Of the border, and at opacity `fill` of the inside.
        fill: In [0, 1].
    """
    x, y = size[0] / 2, size[1] / 2
    r = min(x, y, 10)
    path = (
        f"M {r - x},{-y} L {x - r},{-y} Q {x},{-y} {x},{r - y} L {x},{y - r} Q {x},{y} {x - r},{y}"
        f" L {r - x},{y} Q {-x},{y} {-x},{y - r} L {-x},{r - y} Q {-x},{-y} {r - x},{-y} Z"
    )
    _add_pixel_shape(figure, place, type="path", path=path, line_color=color)
    figure.layout.shapes[-1].fillcolor = theme.translucent(color, fill)


def add_dot(
    figure: go.Figure, place: tuple[float, float], offset: tuple[int, int], color: str
) -> None:
    """Draw a dot of 8 pixels, `offset` pixels right of and above `place`."""
    x, y = offset
    _add_pixel_shape(figure, place, type="circle", x0=x - 4, x1=x + 4, y0=y - 4, y1=y + 4)
    figure.layout.shapes[-1].update(fillcolor=color, line_width=0)


def add_arrow(
    figure: go.Figure,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str,
    *,
    gaps: tuple[int, int] = (0, 0),
) -> None:
    """Draw an arrow that begins and ends `gaps` pixels away from its two places."""
    figure.add_annotation(
        x=end[0],
        y=end[1],
        ax=start[0],
        ay=start[1],
        axref="x",
        ayref="y",
        startstandoff=gaps[0],
        standoff=gaps[1],
        arrowcolor=color,
        arrowwidth=LINE_WIDTH,
        arrowhead=2,
        text="",
    )


def add_loop(figure: go.Figure, place: tuple[float, float], size: int, color: str) -> None:
    """Draw an arrow that leaves a box of `size` pixels on its right side and comes back there."""
    x, y, out = size / 2, size / 4, size * 1.1
    path = f"M {x},{y} C {x + out},{3 * y} {x + out},{-3 * y} {x + 11},{-y - 2}"
    _add_pixel_shape(figure, place, type="path", path=path, line_color=color)
    figure.add_annotation(
        x=place[0],
        y=place[1],
        xshift=x + 3,
        yshift=-y,
        ax=10,
        ay=3,
        arrowcolor=color,
        arrowwidth=LINE_WIDTH,
        arrowhead=2,
        text="",
    )


def add_words(figure: go.Figure, place: tuple[float, float], words: str) -> None:
    """Write a short label, centred, in the page's text colour; tags in it are shown, not obeyed."""
    figure.add_scatter(
        x=[place[0]],
        y=[place[1]],
        mode="text",
        text=[escape(words, quote=False)],
        hoverinfo="skip",
        textfont_color=theme.TEXT,
    )


def _add_pixel_shape(figure: go.Figure, place: tuple[float, float], **shape: object) -> None:
    figure.add_shape(
        xsizemode="pixel",
        ysizemode="pixel",
        xanchor=place[0],
        yanchor=place[1],
        line_width=LINE_WIDTH,
        **shape,
    )
