"""Vocabulary: numbers and tokens are each other's inverse, and a damaged file is noticed."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from core.errors import ModelFileError
from core.vocabulary import (
    BOS,
    EOS,
    PAD,
    SPECIAL_TOKENS,
    UNK,
    Vocabulary,
    build_vocabulary,
    parse_vocabulary,
    write_vocabulary,
)

WORDS = st.text(min_size=1, max_size=6).filter(lambda token: token not in SPECIAL_TOKENS)
FUZZ = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def test_special_tokens_have_the_first_numbers():
    vocabulary = Vocabulary((*SPECIAL_TOKENS, "dog"))
    numbers = (vocabulary.pad_id, vocabulary.bos_id, vocabulary.eos_id, vocabulary.unk_id)
    assert numbers == (0, 1, 2, 3)
    assert vocabulary.encode([PAD, BOS, EOS, UNK, "dog"]) == [0, 1, 2, 3, 4]
    assert len(vocabulary) == 5


def test_unknown_tokens_become_unk():
    vocabulary = Vocabulary((*SPECIAL_TOKENS, "dog"))
    assert vocabulary.encode(["a", "dog", "Dog", ""]) == [3, 4, 3, 3]
    assert vocabulary.decode([3, 4]) == (UNK, "dog")
    assert vocabulary.encode([]) == [] and vocabulary.decode([]) == ()


def test_a_number_beyond_the_last_is_a_mistake():
    with pytest.raises(IndexError):
        Vocabulary(SPECIAL_TOKENS).decode([4])


@FUZZ
@given(st.lists(WORDS, unique=True))
def test_decode_undoes_encode(words):
    vocabulary = Vocabulary((*SPECIAL_TOKENS, *words))
    assert vocabulary.decode(vocabulary.encode(words)) == tuple(words)


def test_the_order_is_frequency_then_alphabet():
    sentences = [["b", "a", "c"], ["b", "c", "d"], ["b", "a", "once"]]
    built = build_vocabulary(sentences, min_count=1)
    assert built.tokens == (*SPECIAL_TOKENS, "b", "a", "c", "d", "once")


@FUZZ
@given(st.lists(st.lists(st.sampled_from("abcdefg"), max_size=5), max_size=9), st.integers(1, 4))
def test_what_is_rare_is_left_out_and_the_order_of_sentences_does_not_count(sentences, min_count):
    built = build_vocabulary(sentences, min_count=min_count)
    words = [word for sentence in sentences for word in sentence]
    kept = built.tokens[len(SPECIAL_TOKENS) :]
    assert set(kept) == {word for word in words if words.count(word) >= min_count}
    counts = [Counter(words)[word] for word in kept]
    assert counts == sorted(counts, reverse=True)
    assert built == build_vocabulary(reversed(sentences), min_count=min_count)


def test_a_token_that_stands_twice_is_rejected():
    with pytest.raises(ValueError, match="twice"):
        Vocabulary((*SPECIAL_TOKENS, "dog", "cat", "dog"))


def test_a_special_token_in_the_text_is_rejected():
    with pytest.raises(ValueError, match="twice"):
        build_vocabulary([["a", UNK]], min_count=1)


@pytest.mark.parametrize(
    "tokens", [(), ("dog",), SPECIAL_TOKENS[::-1], SPECIAL_TOKENS[:3], ("dog", *SPECIAL_TOKENS)]
)
def test_a_vocabulary_begins_with_the_special_tokens(tokens):
    with pytest.raises(ValueError, match="begins with"):
        Vocabulary(tokens)


@FUZZ
@given(words=st.lists(WORDS, unique=True))
def test_a_written_file_reads_back(words, tmp_path_factory):
    vocabulary = Vocabulary((*SPECIAL_TOKENS, *words))
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.json"
    write_vocabulary(vocabulary, path)
    assert parse_vocabulary(path.read_bytes()) == vocabulary


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        b"\xff\xfe\x00",
        b"7",
        b"null",
        b'"<pad>"',
        b"[]",
        b'["dog"]',
        json.dumps([*SPECIAL_TOKENS, "dog", "dog"]).encode(),
        json.dumps([*SPECIAL_TOKENS, ["dog"]]).encode(),
        json.dumps([*SPECIAL_TOKENS, "dog"]).encode()[:-1],
    ],
)
def test_what_is_no_vocabulary_is_a_model_file_error(content):
    with pytest.raises(ModelFileError, match=r"^A vocabulary below models/ cannot be read: .*\.$"):
        parse_vocabulary(content)
