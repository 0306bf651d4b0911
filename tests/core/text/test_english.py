"""English is told from its neighbours by small words and letters; without evidence, English."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from core.text.english import language_remark, looks_english

MANY = settings(max_examples=200, deadline=None, derandomize=True, database=None)
GERMAN = ("der", "und", "nicht", "auch", "wenn", "ich", "eine", "über")
ANY_TEXT = st.text(st.characters(codec=None), max_size=80)  # lone surrogates too


@pytest.mark.parametrize(
    "text",
    [
        "Hot dog",
        "A man in an orange hat starring at something.",
        "no",
        "Die hard fans",
        "Tom owns a yellow sports car.",
        "School begins in April.",
        "Smog hung over Tokyo.",
        "I don’t know.",
        "We went to San Francisco and to Los Angeles.",
        "the naïve café",
        "He said “Ich bin ein Berliner” to the people there.",
        "See https://de.wikipedia.org/wiki/die_der_das/und/ist",
        "Tom Maria Kobe Boston",
        "qwerty asdf zxcv",
        "She wrote Привет to him",
        "café",
        "123",
        "🎉",
        "",
    ],
)
def test_english_and_what_nobody_could_tell_is_not_called_foreign(text):
    assert looks_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin hier",
        "Guten Tag",
        "Was hat er gesagt?",
        "Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt.",
        "Bonjour tout le monde",
        "Un homme avec un chapeau orange regarde quelque chose.",
        "J’ai faim, c’est l’heure.",
        "¿Dónde está la biblioteca?",
        "No me gusta el cafe de esta casa",
        "Non so dove sia la biblioteca.",
        "Ik weet niet waar de bibliotheek is.",
        "Eu não sei onde fica a biblioteca.",
        "Я не знаю, где библиотека.",
        "図書館はどこですか",
        "أين المكتبة؟",
        "de\u0301ja\u0300 tre\u0300s e\u0301te\u0301",
    ],
)
def test_other_languages_are_noticed(text):
    assert not looks_english(text)


def test_a_remark_is_a_sentence_and_only_for_other_languages():
    assert language_remark("The dog sleeps.") == ""
    told = language_remark("Der Hund schläft auf dem Sofa.")
    assert told.startswith("This does not look like English;") and told.endswith(".")
    assert "other letters" in language_remark("שלום עולם") and "copies" in language_remark("日本語")


def test_words_that_no_english_text_held_speak_against_it():
    """Names do not count, nor do two unknown words beside English ones."""

    def is_unknown(word):
        return word.lower() not in {"the", "cat", "saw", "a", "quokka"}

    for foreign in ("El perro come carne.", "Hund schläft", "bonne nuit", "Kissa nukkuu sohvalla"):
        assert language_remark(foreign, is_unknown)
    for english in ("The axolotl saw a wombat.", "Zbigniew Brzezinski", "cat", "The cat"):
        assert not language_remark(english, is_unknown), english


@given(ANY_TEXT)
@MANY
def test_any_text_is_judged_and_spaces_around_it_do_not_matter(text):
    assert looks_english(text) == looks_english(f"  {text}\n")


@given(st.text(st.characters(codec="ascii", exclude_categories=["L"]), max_size=40))
@MANY
def test_a_text_without_letters_is_not_foreign(text):
    assert looks_english(text)


@given(st.lists(st.sampled_from(GERMAN), min_size=2))
def test_german_small_words_alone_are_german_however_many(words):
    assert not looks_english(" ".join(words))


@pytest.mark.parametrize("unit", ["a", "der ", "l'", "'", "é", "日", "th ", "ge", "@ "])
def test_time_grows_with_the_length(unit):
    start = time.process_time()
    looks_english(unit * (50_000 // len(unit)))
    assert time.process_time() - start < 2
