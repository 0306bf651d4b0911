"""What must be said beside a verdict, in plain sentences; no task is known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from core.perturbation import horizon
from core.text.typed_text import TypedWord, as_markdown, marked, shortened

UNSURE = 0.65
"""Below this share for the likelier side a verdict is called a guess."""
MANY_UNKNOWN = 0.3
"""From this share of unknown words on, the rest may not carry the meaning."""
MOST_LISTED = 12
HORIZONS = (
    "The stronger a cell's colour, the more the probability moves when that word is taken out; a "
    "frame reaches back to the farthest word that moves it by more than epsilon. RNN, GRU and "
    "LSTM read downwards and answer from their **last** state: what they forgot is lost. The "
    "BiLSTM reads both ways and keeps the largest value of every unit, wherever it stood."
)
"""What the picture of several networks' memories shows."""
NOTICEABLE = 0.3
"""Log-odds from which on a word is coloured."""
_SMALL_WORDS = """
the a an of and or but to in on at it its is are was were be been i you he she we they this that
these those with for as by from not no n't 's my your his her our their what who which there here
so if than then too very just have has had do does did will would can could all more most some me
him them about one out up like good bad
"""
ENGLISH = frozenset(_SMALL_WORDS.split())
"""Words that hold English sentences together; hardly a sentence of eight words lacks them all."""
FEW_WORDS = 5
"""Below this many words nobody could tell the language from its small words."""


def remarks(
    tokens: Sequence[str], unknown: Sequence[str], probability: float, unread: int
) -> list[str]:
    """Return as Markdown what a reader must know to judge a verdict; empty if nothing.

    Args:
        tokens: What the network read, lower case.
        unknown: Those of them that it never learnt, each once.
        probability: Of positive, in [0, 1].
        unread: How many characters it did not read.
    """
    found = []
    if unread:
        found.append(
            f"It read the first {len(tokens)} words and signs; the {unread:,} characters behind "
            "them stay in the box and do not count."
        )
    if seems_foreign(tokens, unknown):
        found.append(
            "This does not look like English, and English is all that it learnt: take the "
            "verdict for chance."
        )
    if unknown:
        found.append(_unknown(tokens, unknown))
    if max(probability, 1 - probability) < UNSURE:
        found.append("It is not sure: take the verdict for a guess.")
    return found


def seems_foreign(tokens: Sequence[str], unknown: Sequence[str]) -> bool:
    """Tell whether a text is probably not English: other letters, or no small English word."""
    words = [token for token in tokens if any(sign.isalpha() for sign in token)]
    latin = [word for word in words if any("a" <= sign <= "ɏ" for sign in word)]
    if words and 2 * len(latin) < len(words):
        return True
    if len(words) < FEW_WORDS:
        return False
    strange = frozenset(unknown)
    share_unknown = sum(word in strange for word in words) / len(words)
    share_english = sum(word in ENGLISH for word in words) / len(words)
    return share_unknown > share_english


def _unknown(tokens: Sequence[str], unknown: Sequence[str]) -> str:
    listed = ", ".join(f"“{as_markdown(shortened(word))}”" for word in unknown[:MOST_LISTED])
    further = len(unknown) - MOST_LISTED
    if further > 0:
        listed += f" and {further} more"
    strange = frozenset(unknown)
    share = sum(token in strange for token in tokens) / len(tokens)
    if share == 1:
        return f"It knows **none** of these words ({listed}): the verdict says nothing."
    weight = " That is so much that the rest may mislead." if share >= MANY_UNKNOWN else ""
    return f"It never learnt {listed}, and reads there only that something stood there.{weight}"


def verdict(probability: float) -> str:
    """Return the likelier side and its share as a short Markdown headline.

    Args:
        probability: Of positive, in [0, 1].
    """
    color, side = ("green", "Positive") if probability >= 0.5 else ("orange", "Negative")
    share = max(probability, 1 - probability)
    return f":{color}[**{side}**], {'over 99' if share > 0.995 else f'{100 * share:.0f}'} % sure"


def turning_point(labels: Sequence[str], forward: Sequence[float], turn: range) -> str:
    """Tell as Markdown which words turned the verdict while the text was read downwards.

    Args:
        labels: P words.
        forward: (P,) probability of positive after each.
        turn: The places of the words; before the first the probability counts as one half.
    """
    before, after = forward[turn.start - 1] if turn.start else 0.5, forward[turn[-1]]
    did = "turned it round" if (before - 0.5) * (after - 0.5) < 0 else "moved it most"
    words = shortened(" ".join(labels[turn.start : turn.stop]), 60)
    return (
        f"Read from the top, “**{as_markdown(words)}**” {did}: from {before:.0%} positive to "
        f"{after:.0%}. Read from the bottom, it knows the end first."
    )


