"""Text as words, the same way in training and in the app: lower case, as the Penn Treebank splits.

Only the standard library: both sides of the wall between training and app import this file.
"""

from __future__ import annotations

import re
import unicodedata

LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "—": " - ", "–": " - "}
)
_BRACKETS = {"-lrb-": "(", "-rrb-": ")", "''": '"'}
_WORD = re.compile(
    r"""
    -[lr]rb-                              # the treebank's round brackets
    | [:;=]['-]?[()dp/\\|\]\[]+(?!\w)     # :) ;-( =d
    | \d+(?:[.,:]\d+)+                    # 7.5 or 10,000
    | [^\W\d_]+(?=n't\b)                  # do of don't
    | n't\b
    | '(?:s|re|ve|ll|d|m)\b
    | [^\W_]+                             # letters and digits
    | ''
    | \.\.+
    | \S                                  # one sign
    """,
    re.VERBOSE,
)


def words_of(text: str) -> list[str]:
    """Return the words and signs of a text: "It's NOT bad!" -> it 's not bad !

    Contractions part where the Penn Treebank parts them (do n't, it 's), words with hyphens at
    the hyphen, and HTML line breaks go. Characters that cannot be seen (controls, joiners) go too.

    Source: the conventions of Marcus et al. (1993), https://aclanthology.org/J93-2004/.
    """
    return [word for word, _, _ in words_in(visible_form(text))]


def words_in(visible: str) -> list[tuple[str, int, int]]:
    """Return the words of a `visible_form` with where each begins and ends in it."""
    return [(_plain(match[0]), *match.span()) for match in _WORD.finditer(visible)]


def normalised(text: str) -> str:
    """Return letters and digits only, words parted by one space: equal for copies of a sentence.

    Two corpora that hold one sentence differ in case, spacing, brackets and accents; none of it
    is left here.
    """
    decomposed = unicodedata.normalize("NFKD", LINE_BREAK.sub(" ", text).lower())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    bare = bare.replace("-lrb-", " ").replace("-rrb-", " ").replace(" n't", "n't")
    bare = re.sub(r"(?<=\w)\s*['’`]\s*(?=\w)", "", bare)
    return " ".join(re.findall(r"[^\W_]+", bare))


def visible_form(text: str) -> str:
    """Return the text in composed lower case, with every character visible or a space."""
    composed = unicodedata.normalize("NFKC", LINE_BREAK.sub(" ", text)).translate(_QUOTES).lower()
    if composed.isprintable():  # as most texts are: nothing to look for sign by sign
        return composed
    return "".join(
        sign if not unicodedata.category(sign).startswith("C") else _gap(sign) for sign in composed
    )


def _gap(sign: str) -> str:
    """Joiners vanish; what else cannot be seen parts words; half a character stays unknown."""
    category = unicodedata.category(sign)
    return "" if category == "Cf" else "\N{REPLACEMENT CHARACTER}" if category == "Cs" else " "


def _plain(word: str) -> str:
    word = _BRACKETS.get(word, word)
    return "..." if word.startswith("..") else word
