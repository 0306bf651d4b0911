"""Captioning: a photo becomes a sentence, and every step on the way can be opened."""

import streamlit as st

from core import captioning, explanations
from core.figures import attention, beam_tree, states, words
from pages.controls import draw, pick

VIEWS = ("Words", "Memory", "Beam search", "Truth check", "Limits")
URL, FORMATS = {"bind": "query-params"}, ["jpg", "jpeg", "png", "webp"]
FEW = {"max_entries": 16, "show_spinner": False, "hash_funcs": {captioning.CaptionModel: id}}
open_photo = st.cache_resource(captioning.open_photo, **FEW)
search = st.cache_resource(captioning.caption, **FEW)
load_model = st.cache_resource(captioning.load_model, show_spinner=False)

st.title("Captioning")
st.markdown("A CNN sees a photo **once**; an LSTM writes **word by word**, looking back each time.")
own, shipped, tune = st.columns([3, 3, 2], gap="large")
file = own.file_uploader("Your photo", FORMATS, key="captioning.file")
if own.toggle("Take it with the camera", key="captioning_camera", **URL):
    file = own.camera_input("Camera", label_visibility="collapsed") or file
samples = {s.title: s for s in st.cache_resource(captioning.load_samples)()}
sample = samples[pick(shipped, "Or a sample", samples, "captioning_sample", disabled=bool(file))]
shipped.caption("" if file else f"{sample.credit}. It is unlike the training photos.")
sentence, scrubber = st.empty(), st.container()
left, right = st.columns([5, 4], gap="large")
picture, seen, best = left.empty(), "captioning.seen", captioning.CaptionOptions()
if not file and seen not in st.session_state:  # at once, before a model is opened
    sentence.header(sample.caption, anchor=False)
    picture.image(sample.image, alt=f"Photo: {sample.title}")
beam_size = tune.slider("Beam size", 1, 5, best.beam_size, key="captioning_beam", **URL)
alpha = tune.slider("Length penalty", 0.0, 3.0, best.length_penalty, key="captioning_alpha", **URL)
options = captioning.CaptionOptions(beam_size, alpha)
photo, encoded = open_photo(model := load_model(), file.getvalue() if file else sample.image)
tree = search(model, encoded, captioning.CaptionOptions(beam_size)).tree
result = captioning.read_hypothesis(model, tree, tree.ranked(alpha)[0])
sure, told = result.probabilities, result.sentinel_weight
labels = words.numbered(tokens := captioning.written_tokens(result))
second = labels[:2][-1]
place = labels.index(scrubber.select_slider("Word", labels, second, key="captioning_word", **URL))
lit = attention.overlay(photo, result.attention_weights[place])
picture.image(lit, alt=f"The photo, lit where the network looked for {labels[place]}")
with right:
    st.markdown(explanations.where_from(tokens[place], sure[place], told[place]))
    others = captioning.alternatives(model, result, place)
    bars = words.alternative_bars(others, tokens[place])
    draw(bars, "captioning.others", "The likeliest words here")
    st.download_button("Numbers (JSON)", captioning.to_json(result, options), "captioning.json")
    st.download_button("Picture (PNG)", attention.to_png(lit), "attention.png")
view = pick(st, "Look inside", VIEWS, "captioning_view")
if view == "Words":
    with st.grid("auto", min_column_width=100):
        for label, weights in zip(labels, result.attention_weights, strict=True):
            st.image(attention.overlay(photo, weights), label, alt=f"Lit for {label}")
    shares = words.share_bars(tokens, sure, told, place)
    draw(shares, "captioning.shares", "How sure each word was, and why")
elif view == "Memory":
    listed = states.views(result.hidden_states, result.cell_states, result.gates)
    state = listed[pick(st, "Part", listed, "captioning_part")]
    st.caption(state.meaning)
    draw(states.heatmap(state, tokens, place), "captioning.states", state.meaning)
elif view == "Beam search":
    st.markdown(why := explanations.why_it_won(tree, model.vocabulary, alpha))
    draw(beam_tree.lanes(tree, model.vocabulary, result.hypothesis), "captioning.tree", why)
    st.dataframe(explanations.ledger(tree, model.vocabulary, alpha), alt="Every finished sentence")
elif view == "Truth check":
    share = st.slider("Percent of the photo to hide", 5, 50, 20, 5, key="captioning_hidden", **URL)
    checks = captioning.hide_regions(model, encoded, result, place, share / 100, options)
    st.markdown(explanations.what_hiding_showed(tokens[place], sure[place], *checks.values()))
    for column, (name, check) in zip(st.columns(2), checks.items(), strict=True):
        column.image(attention.cover(photo, check.masked), name, alt=name)
        column.markdown(explanations.after_hiding(tokens[place], check))
else:
    st.markdown(captioning.limits(samples.values()))
    st.expander("Model card").markdown(captioning.load_model_card())
shown = file.file_id if file else sample.name
if st.session_state.get(seen, shown if not file else "") != shown:
    sentence.write_stream(explanations.word_by_word(f"## {result.caption}", seconds=1))
st.session_state[seen] = shown
sentence.header(explanations.running_text(result.tokens, place), anchor=False)
