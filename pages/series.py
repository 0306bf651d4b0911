"""What the forecasting pages share: the choice of a series, and one walk forward of each."""

from dataclasses import dataclass

import streamlit as st

from core import forecasting
from core.onnx_model import OnnxModel
from core.series import Series
from pages.controls import pick

FORMATS = ["csv", "tsv", "txt"]
LABELS = {
    "stocks": "Your prices (CSV with Date and Close)",
    "weather": "Your temperatures (CSV with Date and a temperature)",
}
YOURS = "Your file"
KEYS = {OnnxModel: id, Series: lambda series: series.fingerprint}
FEW = {"max_entries": 6, "show_spinner": False, "hash_funcs": KEYS}

load_model = st.cache_resource(forecasting.load_model, show_spinner=False)
load_samples = st.cache_resource(forecasting.load_samples, show_spinner=False)
columns_of = st.cache_data(forecasting.columns_of, max_entries=6, show_spinner=False)
read_series = st.cache_resource(forecasting.read_series, **FEW)
walk_forward = st.cache_resource(forecasting.walk_forward, **FEW)


@dataclass(frozen=True)
class Chosen:
    """The series of a page."""

    series: Series
    unit: str
    is_new: bool = False
    """True: a file that was not shown before, so what belonged to another series is over."""


def choose(page: str, kind: str) -> Chosen:
    """Let the visitor choose a sample or give a file, and say what was done to the file.

    A file that could be read is kept for this visit, so that the next page offers it too.

    Raises:
        InputError: If the file cannot be used.
    """
    own, shipped = st.columns(2, gap="large")
    file = own.file_uploader(LABELS[kind], FORMATS, key=f"{page}.file")
    kept = st.session_state.get(f"forecasting.{kind}")
    samples = {sample.title: sample for sample in load_samples(kind)}
    options = [*([YOURS] if kept else []), *samples]
    title = pick(shipped, "Or a series", options, f"{page}_series", disabled=bool(file))
    if file:
        columns = columns_of(file.getvalue(), kind)
        column = own.selectbox("Column", columns, key=f"{page}.column")
        kept = read_series(file.getvalue(), kind, column)
        st.session_state[f"forecasting.{kind}"] = kept
    if file or title == YOURS:
        for note in kept.notes:
            own.text(note)
        is_new = st.session_state.get(f"{page}.shown") != kept.fingerprint
        st.session_state[f"{page}.shown"] = kept.fingerprint
        return Chosen(kept, "°C" if kind == "weather" else "", is_new)
    sample = samples[title]
    series = read_series(sample.content, kind)
    first, last = series.dates[[0, -1]]
    shipped.caption(f"{len(series.dates):,} days, {first} to {last}. Source: {sample.source}.")
    return Chosen(series, sample.unit)
