"""Scores against what people wrote or judged, for evaluation and as rewards; not for the app.

BLEU of a corpus is sacrebleu's. CIDEr and the BLEU of a sentence are computed here because training
needs them thirty thousand times an epoch; tests hold them to reference implementations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

Tokens = Sequence[Hashable]


def corpus_bleu(
    candidates: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]
) -> dict[str, float]:
    """Return bleu_1 ... bleu_4 in percent, no smoothing, closest reference length.

    Args:
        candidates: One sentence of words per image.
        references: Several sentences of words per image, as many for each.

    Source: Papineni et al. (2002), doi:10.3115/1073083.1073135.
    """
    from sacrebleu.metrics import BLEU

    texts = [" ".join(words) for words in candidates]
    streams = [[" ".join(words) for words in column] for column in zip(*references, strict=True)]
    return {
        f"bleu_{order}": BLEU(
            tokenize="none", force=True, smooth_method="none", max_ngram_order=order
        )
        .corpus_score(texts, streams)
        .score
        for order in (1, 2, 3, 4)
    }


class Cider:
    """Consensus with several references: rare n-grams that people agree on count most.

    Source: Vedantam et al. (2015), arXiv:1411.5726, in the form CIDEr-D of section 5.
    """

    max_order = 4
    sigma = 6.0

    def __init__(self, references: Sequence[Sequence[Tokens]]) -> None:
        """Count in how many images each n-gram of the references occurs."""
        frequency: Counter = Counter()
        for group in references:
            frequency.update({gram for tokens in group for gram in _ngrams(tokens)})
        log_images = np.log(len(references))
        self._default_weight = float(log_images)
        self._weights = {g: float(log_images - np.log(n)) for g, n in frequency.items()}
        self._references = [[self._vector(tokens) for tokens in group] for group in references]

    def scores(self, candidates: Sequence[Tokens], groups: Sequence[int]) -> np.ndarray:
        """Return one score per candidate, 0 to 10.

        Args:
            candidates: Sentences of tokens.
            groups: For each, which image's references it is held to.
        """
        pairs = zip(candidates, groups, strict=True)
        return np.array([self._score(tokens, self._references[group]) for tokens, group in pairs])

    def _vector(self, tokens: Tokens) -> tuple[dict, list[float], int]:
        vector = {
            gram: count * self._weights.get(gram, self._default_weight)
            for gram, count in _ngrams(tokens).items()
        }
        norms = [0.0] * self.max_order
        for gram, value in vector.items():
            norms[len(gram) - 1] += value * value
        return vector, [norm**0.5 for norm in norms], len(tokens)

    def _score(self, tokens: Tokens, references: list) -> float:
        vector, norms, length = self._vector(tokens)
        total = 0.0
        for other, other_norms, other_length in references:
            dots = [0.0] * self.max_order
            for gram, value in vector.items():
                if gram in other:
                    dots[len(gram) - 1] += min(value, other[gram]) * other[gram]
            closeness = np.exp(-((length - other_length) ** 2) / (2 * self.sigma**2))
            for dot, norm, other_norm in zip(dots, norms, other_norms, strict=True):
                if norm and other_norm:
                    total += closeness * dot / (norm * other_norm)
        return 10 * total / (len(references) * self.max_order)


class SentenceBleu:
    """BLEU of single sentences, smoothed by one, against several references: a reward.

    Source: Lin & Och (2004), doi:10.3115/1218955.1219032, section 4.
    """

    def __init__(self, references: Sequence[Sequence[Tokens]], max_order: int = 4) -> None:
        """Count, per image, how often each n-gram stands in one reference at most."""
        self.max_order = max_order
        self._most = []
        for group in references:
            most: Counter = Counter()
            for tokens in group:
                most |= _ngrams(tokens, self.max_order)  # the larger count of the two
            self._most.append((most, sorted(len(tokens) for tokens in group)))

    def scores(self, candidates: Sequence[Tokens], groups: Sequence[int]) -> np.ndarray:
        """Return one score per candidate, 0 to 1; see `Cider.scores`."""
        pairs = zip(candidates, groups, strict=True)
        return np.array([self._score(tokens, *self._most[group]) for tokens, group in pairs])

    def _score(self, tokens: Tokens, most: Counter, lengths: list[int]) -> float:
        if not tokens:
            return 0.0
        matches = [0] * self.max_order
        for gram, count in _ngrams(tokens, self.max_order).items():
            matches[len(gram) - 1] += min(count, most[gram])
        if not matches[0]:
            return 0.0
        log_precision = float(np.log(matches[0] / len(tokens)))
        for order in range(2, self.max_order + 1):
            possible = max(0, len(tokens) - order + 1)
            log_precision += float(np.log((matches[order - 1] + 1) / (possible + 1)))
        closest = min(lengths, key=lambda length: (abs(length - len(tokens)), length))
        brevity = min(0.0, 1 - closest / len(tokens))
        return float(np.exp(log_precision / self.max_order + brevity))


class SentenceReward:
    """What people's captions say for a sentence: CIDEr plus weighted BLEU.

    Args:
        references: Per image, its captions.
        end: A token that CIDEr sees at the end of every sentence, so that sentences end well.
        bleu_weights: Largest n-gram of a BLEU in [0, 1] -> how often it is added.
    """

    def __init__(
        self,
        references: Sequence[Sequence[Tokens]],
        end: Hashable,
        bleu_weights: Mapping[int, float],
    ) -> None:
        self.end, self.bleu_weights = end, bleu_weights
        self.cider = Cider([[[*tokens, end] for tokens in group] for group in references])
        self.bleu = {order: SentenceBleu(references, order) for order in bleu_weights}

    def scores(self, candidates: Sequence[Tokens], groups: Sequence[int]) -> np.ndarray:
        """Return one reward per candidate; see `Cider.scores`."""
        rewards = self.cider.scores([[*tokens, self.end] for tokens in candidates], groups)
        for order, weight in self.bleu_weights.items():
            rewards += weight * self.bleu[order].scores(candidates, groups)
        return rewards


def _ngrams(tokens: Tokens, max_order: int = Cider.max_order) -> Counter:
    tokens = tuple(tokens)
    return Counter(
        tokens[start : start + order]
        for order in range(1, max_order + 1)
        for start in range(len(tokens) - order + 1)
    )


def expected_calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, *, bins: int = 15
) -> float:
    """Return by how much a two-class verdict's confidence misses its accuracy, on average.

    Args:
        probabilities: (N,) of the positive class, in [0, 1].
        labels: (N,) bool, whether the positive class is true.
        bins: Parts of [0, 1] of equal width; verdicts of like confidence are held together.

    Source: Guo et al. (2017), arXiv:1706.04599, equation 3.
    """
    positive = probabilities >= 0.5
    confidence = np.where(positive, probabilities, 1 - probabilities)
    right = positive == np.asarray(labels, bool)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(np.sum(right[place == b]) - np.sum(confidence[place == b])) for b in np.unique(place)
    ]
    return float(np.sum(gaps) / len(labels))
