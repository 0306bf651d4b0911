"""Numbers become plain sentences: why a search chose what it chose, and what hiding a place did.

No task and no page is known here; words come from a vocabulary, numbers from results.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from core.search_tree import ROOT, Expansion, Hypothesis, SearchTree, length_divisor
from core.text.typed_text import as_markdown
from core.vocabulary import BOS, CONTINUES, EOS, PAD, UNK, Vocabulary

READABLE = {BOS: "start", EOS: "end", UNK: "unknown word", PAD: "padding"}
NEEDED = 0.5
"""A word needed a place if hiding it leaves less than this share of the word's probability."""


def readable(token: str) -> str:
    """Return what a person reads for a token: special ones get a name, the others stay."""
    return READABLE.get(token, token)


def joined(tokens: Sequence[str]) -> str:
    """Return tokens as running text: hot dog ·s -> hot dogs; special ones get a name."""
    return " ".join(map(readable, tokens)).replace(f" {CONTINUES}", "").removeprefix(CONTINUES)


def ledger(
    tree: SearchTree, vocabulary: Vocabulary, length_penalty: float
) -> list[dict[str, str | float]]:
    """Return one row per finished hypothesis, the winner first, under headings for people.

    log-probability (<= 0, natural logarithm) / divisor (1 for one token, grows with the length)
    = score; the largest score wins.
    """
    return [
        {
            "Rank": rank,
            "Sentence": sentence_of(hypothesis, vocabulary),
            "Log-probability": round(hypothesis.log_prob, 2),
            "Tokens": len(hypothesis.expansions),
            "Divisor": round(length_divisor(len(hypothesis.expansions), length_penalty), 2),
            "Score": round(hypothesis.score(length_penalty), 2),
        }
        for rank, hypothesis in enumerate(tree.ranked(length_penalty), start=1)
    ]


def sentence_of(hypothesis: Hypothesis, vocabulary: Vocabulary) -> str:
    """Return its words; one that was cut before its end closes with an ellipsis."""
    words = joined(vocabulary.decode(hypothesis.token_ids))
    return words if hypothesis.complete else f"{words} …"


def why_it_won(tree: SearchTree, vocabulary: Vocabulary, length_penalty: float) -> str:
    """Tell why the winner is not what the best next word, or the best sum, would have given."""
    winner = tree.ranked(length_penalty)[0]
    told = [_detour(tree, vocabulary, winner, length_penalty)]
    fair = [h for h in tree.finished if h.complete == winner.complete]
    likeliest = max(fair, key=lambda h: h.log_prob)
    if likeliest != winner:
        told.append(
            f"By the sum alone “{sentence_of(likeliest, vocabulary)}” would win with "
            f"{likeliest.log_prob:.2f} against {winner.log_prob:.2f}; it has "
            f"{len(likeliest.expansions)} tokens to the winner's {len(winner.expansions)}, and "
            "every further token costs. Dividing by the length makes up for that."
        )
    return " ".join(told)


def _detour(
    tree: SearchTree, vocabulary: Vocabulary, winner: Hypothesis, length_penalty: float
) -> str:
    """Compare the winner with the likelier word at the first place where it did not take it."""
    path = [tree.expansions[node] for node in winner.expansions]
    likeliest = [int(tree.log_probs[e.parent].argmax()) for e in path]
    detours = [e for e, token_id in zip(path, likeliest, strict=True) if e.token_id != token_id]
    if not detours:
        return (
            "At every place the winner has the likeliest word, so a greedy search, which looks "
            "at one word at a time, would have written the same sentence."
        )
    taken = detours[0]
    siblings = [e for e in tree.expansions if e.parent == taken.parent]
    better = max(siblings, key=lambda e: e.token_log_prob)
    before = joined(vocabulary.decode(winner.token_ids[: taken.time_step]))
    lead = f"After “{before}”" if before else "At the very beginning"
    return (
        f"{lead}, {_option(better, vocabulary)} was likelier than {_option(taken, vocabulary)}, "
        "so a greedy search would have taken it. "
        f"{_fate(tree, better, winner, length_penalty)}"
    )


def _option(node: Expansion, vocabulary: Vocabulary) -> str:
    share = f"{np.exp(node.token_log_prob):.0%}"
    if node.token_id == vocabulary.eos_id:
        return f"ending there ({share})"
    return f"“{joined([vocabulary.tokens[node.token_id]])}” ({share})"


