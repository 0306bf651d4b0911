"""What a translator must copy and not translate: addresses, names of things, other scripts, emoji.

Such a span becomes a gap, COPY, in the sentence that a network reads; its translation has gaps
too, and they are filled with the very characters that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Unknown = Callable[[str], bool]
COPY = "<copy>"
"""Stands for a span in a sentence and in its translation; one token of the subword models."""

_LATIN = (
    r"A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af"
    r"\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua7ff\uab30-\uab6f\ufb00-\ufb06"
    r"\uff21-\uff3a\uff41-\uff5a"
)
_LETTER = re.compile(f"[{_LATIN}]")
_OTHER_SCRIPTS = (
    r"\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2c5f\u2c80-\u2dff\u2e80-\u2fff\u3001-\ua71f"
    r"\ua800-\uab2f\uab70-\ufaff\ufb07-\ufdff\ufe30-\ufefe\uff01-\uff20\uff3b-\uff40\uff5b-\uffff"
    r"\U00010000-\U0003ffff"
)
"""With their signs and digits; among them are emoji and halves of characters (surrogates)."""
_SYMBOLS = r"\u2100-\u2121\u2123-\u2138\u213a-\u2bff\U000e0000-\U0010ffff"
_CONTROLS = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_MARKS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe2f"
"""What melts into the character before it; a span takes them along, so that COPY stays intact."""
_CAPITALS = "A-Z\u00c0-\u00d6\u00d8-\u00deĀĂĄĆČĎĐĒĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŴŶŸŹŻŽ"
_ENGLISH = "café|naïve|cliché|fiancée?|résumé|façade|déjà|crème|entrée|élite|señora?|über|voilà"
"""English words that have kept an accent; with a capital letter they are no names."""
_AMOUNT = r"\d+(?:[.,]\d+)*"
_DOMAINS = (
    "com|org|net|edu|gov|mil|info|io|dev|app|ai|de|fr|es|uk|eu|ch|nl|pl|ru|cn|jp|br|au|ca|tv|xyz"
)
_FILES = (
    "pdf|docx?|xlsx?|pptx?|odt|txt|csv|tsv|json|ya?ml|xml|html?|css|jsx?|tsx?|py|ipynb|md|rst|tex|"
    "jpe?g|png|gif|svg|webp|bmp|tiff?|heic|mp[34]|wav|flac|ogg|avi|mov|mkv|webm|zip|tar|gz|bz2|7z|"
    "rar|exe|dll|msi|dmg|apk|iso|log|ini|cfg|conf|toml|sh|bat|cpp|hpp|java|jar|rb|rs|php|sql|db|onnx"
)
_SPAN = re.compile(
    rf"""
    (?: {re.escape(COPY)}
    | (?i: (?:https?|ftp|file)://[^\s<>"]+ | www\.\w[^\s<>"]* )
    | (?<![\w.+%-]) \w[\w.+%-]* @\w[\w-]* (?:\.\w[\w-]*)*             # e-mail
    | (?<![\w@.]) @\w+ (?:\.\w+)*                                     # handle
    | (?<![\w\#&]) \#\w+                                              # tag
    | (?<![\w.\\/-]) (?i: (?:[\w-]+\.)+ (?:{_DOMAINS}) (?![\w-]) (?::\d+)? (?:[/?\#][^\s<>"]*)? )
    | (?<![\w.\\/-]) (?i: (?:[\w-]+[./\\])+ (?:{_FILES}) (?![\w-]) )
    | (?<![\w/.~]) (?: ~ | \.\.? )? /\w[\w.-]* (?:/[\w.-]+)* /?       # /usr/bin
    | (?<!\w) [A-Za-z]:\\\S* | (?<!\S) \\\\\w\S*                      # C:\TEMP
    | (?<!\w) (?!(?i:\d+(?:st|nd|rd|th|s|am|pm)\b))                   # not 21st, 1990s, 5pm
        (?=\w*\d) (?=\w*[^\W\d_]) \w+ (?:[.-]\d\w*)*                  # A320, v2.0
    | (?<!\w) [A-Z][^\W_]* -\d\w* (?:[.-]\d\w*)*                      # COVID-19
    | (?<!\w) [^\W_]+ (?:_+[^\W_]+)+                                  # snake_case
    | (?<!\w) \+\d (?:[ ().-]{{0,2}}\d){{4,}}                         # +49 (30) 12345
    | (?<![\w.,]) [$€£¥]?\d (?:[.,:/'-]?\d){{4,}} %?                  # 12,345 or 2024-05-17
    | (?<![\w.,]) (?: [$€£¥]\ ?{_AMOUNT} | {_AMOUNT}\ ?(?: [%€£¥] | °[CFK]? (?!\w) ) )  # $5, 20°C
    | \d*[\u00bc-\u00be]                                              # 1½
    | (?<![\w.,]) (?=[\d.,:/-]*[4678]) \d (?:[.,:/-]?\d)+ (?!\w)       # 47
    | (?<![\w.,:/'-]) (?!(?<=\b[Ii]n\ )(?:1[5-9]|20)\d\d\b) \d{{3,4}} (?![.,:/'-]?\w)  # 2000
    | (?<![\w.,%)\]-]) [-\u2212] \d (?:[.,]?\d)* (?![\w-])            # -5
    | (?<!\w) [^\W_]+ (?:&[^\W_]+)+                                   # R&D
    | (?<!\w) [A-Za-z]*[a-z][A-Z]\w*                                  # YouTube
    | (?<!\w) (?=[A-Za-z]*[\u00c0-\u024f]) (?!(?i:{_ENGLISH})\b) [{_CAPITALS}]\w+   # Müller
    | [0-9\#*]\ufe0f?\u20e3                                           # keycap
    | [\u00a9\u00ae\u203c\u2049\u2122\u2139]\ufe0f
    | [{_OTHER_SCRIPTS}{_SYMBOLS}{_CONTROLS}]+
    ) [{_MARKS}]*
    """,
    re.VERBOSE,
)
_CAPITALISED = re.compile(rf"(?<![\w'’-])[{_CAPITALS}][^\W\d_]+(?![\w-])")
"""What may be a name: a word with a capital letter and no other sign."""
_FIRST_PLURAL = re.compile(r"\w+s\b")
"""The first word of a sentence has its capital from there; a plural is seldom a name."""
_TRAILING = ".,;:!?'\"’”…»"
_WORD_SIGN = re.compile(r"\w")
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Span:
    """A stretch of a sentence that is copied: sentence[start:end] == text."""

    start: int
    end: int
    text: str


def find_copies(sentence: str, is_unknown: Unknown | None = None) -> tuple[Span, ...]:
    """Return what must be copied, in order; between two spans stands a letter or digit.

    Addresses, @handles, #tags, files, numbers of three digits or more, below zero, with a unit's
    sign ($5) or with a digit that training sentences seldom held (47; the digit alone is spelled
    out), names with digits (A320), inner capitals (YouTube) or accents (Müller), identifiers, other
    scripts, emoji, control characters, and COPY itself if it was typed.

    Args:
        sentence: What was typed.
        is_unknown: Tells of a word with a capital letter whether it is one that a network does not
            know, such as most names; None knows all.
    """
    places: list[tuple[int, int]] = []
    for start, end in _matches(sentence, is_unknown):
        if places and not _WORD_SIGN.search(sentence, places[-1][1], start):
            start = places.pop()[0]
        places.append((start, end))
    return tuple(Span(start, end, sentence[start:end]) for start, end in places)


def with_gaps(sentence: str, is_unknown: Unknown | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the sentence with COPY for each of its spans, and the spans in order.

    Unknown words that stand alone, without another word to translate, are none.
    """
    spans = find_copies(sentence, is_unknown)
    with_copies = COPY.join(_between(sentence, spans))
    if is_unknown and not says_something(with_copies):
        return with_gaps(sentence)
    return with_copies, tuple(span.text for span in spans)


def fill_gaps(text: str, spans: Sequence[str], order: Sequence[int]) -> str:
    """Return a translation whose i-th COPY is spans[order[i]].

    A gap without a place in `order`, or with one that does not exist, takes the first span that
    is not used; when none is left, nothing.
    """
    first, *rest = text.split(COPY)
    known = [place if 0 <= place < len(spans) else None for place in order[: len(rest)]]
    unused = iter([span for place, span in enumerate(spans) if place not in set(known)])
    known += [None] * (len(rest) - len(known))
    filled = [next(unused, "") if place is None else spans[place] for place in known]
    return first + "".join(span + part for span, part in zip(filled, rest, strict=True))


def needs_no_translation(sentence: str) -> bool:
    """Tell whether no Latin letter stands outside of what is copied."""
    return not says_something(with_gaps(sentence)[0])


def says_something(with_copies: str) -> bool:
    """Tell whether a Latin letter stands beside the gaps that `with_gaps` left."""
    return any(_LETTER.search(part) for part in with_copies.split(COPY))


def _matches(sentence: str, is_unknown: Unknown | None) -> Iterator[tuple[int, int]]:
    """Yield where spans begin and end, in order; a name within another span is part of it."""
    found = [
        (match.start(), match.start() + len(_without_punctuation(match[0])))
        for match in _SPAN.finditer(sentence)
    ]
    if is_unknown:
        first = _FIRST_PLURAL.match(sentence)
        names = _CAPITALISED.finditer(sentence, first.end() if first else 0)
        found += [name.span() for name in names if is_unknown(name[0])]
    behind = 0
    for start, end in sorted(found):
        if start >= behind:
            behind = end
            yield start, end


def _without_punctuation(span: str) -> str:
    """Return it without the sentence's punctuation at its end: (see a.com/b). -> a.com/b"""
    end = len(span)
    opened = {closing: span.count(opening) for closing, opening in _PAIRS.items()}
    closed = {closing: span.count(closing) for closing in _PAIRS}
    while end > 1:
        sign = span[end - 1]
        if sign in _PAIRS and closed[sign] > opened[sign]:
            closed[sign] -= 1
        elif sign not in _TRAILING:
            break
        end -= 1
    return span[:end]


def _between(sentence: str, spans: Sequence[Span]) -> list[str]:
    """Return what stands before, between and behind the spans."""
    starts = [0, *(span.end for span in spans)]
    ends = [*(span.start for span in spans), len(sentence)]
    return [sentence[start:end] for start, end in zip(starts, ends, strict=True)]
