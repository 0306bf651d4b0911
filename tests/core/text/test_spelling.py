"""What the English subwords never held is said in words or left out; all else stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from core.text.copies import COPY, with_gaps
from core.text.sentences import tidy
from core.text.spelling import as_sentence, spell_out
from core.translation.inference import SOURCE, load_model
from core.vocabulary import Vocabulary

MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)
SIGNS = st.lists(
    st.sampled_from([COPY, "and/or", "(", ")", "–", " ", ",", "é", "ß", "&", "%", "word", ".", "'"])
    | st.text(st.characters(codec=None), max_size=3),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("He (my friend) left.", "He, my friend, left."),
        ("(He left.)", "He left."),
        ("The café — the best; really!", "The cafe, the best, really!"),
        ("Mom & Dad, he/she and/or I", "Mom and Dad, he or she or I"),
        ("This is **very** good.", "This is very good."),
        ("From 1914–18 it grew by fifty %.", "From 1914-18 it grew by fifty percent."),
        ("Die Straße ist schön", "Die Strasse ist schon"),
        (f"See ({COPY}) and {COPY}.", f"See, {COPY}, and {COPY}."),
        ("Well, yes , no", "Well, yes , no"),
        ("\"It's 3.14 - isn't it?\"", "\"It's 3.14 - isn't it?\""),
        ("4 kids sat on 2 of 7 chairs.", "Four kids sat on 2 of seven chairs."),
        ("A 6-year-old won 3-7 at 7:00", "A six-year-old won 3-7 at 7:00"),
        ("~~~", ""),
    ],
)
def test_by_hand(sentence, read):
    assert spell_out(sentence) == read


@pytest.mark.parametrize(
    ("typed", "read", "stopped"),
    [
        ("how are you", "How are you?", False),
        ("what's that", "What's that?", False),
        ("how many dogs do you see", "How many dogs do you see?", False),
        ("do not go", "Do not go.", True),
        ("what a day", "What a day.", True),
        ("when i was young i ran", "When I was young I ran.", True),
        ("i think i'm ill, i.e. tired", "I think I'm ill, i.e. tired.", True),
        ("THE WEATHER IS NICE", "The weather is nice.", True),
        ("NATO", "NATO.", True),
        ("we met on monday in paris!", "We met on Monday in Paris!", False),
        (f"{COPY} is near", f"{COPY} is near.", True),
        ('He said: "No."', 'He said: "No."', False),
        ("A list:", "A list:", False),
        ("", ".", True),
    ],
)
def test_a_text_in_haste_becomes_a_sentence(typed, read, stopped):
    assert as_sentence(typed) == (read, stopped)


@given(SIGNS)
@MANY
def test_a_sentence_is_left_as_it_is(sentence):
    once, _ = as_sentence(sentence)
    assert as_sentence(once) == (once, False)
    assert once.count(COPY) == sentence.count(COPY)


@given(SIGNS)
@MANY
def test_the_subword_model_knows_all_that_is_left(sentence):
    plain = spell_out(tidy(with_gaps(sentence)[0]))
    assert plain.count(COPY) == with_gaps(sentence)[0].count(COPY)
    assert Vocabulary.unk_id not in SUBWORDS.encode(re.sub("[QXZ67]", "", plain))
    assert spell_out(plain) == plain


SUBWORDS = load_model().subwords[SOURCE]
