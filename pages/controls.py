"""What the pages' scripts share: a choice that lives in the URL, a chart, a card on the map."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.figures import theme
from pages.contents import Entry


def pick(place: Any, label: str, options: Iterable[str], key: str, **more: Any) -> str:
    """Return the chosen one of `options`; the first stands until another is chosen.

    Args:
        place: Where to draw: `st`, or a column or container.
        label: What is chosen.
        options: What there is to choose from, not empty.
        key: Also the parameter's name in the URL, so it begins with the page's name.
        more: Passed on to `st.pills`.
    """
    first = next(iter(options))
    more |= {"default": first, "required": True, "wrap": True, "bind": "query-params"}
    return place.pills(label, options, key=key, **more) or first


def draw(figure: go.Figure, key: str, alt: str, place: Any = st) -> None:
    """Show a figure of core.figures without Plotly's toolbar, which has no accessible names."""
    place.plotly_chart(figure, key=key, alt=alt, config=theme.CONFIG)


def card(place: Any, entry: Entry) -> Any:
    """Show what a page promises and the link to it; return a container below the title."""
    place.subheader(entry.title)
    below = place.container()
    place.markdown(entry.promise)
    place.page_link(entry.file, label=f"**{entry.invitation}**", icon=entry.icon)
    return below


def change(start: Any, key: str, places: Iterable[Any], words: Any) -> Any:
    """Return a dataclass like `start` with what the visitor chose for each of its fields.

    Text is chosen from a list, numbers on a slider.

    Args:
        start: What stands until something else is chosen.
        key: Begins the name of every parameter in the URL; the field's name ends it.
        places: Where to draw; the fields take them in turn.
        words: Has LABELS and CHOICES by field, and readable(field, value).
    """
    chosen = {}
    for (name, value), place in zip(asdict(start).items(), cycle(places), strict=False):
        label, options = words.LABELS[name], list(words.CHOICES[name])
        more = {"key": f"{key}_{name}", "bind": "query-params"}
        more["format_func"] = partial(words.readable, name)
        if isinstance(value, str):
            chosen[name] = place.selectbox(label, options, options.index(value), **more)
        else:
            chosen[name] = place.select_slider(label, options, value, **more)
    return type(start)(**chosen)
