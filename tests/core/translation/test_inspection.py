"""What the page asks beyond the translation."""

import json
import re

import numpy as np
import pytest

from core import translation
from core.decoding import longest_run
from core.ideas import contexts
from core.text.copies import COPY
from core.text.subwords import join_pieces
from core.translation import inference

TEXT = "A black dog is running on the beach."


@pytest.fixture(scope="module")
def result(model):
    return translation.translate(model, TEXT, "de")


def test_alternatives_are_the_likeliest_and_fall(model, result):
    for position, token_id in enumerate(result.token_ids):
        others = translation.alternatives(model, result, position)
        shares = [other.probability for other in others]
        assert shares == sorted(shares, reverse=True) and sum(shares) <= 1 + 1e-5
        assert shares[0] == pytest.approx(np.exp(result.log_probs[position].max()))
        forceable = translation.forceable(model, result, position).values()
        assert token_id not in {other.token_id for other in forceable}


def test_a_check_takes_out_the_word_that_was_looked_at_most(model, result):
    position, source = 1, result.search.source
    most, least = translation.hide_words(model, result, position).values()
    looks = {
        join_pieces(source.pieces[place] for place in word): float(
            result.attention_weights[position, list(word)].sum()
        )
        for word in source.words
    }
    words = {word: look for word, look in looks.items() if word.isalnum()}
    assert most.removed == max(words, key=words.get) != least.removed
    assert least.removed == min(words, key=words.get)
    without = TEXT.replace(f"{most.removed} ", "", 1)
    written = translation.translate(model, without, "de")
    assert most.translation == written.text
    assert most.survived == (result.tokens[position] in written.tokens)
    assert 0 <= most.probability <= 1


@pytest.mark.parametrize("text", ["Dog", "5 dogs", "dog 5", "1. one", "alert(1)", '{"a": 1}'])
def test_the_only_word_cannot_be_taken_out(model, text):
    alone = translation.translate(model, text, "de")
    assert translation.hide_words(model, alone, 0) == {}


def test_what_is_copied_stays_copied_without_a_word(model):
    result = translation.translate(model, "Write to info@example.com or Emma now.", "de")
    assert result.search.source.copied == ("info@example.com", "Emma")
    for position in range(len(result.tokens)):
        for check in translation.hide_words(model, result, position).values():
            assert COPY not in check.translation
            assert "info@example.com" in check.translation or "info@" in check.removed


@pytest.mark.parametrize(
    "text",
    ["Open ftp://x/![x](https://e.example/t.png) now.", r"See C:\a![x](https://e.example) now."],
)
def test_nothing_that_was_typed_is_markup_in_a_remark(model, text):
    told = translation.remarks(model, translation.translate(model, text, "fr"))
    assert any("Copied" in line for line in told)
    for line in told:
        assert not re.search(r"(?<!\\)[\[\]()!](?!\Z)", line), line


def test_the_dog_of_a_hot_dog_is_another_word_in_every_language(model):
    for language, animal in {"de": "hund", "fr": "chien", "es": "perro"}.items():
        alone = translation.translate_piece(model, "I have a dog.", language).lower()
        eaten = translation.translate_piece(model, "I ate a hot dog.", language).lower()
        assert animal in alone and animal not in eaten


@pytest.mark.parametrize("text", ["ha " * 60, "very " * 30 + "good", "a" * 300, "SELECT * FROM x;"])
def test_no_translation_runs_in_circles_more_than_the_english(model, text):
    for language in translation.LANGUAGES:
        result = translation.translate(model, text, language)
        source = result.search.source
        most = max(inference.MOST_COPIES, longest_run(source.token_ids))
        assert longest_run(result.token_ids) <= most
        assert len(result.tokens) <= inference.MAX_NEW_TOKENS


def test_words_are_whole_words(model):
    encoded = translation.encode_sentence(model, "Dogs, unquestionably happy!")
    words = [join_pieces(encoded.pieces[i] for i in word) for word in encoded.words]
    assert words == ["Dogs", ",", "unquestionably", "happy", "!"]


