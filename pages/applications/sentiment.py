"""Sentiment: a verdict with every keystroke, and what every word did to it."""

import streamlit as st

from core import sentiment
from core.figures import horizon, microscope, verdicts, words
from core.text import typed_text, verdict_sentences as say
from pages.controls import draw, few, pick, type_text

VIEWS, URL = ("Over time", "Words", "What if", "Memory", "Limits"), {"bind": "query-params"}
judge, over_time, influence = map(few, (sentiment.judge, sentiment.over_time, sentiment.influence))
memories, what_if = few(sentiment.memories), few(sentiment.what_if)
load_model = st.cache_resource(sentiment.load_model, show_spinner=False)


def tell(place, key, probability):
    place.subheader(say.verdict(probability), anchor=False)
    alt, bar = f"{probability:.0%} positive", verdicts.verdict_bar(probability)
    draw(bar, f"sentiment.{key}", alt, place)


@st.fragment
def room(model, samples):
    reading = sentiment.read(model, type_text({s.title: s.text for s in samples}, "sentiment"))
    if not reading.words:
        return st.info(sentiment.NOTHING, icon=":material/edit:")
    result, labels = judge(model, reading), words.numbered(reading.tokens)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    tell(left, "verdict", result.probability)
    facts = (reading.tokens, reading.unknown, result.probability, reading.unread)
    right.markdown("\n\n".join(say.remarks(*facts)))
    view = pick(st, "Look inside", VIEWS, "sentiment_view")
    if view == "Over time":
        way = over_time(model, result)
        st.markdown(told := say.turning_point(way.labels, way.forward, way.turn))
        shown = verdicts.verdicts_over_time(way.labels, way.forward, way.backward, way.turn)
        draw(shown, "sentiment.journey", told)
    elif view == "Words":
        found = influence(model, result)
        st.markdown(say.coloured(reading.text, reading.words, found.places, found.effects))
        st.markdown(told := say.strongest(found.labels, found.effects))
        shown = verdicts.effect_bars(found.labels, found.effects, found.without)
        draw(shown, "sentiment.effects", told)
    elif view == "What if":
        at, then = st.columns(2, gap="large")
        first = labels[over_time(model, result).turning_token]
        place = labels.index(at.select_slider("Word", labels, first, key="sentiment_word", **URL))
        action = pick(then, "What to do", typed_text.ACTIONS, "sentiment_action")
        by = {"key": "sentiment_by", "live": True, "disabled": action != "Replace it"}
        other = at.text_input("The other word", "great", **by, **URL)
        if not (compared := what_if(model, result, place, action, other)):
            return st.info(sentiment.NOTHING, icon=":material/edit:")
        st.caption(say.followed(compared.unit))
        for column, (name, side) in zip(st.columns(2), compared.sides.items(), strict=True):
            tell(column, name, side.result.probability)
            column.markdown(f"**{name}**: {typed_text.as_markdown(side.result.reading.text)}")
            lines = microscope.unit_lines(side.trace, side.result.tokens, compared.unit, place)
            draw(lines, f"sentiment.lines.{name}", f"{name}: unit {compared.unit}", column)
    elif view == "Memory":
        epsilon = st.slider("Epsilon", 0.01, 0.5, 0.05, key="sentiment_epsilon", **URL)
        remembered = memories(model, result)
        rows = say.reaches(remembered.probabilities, remembered.effects, epsilon)
        st.dataframe(rows, alt="How far back each network still feels a word")
        st.caption(say.HORIZONS)
        shown = horizon.memory_map(remembered.labels, remembered.effects, epsilon)
        draw(shown, "sentiment.memory", "How much every word moves each network")
    else:
        examples = few(sentiment.contrast_examples)(model)
        st.markdown(sentiment.limits(examples))
        st.dataframe(say.judged(examples), alt="Hard sentences and what the network says of them")
        st.expander("Model card").markdown(sentiment.load_model_card())


st.title("Sentiment")
model = load_model()
st.markdown(
    "An LSTM reads your text **from both ends** and answers every keystroke: for, or against? "
    f"Then see which word did it. The first {model.max_tokens} words and signs count."
)
room(model, st.cache_resource(sentiment.load_samples)())