def _fate(tree: SearchTree, better: Expansion, winner: Hypothesis, length_penalty: float) -> str:
    """Tell what became of the branch that began with the better word."""
    rivals = [h for h in tree.ranked(length_penalty) if better.index in h.expansions]
    if rivals:
        return (
            f"But the best sentence that goes on like that scores "
            f"{rivals[0].score(length_penalty):.2f}, the winner {winner.score(length_penalty):.2f}."
        )
    steps = _steps_followed(tree, better)
    if steps == 0:
        return "But as a whole sentence it did not rank high enough to be kept."
    if better.time_step + steps > tree.expansions[-1].time_step:
        return "But the search had enough finished sentences before any that goes on like that."
    return (
        f"But {steps} word{'s' if steps > 1 else ''} later every sentence that goes on like that "
        f"had a smaller total than the {tree.options.beam_size} best, and the search gave it up."
    )


def _steps_followed(tree: SearchTree, start: Expansion) -> int:
    """Return how many steps some branch from `start`, itself included, was followed."""
    followed, steps = {start.index} if start.kept else set(), int(start.kept)
    for node in tree.expansions:  # parents stand before their children
        if node.kept and node.parent != ROOT and node.parent in followed:
            followed.add(node.index)
            steps = node.time_step - start.time_step + 1
    return steps


class Check(Protocol):
    """A word after a part of the input was hidden."""

    probability: float
    """Of the word at its place."""
    caption: str
    """What is written now."""
    survived: bool
    """True: the word still stands in it."""


def after_hiding(word: str, check: Check) -> str:
    """Tell as Markdown what became of a word when a part of the input was hidden."""
    kept = "with that word" if check.survived else "without that word"
    return (
        f"**{check.probability:.0%}** sure of “{readable(word)}” after the same words. Left to "
        f"itself it now writes, {kept}: “{check.caption}”."
    )


def what_hiding_showed(word: str, before: float, most: Check, least: Check) -> str:
    """Say as Markdown whether a word needed the places that the network says it looked at.

    Args:
        word: The word under test.
        before: Its probability with everything visible.
        most: With the most attended places hidden.
        least: The control: with as many of the least attended places hidden.
    """
    numbers = (
        f"With everything visible it was {before:.0%} sure of “{readable(word)}”; without where it "
        f"looked most {most.probability:.0%}, without as much elsewhere {least.probability:.0%}."
    )
    if most.probability >= NEEDED * before:
        return f"{numbers} {_despite(most)}"
    if least.probability < NEEDED * before:
        return f"{numbers} The word **suffers wherever** something is hidden."
    return f"{numbers} The word **needs** the places that it looked at."


def _despite(most: Check) -> str:
    """Tell of a word that stays likely where nothing of the most attended places is seen."""
    if most.survived:
        return "The word **survives** without the places that it looked at most."
    return (
        "The word **survives** in this sentence, where the words before it suggest it; left to "
        "itself the network then writes a sentence without it."
    )


def where_from(word: str, probability: float, sentinel_weight: float) -> str:
    """Tell as Markdown how sure a word was and how much of it came from the photo."""
    return (
        f"**{probability:.0%}** sure of “{readable(word)}”. It took **{1 - sentinel_weight:.0%}** "
        f"from the photo and {sentinel_weight:.0%} from earlier words."
    )


def running_text(tokens: Sequence[str], selected: int) -> str:
    """Return a sentence as Markdown with one of its tokens marked; beyond the last, its end."""
    words = [*(_shown(readable(token)) for token in tokens), "(end)"]
    mark = CONTINUES if words[selected].startswith(CONTINUES) else ""
    words[selected] = f"{mark}:primary-background[{words[selected].removeprefix(mark)}]"
    return joined(words[: max(len(tokens), selected + 1)])


def _shown(word: str) -> str:
    """Return a word as Markdown; t-shirt stays as it is, nothing in it could be obeyed."""
    return word if all(part.isalnum() for part in word.split("-")) else as_markdown(word)


def word_by_word(text: str, *, seconds: float) -> Iterator[str]:
    """Yield a text word by word, in `seconds` altogether."""
    words = text.split(" ")
    for word in words:
        yield word + " "
        time.sleep(seconds / len(words))
