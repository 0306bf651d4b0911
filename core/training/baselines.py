"""What needs no recurrent network: word lists and a linear model of words; for comparison.

Each baseline gives one logit per text, positive for a positive verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline

Words = Sequence[str]


def fit_tfidf(texts: Sequence[Words], labels: np.ndarray, *, min_count: int = 2) -> Pipeline:
    """Return logistic regression on TF-IDF of words and pairs of words.

    Args:
        texts: Words of each text.
        labels: (N,) bool, positive or not.
        min_count: Texts that must hold a word or pair.
    """
    vectors = TfidfVectorizer(
        analyzer=_grams, min_df=min_count, max_df=1.0, sublinear_tf=True, dtype=np.float32
    )
    return make_pipeline(vectors, LogisticRegression(C=10.0, max_iter=300)).fit(texts, labels)


def out_of_fold_logits(texts: Sequence[Words], labels: np.ndarray, *, folds: int = 5) -> np.ndarray:
    """Return (N,) logits, each from a linear model that did not see that text.

    Args:
        texts: Words of each text.
        labels: (N,) bool.
        folds: Parts; each is judged by a model of the others.
    """
    logits = np.zeros(len(texts), np.float32)
    parts = StratifiedKFold(folds, shuffle=True, random_state=0).split(labels, labels)
    for seen, unseen in parts:
        model = fit_tfidf([texts[i] for i in seen], labels[seen])
        logits[unseen] = model.decision_function([texts[i] for i in unseen])
    return logits


def vader_scores(texts: Sequence[str]) -> np.ndarray:
    """Return VADER's compound score per text, in [-1, 1].

    Source: Hutto & Gilbert (2014), https://ojs.aaai.org/index.php/ICWSM/article/view/14550.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def textblob_scores(texts: Sequence[str]) -> np.ndarray:
    """Return TextBlob's polarity per text, in [-1, 1], from the word list in its package."""
    from textblob import TextBlob

    return np.array([TextBlob(text).sentiment.polarity for text in texts])


def _grams(words: Words) -> list[str]:
    """Return words and pairs of neighbours."""
    return [*words, *(f"{a} {b}" for a, b in zip(words, words[1:], strict=False))]
