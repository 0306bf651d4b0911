"""What translating takes and gives back: options, an encoded sentence, a search, a translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.search_tree import Hypothesis, SearchTree
from core.text.subwords import BEGINS


@dataclass(frozen=True)
class TranslationOptions:
    """How a translation is searched for and chosen; the defaults were tuned on the dev splits."""

    beam_size: int = 4
    length_penalty: float = 1.0
    """Exponent of the length in the final ranking (Wu et al. 2016); 0 prefers short sentences."""


@dataclass(frozen=True)
class EncodedSentence:
    """What the decoders know of an English sentence: computed once for all languages."""

    sentence: str
    """As it was read: signs plain, what is only copied replaced by gaps."""
    copied: tuple[str, ...]
    """What the gaps stand for, in order."""
    changed: bool
    """Whether more was changed: capitals, signs in words, a sign at the end."""
    stopped: bool
    """Whether it was given a full stop."""
    token_ids: np.ndarray
    """(S,) int64 subwords, the end token last."""
    tokens: tuple[str, ...]
    """S subwords as people read them."""
    pieces: tuple[str, ...] = field(repr=False)
    """S - 1 subwords as they stand in the sentence; see `core.text.subwords.join_pieces`."""
    states: dict[str, np.ndarray] = field(repr=False)
    """keys and encoder_outputs (1, S, H); hidden, cell and attended (1, H)."""
    layers: dict[str, np.ndarray] = field(repr=False)
    """word_vectors (S, E); first_states and encoder_outputs (S, D): forward half, backward half."""

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """What a cache may know this sentence by: equal for equal sentences alone."""
        return (self.sentence, *self.copied)

    @property
    def words(self) -> tuple[range, ...]:
        """The subwords of each word; a sign stands alone, and the end token is none."""
        starts = [
            place
            for place, piece in enumerate(self.pieces)
            if place == 0
            or piece.startswith(BEGINS)
            or (not piece.isalnum() and self.pieces[place - 1] != BEGINS)
        ]
        return tuple(map(range, starts, [*starts[1:], len(self.pieces)]))


@dataclass(frozen=True)
class TranslationSearch:
    """A beam search in one language, maybe after a beginning that was forced. F = forced tokens."""

    source: EncodedSentence
    language: str
    forced: tuple[int, ...]
    """F token ids that every hypothesis begins with."""
    forced_log_probs: np.ndarray = field(repr=False)
    """(F, V) what could have stood at each forced place."""
    forced_attention: np.ndarray = field(repr=False)
    """(F, S)."""
    tree: SearchTree = field(repr=False)
    """Everything that the search weighed after the forced beginning."""


@dataclass(frozen=True)
class TranslationResult:
    """One translation and how it came about. T = subwords plus the end token, S = source's."""

    search: TranslationSearch
    hypothesis: Hypothesis
    """The path through the tree that was chosen."""
    text: str
    """The translation, copied words put in."""
    token_ids: tuple[int, ...]
    """T subwords, the end token last unless it was cut."""
    tokens: tuple[str, ...]
    """The same as people read them."""
    attention_weights: np.ndarray
    """(T, S) float32 in [0, 1]; each row sums to 1. Row t: read while writing token t."""

    @cached_property
    def log_probs(self) -> np.ndarray:
        """(T, V) float32, natural logarithms: the distribution that token t was chosen from."""
        found, tree = self.search, self.search.tree
        after = np.stack([tree.log_probs[node] for node in tree.parents(self.hypothesis)])
        return np.concatenate([found.forced_log_probs, after]) if found.forced else after

    @property
    def fingerprint(self) -> tuple:
        """What a cache may know this translation by: equal for equal ones alone."""
        return (self.search.source.fingerprint, self.search.language, self.token_ids)

    @property
    def source_tokens(self) -> tuple[str, ...]:
        """S subwords of the English sentence as people read them, the end token last."""
        return self.search.source.tokens

    @property
    def target_tokens(self) -> tuple[str, ...]:
        """T subwords of the translation as people read them, the end token last."""
        return self.tokens

    @property
    def words_written(self) -> tuple[str, ...]:
        """The tokens without the end token."""
        return self.tokens[:-1] if self.hypothesis.complete else self.tokens

    @property
    def probabilities(self) -> np.ndarray:
        """(T,) in [0, 1]: each token's probability given the ones before."""
        return np.exp(self.log_probs[np.arange(len(self.token_ids)), list(self.token_ids)])


@dataclass(frozen=True)
class Alternative:
    """A subword that could have stood here."""

    token_id: int
    token: str
    probability: float
