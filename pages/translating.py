"""What the page on translation caches, how it writes, and its views."""

import time
from functools import partial

import streamlit as st

from core import explanations, translation
from core.figures import alignment, beam_tree, words
from core.figures.by_length import score_by_length
from core.figures.two_contexts import both_states, context_distances
from core.ideas import contexts
from core.text import alignment_sentences as say
from core.text.sentences import join_pieces
from core.text.typed_text import as_markdown
from pages.controls import draw, pick

PATIENCE = 0.3
"""Seconds after which a visitor sees what is ready, though more is to come."""
KEYS = {
    translation.TranslationModel: id,
    translation.EncodedSentence: lambda encoded: encoded.fingerprint,
    translation.TranslationResult: lambda result: result.fingerprint,
}
few = partial(st.cache_resource, show_spinner=False, hash_funcs=KEYS)
encode = few(translation.encode_sentence, max_entries=32)
search = few(translation.search, max_entries=24)
translate = few(translation.translate_for_all, max_entries=300)
hide_words = few(translation.hide_words, max_entries=32)
judge = few(contexts.judge_contexts, max_entries=1)
compare = few(contexts.two_contexts, max_entries=32)
load_model = st.cache_resource(translation.load_model, show_spinner=False)


def write(model, places, pieces):
    """Translate sentence by sentence; of a text that takes long, what is ready is shown already."""
    written, shown = [], time.monotonic()
    for piece in pieces:
        written.append(translate(model, piece.text))
        if time.monotonic() - shown > PATIENCE:
            show(places, joined(pieces, written), seconds=0)
            shown = time.monotonic()
    show(places, joined(pieces, written), seconds=0.4)


def joined(pieces, written):
    """Return, per language, the text that the first sentences make."""
    begun = pieces[: len(written)]
    return [join_pieces(begun, [w[to] for w in written]) for to in translation.LANGUAGES]


def show(places, texts, seconds):
    """Write translations word by word, from the first word that is new."""
    before = st.session_state.get("translation.written", [""] * len(texts))
    st.session_state["translation.written"] = texts
    for growing in say.word_by_word(texts, before, seconds=seconds):
        for place, text in zip(places, growing, strict=True):
            place.text(text)


def looking_back(model, result, place):
    """Draw where the network looked for every word, and what else could have stood in one place."""
    token, weights = result.tokens[place], result.attention_weights
    left, right = st.columns([3, 2], gap="large")
    matrix = alignment.alignment_matrix(weights, result.source_tokens, result.tokens, place)
    looked = (token, float(result.probabilities[place]), result.source_tokens, weights[place])
    draw(matrix, "translation.alignment", told := say.looked_at(*looked), left)
    left.caption(say.HOW_TO_READ)
    with right:
        st.markdown(told)
        bars = words.alternative_bars(translation.alternatives(model, result, place), token)
        draw(bars, "translation.others", "The likeliest words here")
        what_if(model, result, place)
        record = translation.to_json(result, translation.TranslationOptions())
        st.download_button("Numbers (JSON)", record, "translation.json", on_click="ignore")


def what_if(model, result, place):
    """Offer other words for one place and show how the network goes on after the chosen one."""
    offered = translation.forceable(model, result, place)
    chosen = st.pills("Force another word", offered, key="translation.force", wrap=True)
    if chosen in offered:
        forced = (*result.token_ids[:place], offered[chosen].token_id)
        found = search(model, result.search.source, result.search.language, forced=forced)
        again = translation.best_of(model, found)
        st.markdown(say.went_on(offered[chosen].token, again.text))


def truth_check(model, result, place):
    """Take out the word looked at most, and as a control the one looked at least."""
    token, sure = result.tokens[place], float(result.probabilities[place])
    checks = hide_words(model, result, place)
    if not checks:
        st.info(say.ONE_WORD, icon=":material/edit:")
        return
    st.markdown(say.what_removing_showed(token, sure, *checks.values()))
    for column, (name, check) in zip(st.columns(2, gap="large"), checks.items(), strict=True):
        column.subheader(name, anchor=False)
        column.markdown(say.after_removing(check))


def beam_search(model, found, alpha):
    """Draw what the search followed and gave up, and why the winner won."""
    vocabulary, tree = model.subwords[found.language].vocabulary, found.tree
    result = translation.best_of(model, found, alpha)
    st.markdown(f"### {as_markdown(result.text)}")
    st.markdown(as_markdown(why := explanations.why_it_won(tree, vocabulary, alpha)))
    draw(beam_tree.lanes(tree, vocabulary, result.hypothesis), "translation.tree", why)
    ledger = explanations.ledger(tree, vocabulary, alpha)
    st.dataframe(ledger, alt="Every finished translation", hide_index=True)


def two_meanings(model, rows):
    """Show one word in two sentences: two translations, and how far its states are apart."""
    pairs = {pair.word: pair for pair in judge(model, rows)}
    pair = pairs[pick(st, "The same word twice", pairs, "translation_pair")]
    st.dataframe(
        say.side_by_side(pair, translation.LANGUAGES), alt="Both sentences", hide_index=True
    )
    seen = model.onnx.config["contexts"]["de"]["sentences_in_training"]
    st.markdown(say.judged(pairs.values(), translation.LANGUAGES, seen))
    compared = compare(model, pair.word, pair.sentences)
    left, right = st.columns(2, gap="large")
    left.markdown(say.SAME_WORD)
    distances = context_distances(compared.names, compared.distances, compared.usual)
    draw(
        distances, "translation.distances", f"How far apart the two states of {pair.word} are", left
    )
    states = both_states(compared.states, pair.sentences)
    draw(states, "translation.states", f"The state of {pair.word} in both sentences", right)


def limits(model, to, card):
    """Show hard sentences, BLEU by length, and the model card."""
    st.markdown(say.LIMITS)
    st.dataframe(translation.limits(model, to), alt="Hard sentences", hide_index=True)
    lengths = translation.by_length(model, to)
    for column, (name, found) in zip(st.columns(2, gap="large"), lengths.items(), strict=False):
        column.subheader(name, anchor=False)
        bars = score_by_length(found.labels, found.scores, found.counts, found.overall)
        draw(bars, f"translation.length.{name}", f"BLEU by length: {name}", column)
    st.expander("Model card").markdown(card)
