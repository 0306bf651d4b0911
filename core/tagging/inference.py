"""Every word of a text gets its part of speech: the shipped network, run with ONNX Runtime."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.onnx_model import MODELS, OnnxModel, load_onnx_model, read_checked
from core.text.typed_text import TypedWord, located_words
from core.vocabulary import Vocabulary, parse_vocabulary

TAGS = {
    "ADJ": "adjective",
    "ADP": "preposition",
    "ADV": "adverb",
    "AUX": "auxiliary",
    "CCONJ": "and, or, but",
    "DET": "determiner",
    "INTJ": "interjection",
    "NOUN": "noun",
    "NUM": "number",
    "PART": "particle",
    "PRON": "pronoun",
    "PROPN": "name",
    "PUNCT": "punctuation",
    "SCONJ": "if, because, that",
    "SYM": "symbol",
    "VERB": "verb",
    "X": "other",
}
"""The universal parts of speech in the order of the network's outputs, and what they are.

Source: de Marneffe et al. (2021), doi:10.1162/coli_a_00402; https://universaldependencies.org/u/pos.
"""
MAX_CHARS = 10_000
"""Most characters of a text that are looked at; the network's own limit is in words."""
LONGEST_SHAPE = 6
NOTHING = "There is no word to tag yet. Write a sentence."


@dataclass(frozen=True)
class TaggingModel:
    """The shipped graph and its vocabulary of features."""

    onnx: OnnxModel
    vocabulary: Vocabulary

    @property
    def max_tokens(self) -> int:
        """Most words and signs of a text that the network reads."""
        return self.onnx.config["max_tokens"]


@dataclass(frozen=True)
class TaggingResult:
    """The tags of one text and how sure they are. S = tokens, F = features of a word."""

    text: str
    """As typed, whole."""
    words: tuple[TypedWord, ...] = field(repr=False)
    """S tokens with their places in `text`."""
    tokens: tuple[str, ...]
    """The same S tokens as the network reads them, capitals kept."""
    unread: int
    """How many characters behind the last token were not read, because the text is too long."""
    feature_ids: np.ndarray = field(repr=False)
    """(S, F) int64."""
    embeddings: np.ndarray = field(repr=False)
    """(S, F * E) float32: the vectors of a word's features, side by side."""
    hidden_states: np.ndarray = field(repr=False)
    """(S, 2H) float32 in [-1, 1]: the forward and the backward state of each word."""
    logits: np.ndarray = field(repr=False)
    """(S, K) float32, before softmax."""

    @property
    def probabilities(self) -> np.ndarray:
        """(S, K) in [0, 1], each row sums to 1; the columns are TAGS."""
        grown = np.exp(self.logits - self.logits.max(axis=-1, keepdims=True))
        return grown / grown.sum(axis=-1, keepdims=True)

    @property
    def tags(self) -> tuple[str, ...]:
        """The likeliest tag of each token."""
        return likeliest_tags(self.logits)


def load_model(*, models: Path = MODELS) -> TaggingModel:
    """Open models/tagging/.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    onnx = load_onnx_model("tagging", models=models)
    return TaggingModel(
        onnx, parse_vocabulary(read_checked("tagging/vocabulary.json", models=models))
    )


def tag(model: TaggingModel, text: str) -> TaggingResult:
    """Return a tag for every word and sign of a text.

    Raises:
        InputError: If there is no word in it.
    """
    found = located_words(text[:MAX_CHARS])
    if not found:
        raise InputError(NOTHING)
    words = found[: model.max_tokens]
    cut = len(found) > len(words)
    tokens = tuple(cased(text, word) for word in words)
    unread = len(text) - words[-1].end if cut else max(0, len(text) - MAX_CHARS)
    return TaggingResult(text, words, tokens, unread, **read_tokens(model, tokens))


def read_tokens(model: TaggingModel, tokens: Sequence[str]) -> dict[str, np.ndarray]:
    """Return feature_ids, embeddings, hidden_states and logits of S tokens, as in the result."""
    feature_ids = encode(model.vocabulary, tokens)
    read = model.onnx.run("tagger", feature_ids=feature_ids[None])
    return {"feature_ids": feature_ids, **{name: array[0] for name, array in read.items()}}


def likeliest_tags(logits: np.ndarray) -> tuple[str, ...]:
    """Return S tags for logits (S, K)."""
    names = tuple(TAGS)
    return tuple(names[place] for place in logits.argmax(axis=-1))


def cased(text: str, word: TypedWord) -> str:
    """Return a word with the capitals that were typed, where it is spelled as it was typed."""
    typed = text[word.start : word.end]
    return typed if typed.lower() == word.text else word.text


def features_of(token: str) -> tuple[str, ...]:
    """Return what the network is told of a token: itself, its ends, its beginnings, its shape.

    The ends, beginnings and capitals of a word that was never seen still say much about it.

    Source: the features of Ratnaparkhi (1996), https://aclanthology.org/W96-0213/, table 1.
    """
    lower = re.sub(r"\d", "0", token.lower())
    ends = [f"end {lower[-size:]}" for size in (1, 2, 3, 4)]
    beginnings = [f"beginning {lower[:size]}" for size in (1, 2, 3)]
    return (f"word {lower}", *ends, *beginnings, f"shape {shape_of(token)}")


def shape_of(token: str) -> str:
    """Return capitals as X, small letters as x, digits as 0, each run once: "McCoy3" -> XxXx0."""
    kinds = "".join(
        "0" if sign.isdigit() else "X" if sign.isupper() else "x" if sign.isalpha() else sign
        for sign in token[:100]
    )
    # A capital alone and many capitals differ: "A" -> X, "USA" -> XX.
    return re.sub(r"(.)\1+", r"\1\1", kinds).replace("xx", "x")[:LONGEST_SHAPE]


def encode(vocabulary: Vocabulary, tokens: Sequence[str]) -> np.ndarray:
    """Return (S, F) int64 for S tokens."""
    return np.array([vocabulary.encode(features_of(token)) for token in tokens], np.int64)
