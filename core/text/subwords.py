"""Sentences become subwords and back, with a SentencePiece model per language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sentencepiece import SentencePieceProcessor

from core.errors import ModelFileError
from core.text.copies import COPY
from core.vocabulary import CONTINUES, SPECIAL_TOKENS, Vocabulary

BEGINS = "▁"
"""SentencePiece's mark of a piece that begins a word."""
_SPACE = "␣"
"""What people read for a piece that is a space alone."""
MANY = 3
"""Pieces of a word that training sentences hardly held."""
COPIED = "(copied)"
"""What people read for a gap that a copied word fills."""


@dataclass(frozen=True)
class Subwords:
    """The subwords of one language.

    Source: Kudo & Richardson (2018), arXiv:1808.06226.
    """

    processor: SentencePieceProcessor

    def encode(self, sentence: str) -> list[int]:
        """Return the ids of the likeliest subwords, without begin or end token."""
        return self.processor.encode(sentence)

    def pieces(self, sentence: str) -> list[str]:
        """Return the same subwords as pieces, in which unknown letters stay what they are."""
        return self.processor.encode(sentence, out_type=str)

    def decode(self, token_ids: Iterable[int]) -> str:
        """Return the sentence that the subwords make."""
        return self.processor.decode(list(token_ids))

    def hardly_knows(self, word: str) -> bool:
        """Tell whether a word falls into MANY pieces, whatever its capitals."""
        forms = (word, word.lower(), word.capitalize())
        return min(len(self.pieces(form)) for form in forms) >= MANY

    @cached_property
    def copy_id(self) -> int:
        """The id of COPY, which every model has."""
        return self.processor.piece_to_id(COPY)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every subword as people read it: one that continues a word begins with CONTINUES."""
        pieces = map(self.processor.id_to_piece, range(len(self.processor)))
        readable = [readable_piece(piece) for piece in pieces][len(SPECIAL_TOKENS) :]
        return Vocabulary((*SPECIAL_TOKENS, *unlike(readable)))


def join_pieces(pieces: Iterable[str]) -> str:
    """Return the text that pieces make."""
    return "".join(pieces).replace(BEGINS, " ").strip()


def readable_piece(piece: str) -> str:
    """Return what people read for a piece: "▁dog" is "dog", "s" is "·s"."""
    if piece == COPY:
        return COPIED
    if piece.startswith(BEGINS):
        return piece.removeprefix(BEGINS) or _SPACE
    return CONTINUES + piece


def unlike(labels: Iterable[str]) -> list[str]:
    """Return the labels with a mark behind each that has stood before."""
    seen: set[str] = set()
    marked = []
    for label in labels:
        while label in seen:
            label += "′"
        seen.add(label)
        marked.append(label)
    return marked


def parse_subwords(content: bytes) -> Subwords:
    """Open the bytes of a SentencePiece model.

    Raises:
        ModelFileError: If they are no such model.
    """
    processor = SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(content)
        return Subwords(processor)
    except RuntimeError as error:
        raise ModelFileError("A subword model below models/ cannot be read.") from error
