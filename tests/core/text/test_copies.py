"""What is copied is found, taken out and put back without a loss, whatever was typed."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings, strategies as st

from core.text.copies import COPY, Span, fill_gaps, find_copies, needs_no_translation, with_gaps
from core.text.sentences import tidy

ODD_LETTERS = (0x2C7, 0x2071, 0x207F, 0x2139, 0x2184, 0x2E2F, 0xAB65)
"""A free caron, raised letters, a reversed c and the like: their blocks hold others."""
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)  # lone surrogates too
TRICKY = st.lists(
    st.sampled_from([COPY, "<co", "py>", "<", ">", "\u0338", "\u200d", "😀", "a@b.c", " ", "A3"])
    | st.sampled_from(["https://a.b/(c)", ").", "12345", "Привет", "\ud83d", "\x00", "word", "@"]),
    max_size=12,
).map("".join)


def copied(sentence: str) -> list[str]:
    return [span.text for span in find_copies(sentence)]


@pytest.mark.parametrize(
    ("sentence", "spans"),
    [
        (
            "See https://en.wikipedia.org/wiki/A_(b), ok.",
            ["https://en.wikipedia.org/wiki/A_(b)"],
        ),
        ("(see www.a-b.com/c?d=1#e).", ["www.a-b.com/c?d=1#e"]),
        ("<http://a.b> then example.com.", ["http://a.b", "example.com"]),
        ("Mail bob.smith+x@mail.example.org, please.", ["bob.smith+x@mail.example.org"]),
        ("@anna loves #cats very much", ["@anna", "#cats"]),
        ("Open report.pdf or C:\\Temp\\x now.", ["report.pdf", "C:\\Temp\\x"]),
        ("Run /usr/bin/env with src/main.py!", ["/usr/bin/env", "src/main.py"]),
        ("An A320 had COVID-19 and v2.0.1 of F-16s", ["A320", "COVID-19", "v2.0.1", "F-16s"]),
        ("On 2024-05-17 we sold 12,345 at $100,000.50.", ["2024-05-17", "12,345", "$100,000.50"]),
        ("It costs $5, or 20 € with 7.5% off, at 20 °C", ["$5", "20 €", "7.5%", "20 °C"]),
        ("In 1984 he won 17-0; 12 of 2,000 saw it at 16:05", ["1984", "17-0", "16:05"]),
        ("It cost 2000 euros in 1950, not -5 or 300-400.", ["2000", "-5", "300-400"]),
        ("Take 1½ cups or ¾ of it", ["1½", "¾"]),
        ("AT&T's R&D watched YouTube on an iPhone", ["AT&T", "R&D", "YouTube", "iPhone"]),
        ("Herr Müller of Zürich met Łukasz", ["Müller", "Zürich", "Łukasz"]),
        ("Call +49 (30) 123456 or 12345", ["+49 (30) 123456", "12345"]),
        ("He said Привет, мир to 日本語 and हिन्दी", ["Привет, мир", "日本語", "हिन्दी"]),
        ("A 👨‍👩‍👧‍👦👍🏽 and 🇩🇪 🇫🇷 with ❤️ then 1️⃣", ["👨‍👩‍👧‍👦👍🏽", "🇩🇪 🇫🇷", "❤️", "1️⃣"]),
        ("my_var is set", ["my_var"]),
        ("half \ud800 of \x00 one", ["\ud800", "\x00"]),
        ("I typed <copy> and <<copy>copy>", [COPY, COPY]),
    ],
)
def test_spans_by_hand(sentence, spans):
    assert copied(sentence) == spans


@pytest.mark.parametrize(
    "sentence",
    [
        "He/she and/or they work w/o a break.",
        "On the 21st at 5pm in the mid-1990s, a 3-year-old won.",
        "It costs five dollars, half of 123,5 or 3.15 at 12:30, 7 times.",
        "Don't, e.g. i.e. U.S. a.m., well...come on.",
        "The naïve café — “quoted” – isn’t _really_ here…",
        "Café and Naïve begin sentences, but Donald is I.",
        "C: yes @ all # 1 & co",
    ],
)
def test_ordinary_english_holds_no_span(sentence):
    assert copied(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Emma lives with Olivia in Berlin.", ["Emma", "Olivia"]),
        ("Olivia Emma's friend Bob", ["Olivia Emma"]),
        ("I saw EMMA and a.com", ["EMMA", "a.com"]),
        ("Emmas are names, Emma too", ["Emma"]),  # a plural that begins a sentence
        ("Pre-Emma, emma and Emma-Olivia", []),
        ("Emma", []),  # nothing else could be translated
        ("Emma 😀!", ["😀"]),
    ],
)
def test_capitalised_words_that_are_unknown_are_copied(sentence, names):
    unknown = {"emma", "emmas", "olivia"}
    _, spans = with_gaps(sentence, lambda word: word.lower() in unknown)
    assert list(spans) == names


def test_neighbours_are_one_span_and_places_are_right():
    assert find_copies("go: @a, @b & 😀!") == (Span(4, 14, "@a, @b & 😀"),)


def test_gaps_keep_what_stands_around_them():
    assert with_gaps("(@tom) likes A320, <copy>") == (
        f"({COPY}) likes {COPY}",
        ("@tom", "A320, <copy>"),
    )
    assert with_gaps("plain") == ("plain", ())


@given(ANY_TEXT | TRICKY)
@example("<copy>\u0338 x")
@example("x😀\u0338y<copy")
@MANY
def test_gaps_are_as_many_as_spans_and_filled_again_they_are_the_sentence(sentence):
    text, spans = with_gaps(sentence)
    assert text.count(COPY) == len(spans)
    assert tidy(text).count(COPY) == len(spans)
    assert fill_gaps(text, spans, range(len(spans))) == sentence


@given(ANY_TEXT | TRICKY)
@MANY
def test_spans_stand_in_order_and_hold_what_cannot_be_encoded(sentence):
    end = 0
    for span in find_copies(sentence):
        assert end <= span.start < span.end and span.text == sentence[span.start : span.end]
        end = span.end
    with_gaps(sentence)[0].encode("utf-8")


def test_every_letter_is_either_latin_or_copied():
    spared = ("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO", "FULLWIDTH LATIN", "TURNED")
    for code in range(0x30000):
        sign = chr(code)
        if code in ODD_LETTERS or not unicodedata.category(sign).startswith("L"):
            continue
        name = unicodedata.name(sign, "")
        if name.startswith("LATIN") and code < 0x10000:
            assert not find_copies(sign), name
        elif not name.startswith(spared) and not 0x1D00 <= code < 0x1DC0:
            assert find_copies(sign), name


@pytest.mark.parametrize(
    ("text", "order", "filled"),
    [
        (f"{COPY} x {COPY}", [1, 0], "B x A"),
        (f"{COPY} x {COPY}", [], "A x B"),
        (f"{COPY} x {COPY}", [1], "B x A"),
        (f"{COPY}{COPY}{COPY}", [0, 0], "AAB"),
        (f"{COPY} {COPY}", [7, -1], "A B"),
        (f"{COPY}{COPY}{COPY}.", [], "AB."),
        ("none", [0], "none"),
    ],
)
def test_gaps_are_filled_in_order_then_by_what_is_unused(text, order, filled):
    assert fill_gaps(text, ["A", "B"], order) == filled


def test_a_typed_gap_is_not_filled_again():
    assert fill_gaps(f"a {COPY} b {COPY}", [COPY, "x"], [0, 1]) == f"a {COPY} b x"


@given(ANY_TEXT | TRICKY, st.lists(ANY_TEXT, max_size=3), st.lists(st.integers(), max_size=4))
@MANY
def test_filling_never_fails_and_keeps_the_text_around(text, spans, order):
    filled = fill_gaps(text, spans, order)
    place = 0
    for part in text.split(COPY):
        place = filled.index(part, place) + len(part)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("", True),
        ("12, 3.5!? 😀", True),
        ("https://example.com @tom #cats", True),
        ("Привет, мир!", True),
        ("日本語。", True),
        ("1234 -- (5)", True),
        ("a", False),
        ("😀 ok", False),
        ("é", False),
        ("21st", False),
    ],
)
def test_what_needs_no_translation(sentence, expected):
    assert needs_no_translation(sentence) is expected


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "a.",
        "@",
        "a@",
        "/a",
        "_",
        "a_",
        "1,",
        COPY,
        "😀 ",
        "a1 ",
        "\\",
        "www.",
        "a) ",
        "+1",
    ],
)
def test_time_grows_with_the_length(unit):
    sentence = unit * (30_000 // len(unit))
    start = time.process_time()
    text, spans = with_gaps(sentence)
    assert time.process_time() - start < 2
    assert fill_gaps(text, spans, range(len(spans))) == sentence
