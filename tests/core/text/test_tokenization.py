"""Words as the treebank parts them; whatever is typed gives words without a gap in them."""

import sys
import unicodedata

import pytest
from hypothesis import given, strategies as st

from core.text.tokenization import normalised, visible_form, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's NOT bad!", "it 's not bad !"),
        ("I don't, can't, won't.", "i do n't , ca n't , wo n't ."),
        ("do n't", "do n't"),
        ("They\u2019re well-made", "they 're well - made"),
        ("one<br /><br>two", "one two"),
        ("7.5/10 or 10,000", "7.5 / 10 or 10,000"),
        ("wait..... what…", "wait ... what ..."),
        ("``great'' -LRB- yes -RRB-", '" great " ( yes )'),
        ("fun :) or not :-(", "fun :) or not :-("),
        ("e\u0301t\u00e9 a\u200db", "\u00e9t\u00e9 ab"),
        ("half \ud800 of one", "half \ufffd of one"),
        ("tab\x00bell\x07", "tab bell"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_words(text, words):
    assert words_of(text) == words.split()


@given(st.text())
def test_any_text_gives_words_that_hold_no_space(text):
    for word in words_of(text):
        assert word and word == word.strip() and not any(sign.isspace() for sign in word)


def test_no_character_that_cannot_be_seen_is_left():
    shown = {visible_form(chr(code)) for code in range(sys.maxunicode + 1)}
    assert not any(unicodedata.category(sign).startswith("C") for form in shown for sign in form)


@given(st.text(st.characters(codec="ascii")))
def test_reading_the_words_again_changes_nothing(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It's a Film (really)", "it 's a film -lrb- really -rrb-"),
        ("I don't know", "i do n't know ."),
        ("cr\u00e8me", "creme"),
        ("90's kids", "90 's kids"),
    ],
)
def test_copies_of_a_sentence_have_one_normal_form(one, other):
    assert normalised(one) == normalised(other)


def test_other_sentences_have_another():
    assert normalised("not bad") != normalised("bad")
