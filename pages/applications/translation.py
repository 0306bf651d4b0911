"""Translation: English becomes three languages at once, and every choice can be opened."""

import streamlit as st

from core import explanations, translation
from core.figures.words import numbered
from core.ideas import contexts
from core.text import alignment_sentences as say
from core.text.english import language_remark
from pages import translating as parts
from pages.controls import pick, type_text

VIEWS = ("Alignment", "Beam search", "Truth check", "Two meanings", "Limits")
URL, LANGUAGES = {"bind": "query-params"}, translation.LANGUAGES
load_samples = st.cache_resource(translation.load_samples, show_spinner=False)


@st.fragment
def room(model, samples, pairs, card):
    text = type_text({sample.title: sample.text for sample in samples}, "translation")
    st.caption(say.counted(len(text), translation.MAX_CHARS))
    columns = st.columns(3, gap="large")
    for column, name in zip(columns, LANGUAGES.values(), strict=True):
        column.subheader(name, anchor=False)
    places = [column.empty() for column in columns]
    for place, known in zip(places, say.stored(text, samples, LANGUAGES), strict=True):
        place.text(known)
    pieces, _ = translation.pieces_of(text)
    parts.write(model, places, pieces)
    if remark := language_remark(text, model.subwords[translation.SOURCE].hardly_knows):
        st.info(remark, icon=":material/translate:")
    if not (sentences := translation.sentences_of(pieces)):
        return st.info(translation.NOTHING, icon=":material/edit:")
    view = pick(st, "Look inside", VIEWS, "translation_view")
    if view == "Two meanings":
        return parts.two_meanings(model, pairs)
    left, right = st.columns(2, gap="large")
    names = {name: to for to, name in LANGUAGES.items()}
    to = names[pick(left, "Language", names, "translation_to")]
    if view == "Limits":
        return parts.limits(model, to, card)
    chosen = sentences[right.selectbox("Sentence", sentences, key="translation_sentence")]
    look_inside(model, parts.encode(model, chosen), to, view)


def look_inside(model, encoded, to, view):
    best = translation.TranslationOptions()
    if view == "Beam search":
        left, right = st.columns(2, gap="large")
        beam_size = left.slider("Beam size", 1, 8, best.beam_size, key="translation_beam", **URL)
        penalty = ("Length penalty", 0.0, 2.0, best.length_penalty)
        alpha = right.slider(*penalty, key="translation_alpha", **URL)
        return parts.beam_search(model, parts.search(model, encoded, to, beam_size), alpha)
    result = translation.best_of(model, parts.search(model, encoded, to, best.beam_size))
    labels = numbered(result.tokens)
    place = labels.index(st.select_slider("Word", labels, key="translation_word", **URL))
    st.markdown(f"### {explanations.running_text(result.words_written, place)}")
    st.markdown("\n\n".join(translation.remarks(model, result)))
    if view == "Truth check":
        parts.truth_check(model, result, place)
    else:
        parts.looking_back(model, result, place)


st.title("Translation")
st.markdown(
    "One LSTM reads your English from both ends. Another writes German, French or Spanish word by "
    "word, and before each word **looks back** at the English."
)
# Read before the fragment: an error in it would not reach the frame.
room(parts.load_model(), load_samples(), contexts.load_pairs(), translation.load_model_card())
