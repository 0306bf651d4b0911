"""What a visitor typed: its words with their places, and Markdown that shows it without obeying it.

A network reads words in a composed, lower-case form; a page marks them in the very characters
that were typed. This file keeps the two in step.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.text.tokenization import LINE_BREAK, visible_form, words_in

_PUNCTUATION = re.compile(r"""[!-/:-@\[-`{-~]""")
_SHORTCUTS = frozenset(":-<>.@/=+~")
"""Signs that Streamlit's Markdown joins into icons, arrows, dashes and links, escaped or not."""
_JOINER = "\N{WORD JOINER}"
"""Takes no room, and what it parts is no shortcut."""
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that would turn the direction of whatever follows them on the page."""

ACTIONS = ("Take it out", "Negate it", "Replace it")
"""What can be done to a word to see what it did."""
_NEGATION = re.compile(r"\b(?:not|never|no)\s+$|(?<=\w)n['’]t\s+$", re.IGNORECASE)


class TypedWord(NamedTuple):
    """A word as the network reads it, and where it stands in what was typed."""

    text: str
    """Lower case; see `core.text.tokenization.words_of`."""
    start: int
    end: int
    """It came from the characters start to end - 1; one character may hold several words."""


def located_words(text: str) -> tuple[TypedWord, ...]:
    """Return `words_of(text)`, each with the characters that it came from."""
    visible = visible_form(text)
    if text.isascii() and len(visible) == len(text):  # every sign where it was typed
        return tuple(map(TypedWord._make, words_in(visible)))
    places = _places(text, len(visible))
    return tuple(
        TypedWord(word, places[start][0], places[end - 1][1])
        for word, start, end in words_in(visible)
    )


def _places(text: str, length: int) -> Sequence[tuple[int, int]]:
    """Return for each of `length` visible characters from where to where it was typed."""
    places = []
    for start, end in _clusters(text):
        places += [(start, end)] * len(visible_form(text[start:end]))
    if len(places) == length:
        return places
    # Characters that only compose as a longer group: near enough is better than nothing.
    scale = len(text) / max(1, length)
    return [(int(i * scale), max(int(i * scale) + 1, int((i + 1) * scale))) for i in range(length)]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of typed characters that become visible together, in order."""
    breaks = {match.start(): match.end() for match in LINE_BREAK.finditer(text)}
    start = position = 0
    while position < len(text):
        position = breaks.get(position, position + 1)
        if position == len(text) or not _joins(text[position - 1], text[position]):
            yield start, position
            start = position


def _joins(before: str, sign: str) -> bool:
    """Tell whether `sign` melts into the character before it."""
    if sign.isascii():
        return False
    if unicodedata.combining(sign):
        return True
    apart = [unicodedata.normalize("NFKC", character) for character in (before, sign)]
    return unicodedata.normalize("NFKC", before + sign) != "".join(apart)


def shortened(word: str, most: int = 18) -> str:
    """Return a word that fits a label; of a longer one its beginning and an ellipsis."""
    return word if len(word) <= most else f"{word[: most - 1]}…"


def as_markdown(text: str) -> str:
    """Return Markdown that shows `text` in one line and obeys nothing that stands in it.

    No sign is markup, a link, an icon or HTML any more, and nothing turns the direction of the
    text behind it. Half a surrogate pair, which no page can carry, becomes a replacement sign.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _PUNCTUATION.sub(_escape, " ".join(_TURNS.sub("", whole).split()))


def quoted(word: str) -> str:
    """Return a word as Markdown for a sentence about it; of a very long one the beginning."""
    return as_markdown(shortened(word))


def spoken(markdown: str) -> str:
    """Return a sentence that was written as Markdown, `as_markdown` in it, for a screen reader."""
    plain = markdown.replace("**", "").replace(_JOINER, "")
    return re.sub(rf"\\({_PUNCTUATION.pattern})", r"\1", plain)


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return f"{_JOINER}\\{sign}{_JOINER}" if sign in _SHORTCUTS else f"\\{sign}"


def marked(text: str, words: Sequence[TypedWord], marks: Sequence[str]) -> str:
    """Return a text as Markdown with the background of each word coloured.

    Args:
        text: As typed.
        words: In order, from `located_words(text)`.
        marks: One per word: a colour that Streamlit's Markdown knows, or "" for none.

    Raises:
        ValueError: If there is not one mark per word.
    """
    pieces, position = [], 0
    for word, mark in zip(words, marks, strict=True):
        between, inside = text[position : word.start], text[max(position, word.start) : word.end]
        pieces.append(_spaced(between))
        pieces.append(_mark(as_markdown(inside), mark))
        position = max(position, word.end)
    return "".join(pieces) + _spaced(text[position:])


def _spaced(between: str) -> str:
    """Keep one space where there was any: it is what parts two words."""
    shown = as_markdown(between)
    before, after = between[:1].isspace(), between[-1:].isspace()
    return f"{' ' * before}{shown}{' ' * (after and bool(shown))}"


def _mark(shown: str, mark: str) -> str:
    return f":{mark}-background[{shown}]" if mark and shown else shown


def edited(text: str, word: TypedWord, action: str, other: str = "") -> str:
    """Return a text after one of ACTIONS on one of its words.

    Args:
        text: As typed.
        word: From `located_words(text)`.
        action: "Negate it" puts "not" before the word, or takes out the negation that stands
            there.
        other: What comes in the word's place when it is replaced.
    """
    before, after = text[: word.start], text[word.end :]
    if action == "Replace it":
        return f"{before}{other}{after}"
    if action == "Negate it":
        negation = _NEGATION.search(before)
        before = f"{before[: negation.start()]} ".lstrip() if negation else f"{before}not "
        return f"{before}{text[word.start :]}"
    if before.endswith(" ") or not before:
        after = after.removeprefix(" ")
    return f"{before}{after}"
