"""What is typed in haste becomes the English that a translator learnt from.

Signs that its training sentences never held are said in words or left out; a capital letter at the
beginning and a full stop or question mark at the end are put where they are missing.
"""

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
_ENDED = re.compile(r"[.!?:,;-][\"')]*$")
_LONE_I = re.compile(r"\bi\b(?![.'-]?\w\.|-|\.\w)")
_NAMES = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|september|"
    r"october|november|december|english|german|french|spanish|european|american|british|italian|"
    r"chinese|japanese|russian|england|germany|france|spain|europe|america|italy|china|japan|"
    r"russia|london|berlin|paris|madrid|christmas|easter)\b"
)
_VERBS = (
    "am is are was were do does did can could will would shall should have has had may might must "
    "isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't "
    "haven't hasn't hadn't"
)
_WH = "who|whom|what|when|where|why|how|which"
_ASKING = rf"(?:(?:{_WH}|how (?:much|many|old|long|far|often)) )?(?:{_VERBS.replace(' ', '|')})"
_QUESTION = re.compile(
    rf"{_ASKING} (?!not\b)\w"
    rf"|(?:{_WH})(?:'s|'re) \w|how (?:much|many|old) |(?:what|how) about |why\b",
    re.IGNORECASE,
)
_ACRONYM = 5
"""Letters up to which a text in capitals is left as it is: NATO."""


def as_sentence(text: str) -> tuple[str, bool]:
    """Return a text with the capitals of a sentence and a sign at its end, and whether "." is new.

    Text all in capitals is read as if it were not.

    Args:
        text: Tidy; what is to be copied is COPY already.
    """
    parts = text.split(COPY)
    letters = "".join(c for part in parts for c in part if c.isalpha())
    if letters[1:].isupper() and len(letters) > _ACRONYM:
        parts = [part.lower() for part in parts]
    parts = [_NAMES.sub(_capital, _LONE_I.sub("I", part)) for part in parts]
    plain = COPY.join([parts[0][:1].upper() + parts[0][1:], *parts[1:]])
    if _ENDED.search(plain):
        return plain, False
    if _QUESTION.match(plain):
        return f"{plain}?", False
    return f"{plain}.", True


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


def _capital(word: re.Match) -> str:
    return word[0].capitalize()


def _in_letters(digit: re.Match) -> str:
    word = _DIGITS[digit[0]]
    return word if digit.start() else word.capitalize()
