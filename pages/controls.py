"""What the pages' scripts share: a choice that lives in the URL, a chart, a card on the map."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core import sentiment
from core.figures import theme
from core.text import typed_text
from pages.contents import Entry

BY_TEXT = {
    sentiment.SentimentModel: id,
    sentiment.Reading: lambda reading: reading.fingerprint,
    sentiment.SentimentResult: lambda result: result.reading.fingerprint,
}
few = partial(st.cache_resource, max_entries=32, show_spinner=False, hash_funcs=BY_TEXT)
"""`few(function)` remembers its last results by the model and the text that it was given."""

LONGEST_IN_URL = 500
"""Characters of a typed text that an address carries; every one may become 12 in it."""
PLAY = {
    False: {"label": "Play", "icon": ":material/play_arrow:"},
    True: {"label": "Pause", "icon": ":material/pause:"},
}
"""The button that starts and stops, by whether it is playing."""
PAUSE = "50ms"  # without a keystroke; then what was typed is read


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


def type_text(samples: Mapping[str, str], key: str) -> str:
    """Offer samples and a line to type in that answers to every keystroke; return its text.

    The text follows the visitor from page to page, and stands in the URL if it is not the first
    sample and short enough: a server refuses longer addresses, and with them all that was typed.

    Args:
        samples: Their texts by their titles; the first stands until something else is typed.
        key: Begins the names of the widgets, and of the URL's parameter `<key>_text`.
    """
    name, parameter, usual = f"{key}.text", f"{key}_text", next(iter(samples.values()))
    with st.container(horizontal=True):
        for title, sample in samples.items():
            put = {"on_click": st.session_state.__setitem__, "args": (name, sample)}
            st.button(title, key=f"{key}.sample.{title}", **put)
    st.session_state.setdefault(name, st.query_params.get(parameter, usual))
    carry = {"on_change": st.session_state.__setitem__, "args": (name, st.session_state[name])}
    lines = st.toggle("Several lines", key=f"{key}_lines", bind="query-params", **carry)
    write = partial(st.text_area, height=200) if lines else partial(st.text_input, live=PAUSE)
    text = write("Your text", key=name, persist_state="session")
    if text != usual and len(text) <= LONGEST_IN_URL:
        st.query_params[parameter] = text
    elif parameter in st.query_params:
        del st.query_params[parameter]
    return text


def draw(figure: go.Figure, key: str, alt: str, place: Any = st) -> None:
    """Show a figure of core.figures without Plotly's toolbar, which has no accessible names."""
    place.plotly_chart(figure, key=key, alt=typed_text.spoken(alt), config=theme.CONFIG)


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
