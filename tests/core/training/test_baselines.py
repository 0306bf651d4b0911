"""The linear model learns pairs of words; its out-of-fold opinion has not seen the text."""

import numpy as np
import pytest

from core.training.baselines import (
    fit_tfidf,
    out_of_fold_logits,
    textblob_scores,
    vader_scores,
)


def test_pairs_of_words_tell_what_words_alone_cannot():
    rows = [["not", "good", "bad"], ["not", "bad", "good"]] * 10
    labels = np.array([False, True] * 10)
    logits = fit_tfidf(rows, labels).decision_function(rows)
    assert ((logits > 0) == labels).all()


def test_an_opinion_out_of_fold_knows_nothing_of_its_own_text():
    """Labels drawn by chance can be learned by heart, but not foreseen."""
    rng = np.random.default_rng(0)
    texts = [list(rng.choice(["a", "b", "c", "d", "e", "f"], size=6)) for _ in range(400)]
    labels = rng.random(400) < 0.5
    by_heart = fit_tfidf(texts, labels).decision_function(texts) > 0
    foreseen = out_of_fold_logits(texts, labels) > 0
    assert np.mean(by_heart == labels) > 0.6 > np.mean(foreseen == labels)


@pytest.mark.parametrize("scores", [vader_scores, textblob_scores])
def test_word_lists_tell_plain_praise_from_plain_blame(scores):
    good, bad = scores(["A great, wonderful film.", "A terrible, awful film."])
    assert good > 0.5 and bad < -0.5
