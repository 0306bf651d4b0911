"""Memory: a recurrent network reads a text, word by word, with the present and the recent past."""

import streamlit as st

from core import sentiment
from core.figures import two_inputs
from core.figures.microscope import unit_map
from core.figures.recency import recency
from core.figures.states import StateView, most_varying
from core.figures.unrolled import folded, unrolled
from core.figures.words import numbered
from core.ideas import recency as far_back, update
from core.text.typed_text import quoted
from pages.controls import draw, few, pick, type_text

VIEWS, URL = ("Two inputs", "State", "What still matters"), {"bind": "query-params"}
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)
read_with, by_network, judge = map(few, (far_back.read_with, far_back.by_network, sentiment.judge))

st.title("Memory")
st.markdown(update.INTRODUCTION, width=760)
model = load_model()
result = judge(model, sentiment.read(model, type_text(update.SAMPLES, "sentiment")))
tokens, inputs = result.reading.tokens, result.embeddings
labels = numbered(tokens)
step = labels.index(st.select_slider("Word", labels, labels[-1], key="memory_word", **URL))
loop, unfolded = st.columns([1, 4])
with loop:
    draw(folded(), "memory.folded", "A recurrent cell: an arrow leads back into it")
    st.caption("The loop …")
with unfolded:
    near, place = update.window(tokens, step)
    alt = f"The cell once per word, at “{tokens[step]}”"
    draw(unrolled(near, time_step=place), "memory.unrolled", alt)
    st.caption("… and the same cell **unrolled over time**. Each dot is a word; “…” is all before.")
rnn, weights = read_with(model, result, "RNN"), model.cell("rnn")
st.markdown(update.same_weights(weights, len(tokens), model.max_tokens), width=760)
view = pick(st, "Look inside", VIEWS, "memory_view")
if view == "Two inputs":
    shares = update.balance(weights, rnn, inputs)
    shown = update.strongest(update.update(weights, rnn, inputs, step))
    st.markdown(update.FORMULA)
    st.markdown(told := update.told(shown, shares[step], tokens[step]), width=760)
    left, right = st.columns(2, gap="large")
    left.subheader(f"The sums at “{quoted(tokens[step])}”", anchor=False)
    draw(two_inputs.terms(shown), "memory.terms", told, left)
    right.subheader("The mixture at every word", anchor=False)
    draw(two_inputs.balance(tokens, shares, step), "memory.balance", told, right)
elif view == "State":
    trace = read_with(model, result, pick(st, "Network", far_back.CELLS, "memory_cell"))
    units = most_varying(trace.hidden_states, len(trace.hidden_states[0]))
    values = update.so_far(trace.hidden_states, step)[:, units]
    part = StateView("Hidden state", values, units, update.MEANING)
    st.caption(update.MEANING)
    draw(unit_map(part, labels, step, -1), "memory.state", update.MEANING)
else:
    felt = by_network(model, result, step)
    st.markdown(far_back.METHOD, width=760)
    st.markdown(told := far_back.told(felt, tokens), width=760)
    draw(recency(tokens[: step + 1], felt, far_back.STILL_FELT), "memory.recency", told)
left, right = st.columns(2)
more = "How an LSTM decides what to keep"
left.page_link("ideas/memory_cell.py", label=more, icon=":material/valve:")
more = "What these networks say about your text"
right.page_link("applications/sentiment.py", label=more, icon=":material/thumbs_up_down:")
