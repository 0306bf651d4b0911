"""Subwords of the shipped models: a round trip, labels that no other has, damaged files."""

import pytest
from hypothesis import given, settings, strategies as st

from core.errors import ModelFileError
from core.onnx_model import read_checked
from core.text.subwords import COPIED, join_pieces, parse_subwords, readable_piece, unlike
from core.vocabulary import SPECIAL_TOKENS

ENGLISH = parse_subwords(read_checked("translation/en.model"))


def test_a_sentence_comes_back():
    for sentence in ("A dog runs.", "Don't go, it's 12 o'clock!", "<copy> is here"):
        assert ENGLISH.decode(ENGLISH.encode(sentence)) == sentence


@settings(max_examples=100)
@given(st.text(alphabet="abcdefghij ", max_size=30))
def test_known_letters_always_come_back(text):
    plain = " ".join(text.split())
    assert ENGLISH.decode(ENGLISH.encode(plain)) == plain


def test_pieces_keep_letters_that_no_subword_has():
    pieces = ENGLISH.pieces("Ẑoë, dogs!")
    assert join_pieces(pieces) == "Ẑoë, dogs!"
    assert len(pieces) == len(ENGLISH.encode("Ẑoë, dogs!"))


def test_a_gap_is_one_subword():
    ids = ENGLISH.encode("I saw <copy>.")
    assert ids.count(ENGLISH.copy_id) == 1
    assert COPIED in ENGLISH.vocabulary.decode(ids)


def test_labels_show_where_words_begin():
    assert [readable_piece(p) for p in ("▁dog", "s", "▁", "<copy>")] == ["dog", "·s", "␣", COPIED]
    assert ENGLISH.vocabulary.tokens[:4] == SPECIAL_TOKENS
    assert len(ENGLISH.vocabulary) == len(ENGLISH.processor)


def test_equal_labels_are_told_apart():
    assert unlike(["a", "b", "a", "a"]) == ["a", "b", "a′", "a′′"]


@pytest.mark.parametrize("content", [b"", b"no model", b"\xff" * 50])
def test_a_damaged_model_is_an_error_for_people(content):
    with pytest.raises(ModelFileError, match="subword model"):
        parse_subwords(content)
