"""Held-out texts are found whatever their spacing, case and brackets."""

from typing import NamedTuple

import pytest
from hypothesis import given, strategies as st

from core.training.leaks import LeakFilter


class Item(NamedTuple):
    text: str


HELD_OUT = ["it 's not a bad film -lrb- really -rrb- .", "a crème brûlée of a movie", "superb"]


@pytest.mark.parametrize(
    "text",
    [
        "It's not a bad film (really)!",
        "We went. IT'S NOT A BAD FILM, REALLY... so there",
        "a creme  brulee of a movie",
        "A crème brûlée of a movie; we liked it",
        "Superb!",
    ],
)
def test_a_copy_is_found(text):
    assert LeakFilter(HELD_OUT).leaks(text)


@pytest.mark.parametrize(
    "text",
    [
        "it is not a bad film, really",  # other words
        "a bad film really",  # a part of one
        "superb acting",  # holds a held-out text of one word: such are met everywhere
        "",
    ],
)
def test_other_texts_are_kept(text):
    assert not LeakFilter(HELD_OUT).leaks(text)


def test_what_is_kept_and_what_is_counted():
    items = [Item("superb"), Item("dreadful"), Item("SUPERB .")]
    assert LeakFilter(HELD_OUT).keep(items) == ([Item("dreadful")], 2)


WORDS = st.lists(st.sampled_from(["good", "bad", "film", "not", "a"]), max_size=12)


@given(WORDS, WORDS.filter(lambda words: len(words) > 3), WORDS)
def test_a_held_out_text_is_found_inside_any_other(before, middle, after):
    leaks = LeakFilter([" ".join(middle)])
    assert leaks.leaks(" ".join([*before, *middle, *after]))


@given(WORDS, WORDS)
def test_nothing_is_found_that_is_not_there(held, text):
    """Against a plain search of the words, padded so that only whole words count."""
    found = LeakFilter([" ".join(held)]).leaks(" ".join(text))
    inside = f" {' '.join(held)} " in f" {' '.join(text)} "
    assert found == (held == text or (inside and len(held) > 3))
