"""One word, two neighbours, two states: why “dog” and “hot dog” are translated differently."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.onnx_model import read_checked
from core.translation import (
    LANGUAGES,
    EncodedSentence,
    TranslationModel,
    encode_sentence,
    translate_piece,
)
from core.vocabulary import EOS

LAYERS = {
    "its word vector": ("word_vectors", slice(None)),
    "read from the left": ("first_states", 0),
    "read from the right": ("first_states", 1),
    "both, upper layer": ("encoder_outputs", slice(None)),
}
"""What a page calls a word's representations -> where they stand: a layer, and its half."""


@dataclass(frozen=True)
class ContextPair:
    """One word in two sentences, and whether each translation has a word that fits."""

    word: str
    sentences: tuple[str, str]
    translations: dict[str, tuple[str, str]]
    """By language."""
    right: dict[str, bool]
    """By language: both have one of the words that were written down beforehand."""


def load_pairs() -> list[dict]:
    """Return our own pairs of sentences whose common word needs two translations.

    Raises:
        ModelFileError: If models/translation/contexts.json is missing or altered.
    """
    return json.loads(read_checked("translation/contexts.json"))


def judge_contexts(model: TranslationModel, rows: Sequence[dict]) -> tuple[ContextPair, ...]:
    """Translate both sentences of every pair, and see whether a word stands there that fits.

    Args:
        model: From `translation.load_model`.
        rows: From `load_pairs`.
    """
    pairs = []
    for row in rows:
        written = {
            language: tuple(translate_piece(model, s, language) for s in row["sentences"])
            for language in LANGUAGES
        }
        right = {
            language: all(
                any(word in f" {text.lower()} " for word in words)
                for text, words in zip(texts, row["expected"][language], strict=True)
            )
            for language, texts in written.items()
        }
        pairs.append(ContextPair(row["word"], tuple(row["sentences"]), written, right))
    return tuple(pairs)


@dataclass(frozen=True)
class Contexts:
    """One word's states in two sentences. U = units of the upper layer."""

    names: tuple[str, ...]
    """Of the representations, the lowest first; see LAYERS."""
    distances: np.ndarray
    """One per name, cosine distance in [0, 2] between the word's two states."""
    usual: np.ndarray
    """One per name, mean cosine distance between the states of different words there."""
    states: np.ndarray = field(repr=False)
    """(2, U) in [-1, 1], of the upper layer."""


def two_contexts(model: TranslationModel, word: str, sentences: Sequence[str]) -> Contexts:
    """Compare what the encoder makes of one word in two sentences.

    Raises:
        ValueError: If a sentence does not hold the word.
    """
    encoded = [encode_sentence(model, sentence) for sentence in sentences]
    places = [_place_of(sentence, word) for sentence in encoded]
    distances, usual = [], []
    for layer, half in LAYERS.values():
        states = [_half(sentence.layers[layer], half) for sentence in encoded]
        distances.append(cosine_distance(*(s[p] for s, p in zip(states, places, strict=True))))
        usual.append(_usual_distance(states, [s.tokens for s in encoded]))
    upper = [s.layers["encoder_outputs"][p] for s, p in zip(encoded, places, strict=True)]
    return Contexts(tuple(LAYERS), np.array(distances), np.array(usual), np.stack(upper))


def _place_of(encoded: EncodedSentence, word: str) -> int:
    lowered = [token.lower() for token in encoded.tokens]
    if word not in lowered:
        raise ValueError(f"{encoded.sentence!r} does not hold {word!r} as one subword")
    return lowered.index(word)


def _half(states: np.ndarray, half: slice | int) -> np.ndarray:
    """Return states (S, D), or their forward (0) or backward (1) half."""
    return states[:, half] if isinstance(half, slice) else np.split(states, 2, axis=1)[half]


def _usual_distance(states: Sequence[np.ndarray], tokens: Sequence[Sequence[str]]) -> float:
    """Return the mean distance between words of one sentence and different ones of the other."""
    found = [
        cosine_distance(first, second)
        for first, word in zip(states[0], tokens[0], strict=True)
        for second, other in zip(states[1], tokens[1], strict=True)
        if word != other and EOS not in (word, other)
    ]
    return float(np.mean(found))


def cosine_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return 1 minus the cosine of the angle between two vectors: 0 same direction, 1 unrelated."""
    product = np.linalg.norm(first) * np.linalg.norm(second)
    return float(np.clip(1 - first @ second / max(float(product), 1e-12), 0, 2))
