"""What needs no recurrent network: word lists and a linear model of words; for comparison.

A baseline is a function from texts to probabilities, or sides, as a network is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.text.tokenization import words_of

Words = Sequence[str]


Judge = Callable[[Sequence[str]], np.ndarray]
"""Texts -> probabilities of positive, (N,)."""


def baselines(train: Sequence[str], labels: np.ndarray) -> dict[str, Judge]:
    """Return every baseline by the beginning of its metrics' names.

    Args:
        train: What the linear model learns from.
        labels: (N,) bool, positive or not.
    """
    linear = fit_tfidf([words_of(text) for text in train], labels)
    common = float(labels.mean() >= 0.5)
    return {
        "tfidf_": lambda texts: linear.predict_proba([words_of(t) for t in texts])[:, 1],
        **WORD_LISTS,
        "majority_": lambda texts: np.full(len(texts), common),
    }


def fit_probe(features: np.ndarray, labels: np.ndarray) -> Pipeline:
    """Return a linear readout of features (N, D), each brought to one scale first."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(features, labels)


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
    return np.array([analyzer.polarity_scores(_joined(text))["compound"] for text in texts])


def textblob_scores(texts: Sequence[str]) -> np.ndarray:
    """Return TextBlob's polarity per text, in [-1, 1], from the word list in its package."""
    from textblob import TextBlob

    return np.array([TextBlob(_joined(text)).sentiment.polarity for text in texts])


WORD_LISTS: dict[str, Judge] = {
    "textblob_": lambda texts: (textblob_scores(texts) > 0).astype(float),
    "vader_": lambda texts: (vader_scores(texts) > 0).astype(float),
}
"""A side, no probability. A score of 0 counts as negative: that suits both better on SST-2 dev."""


def _joined(text: str) -> str:
    """Return the text with its contractions whole, as word lists expect: do n't -> don't."""
    return re.sub(r"(?<=\w) (n't|'(?:s|re|ve|ll|d|m))\b", r"\1", text)


def _grams(words: Words) -> list[str]:
    """Return words and pairs of neighbours."""
    return [*words, *(f"{a} {b}" for a, b in zip(words, words[1:], strict=False))]


def nearest_texts(asked: Sequence[str], known: Sequence[str]) -> list[int]:
    """Return, for each text, the place of the most similar known one by TF-IDF of words."""
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    seen, places = vectorizer.fit_transform(known), []
    for start in range(0, len(asked), 500):
        similar = vectorizer.transform(asked[start : start + 500]) @ seen.T
        places += similar.toarray().argmax(axis=1).tolist()
    return places
