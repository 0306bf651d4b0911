"""The five shapes: sizes are those of the arrays; what is read is the first sentence."""

from __future__ import annotations

import numpy as np
import pytest

from core import captioning, digits, sentiment, tagging, translation
from core.figures.sequence_shapes import SHAPES
from core.ideas import sequence_types as shapes, shapes_explained as say

SENTENCE = "She can open the can."


def sizes(stages) -> list[tuple[int, ...]]:
    return [stage.shape for stage in stages]


def test_a_flow_names_sizes_by_the_letters_of_the_glossary():
    stages = [shapes.Stage("words", (1, 9), ".S"), shapes.Stage("logit", (1,))]
    assert shapes.flow(stages) == "`(1, S=9)` words → `(1)` logit"


@pytest.mark.parametrize(
    ("text", "sentence", "cut"),
    [
        (SENTENCE, SENTENCE, False),
        (f"  {SENTENCE}\n", SENTENCE, False),
        (f"{SENTENCE} And more.", SENTENCE, True),
        ("\n\n\u200b\nfine", "fine", False),
        ("", "", False),
        (" \t\n", "", False),
        ("\u200b", "", False),
        ("שלום עולם", "שלום עולם", False),
        ("🙂", "🙂", False),
    ],
)
def test_the_first_sentence_with_a_word_is_read(text, sentence, cut):
    found = shapes.first_sentence(text)
    assert found[0] == sentence
    assert found[1] == cut or not sentence


def test_a_sentence_without_end_is_cut_and_says_so():
    sentence, cut = shapes.first_sentence("good " * 20_000)
    assert cut and len(sentence.split()) == shapes.MOST_WORDS


def test_every_shape_has_its_words_and_its_formula():
    for words in (say.MEANINGS, say.FORMULAS, say.PICTURES):
        assert list(words) == list(SHAPES)


def test_one_to_one_shows_the_sizes_of_the_run():
    result = digits.recognise(digits.load_model(), digits.load_samples()[0].image)
    hidden = digits.load_model().config["network"]["hidden_size"]
    assert sizes(shapes.digit_stages(result)) == [(1, 64), (1, hidden), (1, 10)]


def test_what_a_digit_was_read_as_is_told_with_what_was_meant():
    result = digits.recognise(digits.load_model(), digits.load_samples()[0].image)
    right, wrong = (say.told_of_digit(result, d) for d in (result.digit, (result.digit + 1) % 10))
    assert "which is what its writer meant" in right and "but" in wrong
    assert f"{result.probability:.1%}" in right


def test_one_to_many_shows_one_row_per_word():
    model, sample = captioning.load_model(), captioning.load_samples()[0]
    described = shapes.describe(model, sample.image)
    photo, regions, rows = sizes(shapes.caption_stages(described))
    side, decoder = model.onnx.config["image_size"], model.onnx.config["decoder"]
    assert photo == (1, side, side, 3)
    assert regions[0] == 1 and regions[2] == decoder["hidden_size"]
    words = len(captioning.written_tokens(described.result))
    assert rows == (words, decoder["vocab_size"])
    assert described.result.caption == sample.caption


def test_many_to_one_ends_in_one_number():
    model = sentiment.load_model()
    judged = shapes.judge(model, SENTENCE)
    network, words = model.onnx.config["network"], len(judged.result.tokens)
    embedding, hidden = network["embedding_size"], network["hidden_size"]
    assert sizes(shapes.verdict_stages(judged)) == [
        (1, words),
        (1, words, embedding),
        (1, words, 2 * hidden),
        (1,),
    ]
    assert judged.result.log_odds == sentiment.classify(model, SENTENCE).log_odds


def test_the_verdict_is_the_formula_of_the_page():
    """p = sigmoid((w [max; mean] + b) / (tau S^epsilon)), from the states that are shown."""
    model = sentiment.load_model()
    judged = shapes.judge(model, SENTENCE)
    halves = [judged.arrays[name][0] for name in ("hidden_forward", "hidden_backward")]
    states = np.concatenate(halves, axis=-1).astype(np.float64)
    pooled = np.concatenate([states.max(axis=0), states.mean(axis=0)])
    weights, config = model.weights, model.onnx.config
    logit = weights["bilstm_readout_weight"][0] @ pooled + weights["bilstm_readout_bias"][0]
    scale = config["temperature"] * len(states) ** config["temperature_exponent"]
    assert judged.result.probability == pytest.approx(1 / (1 + np.exp(-logit / scale)), abs=1e-4)


def test_aligned_has_one_row_per_word_from_end_to_end():
    model = tagging.load_model()
    result = tagging.tag(model, SENTENCE)
    network = model.onnx.config["network"]
    features, dim = network["num_features"], network["embedding_dim"]
    assert sizes(shapes.tag_stages(result)) == [
        (1, 6, features),
        (1, 6, features * dim),
        (1, 6, 2 * network["hidden_size"]),
        (1, 6, 17),
    ]
    words = say.tagged_words(result)
    assert len(words) == 6 and all(t in w for t, w in zip(result.tags, words, strict=True))


def test_the_word_that_the_tagger_is_least_sure_of_is_named_with_its_two_likeliest_tags():
    result = tagging.tag(tagging.load_model(), SENTENCE)
    told, sure = say.told_of_tags(result), result.probabilities.max(axis=-1)
    assert (
        f"“{result.tokens[sure.argmin()]}”: {result.tags[sure.argmin()]} {sure.min():.0%}" in told
    )
    for name in set(result.tags):
        assert f"{name} {tagging.TAGS[name]}" in told


def test_unaligned_reads_s_pieces_and_writes_t_of_its_own():
    model = translation.load_model()
    results = shapes.translate_all(model, SENTENCE)
    assert list(results) == list(translation.LANGUAGES.values())
    for code, (name, result) in zip(translation.LANGUAGES, results.items(), strict=True):
        pieces, states = sizes(shapes.reading_stages(result))
        assert pieces == (1, len(result.source_tokens)) and states[:2] == pieces
        ((length, _),) = sizes(shapes.writing_stages(result))
        assert length == len(result.tokens) and len(result.attention_weights) == length
        assert result.text == translation.translate(model, SENTENCE, code).text
        assert name in say.translated(name, result)


@pytest.mark.parametrize(("sentence", "can"), [(SENTENCE, True), ("🙂", False), ("שלום", False)])
def test_only_what_holds_english_letters_is_translated(sentence, can):
    assert shapes.can_be_translated(sentence) == can
