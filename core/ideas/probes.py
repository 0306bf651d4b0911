"""Sentences of our own and what is true at each of their words, to ask which unit follows it.

The two halves share grammar and small words, but no subject, opinion or aside: a unit that was
chosen on the first half and merely reacts to some of its words fails on the second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

NEGATORS = {"not", "never", "hardly", "no", "n't", "nor", "nothing", "without"}
OPENS, CLOSES = {"(", "["}, {")", "]"}
ENDS = {".", ",", ";", "!", "?", "but"} | OPENS | CLOSES
"""Where a negation's reach ends."""
LIKED = {"good", "funny", "moving", "great", "charming", "clever"}
DISLIKED = {"bad", "dull", "silly", "awful", "boring", "weak"}

_TEMPLATES = (
    "{subject} is really {first} and {second} .",
    "{subject} is not {first} or {second} .",
    "{subject} has never been as {first} as the book .",
    "{subject} has always been as {first} as the book .",
    "{subject} ( {aside} ) is {first} .",
    "{subject} , {aside} , is {first} .",
    "i saw it with a friend ( {aside} , and long ago ) and it is {first} .",
    'they say that " {aside} " and {subject} is {first} .',
    "{subject} is {first} , but the rest is {second} .",
    "the rest is {second} , but not {first} at all .",
    "{first} .",
    "to be honest , and i have thought about it for days , {subject} is {first} , and that is it .",
)
_WORDS = (
    {
        "subject": ("the film", "this story"),
        "first": ("good", "bad", "dull"),
        "second": ("funny", "silly"),
        "aside": ("made in two weeks by students",),
    },
    {
        "subject": ("the acting", "her first novel"),
        "first": ("great", "awful", "boring"),
        "second": ("charming", "weak"),
        "aside": ("which nobody asked for",),
    },
)


def sentences(half: int) -> tuple[tuple[str, ...], ...]:
    """Return the tokens of every probe of half 0 (to search) or 1 (held out)."""
    words = _WORDS[half]
    told = []
    for template in _TEMPLATES:
        used = [name for name in words if f"{{{name}}}" in template]
        for fill in product(*(words[name] for name in used)):
            told.append(template.format(**dict(zip(used, fill, strict=True))))
    return tuple(tuple(text.split()) for text in told)


def negated(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): 1 from a negating word to the end of its clause, else 0."""
    return _between(tokens, NEGATORS, ENDS)


def in_brackets(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): 1 from an opening bracket to the word before it closes, else 0."""
    return _between(tokens, OPENS, CLOSES)


def quoted(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): 1 from a quotation mark to the word before the next, else 0."""
    marks = np.cumsum([token == '"' for token in tokens])
    return (marks % 2).astype(float)


def length(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): how many words have been read."""
    return np.arange(1.0, len(tokens) + 1)


def after_but(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): 1 from the first "but" on, else 0."""
    return (np.cumsum([token == "but" for token in tokens]) > 0).astype(float)


def last_opinion(tokens: Sequence[str]) -> np.ndarray:
    """Return (T,): 1 after a word of praise, -1 after one of blame, 0 before either."""
    values, now = [], 0.0
    for token in tokens:
        now = 1.0 if token in LIKED else -1.0 if token in DISLIKED else now
        values.append(now)
    return np.array(values)


PROPERTIES: dict[str, Callable[[Sequence[str]], np.ndarray]] = {
    "negation": negated,
    "last opinion": last_opinion,
    "length so far": length,
    "inside brackets": in_brackets,
    "inside quotation marks": quoted,
    "after “but”": after_but,
}
"""What a unit might follow, as a number at each word."""


def _between(tokens: Sequence[str], openers: set[str], closers: set[str]) -> np.ndarray:
    values, inside = [], 0.0
    for token in tokens:
        inside = 1.0 if token in openers else 0.0 if token in closers else inside
        values.append(inside)
    return np.array(values)
