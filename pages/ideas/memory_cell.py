"""A memory cell: what is stored, kept, shown and deleted, by hand and in a trained network."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from core import sentiment
from core.cells.lstm_cell import LSTM_GATES
from core.cells.step_explained import state_formulas
from core.figures import followers, states
from core.figures.activations import gates_on_curves
from core.figures.memory_cell import cell_over_time, memory_cell
from core.figures.words import numbered
from core.ideas import gates, probes, unit_search
from pages.controls import draw, pick, type_text

VIEWS, URL = ("By hand", "In a network", "What units follow"), {"bind": "query-params"}
ONCE = {"max_entries": 1, "hash_funcs": {sentiment.SentimentModel: id}}
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)
search = st.cache_resource(unit_search.search_sentiment, show_spinner="Asking every unit", **ONCE)


def move(place: Any, label: str, icon: str | None = None, **sliders: float) -> None:
    state = {f"memory_cell_{name}": value for name, value in sliders.items()}
    place.button(label, icon=icon, on_click=st.session_state.update, args=(state,), width="stretch")


st.title("A memory cell")
st.markdown(gates.INTRODUCTION, width=760)
view = pick(st, "Look at", VIEWS, "memory_cell_view")
sums: dict[str, float] = {}
if view == "By hand":
    plan, control = st.columns([3, 2], gap="large")
    for place, (name, asked) in zip(control.columns(2) * 2, gates.OPERATIONS.items(), strict=True):
        move(place, name, **asdict(asked))
    for name, first in asdict(gates.GateSums()).items():
        label, key = f"Sum at the {name.replace('_', ' ')}", f"memory_cell_{name}"
        sums[name] = control.slider(label, -gates.FAR, gates.FAR, first, 0.5, key=key, **URL)
    before = control.slider("Memory before", -2.0, 2.0, 0.8, 0.1, key="memory_cell_before", **URL)
    now = gates.step(gates.GateSums(**sums), before)
    draw(memory_cell(now), "memory_cell.plan", told := gates.told(now), plan)
    plan.markdown(told + gates.with_numbers(now))
    move(plan, "Next time step", ":material/east:", before=gates.on_slider(now.cell))
    st.subheader("What if the forget gate stayed at 1?")
    st.markdown(gates.told_of_time(now), width=760)
    write = st.toggle("Every step writes the same again", key="memory_cell_write", **URL)
    lines, alt = gates.futures(now, write=write), "The memory over time with three forget gates"
    draw(cell_over_time(lines), "memory_cell.time", alt)
else:
    result = sentiment.classify(model := load_model(), type_text(gates.SENTENCES, "sentiment"))
    tokens, memory = result.reading.tokens, unit_search.memory(model, result)
if view == "In a network":
    scope, labels = sentiment.microscope(model, result, "Forward"), numbered(tokens)
    left, right = st.columns([3, 2], gap="large")
    step = labels.index(left.select_slider("Word", labels, key="memory_cell_word", **URL))
    busiest = [str(unit) for unit in states.most_varying(memory, 8)]
    unit = int(pick(left, "One of the busiest units", busiest, "memory_cell_unit"))
    right.markdown(state_formulas(scope.trace, step=step, unit=unit))
    sums = {gate: scope.terms(gate, step, unit).total for gate in LSTM_GATES}
elif view == "What units follow":
    st.markdown(unit_search.METHOD, width=760)
    told = unit_search.told(findings := search(model))
    draw(followers.evidence(findings), "memory_cell.evidence", told)
    st.markdown(told, width=760)
    name = pick(st, "Follow on your sentence", findings, "memory_cell_property")
    marks, unit = probes.PROPERTIES[name](tokens), findings[name].unit
    headings = findings[name].heading, name
    figure = followers.word_by_word(tokens, memory[:, unit], marks, headings)
    draw(figure, "memory_cell.followed", f"The memory of unit {unit} at each word, beside {name}")
if sums:
    st.subheader("Open a little: why gates are not switches")
    st.markdown(gates.ANALOG, width=760)
    for place, (alt, figure) in zip(st.columns(2), gates_on_curves(sums).items(), strict=True):
        draw(figure, f"memory_cell.{alt}", alt, place)
more = "Every gate of every unit at work on your sentence"
st.page_link("ideas/lstm_gates.py", label=more, icon=":material/biotech:")
