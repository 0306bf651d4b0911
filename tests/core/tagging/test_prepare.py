"""A treebank becomes arrays: words and tags as they stand there, features as in the app."""

from __future__ import annotations

import numpy as np
import pytest

from core.tagging.inference import TAGS, encode
from core.tagging.prepare import PrepareOptions, parse_conllu, prepare, read_split
from core.vocabulary import parse_vocabulary
from tests.fixtures.make_treebank import CONTRACTION, LEFT_OUT


def test_a_range_is_no_word():
    (sentence,) = parse_conllu(CONTRACTION)
    assert sentence.tokens == ("I", "ca", "n't", ".")
    assert sentence.tags == ("PRON", "AUX", "PART", "PUNCT")


def test_a_word_that_was_left_out_is_no_word():
    (sentence,) = parse_conllu(LEFT_OUT)
    assert sentence.tokens == ("Dogs", "run", "too") and sentence.tags == ("NOUN", "VERB", "ADV")


def test_plain_and_gzipped_files_are_read(treebank):
    sizes = {split: len(read_split(str(treebank), split)) for split in ("train", "dev", "test")}
    assert sizes == {"train": 62, "dev": 9, "test": 9}


def test_a_split_that_is_not_there_is_an_error(treebank):
    with pytest.raises(FileNotFoundError, match="en_ewt-ud-final"):
        read_split(str(treebank), "final")


def test_the_arrays_hold_every_word_in_order(treebank, tmp_path):
    prepare(PrepareOptions(data=str(treebank), work=str(tmp_path)))
    assert {p.name for p in tmp_path.iterdir()} == {"train.npz", "dev.npz", "vocabulary.json"}
    arrays, sentences = np.load(tmp_path / "train.npz"), read_split(str(treebank), "train")
    vocabulary = parse_vocabulary((tmp_path / "vocabulary.json").read_bytes())
    assert arrays["lengths"].tolist() == [len(s.tokens) for s in sentences]
    names = [*TAGS]
    assert [names[tag] for tag in arrays["tags"]] == [t for s in sentences for t in s.tags]
    tokens = [token for s in sentences for token in s.tokens]
    np.testing.assert_array_equal(arrays["feature_ids"], encode(vocabulary, tokens))


def test_what_is_rare_is_unknown(treebank, tmp_path):
    prepare(PrepareOptions(data=str(treebank), work=str(tmp_path), min_count=2))
    vocabulary = parse_vocabulary((tmp_path / "vocabulary.json").read_bytes())
    assert "word dog" in vocabulary.token_ids and "word dogs" not in vocabulary.token_ids
