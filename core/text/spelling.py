"""Signs that a translator's English never held are said in words, or left out."""

from __future__ import annotations

import re
import unicodedata

from core.text.copies import COPY

_GAP = "\ue000"
"""Stands for COPY meanwhile; whoever typed it had it copied."""
_STRANGE = re.compile(rf"[^A-Za-z0-9 .,:!?'\"\-{_GAP}]")
_WORDS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "%": "percent",
    "°": "degrees",
    "§": "section",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "¥": "yen",
}
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"Æ": "Ae", "Œ": "Oe", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th"}
)
"""Those that are no letter with an accent."""
_DIGITS = {"4": "four", "6": "six", "7": "seven", "8": "eight"}
"""Seldom written as digits in the training sentences; longer numbers with them are copied."""
_DIGIT = re.compile(r"(?<![\w.,:/'-])[4678](?!\w|[.,:/'-]\d)")
_CHOICE = re.compile(r"(?<=[^\W_])/(?=[^\W_])")
_RANGE = re.compile(r"(?<=\d)[–—](?=\d)")
_ASIDE = re.compile(r"\s*[()\[\]{};–—]+\s*")
_COMMAS = re.compile(r"(?:\s*,)+(?=\s|$)|\s+(?=,)")
_LOOSE = re.compile(r"\s+(?=[.!?:](?:\s|$))")
_IDLE_COMMA = re.compile(r"^[\s,]+|,\s*(?=[.!?:]|$)")


def spell_out(sentence: str) -> str:
    """Return a sentence in letters without accents, digits, and the commonest punctuation.

    "%" becomes "percent" and "7" becomes "seven", brackets and dashes become commas, "he/she"
    becomes "he or she"; signs without a word are left out. A sentence that holds none of them
    comes back as it is.

    Args:
        sentence: Tidy; what is to be copied is COPY already.
    """
    plain = _DIGIT.sub(_in_letters, sentence.replace(COPY, _GAP))
    if not _STRANGE.search(plain):
        return plain.replace(_GAP, COPY)
    plain = _CHOICE.sub(" or ", plain.replace("and/or", "or"))
    plain = _ASIDE.sub(", ", _RANGE.sub("-", plain))
    for sign, word in _WORDS.items():
        plain = plain.replace(sign, f" {word} ")
    letters = unicodedata.normalize("NFD", plain.translate(_LETTERS))
    plain = _STRANGE.sub(" ", "".join(c for c in letters if not unicodedata.combining(c)))
    plain = _IDLE_COMMA.sub("", _COMMAS.sub(",", _LOOSE.sub("", plain)))
    return " ".join(plain.split()).replace(_GAP, COPY)


def _in_letters(digit: re.Match) -> str:
    word = _DIGITS[digit[0]]
    return word if digit.start() else word.capitalize()
