"""A text falls into sentences that are the text again, whatever was typed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings, strategies as st

from core.text.sentences import (
    MAX_SENTENCE_CHARS,
    Piece,
    join_pieces,
    spaced,
    split_sentences,
    tidy,
)

MANY = settings(max_examples=400, deadline=None, derandomize=True, database=None)
ANY_SIGN = st.characters(codec=None)  # lone surrogates too
ANY_TEXT = st.text(ANY_SIGN, max_size=80)
WORDY = st.lists(
    st.sampled_from(
        [
            "Mr.",
            "<b>",
            "</a",
            ">",
            "J.",
            "etc.",
            "p.m.",
            "He",
            "left.",
            "so",
            "“Why?”",
            "3.14",
            "…",
            "1.",
        ]
    )
    | st.sampled_from([" ", "\n", "\r\n", "\t", "\u2028", "\u3000", ",", "\x85"])
    | st.text(ANY_SIGN, max_size=3),
    max_size=40,
).map("".join)


def texts(text: str) -> list[str]:
    return [piece.text for piece in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Mr. Smith met Mrs. Brown, Dr. No and Prof. Who.",
        "They moved to St. Louis vs. Boston, i.e. far away, e.g. for work.",
        "J. R. R. Tolkien and J.R.R. Tolkien and A. A. Milne wrote.",
        "The U.S. Army and the U.K. government agree.",
        "It starts at 5 p.m. on Friday, or 9 a.m. Tuesday.",
        "Apples, pears, etc. are fruit.",
        "See No. 5 and Fig. 3 on pp. 7-9.",
        "Pi is 3.14 and the page is example.com or www.example.com/a.b.",
        '"Stop!" he said.',
        "(What?) asked the man.",
        "Well... maybe… not.",
        "No full stop",
        "1. Take the bus",
        "Martin Luther King Jr. spoke on Jan. 5th.",
        "(Dr. Smith knows the well-known—Mr. Jones.)",
    ],
)
def test_one_sentence_stays_whole(whole):
    assert texts(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Why? No! Well… He did.", ["Why?", "No!", "Well…", "He did."]),
        ('He said: "No." Then "Yes!" She left.', ['He said: "No."', 'Then "Yes!"', "She left."]),
        ("(He left.) [She did.] “So?” Ok.", ["(He left.)", "[She did.]", "“So?”", "Ok."]),
        ("i came. he left. ok?!", ["i came.", "he left.", "ok?!"]),
        ("one line\ntwo lines", ["one line", "two lines"]),
        ("Dear Mr.\nSmith", ["Dear Mr.", "Smith"]),
        ("It ends at 5 p.m. The bus left.", ["It ends at 5 p.m.", "The bus left."]),
        ("Pens, etc. We have it.", ["Pens, etc.", "We have it."]),
        ("He is in the U.S. It's far.", ["He is in the U.S.", "It's far."]),
        ("I said no. Tom left.", ["I said no.", "Tom left."]),
        ("The dog sat. Tom ran.", ["The dog sat.", "Tom ran."]),
        ("It was 1984. Tom left.", ["It was 1984.", "Tom left."]),
        ("Really ? Yes !", ["Really ?", "Yes !"]),
        ("1. Milk\n2. Eggs", ["1. Milk", "2. Eggs"]),
        ("", []),
    ],
)
def test_sentences_by_hand(text, sentences):
    assert texts(text) == sentences


def test_tags_stand_between_sentences_and_a_comparison_is_no_tag():
    assert split_sentences("<p>One <b>big</b> dog.</p>", tags=True) == (
        Piece("", "<p>"),
        Piece("One", " <b>"),
        Piece("big", "</b> "),
        Piece("dog.", "</p>"),
    )
    for whole in ("I <3 you, 1 < 2 and 3 > 2.", "x<y"):
        assert [piece.text for piece in split_sentences(whole, tags=True)] == [whole]
    broken = split_sentences("Hi<br/>you <!-- not read --> there", tags=True)
    assert [piece.text for piece in broken] == ["Hi", "you", "there"]
    assert texts("<b>Hi</b> you") == ["<b>Hi</b> you"]


def test_gaps_keep_white_space_and_line_breaks():
    assert split_sentences(" \n Hi.  You!\r\n\r\n\tOk ") == (
        Piece("", " \n "),
        Piece("Hi.", "  "),
        Piece("You!", "\r\n\r\n\t"),
        Piece("Ok", " "),
    )
    assert split_sentences(" ") == (Piece("", " "),)


@given(ANY_TEXT | WORDY, st.booleans())
@example(" a\u2028b. c\ud800\n", False)
@example("x" * 1000 + ". " + "y, " * 500 + " " * 1000 + "z", True)
@MANY
def test_nothing_is_lost_and_pieces_are_bounded_and_stripped(text, tags):
    pieces = split_sentences(text, tags=tags)
    assert "".join(piece.text + piece.gap for piece in pieces) == text
    assert join_pieces(pieces, [piece.text for piece in pieces]) == text
    for piece in pieces:
        assert len(piece.text) <= MAX_SENTENCE_CHARS
        assert piece.text == piece.text.strip() and len(piece.text.splitlines()) <= 1
        assert not re.sub(r"<[^<>]*>", "", piece.gap).strip()
    assert all(piece.text for piece in pieces[1:])


@given(st.lists(st.sampled_from(["He left.", "Why?", "Dr. Who did!", "“So.”"]), max_size=9))
def test_what_is_joined_is_split_again(sentences):
    assert texts(" ".join(sentences)) == sentences


def test_a_long_sentence_is_cut_at_commas_then_at_spaces_then_anywhere():
    half = "word " * 50
    at_comma = f"{half.strip()}, {half}{half}".strip()
    assert [len(t) for t in texts(at_comma)] == [250, 399, 99]
    assert texts(at_comma)[0].endswith("word,")
    assert {len(t) for t in texts("word " * 160)} == {399}
    assert [len(t) for t in texts("a" * 1000)] == [400, 400, 200]
    early_comma = "so, " + "word " * 100
    assert len(texts(early_comma)[0]) > MAX_SENTENCE_CHARS // 2


def test_translations_take_the_gaps_of_their_originals():
    pieces = split_sentences("\tOne.  Two!\n\nThree")
    assert join_pieces(pieces, ["", "Eins.", "Zwei!", "Drei"]) == "\tEins.  Zwei!\n\nDrei"
    with pytest.raises(ValueError):
        join_pieces(pieces, ["Eins."])


@pytest.mark.parametrize(
    "unit", ["a", ".", " ", "<a ", "A. ", "\n", "a, ", "!”", "He left. ", "-.", "1."]
)
def test_time_grows_with_the_length(unit):
    text = unit * (50_000 // len(unit))
    start = time.process_time()
    pieces = split_sentences(text, tags=True)
    assert time.process_time() - start < 2
    assert "".join(piece.text + piece.gap for piece in pieces) == text


def test_spaced_and_tidy():
    assert spaced(" e\u0301  a\n") == "é a"
    assert tidy("“It’s”…") == '"It\'s"...'
    assert tidy("ﬁne ＦＵＬＬ ﬂow") == "fine FULL flow"
    assert tidy("x² ½ ①") == "x² ½ ①"  # other signs stay what they are
