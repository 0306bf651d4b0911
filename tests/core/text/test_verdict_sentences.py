"""What is said beside a verdict is true of the numbers, and nothing that was typed is obeyed."""

from __future__ import annotations

import numpy as np
import pytest

from core.text import verdict_sentences as say
from core.text.text_tables import table_of
from core.text.tokenization import words_of
from core.text.typed_text import located_words

ENGLISH = (
    "It 's a charming and often affecting journey .",
    "I have never been so bored in my life .",
    "The battery died after a week , and nobody answered my letters .",
    "unflinchingly bleak and desperate",
)
OTHERS = (
    "Das Essen war kalt , und der Kellner hat uns nicht einmal begrüßt .",
    "Ce film est une pure merveille , je le recommande à tout le monde .",
    "La comida era muy buena y el servicio excelente .",
    "Этот фильм просто ужасен .",
    "この映画はとても面白い",
    "هذا الفيلم رائع جدا",
)


def known_words() -> set[str]:
    return {word for text in ENGLISH for word in words_of(text)} | set(say.ENGLISH)


def unknown_in(text: str) -> list[str]:
    return [word for word in words_of(text) if word not in known_words()]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_not_called_foreign(text):
    assert not say.seems_foreign(words_of(text), unknown_in(text))


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_noticed(text):
    assert say.seems_foreign(words_of(text), unknown_in(text))


def test_names_alone_do_not_make_a_text_foreign():
    text = "Kurosawa and Mifune are at their best in this one"
    assert not say.seems_foreign(words_of(text), ["kurosawa", "mifune"])


def test_a_sound_and_sure_verdict_needs_no_remark():
    assert say.remarks(words_of(ENGLISH[0]), [], 0.97, 0) == []


@pytest.mark.parametrize("probability", [0.5, 0.36, 0.64])
def test_an_unsure_verdict_is_called_a_guess(probability):
    (told,) = say.remarks(words_of(ENGLISH[0]), [], probability, 0)
    assert "a guess" in told


def test_unknown_words_are_listed_shortened_and_escaped():
    unknown = ["<b>", "x" * 50, *(f"w{number}" for number in range(20))]
    (told,) = say.remarks(["the", "film", "is"] * 40 + unknown, unknown, 0.9, 0)
    assert "\\<" in told and f"{'x' * 17}…" in told and "x" * 18 not in told
    assert f"and {len(unknown) - say.MOST_LISTED} more" in told


def test_a_text_of_unknown_words_alone_says_nothing():
    (told,) = say.remarks(["qqq", "zzz"], ["qqq", "zzz"], 0.9, 0)
    assert "**none**" in told and "says nothing" in told


def test_what_was_not_read_is_counted():
    (told,) = say.remarks(["good"] * 512, [], 0.9, 12_345)
    assert "first 512 words" in told and "12,345 characters" in told


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (0.5, ":green[**Positive**], 50 % sure"),
        (0.02, ":orange[**Negative**], 98 % sure"),
        (0.9999, ":green[**Positive**], over 99 % sure"),
    ],
)
def test_the_headline_names_the_likelier_side(probability, told):
    assert say.verdict(probability) == told


def test_the_turning_point_tells_whether_the_side_changed():
    forward, labels = np.array([0.6, 0.9, 0.2]), ["so", "not", "bad"]
    told = say.turning_point(labels, forward, range(2, 3))
    assert "“**bad**” turned it round: from 90% positive to 20%" in told
    told = say.turning_point(labels, forward, range(2))
    assert "“**so not**” moved it most: from 50% positive to 90%" in told


def test_the_strongest_word_of_each_side_is_named():
    told = say.strongest(["a", "good", "bad"], [0.1, 2.0, -3.0])
    assert "“**good**” most to positive, “**bad**” most to negative" in told
    assert "negative" not in say.strongest(["fine"], [1.0])
    assert say.strongest(["so"], [0.0]) == "No word alone makes a difference."


def test_reaches_follow_epsilon():
    effects = {"RNN": np.array([0.0, 0.0, 0.4]), "LSTM": np.array([0.2, 0.0, 0.4])}
    rows = say.reaches({"RNN": 0.25, "LSTM": 0.5}, effects, 0.1)
    assert [row["Network"] for row in rows] == ["RNN", "LSTM"]
    assert [row["Positive"] for row in rows] == ["25%", "50%"]
    told = [row["A word still moves it"] for row in rows]
    assert told == ["at the end alone", "in all of the text, 3 words back"]
    far = say.reaches({"LSTM": 0.5}, {"LSTM": np.array([0, 0.2, 0.4])}, 0.1)
    assert far[0]["A word still moves it"] == "up to 2 words back"
    none = say.reaches({"LSTM": 0.5}, {"LSTM": effects["LSTM"]}, 0.5)
    assert none[0]["A word still moves it"] == "nowhere"


def test_words_are_coloured_by_the_side_that_they_pull_to():
    text = "Good, not bad! unread tail"
    words = located_words(text)[:5]
    places = [slice(0, 1), slice(1, 3), slice(3, 5)]
    told = say.coloured(text, words, places, [1.0, 0.1, -2.0])
    assert told == ":green-background[Good]\\, not :orange-background[bad]:orange-background[\\!] …"


def test_a_summary_counts_every_row_once():
    told = say.summary(np.array([0.9, 0.5, 0.1, np.nan]), 7, "UTF-8")
    assert "**2 positive**" in told and "**1 negative**" in told
    assert "1 without a word" in told and "7 further rows" in told
    assert say.verdicts_of(np.array([0.9, 0.1, np.nan])) == ["positive", "negative", ""]
    table = table_of(["fine"])
    assert "further" not in say.summary(np.array([0.9]), table.left_out, table.encoding)
