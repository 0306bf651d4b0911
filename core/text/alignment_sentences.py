"""What must be said beside a translation, in plain sentences; no task is known here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from core.explanations import NEEDED, readable
from core.text.typed_text import as_markdown, quoted
from core.vocabulary import CONTINUES

HOW_TO_READ = (
    "Each row is a piece of the translation, each column a piece of the English; the fuller the "
    "colour, the more the network looked there. Rows add up to 100%. A “·” continues a word."
)
SAME_WORD = (
    "The word's own vector is the same in both sentences. Its **state** is not: it was read after, "
    "and before, other words. The dots show how far apart two different words usually are."
)

ONE_WORD = "There is one word only, so nothing can be taken out. Write a longer sentence."
LIMITS = (
    "It learnt from short everyday sentences and from captions of photos. It translates one "
    "sentence at a time and remembers nothing of the one before, so it cannot know who “it” is. "
    "Long sentences, rare words and figures of speech go wrong; these are its own translations."
)


class Sample(Protocol):
    """A text with stored translations."""

    text: str
    translations: Mapping[str, str]


class Word(Protocol):
    """One word in two sentences and their translations."""

    word: str
    sentences: tuple[str, str]
    translations: Mapping[str, tuple[str, str]]
    right: Mapping[str, bool]


class Check(Protocol):
    """A token of a translation after one source word was taken out."""

    removed: str
    probability: float
    translation: str
    survived: bool


def counted(num_chars: int, most: int) -> str:
    """Say how much of the room is used, and what happens to the rest."""
    room = f"{num_chars:,} of {most:,} characters."
    if num_chars <= most:
        return room
    return f"{room} **The first {most:,} are translated**; the others stay where you typed them."


def shown(token: str) -> str:
    """Return a token as Markdown, without the mark of a continuation."""
    return quoted(readable(token).removeprefix(CONTINUES))


def looked_at(
    token: str, probability: float, source_tokens: Sequence[str], weights: np.ndarray
) -> str:
    """Tell as Markdown how sure a token was and where the network looked for it.

    Args:
        token: Of the translation.
        probability: In [0, 1].
        source_tokens: S tokens.
        weights: (S,) in [0, 1], what the network looked at while it chose the token.
    """
    best = np.argsort(-weights, kind="stable")[:2]
    places = [f"“{shown(source_tokens[i])}” ({weights[i]:.0%})" for i in best if weights[i] >= 0.1]
    where = " and ".join(places) or "nowhere in particular"
    return f"**{probability:.0%}** sure of “{shown(token)}”. It looked at {where}."


def went_on(token: str, translation: str) -> str:
    """Tell as Markdown what the network writes after a token was forced."""
    return f"With “{shown(token)}” there, it goes on: “{as_markdown(translation)}”"


def what_removing_showed(token: str, before: float, most: Check, least: Check) -> str:
    """Say as Markdown whether a token needed the source word that the network looked at.

    Args:
        token: Under test.
        before: Its probability for the whole sentence.
        most: Without the source word that was looked at most.
        least: The control: without the one looked at least.
    """
    numbers = (
        f"With the whole sentence it was {before:.0%} sure of “{shown(token)}”; without "
        f"“{quoted(most.removed)}”, where it looked most, {most.probability:.0%}; without "
        f"“{quoted(least.removed)}”, where it looked least, {least.probability:.0%}."
    )
    if most.probability >= NEEDED * before:
        return f"{numbers} The word **survives** without the one that it looked at."
    if least.probability < NEEDED * before:
        return f"{numbers} The word **suffers whichever** one is taken out."
    return f"{numbers} The word **needs** the one that it looked at."


def after_removing(check: Check) -> str:
    """Tell as Markdown what is written without a source word."""
    kept = "The word is still there." if check.survived else "The word is gone."
    return f"By itself it now writes: “{as_markdown(check.translation)}” {kept}"


def stored(text: str, samples: Iterable[Sample], languages: Iterable[str]) -> list[str]:
    """Return what is stored for a text, one translation per language; "…" where nothing is."""
    known = {sample.text: sample.translations for sample in samples}.get(text, {})
    return [known.get(language, "…") for language in languages]


def judged(pairs: Iterable[Word], languages: Mapping[str, str], seen: int) -> str:
    """Say as Markdown in how many of our pairs both sentences have a word that fits.

    Args:
        pairs: All of them.
        languages: What people call them.
        seen: Of the English sentences, how many were trained on.
    """
    listed = list(pairs)
    counts = [
        f"{sum(pair.right[language] for pair in listed)} in {name}"
        for language, name in languages.items()
    ]
    return (
        f"Of our {len(listed)} such pairs both sentences get a word that fits, from a list made "
        f"before any was translated: {', '.join(counts)}. Of the {2 * len(listed)} English "
        f"sentences {seen} were among its training sentences."
    )


def side_by_side(pair: Word, languages: Mapping[str, str]) -> list[dict[str, str]]:
    """Return one row per sentence: the English and every translation, under names for people."""
    return [
        {"English": sentence}
        | {name: pair.translations[language][place] for language, name in languages.items()}
        for place, sentence in enumerate(pair.sentences)
    ]


def word_by_word(
    texts: Sequence[str], before: Sequence[str], *, seconds: float
) -> Iterator[list[str]]:
    """Yield growing beginnings of several texts, a word longer each time, in `seconds` at most.

    The last is the texts themselves, line breaks and all.

    Args:
        texts: At least one.
        before: What stood there before, one each: words that stay are not written again.
        seconds: For all of it; short texts take less.
    """
    words = [text.split() for text in texts]
    stays = [_shared(row, old.split()) for row, old in zip(words, before, strict=True)]
    longest = max(map(len, words))
    for number in range(1 + min(stays), longest):
        yield [" ".join(row[: max(number, n)]) for row, n in zip(words, stays, strict=True)]
        time.sleep(min(0.06, seconds / longest))
    yield list(texts)


def _shared(words: Sequence[str], before: Sequence[str]) -> int:
    """Return how many words both begin with."""
    pairs = enumerate(zip(words, before, strict=False))
    return next((n for n, (new, old) in pairs if new != old), min(len(words), len(before)))
