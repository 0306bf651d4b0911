"""BLEU against a hand-worked case, CIDEr against its reference, calibration against chance."""

import math

import numpy as np
import pytest
from pycocoevalcap.cider.cider_scorer import CiderScorer
from sacrebleu.metrics import BLEU

from core.metrics import (
    Cider,
    SentenceBleu,
    SentenceReward,
    corpus_bleu,
    expected_calibration_error,
)

WORDS = ["a", "dog", "runs", "on", "the", "green", "grass", "two", "men", "play", "ball"]


def random_sentences(seed, number):
    rng = np.random.default_rng(seed)
    return [list(rng.choice(WORDS, size=rng.integers(3, 9))) for _ in range(number)]


@pytest.mark.parametrize("seed", range(3))
def test_cider_equals_the_reference_implementation(seed):
    candidates = random_sentences(seed, 12)
    references = [random_sentences(100 * seed + i, 5) for i in range(12)]
    scorer = CiderScorer()
    for words, group in zip(candidates, references, strict=True):
        scorer += (" ".join(words), [" ".join(r) for r in group])
    _, expected = scorer.compute_score()
    np.testing.assert_allclose(Cider(references).scores(candidates, range(12)), expected, rtol=1e-9)


def test_cider_of_the_one_reference_itself_is_ten():
    references = [[WORDS[:6]], [WORDS[6:]]]
    assert Cider(references).scores([WORDS[:6]], [0])[0] == pytest.approx(10)


def test_bleu_of_a_hand_worked_sentence():
    # "the cat sat" against "the cat sat down": all n-grams match up to 3, brevity exp(1 - 4/3).
    found = corpus_bleu([["the", "cat", "sat"]], [[["the", "cat", "sat", "down"]]])
    assert found["bleu_1"] == pytest.approx(100 * math.exp(1 - 4 / 3))
    assert found["bleu_3"] == pytest.approx(100 * math.exp(1 - 4 / 3))


def test_bleu_takes_the_closest_reference_and_clips_repeats():
    # "the the the" against "the cat": one of three counts; the candidate is longer, no penalty.
    found = corpus_bleu([["the", "the", "the"]], [[["the", "cat"], ["a", "b", "c", "d", "e"]]])
    assert found["bleu_1"] == pytest.approx(100 / 3)


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_sentence_bleu_equals_sacrebleu_with_the_same_smoothing(seed, order):
    references = [random_sentences(seed + 50, 5)]
    smoothed = {"smooth_method": "add-k", "effective_order": False, "max_ngram_order": order}
    scorer = BLEU(tokenize="none", force=True, **smoothed)
    for words in random_sentences(seed, 10):
        if len(words) < 4 or not set(words) & {w for r in references[0] for w in r}:
            continue
        texts = [" ".join(reference) for reference in references[0]]
        expected = scorer.sentence_score(" ".join(words), texts).score / 100
        found = SentenceBleu(references, order).scores([words], [0])
        assert found[0] == pytest.approx(expected)


def test_a_reward_is_cider_of_ended_sentences_plus_weighted_bleu():
    references = [random_sentences(seed, 5) for seed in range(4)]
    candidates = random_sentences(9, 4)
    found = SentenceReward(references, ".", {4: 2.0, 1: 0.5}).scores(candidates, range(4))
    cider = Cider([[[*words, "."] for words in group] for group in references])
    expected = cider.scores([[*words, "."] for words in candidates], range(4))
    expected += 2.0 * SentenceBleu(references, 4).scores(candidates, range(4))
    expected += 0.5 * SentenceBleu(references, 1).scores(candidates, range(4))
    np.testing.assert_allclose(found, expected)
    assert len(set(found)) == 4


def test_sentence_bleu_without_a_common_word_is_zero():
    assert SentenceBleu([[["a", "dog"]]]).scores([["two", "men"], []], [0, 0]).tolist() == [0, 0]


def test_calibration_error_by_hand():
    """Two verdicts at 0.9, one right: 0.4 off; two at 0.6, both right: 0.4 off; 15 bins."""
    probabilities = np.array([0.9, 0.1, 0.6, 0.4])
    labels = np.array([True, True, True, False])
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.4)


def test_opposite_errors_in_one_bin_cancel_and_in_two_do_not():
    labels = np.array([True, False])
    assert expected_calibration_error(np.array([0.5, 0.5]), labels) == pytest.approx(0.0)
    assert expected_calibration_error(np.array([0.8, 0.95]), labels) == pytest.approx(0.575)


def test_a_calibrated_judge_has_hardly_any_calibration_error():
    rng = np.random.default_rng(0)
    probabilities = rng.random(200_000)
    labels = rng.random(200_000) < probabilities
    assert expected_calibration_error(probabilities, labels) < 0.005
    assert expected_calibration_error(np.sqrt(probabilities), labels) > 0.05