def test_sentences_have_labels_of_their_own():
    pieces, left = translation.pieces_of("A dog. A dog.\n😀\nAnother one.")
    found = translation.sentences_of(pieces)
    assert list(found.values()) == ["A dog.", "A dog.", "Another one."] and left == 0
    assert len(found) == 3


def test_what_was_read_otherwise_is_said_and_the_stop_that_was_added_is_not_translated(model):
    asked = translation.translate(model, "how are you", "de")
    assert asked.search.source.sentence == "How are you?"
    assert translation.remarks(model, asked) == [r"Read as “How are you\?”"]
    told, whole = (translation.translate(model, t, "de") for t in ("I love you", "I love you."))
    assert whole.text == f"{told.text}." and told.tokens == whole.tokens
    assert not translation.remarks(model, whole)


def test_remarks_name_copies_and_spelled_words(model):
    text = "Zbigniewxyz wrote supercalifragilistic words to a@b.org today."
    told = translation.remarks(model, translation.translate(model, text, "fr"))
    assert any("Copied" in line and "Zbigniewxyz" in line for line in told)
    assert any("spells it" in line and "supercalifragilis…" in line for line in told)
    assert any("b\\.org" in line.replace("\u2060", "") and "Copied" in line for line in told)


def test_scores_by_length_are_those_that_were_recorded(model):
    for language in translation.LANGUAGES:
        recorded = translation.by_length(model, language)
        assert "Everyday sentences (Tatoeba test)" in recorded
        for found in recorded.values():
            assert len(found.labels) == len(found.scores) == len(found.counts)
            assert min(found.scores) <= found.overall <= max(found.scores)


def test_the_download_holds_what_the_page_shows(result):
    record = json.loads(translation.to_json(result, translation.TranslationOptions()))
    assert record["translation"] == result.text and record["to"] == "de"
    assert [t["token"] for t in record["tokens"]] == list(result.tokens)
    np.testing.assert_allclose(
        [t["attention_weights"] for t in record["tokens"]], result.attention_weights, atol=1e-6
    )


def test_hard_sentences_are_translated_by_the_model(model):
    for row in translation.limits(model, "es"):
        assert row["Spanish"] == translation.translate_piece(model, row["English"], "es")


def test_the_same_word_has_one_vector_and_two_states(model):
    """What stood before is not the same, what follows is: “dog.” against “dog.”."""
    found = contexts.two_contexts(model, "dog", ("I have a dog.", "I ate a hot dog."))
    assert found.distances[0] == pytest.approx(0, abs=1e-6)  # the word's own vector
    assert found.distances[1] > 0.02 and found.distances[2] < 0.01 < found.distances[3]
    assert (found.usual > 0.2).all()
    assert found.states.shape == (2, model.onnx.config["network"]["hidden_size"])


def test_every_pair_can_be_compared(model):
    pairs = contexts.judge_contexts(model, contexts.load_pairs())
    assert len(pairs) >= 15
    for pair in pairs:
        contexts.two_contexts(model, pair.word, pair.sentences)
        assert set(pair.right) == set(translation.LANGUAGES)


def test_the_recorded_counts_are_those_of_the_shipped_model(model):
    pairs = contexts.judge_contexts(model, contexts.load_pairs())
    for language, recorded in model.onnx.config["contexts"].items():
        assert recorded["right"] == sum(p.right[language] for p in pairs)
        assert recorded["n"] == len(pairs)
        assert 0 <= recorded["sentences_in_training"] <= 2 * len(pairs)


def test_distances_by_hand():
    assert contexts.cosine_distance(np.array([1.0, 0]), np.array([0, 2.0])) == pytest.approx(1)
    assert contexts.cosine_distance(np.array([1.0, 0]), np.array([-3.0, 0])) == pytest.approx(2)
    assert contexts.cosine_distance(np.array([1.0, 1]), np.array([2.0, 2])) == pytest.approx(0)


def test_a_word_that_is_missing_is_a_mistake(model):
    with pytest.raises(ValueError, match="does not hold"):
        contexts.two_contexts(model, "cat", ("A dog.", "A dog."))
