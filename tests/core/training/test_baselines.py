"""The linear model learns pairs of words; its out-of-fold opinion has not seen the text."""

import numpy as np
import pytest

from core.training.baselines import (
    baselines,
    fit_probe,
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


def test_a_probe_finds_a_line_between_features_of_any_scale():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 3)) * [1000.0, 1.0, 0.001]
    labels = features @ [0.001, 1.0, 1000.0] > 0
    assert (
        np.mean(fit_probe(features[:200], labels[:200]).predict(features[200:]) == labels[200:])
        > 0.9
    )


def test_the_more_common_label_is_a_baseline():
    judged = baselines(
        ["fine film", "fine cast", "dull film"] * 4, np.array([True, True, False] * 4)
    )
    assert judged["majority_"](["anything", "else"]).tolist() == [1.0, 1.0]
    assert (judged["tfidf_"](["fine", "dull"]) > 0.5).tolist() == [True, False]


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


@pytest.mark.parametrize("scores", [vader_scores, textblob_scores])
def test_word_lists_see_contractions_whole(scores):
    parted, whole = scores(["it is n't good , they 're great", "it isn't good , they're great"])
    assert parted == whole
