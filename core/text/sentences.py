"""A text becomes sentences and back: what is typed for a translator, and what comes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_SENTENCE_CHARS = 400
"""Most characters of a piece; a longer sentence is cut."""

_PLAIN = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "…": "..."})
"""Typographic signs that English training sentences seldom hold."""
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
"""Signs within words that nobody sees, such as a soft hyphen: they would cut a word in two."""

_FORMS = re.compile(r"[\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a]")
"""ﬁ and Ａ: other forms of Latin letters."""
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--[^<>]{0,300}-->")
_GAP = re.compile(rf"(?:\s|{_TAG.pattern})+")
_LINE_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NUMBERING = re.compile(r"\d{1,3}\.")
_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s")
_FINAL = ".!?…。！？"
_CLOSING = "\"'”’»›)]}*_"
_OPENING = "\"'“‘„«‹([{*_¿¡"
_LAST_SIGNS = frozenset(_FINAL + _CLOSING)
_SEEN_BEFORE, _SEEN_BEHIND = 40, 20
"""How many characters around a gap are looked at: more than any abbreviation has."""


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER_LAST = _set_of(
    """mr mrs ms dr prof rev hon gen col capt cpt cmdr maj sgt lt gov sen rep pres messrs mme mlle
    mt e.g i.e eg ie vs cf viz approx"""
)
"""Abbreviations that something must follow, without their last full stop."""
_SELDOM_LAST = _set_of(
    """st ave rd blvd jr sr inc ltd co corp dept univ assn bros est etc al ft ph.d b.sc m.sc jan feb
    apr aug sept oct nov dec"""
)
"""Abbreviations that end a sentence only if the next word is one that begins sentences."""
_BEFORE_NUMBERS = _set_of("no nos vol fig figs p pp ch sec art para ed op ca c")
_BEGINNERS = _set_of(
    """The A An This That These Those There Here He She It I We You They His Her Its My Our Your
    Their What When Where Who Why How Which If In On At After Before As For From With But And So Or
    Yet Then Now Yes No Not Some Most Many All Both One Since While Although However Is Are Was Were
    Do Does Did Can Could Will Would Have Has Had Please Let"""
)


@dataclass(frozen=True)
class Piece:
    """A sentence of a text, or a part of a very long one."""

    text: str
    """At most MAX_SENTENCE_CHARS, without white space around it; empty before a text's indent."""
    gap: str
    """What stands between this piece and the next: white space, line breaks, a page's tags."""


def spaced(sentence: str) -> str:
    """Return a sentence in composed letters, with single plain spaces."""
    return " ".join(unicodedata.normalize("NFC", sentence).split())


def tidy(sentence: str) -> str:
    """Return the same with plain quotation marks, invisible signs left out: what is translated.

    Wide letters and letters that are printed as one are the usual ones.
    """
    plain = _FORMS.sub(_usual, sentence)
    return spaced(plain.translate(_PLAIN).translate(_UNSEEN))


def _usual(letters: re.Match) -> str:
    return unicodedata.normalize("NFKC", letters[0])


def split_sentences(text: str, *, tags: bool = False) -> tuple[Piece, ...]:
    """Cut a text after . ! ? … and at line breaks; all pieces with their gaps are the text again.

    A full stop that only abbreviates ends nothing. White space before the first word is the gap
    of an empty piece.

    Args:
        text: Anything.
        tags: Whether a tag such as <b> cuts it as well, and belongs to the gap.
    """
    pieces: list[Piece] = []
    begin = 0
    for gap in (_GAP if tags else _SPACE).finditer(text):
        if _separates(text, begin, gap):
            pieces += _bounded(text[begin : gap.start()], gap[0])
            begin = gap.end()
    if begin < len(text):
        pieces += _bounded(text[begin:], "")
    return tuple(pieces)


def join_pieces(pieces: Sequence[Piece], translated: Sequence[str]) -> str:
    """Return the translations with the gaps of their originals.

    Raises:
        ValueError: If there is not one translation per piece.
    """
    return "".join(t + piece.gap for piece, t in zip(pieces, translated, strict=True))


def _separates(text: str, begin: int, gap: re.Match) -> bool:
    """Tell whether a sentence that began at `begin` ends at a gap."""
    start, end = gap.span()
    if start == 0 or end == len(text) or not gap[0].isspace():
        return True
    if text[start - 1] not in _LAST_SIGNS:
        return gap[0] != " " and bool(_LINE_BREAK.search(gap[0]))
    if _LINE_BREAK.search(gap[0]):
        return True
    if _NUMBERING.fullmatch(text, begin, start):  # 1. Milk
        return False
    following = text[end : end + _SEEN_BEHIND].split()[0]
    return _ends(text[max(begin, start - _SEEN_BEFORE) : start], following)


def _ends(before: str, following: str) -> bool:
    """Tell whether a sentence ends with the last word of `before`, a line going on behind it."""
    bare = before.rstrip(_CLOSING)
    if not bare.endswith(tuple(_FINAL)):
        return False
    trails_off = bare.endswith(("..", "…"))
    first_word = following.lstrip(_OPENING)
    if (trails_off or bare != before) and first_word[:1].islower():  # "Stop!" he said
        return False
    return trails_off or bare[-1] != "." or not _abbreviates(bare, first_word)


def _abbreviates(before: str, following: str) -> bool:
    """Tell whether the last full stop of `before` belongs to an abbreviation or an initial."""
    stem = re.split(r"[^\w.-]", before[:-1])[-1]
    known = stem.lower()
    if known in _NEVER_LAST:
        return True
    if known in _BEFORE_NUMBERS and following[:1].isdecimal():
        return True
    letters = stem.replace("-", "").split(".")
    initials = all(len(letter) == 1 and letter.isalpha() for letter in letters)
    first_word = re.split("[,:'’]", following)[0]
    return (initials or known in _SELDOM_LAST) and first_word not in _BEGINNERS


def _bounded(text: str, gap: str) -> Iterator[Piece]:
    """Yield a sentence in pieces that are short enough, cut at commas, spaces or anywhere."""
    start = 0
    while len(text) - start > MAX_SENTENCE_CHARS:
        end = start + _cut_place(text[start : start + MAX_SENTENCE_CHARS + 1])
        begin = _next_word(text, end)
        yield Piece(text[start:end], text[end:begin])
        start = begin
    yield Piece(text[start:], gap)


def _next_word(text: str, place: int) -> int:
    gap = _SPACE.match(text, place)
    return gap.end() if gap else place


def _cut_place(window: str) -> int:
    """Return how much of it a piece takes: a comma counts only in the second half."""
    clauses = [match.start() for match in _CLAUSE_END.finditer(window)]
    if clauses and 2 * clauses[-1] > len(window):
        return clauses[-1]
    spaces = [match.start() for match in _SPACE.finditer(window)]
    return spaces[-1] if spaces else MAX_SENTENCE_CHARS
