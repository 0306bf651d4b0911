"""Words keep their places in what was typed, whatever was typed; Markdown shows and never obeys."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings, strategies as st

from core.text.tokenization import words_of
from core.text.typed_text import as_markdown, located_words, marked, quoted, shortened, spoken

MANY = settings(max_examples=400, deadline=None, derandomize=True, database=None)
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)  # lone surrogates too


def places(text: str) -> list[tuple[str, str]]:
    return [(word.text, text[word.start : word.end]) for word in located_words(text)]


def test_contractions_quotes_and_capitals_by_hand():
    assert places("It’s NOT bad, don't go!") == [
        ("it", "It"),
        ("'s", "’s"),
        ("not", "NOT"),
        ("bad", "bad"),
        (",", ","),
        ("do", "do"),
        ("n't", "n't"),
        ("go", "go"),
        ("!", "!"),
    ]


def test_combining_marks_composed_and_decomposed_are_one_word():
    assert places("a cafe\u0301 b") == [("a", "a"), ("café", "cafe\u0301"), ("b", "b")]
    assert places("a café b") == [("a", "a"), ("café", "café"), ("b", "b")]


def test_characters_that_grow_or_vanish_keep_their_neighbours_in_place():
    assert places("ﬁne<br />ok\u200dok x") == [
        ("fine", "ﬁne"),
        ("okok", "ok\u200dok"),
        ("x", "x"),
    ]


@given(ANY_TEXT)
@example("Σ ΟΔΟΣ.")
@example("\u1100\u1161\u11a8")
@example("\ud800 x \udc00")
@example("👩‍👩‍👧‍👦 e\u0301\u0302\u0303")
@example("\u202eabc\u202c")
@MANY
def test_the_words_are_those_of_the_network_and_stand_in_order(text):
    words = located_words(text)
    assert [word.text for word in words] == words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)


@given(st.text(st.characters(codec="ascii"), max_size=60))
@example("It's 7.5 <br> (or so)...")
@MANY
def test_a_text_of_plain_characters_is_placed_as_after_any_other(text):
    following = located_words(f"é {text}")[1:]
    assert following == tuple((w.text, w.start + 2, w.end + 2) for w in located_words(text))


@given(ANY_TEXT)
@example("<b>x</b> [a](b) $x$ `c` :smile: :material/home: https://a.bc ** # - 1.")
@MANY
def test_markdown_escapes_every_sign(text):
    shown = as_markdown(text)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not re.search(r"[!-/:-@\[-`{-~\n\r\t]", bare)
    shown.encode("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)


@given(ANY_TEXT)
@MANY
def test_nothing_typed_is_lost_between_marks(text):
    words = located_words(text)
    shown = marked(text, words, [""] * len(words))
    assert "".join(shown.split()) == "".join(as_markdown(text).split())


def test_marks_stand_around_their_words():
    text = "Not *bad*"
    assert marked(text, located_words(text), ["red", "", "green", ""]) == (
        ":red-background[Not] \\*:green-background[bad]\\*"
    )


@pytest.mark.parametrize(("word", "shown"), [("a" * 18, "a" * 18), ("a" * 19, "a" * 17 + "…")])
def test_a_long_word_is_shortened(word, shown):
    assert shortened(word) == shown


@given(st.text("ab é!*_\\`$[]()<>:-.~#|&", max_size=30))
def test_what_was_escaped_is_spoken_as_it_was_typed(text):
    assert spoken(as_markdown(text)) == " ".join(text.split())


def test_a_sentence_of_markdown_is_spoken_without_its_marks():
    word = quoted("*a_b*" + "c" * 40)
    assert spoken(f"At “{word}” **75%** of it") == f"At “*a_b*{'c' * 12}…” 75% of it"
