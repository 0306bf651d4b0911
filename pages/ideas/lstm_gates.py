"""LSTM gates: the deployed weights at work on the visitor's own sentence, down to one product."""

import streamlit as st

from core import sentiment
from core.cells import step_explained
from core.figures import microscope, words
from pages.controls import draw, few, pick, type_text

URL = {"bind": "query-params"}
judge, look_into = few(sentiment.judge), few(sentiment.microscope)
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)


@st.fragment
def room(model, samples):
    reading = sentiment.read(model, type_text({s.title: s.text for s in samples}, "sentiment"))
    if not reading.words:
        return st.info(sentiment.NOTHING, icon=":material/edit:")
    labels = words.numbered(reading.tokens)
    way, at, which = st.columns([3, 5, 2], gap="large")
    direction = pick(way, "It reads", sentiment.DIRECTIONS, "lstm_gates_way")
    scope = look_into(model, judge(model, reading), direction)
    word = at.select_slider(
        "Word", labels, labels[scope.trace.liveliest_step()], key="lstm_gates_word", **URL
    )
    step = labels.index(word)
    unit = which.selectbox(
        "Unit, the busiest first", scope.trace.busiest_units(), key="lstm_gates_unit", **URL
    )
    listed = microscope.parts(scope.trace, unit)
    part = listed[pick(st, "Part", listed, "lstm_gates_part")]
    left, right = st.columns([4, 3], gap="large")
    with left:
        st.caption(part.meaning)
        drawn = microscope.unit_map(part, reading.tokens, step, unit)
        draw(drawn, "lstm_gates.map", f"{part.name} of every word and unit. {part.meaning}")
        st.caption(step_explained.LINES)
        lines = microscope.unit_lines(scope.trace, reading.tokens, unit, step)
        draw(lines, "lstm_gates.lines", f"Gates and states of unit {unit} over the text")
    with right:
        st.subheader(step_explained.title(labels[step], unit), anchor=False)
        st.markdown(step_explained.state_formulas(scope.trace, step=step, unit=unit))
        gate = pick(st, "Taken apart", step_explained.GATES, "lstm_gates_gate")
        terms = scope.terms(step_explained.GATES[gate], step, unit)
        st.markdown(step_explained.gate_formula(terms))
        st.caption(step_explained.TERMS)
        st.table(step_explained.term_rows(terms), alt=f"The products that the {gate.lower()} sums")


st.title("LSTM gates")
st.markdown(
    "An LSTM decides at every word **what to forget, what to write and what to show**. These are "
    "the weights that judge reviews on the page Sentiment, at work on your sentence."
)
room(load_model(), st.cache_resource(sentiment.load_samples)())
more = "One cell by hand, and which units follow something"
st.page_link("ideas/memory_cell.py", label=more, icon=":material/valve:")
