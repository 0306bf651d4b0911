"""Shapes: how many things go in and come out, five times, each run on a network of ours."""

from functools import partial

import streamlit as st

from core import captioning, digits, sentiment, tagging, translation
from core.figures.verdicts import verdict_bar
from core.ideas import sequence_types as shapes, shapes_explained as say
from core.text.verdict_sentences import verdict
from pages.controls import draw, type_text
from pages.shapes import explain, few, one_to_many, one_to_one

load = partial(st.cache_resource, show_spinner=False)
judge, tag, translate_all = map(few, (shapes.judge, tagging.tag, shapes.translate_all))


def many_to_one(model, sentence):
    place = explain("Many to one", "applications/sentiment.py")
    judged = judge(model, sentence)
    probability = judged.result.probability
    place.markdown(verdict(probability))
    alt = f"{probability:.0%} positive"
    draw(verdict_bar(probability), "sequence_types.verdict", alt, place)
    place.markdown(shapes.flow(shapes.verdict_stages(judged)))


def aligned(model, sentence):
    place = explain("Many to many, aligned", "ideas/bidirectional.py")
    result = tag(model, sentence)
    with place.container(horizontal=True, key="sequence_types.tags"):
        for word in say.tagged_words(result):
            st.markdown(word, width="content")
    place.caption(say.told_of_tags(result))
    place.markdown(shapes.flow(shapes.tag_stages(result)))


def unaligned(model, sentence):
    place = explain("Many to many, unaligned", "applications/translation.py")
    if not shapes.can_be_translated(sentence):
        return place.info(say.NO_TRANSLATION, icon=":material/edit:")
    results = translate_all(model, sentence)
    place.markdown(shapes.flow(shapes.reading_stages(next(iter(results.values())))))
    for name, result in results.items():
        place.markdown(
            f"{say.translated(name, result)}\n\n{shapes.flow(shapes.writing_stages(result))}"
        )


st.title("Shapes")
st.markdown(say.INTRODUCTION, width=760)
samples = {sample.title: sample.text for sample in load(tagging.load_samples)()}
sentence, cut = shapes.first_sentence(type_text(samples, "sentiment"))
if cut:
    st.caption(say.told_of_cut(sentence))
one_to_one(load(digits.load_model)(), {s.title: s for s in load(digits.load_samples)()})
one_to_many(load(captioning.load_model)(), {s.title: s for s in load(captioning.load_samples)()})
if sentence:
    many_to_one(load(sentiment.load_model)(), sentence)
    aligned(load(tagging.load_model)(), sentence)
    unaligned(load(translation.load_model)(), sentence)
else:
    st.info(say.NOTHING, icon=":material/edit:")
