"""The words of the page on shapes: what each is for, what its network computes, what it said."""

from __future__ import annotations

import numpy as np

from core import digits, tagging, translation
from core.literature import cite
from core.text.typed_text import as_markdown, quoted

INTRODUCTION = (
    "How many things go in, and how many come out? That decides the **shape** of a network. Each "
    "of these five has just run on what you see: the numbers in brackets are the sizes of the "
    "arrays that went through it. S counts what went in and T what came out; a 1 in front says "
    "that one photo or one sentence was read. :orange[Orange] goes in, :blue[blue] remembers, "
    ":green[green] comes out."
)
NOTHING = "There is no word to read yet. Write a sentence, or take one of the samples."
NO_TRANSLATION = "There is no English word in it to translate."
MEANINGS = {
    "One to one": (
        "One thing goes in, one answer comes out, at once. There is no sequence, so there is no "
        "loop and nothing to remember: a plain feed-forward network reads 64 pixels and names the "
        "digit."
    ),
    "One to many": (
        "One photo goes in; a sentence comes out word by word. Every word goes back in before the "
        "next one is chosen, until the network says that the sentence has ended. So the network "
        "sets the length T itself."
    ),
    "Many to one": (
        "A whole sentence goes in, and one number comes out: how likely it is praise. What was "
        "read has to wait in the memory until the last word, because the last word may turn it "
        "all round."
    ),
    "Many to many, aligned": (
        "At every step something goes in and something comes out: each word gets its part of "
        "speech, so there are as many answers as words. The same word can get another one beside "
        "other words."
    ),
    "Many to many, unaligned": (
        "A translation has a length of its own and an order of its own. So one network reads to "
        "the end first, and then a second one writes until it says that it has finished."
    ),
}
"""Each shape in plain words, by its name."""
PICTURES = {
    "One to one": "One box goes into one cell, and one comes out.",
    "One to many": "One box goes into the first of four cells; one comes out of each.",
    "Many to one": "A box goes into each of four cells; one comes out of the last.",
    "Many to many, aligned": "A box goes into each of four cells, and one comes out of each.",
    "Many to many, unaligned": "A box goes into each of three cells; out of the third come more.",
}
"""Each shape's drawing, for who does not see it."""
FORMULAS = {
    "One to one": (
        r"$p = \text{softmax}(W_2 \max(0,\; W_1 x + b_1) + b_2)$ "
        f"({cite('Rumelhart, Hinton & Williams 1986')})"
    ),
    "One to many": (
        r"$\log p(y \mid \text{photo}) = \sum_{t=1}^{T} \log p(y_t \mid y_1 \dots y_{t-1}, "
        r"\text{photo})$ "
        f"({cite('Vinyals et al. 2015', 'equation 2')})"
    ),
    "Many to one": (
        r"$p = \sigma\big((w^\top [\max_t h_t ;\; \frac{1}{S} \sum_t h_t] + b) / "
        r"(\tau S^{\epsilon})\big)$, $\;h_t = [\overrightarrow{h}_t ; \overleftarrow{h}_t]$ "
        f"({cite('Johnson & Zhang 2016')}; temperature: {cite('Guo et al. 2017')})"
    ),
    "Many to many, aligned": (
        r"$p_t = \text{softmax}(W [\overrightarrow{h}_t ; \overleftarrow{h}_t] + b)$ at every "
        f"word ({cite('Plank et al. 2016')})"
    ),
    "Many to many, unaligned": (
        r"$\log p(y \mid x) = \sum_{t=1}^{T} \log p(y_t \mid y_1 \dots y_{t-1}, "
        r"x_1 \dots x_S)$ "
        f"({cite('Sutskever et al. 2014', 'equation 1')})"
    ),
}
"""What each network computes at its end, by the shape's name."""


def told_of_cut(sentence: str) -> str:
    """Say what of a longer text the networks read."""
    return f"Read here: “{as_markdown(sentence)}”. The rest stays in the box and does not count."


def told_of_digit(result: digits.DigitResult, meant: int) -> str:
    """Say as Markdown what the network read and what the writer meant."""
    verdict = "which is what" if result.digit == meant else f"but **{meant}** is what"
    return (
        f"It reads a **{result.digit}**, {result.probability:.1%} sure, {verdict} its writer meant."
    )


def tagged_words(result: tagging.TaggingResult) -> list[str]:
    """Return each word as Markdown with its tag below it, and below that how sure it is."""
    sure = result.probabilities.max(axis=-1)
    return [
        f"{quoted(token)}  \n**{name}**  \n:small[{share:.0%}]"
        for token, name, share in zip(result.tokens, result.tags, sure, strict=True)
    ]


def told_of_tags(result: tagging.TaggingResult) -> str:
    """Say as Markdown what the tags stand for, and which word the network is least sure of."""
    used = [f"{name} {tagging.TAGS[name]}" for name in sorted(set(result.tags))]
    place = int(result.probabilities.max(axis=-1).argmin())
    names, shares = [*tagging.TAGS], result.probabilities[place]
    first, second = np.argsort(-shares, kind="stable")[:2]
    return (
        f"{'; '.join(used)}. It is least sure of “{quoted(result.tokens[place])}”: {names[first]} "
        f"{shares[first]:.0%}, {names[second]} {shares[second]:.0%}."
    )


def translated(name: str, result: translation.TranslationResult) -> str:
    """Return a translation as Markdown below the name of its language and its length."""
    pieces = f"{len(result.source_tokens)} pieces became {len(result.tokens)}"
    return f"**{name}** ({pieces}, the end sign included)  \n{as_markdown(result.text)}"