def strongest(labels: Sequence[str], effects: Sequence[float]) -> str:
    """Tell as Markdown which word pulls hardest to each side."""
    told = []
    for side, sign in (("positive", 1), ("negative", -1)):
        place = max(range(len(effects)), key=lambda i, sign=sign: sign * effects[i])
        if sign * effects[place] > 0:
            told.append(f"“**{as_markdown(shortened(labels[place]))}**” most to {side}")
    return (
        f"Taken out one by one: {', '.join(told)}." if told else "No word alone makes a difference."
    )


def reaches(
    probabilities: Mapping[str, float], effects: Mapping[str, np.ndarray], epsilon: float
) -> list[dict[str, str]]:
    """Return one row per network: what it says of the text, and how far back it feels a word.

    Args:
        probabilities: Of positive, by the networks' names.
        effects: For each network (P,), the change of that probability without each word.
        epsilon: What counts as a change.
    """
    return [
        {
            "Network": name,
            "Positive": f"{share:.0%}",
            "A word still moves it": _reach(horizon(effects[name], epsilon), len(effects[name])),
        }
        for name, share in probabilities.items()
    ]


def _reach(distance: int | None, length: int) -> str:
    if distance is None:
        return "nowhere"
    if distance == length:
        return f"in all of the text, {length} words back"
    return "at the end alone" if distance == 1 else f"up to {distance} words back"


def coloured(
    text: str, words: Sequence[TypedWord], places: Sequence[slice], effects: Sequence[float]
) -> str:
    """Return a text as Markdown, each word on the colour of the side that it pulls to.

    Args:
        text: As typed; what stands behind the last word read is left out.
        words: S, from `located_words`.
        places: P slices of them.
        effects: (P,) log-odds; the weaker ones are not coloured.
    """
    marks = [""] * len(words)
    for place, effect in zip(places, effects, strict=True):
        if abs(effect) >= NOTICEABLE:
            marks[place] = ["green" if effect > 0 else "orange"] * (place.stop - place.start)
    end = words[-1].end
    return marked(text[:end], words, marks) + (" …" if text[end:].strip() else "")


class Judged(Protocol):
    """A sentence whose meaning is known, and what a network says of it."""

    text: str
    category: str
    label: str
    probability: float
    right: bool


def judged(examples: Sequence[Judged]) -> list[dict[str, str]]:
    """Return one row per sentence, those that were misunderstood first."""
    return [
        {
            "Sentence": example.text,
            "Kind": example.category.replace("_", " "),
            "Meant": example.label,
            "Said": f"{'positive' if example.probability >= 0.5 else 'negative'}, "
            f"{max(example.probability, 1 - example.probability):.0%} sure",
            "Right": "yes" if example.right else "no",
        }
        for example in sorted(examples, key=lambda example: example.right)
    ]


def followed(unit: int) -> str:
    """Say which unit is drawn on both sides, and why this one."""
    return (
        f"Unit {unit} of the forward LSTM changed most in what the verdict reads of it. Words run "
        "downwards; the grey row is where the word was changed."
    )


def summary(probabilities: np.ndarray, left_out: int, encoding: str) -> str:
    """Tell as Markdown how the texts of a file were judged, and what was not.

    Args:
        probabilities: (N,) of positive; NaN for a text without a word.
        left_out: Rows behind those N.
        encoding: What the file was read as.
    """
    empty = int(np.isnan(probabilities).sum())
    positive, negative = int((probabilities >= 0.5).sum()), int((probabilities < 0.5).sum())
    sides = f":green[**{positive:,} positive**], :orange[**{negative:,} negative**]"
    told = [f"{sides} (read as {encoding})."]
    if empty:
        told.append(f"{empty:,} without a word to read have no verdict.")
    if left_out:
        told.append(f"**{left_out:,} further rows were left out**: a second file takes them.")
    return " ".join(told)


def verdicts_of(probabilities: np.ndarray) -> list[str]:
    """Return the name of the likelier side of each text, "" where there was no word to read."""
    names = np.where(probabilities >= 0.5, "positive", "negative")
    return np.where(np.isnan(probabilities), "", names).tolist()
