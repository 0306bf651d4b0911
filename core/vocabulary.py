"""Tokens and their numbers: the same four special tokens in every task."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import ModelFileError

PAD, BOS, EOS, UNK = "<pad>", "<bos>", "<eos>", "<unk>"
SPECIAL_TOKENS = (PAD, BOS, EOS, UNK)
CONTINUES = "·"
"""A token that begins with it continues the word before: hot dog ·s."""


@dataclass(frozen=True)
class Vocabulary:
    """A list of tokens; a token's id is its place in the list."""

    tokens: tuple[str, ...]
    token_ids: dict[str, int] = field(init=False, repr=False, compare=False)

    pad_id = 0
    bos_id = 1
    eos_id = 2
    unk_id = 3

    def __post_init__(self) -> None:
        if self.tokens[: len(SPECIAL_TOKENS)] != SPECIAL_TOKENS:
            raise ValueError(f"a vocabulary begins with {SPECIAL_TOKENS}")
        if not all(isinstance(token, str) for token in self.tokens):
            raise ValueError("a token is no text")
        object.__setattr__(self, "token_ids", {t: i for i, t in enumerate(self.tokens)})
        if len(self.token_ids) != len(self.tokens):
            raise ValueError("a token stands twice in the vocabulary")

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """Return one id per token; tokens never seen in training become `unk_id`."""
        return [self.token_ids.get(token, self.unk_id) for token in tokens]

    def decode(self, token_ids: Iterable[int]) -> tuple[str, ...]:
        """Return one token per id."""
        return tuple(self.tokens[token_id] for token_id in token_ids)


def build_vocabulary(sentences: Iterable[Sequence[str]], *, min_count: int) -> Vocabulary:
    """Return the vocabulary of all tokens seen at least `min_count` times, most frequent first."""
    counts = Counter(token for sentence in sentences for token in sentence)
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: (-counts[t], t))
    return Vocabulary((*SPECIAL_TOKENS, *kept))


def write_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """Write the tokens as a JSON list."""
    path.write_text(json.dumps(vocabulary.tokens, ensure_ascii=False, indent=0) + "\n", "utf-8")


def parse_vocabulary(content: bytes) -> Vocabulary:
    """Read the bytes of a file that `write_vocabulary` wrote.

    Raises:
        ModelFileError: If they are not a vocabulary.
    """
    try:
        return Vocabulary(tuple(json.loads(content)))
    except (ValueError, TypeError) as error:
        raise ModelFileError(f"A vocabulary below models/ cannot be read: {error}.") from error
