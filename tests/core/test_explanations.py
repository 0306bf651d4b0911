"""The sentences about a search are true of searches small enough to follow by hand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import log
from types import SimpleNamespace

import numpy as np
import pytest

from core import explanations
from core.decoding import beam_search
from core.search_tree import SearchOptions, SearchTree
from core.text import typed_text
from core.vocabulary import CONTINUES, EOS, SPECIAL_TOKENS, UNK, Vocabulary

WORDS = ("a", "dog", "man", "runs", "sits", "fast")
VOCABULARY = Vocabulary((*SPECIAL_TOKENS, *WORDS, f"{CONTINUES}s", f"{CONTINUES}es"))
BEGIN = "<bos>"


def search(follows: Mapping[str, Mapping[str, float]], beam_size: int) -> SearchTree:
    """Search a table of what follows a word with which probability; the rest never does."""

    def step(token_ids, states):
        log_probs = np.full((len(token_ids), len(VOCABULARY)), -50.0)
        for row, word in enumerate(VOCABULARY.decode(token_ids)):
            for following, probability in follows.get(word, {}).items():
                log_probs[row, VOCABULARY.token_ids[following]] = log(probability)
        return log_probs, {"none": np.zeros(len(token_ids))}, {}

    return beam_search(
        step,
        {"none": np.zeros(1)},
        bos_id=VOCABULARY.bos_id,
        eos_id=VOCABULARY.eos_id,
        options=SearchOptions(beam_size, max_new_tokens=6),
    )


TRAP = {
    BEGIN: {"dog": 0.6, "man": 0.4},
    "dog": {"runs": 0.5, "sits": 0.5},
    "man": {"runs": 0.9, "sits": 0.1},
    "runs": {EOS: 1.0},
    "sits": {EOS: 1.0},
}
"""dog runs: 0.30; man runs: 0.36. A greedy search takes dog."""


def test_the_ledger_does_the_sum_that_the_ranking_does():
    rows = explanations.ledger(search(TRAP, 2), VOCABULARY, 0.5)
    divisor = (8 / 6) ** 0.5
    assert rows == [
        {
            "Rank": rank,
            "Sentence": sentence,
            "Log-probability": round(log(probability), 2),
            "Tokens": 3,
            "Divisor": round(divisor, 2),
            "Score": round(log(probability) / divisor, 2),
        }
        for rank, (sentence, probability) in enumerate(
            [("man runs", 0.36), ("dog runs", 0.30)], start=1
        )
    ]


def test_the_better_word_that_lost_is_named_with_its_reason():
    text = explanations.why_it_won(search(TRAP, 2), VOCABULARY, 0.0)
    assert text == (
        "At the very beginning, “dog” (60%) was likelier than “man” (40%), so a greedy search "
        f"would have taken it. But the best sentence that goes on like that scores {log(0.3):.2f}, "
        f"the winner {log(0.36):.2f}."
    )


def test_a_greedy_winner_is_called_one():
    assert "would have written the same" in explanations.why_it_won(
        search(TRAP, 1), VOCABULARY, 0.7
    )


def test_a_branch_that_was_given_up_is_followed_to_its_last_word():
    follows = {
        BEGIN: {"dog": 0.6, "man": 0.4},
        "dog": {"runs": 0.2, "sits": 0.2, "fast": 0.2, "a": 0.2, "dog": 0.2},
        "man": {"runs": 0.5, "sits": 0.5},
        "runs": {EOS: 1.0},
        "sits": {EOS: 1.0},
    }
    text = explanations.why_it_won(search(follows, 2), VOCABULARY, 0.0)
    assert "But 1 word later every sentence that goes on like that had a smaller total" in text
    assert text.endswith("than the 2 best, and the search gave it up.")


def test_what_the_length_penalty_changes_is_said():
    follows = {
        BEGIN: {"dog": 1.0},
        "dog": {EOS: 0.5, "runs": 0.5},
        "runs": {"fast": 0.9, "sits": 0.1},
        "fast": {EOS: 1.0},
    }
    tree = search(follows, 2)
    by_sum = explanations.why_it_won(tree, VOCABULARY, 0.0)
    by_score = explanations.why_it_won(tree, VOCABULARY, 1.5)
    assert "By the sum alone" not in by_sum
    assert f"By the sum alone “dog” would win with {log(0.5):.2f} against" in by_score
    assert "it has 2 tokens to the winner's 4" in by_score


def test_a_sentence_that_was_cut_ends_with_an_ellipsis():
    tree = search({BEGIN: {"a": 1.0}, "a": {"a": 1.0}}, 1)
    (row,) = explanations.ledger(tree, VOCABULARY, 0.0)
    assert row["Sentence"] == "a a a a a a …"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (("hot", "dog", "·s"), "hot dogs"),
        (("foot", "·ball", "·er", "·s", "run"), "footballers run"),
        (("·s", "dog"), "s dog"),
        (("a", UNK, "·s", EOS), "a unknown words end"),
        (("a", "man's", "t-shirt"), "a man's t-shirt"),
        ((), ""),
    ],
)
def test_a_token_that_continues_a_word_joins_it(tokens, text):
    assert explanations.joined(tokens) == text


PIECES = {
    BEGIN: {"a": 1.0},
    "a": {"dog": 1.0},
    "dog": {"·s": 0.6, "·es": 0.4},
    "·s": {"runs": 0.5, "sits": 0.5},
    "·es": {"runs": 0.9, "sits": 0.1},
    "runs": {EOS: 1.0},
    "sits": {EOS: 1.0},
}
"""a dogs runs: 0.30; a doges runs: 0.36."""


def test_pieces_of_words_are_joined_in_every_sentence_about_a_search():
    tree = search(PIECES, 2)
    sentences = [row["Sentence"] for row in explanations.ledger(tree, VOCABULARY, 0.0)]
    assert sentences == ["a doges runs", "a dogs runs"]
    text = explanations.why_it_won(tree, VOCABULARY, 0.0)
    assert text.startswith("After “a dog”, “s” (60%) was likelier than “es” (40%), so")


def test_what_stands_before_a_detour_is_joined_too():
    table = {
        BEGIN: {"dog": 1.0},
        "dog": {"·s": 1.0},
        "·s": {"runs": 0.6, "sits": 0.4},
        "runs": {EOS: 0.5, "fast": 0.5},
        "sits": {EOS: 1.0},
        "fast": {EOS: 1.0},
    }
    text = explanations.why_it_won(search(table, 2), VOCABULARY, 0.0)
    assert text.startswith("After “dogs”, “runs” (60%) was likelier than “sits” (40%)")


def check(probability: float, *, survived: bool = True) -> SimpleNamespace:
    return SimpleNamespace(probability=probability, caption="a man runs", survived=survived)


@pytest.mark.parametrize(
    ("most", "least", "verdict"),
    [
        (0.5, 0.6, "**survives**"),
        (0.1, 0.55, "**needs** the places"),
        (0.1, 0.1, "**suffers wherever**"),
    ],
)
def test_a_word_needs_a_place_if_only_hiding_that_place_hurts(most, least, verdict):
    text = explanations.what_hiding_showed("dog", 0.6, check(most), check(least))
    assert verdict in text
    assert text.count("**") == 2
    assert f"60% sure of “dog”; without where it looked most {most:.0%}" in text


def test_what_became_of_the_word_is_told_with_the_new_sentence():
    gone = explanations.after_hiding(EOS, check(0.25, survived=False))
    assert gone.startswith("**25%** sure of “end” after the same words.")
    assert gone.endswith("without that word: “a man runs”.")
    assert explanations.after_hiding("man", check(0.25)).endswith("with that word: “a man runs”.")


def test_a_word_that_only_its_sentence_still_suggests_is_told_apart():
    """Likely after the same words, yet gone from what the network writes by itself."""
    lost, kept = check(0.5, survived=False), check(0.5)
    texts = [explanations.what_hiding_showed("dog", 0.6, most, kept) for most in (lost, kept)]
    assert all("**survives**" in text for text in texts)
    assert "a sentence without it" in texts[0] and "without it" not in texts[1]


def test_the_two_sources_of_a_word_add_up():
    text = explanations.where_from("dog", 0.5, 0.2)
    assert (
        text == "**50%** sure of “dog”. It took **80%** from the photo and 20% from earlier words."
    )


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        (0, ":primary-background[a] dog unknown word"),
        (2, "a dog :primary-background[unknown word]"),
        (3, "a dog unknown word :primary-background[(end)]"),
    ],
)
def test_one_word_of_a_sentence_is_marked(selected, expected):
    assert explanations.running_text(("a", "dog", UNK), selected) == expected


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        (0, ":primary-background[hot] dogs run"),
        (1, "hot :primary-background[dog]s run"),
        (2, "hot dog:primary-background[s] run"),
        (4, "hot dogs run :primary-background[(end)]"),
    ],
)
def test_a_piece_of_a_word_is_marked_inside_it(selected, expected):
    assert explanations.running_text(("hot", "dog", "·s", "run"), selected) == expected


def test_what_a_visitor_typed_is_shown_and_obeyed_by_nobody():
    tokens = ("*", "·*", "]", "$x$", "<b>", "--", "t-shirt", "o'clock", "naïve")
    text = explanations.running_text(tokens, 2)
    assert text == (
        r"\*\* :primary-background[\]] \$x\$ "
        + " ".join(map(typed_text.as_markdown, ("<b>", "--")))
        + r" t-shirt o\'clock naïve"
    )
    assert typed_text.spoken(text) == "** :primary-background[]] $x$ <b> -- t-shirt o'clock naïve"


def test_words_come_one_by_one_in_the_given_time():
    start = time.monotonic()
    words = list(explanations.word_by_word("a dog runs", seconds=0.06))
    assert words == ["a ", "dog ", "runs "]
    assert 0.06 <= time.monotonic() - start < 1
