"""Both directions: the same text is read from its beginning and from its end."""

import streamlit as st

from core import sentiment
from core.figures import both_directions as drawn
from core.figures.words import numbered
from core.ideas import directions
from core.ideas.update import around
from pages.controls import draw, few, type_text

URL = {"bind": "query-params"}
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)
judge, read_both, when_cut = map(few, (sentiment.judge, directions.read_both, directions.when_cut))

st.title("Both directions")
st.markdown(directions.INTRODUCTION, width=760)
model = load_model()
result = judge(model, sentiment.read(model, type_text(directions.SAMPLES, "sentiment")))
tokens, both = result.reading.tokens, read_both(model, result)
labels = numbered(tokens)
middle = labels[len(labels) // 2]
step = labels.index(st.select_slider("Word", labels, middle, key="bidirectional_word", **URL))
near, place = around(tokens, step)
told = directions.told(tokens, step)
draw(drawn.plan(near, place), "bidirectional.plan", told)
st.caption("Below, blue: forward. Above, violet: backward. What the word's two cells hold goes up.")
st.markdown(f"{directions.FORMULA}\n\n{told}", width=760)

left, right = st.columns(2, gap="large")
left.subheader("Two states for every word", anchor=False)
left.caption(f"Orange is plus, blue is minus; {drawn.NUM_UNITS} units of each half, the liveliest.")
alt = f"The forward and the backward state of every word, “{tokens[step]}” marked"
draw(drawn.states(labels, both.forward, both.backward, step), "bidirectional.states", alt, left)
right.subheader("Which half notices what", anchor=False)
right.markdown(directions.told_of_cuts(when_cut(model, result, step), tokens[step]))
right.markdown(directions.SAME_WORD)

st.subheader("What each direction is worth", anchor=False)
measured = directions.load_measured()
st.markdown(told := directions.told_of(measured), width=760)
bars = drawn.accuracies(measured.accuracies, measured.majority, measured.margin)
draw(bars, "bidirectional.measured", told)
left, right = st.columns(2)
more = "The verdict forwards and backwards, over time"
left.page_link("applications/sentiment.py", label=more, icon=":material/thumbs_up_down:")
more = "Every gate of both halves"
right.page_link("ideas/lstm_gates.py", label=more, icon=":material/biotech:")
