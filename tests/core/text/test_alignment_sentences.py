"""What is said beside a translation, by hand-worked cases."""

from types import SimpleNamespace

import numpy as np

from core.text import alignment_sentences as say

SOURCE = ("A", "dog", "sleep", "·s", "·.", "<eos>")


def test_the_room_is_counted_and_the_rest_is_not_lost():
    assert say.counted(12, 3000) == "12 of 3,000 characters."
    told = say.counted(50_000, 3000)
    assert told.startswith("50,000 of 3,000 characters.") and "first 3,000" in told


def test_a_token_names_where_it_looked_most_first():
    told = say.looked_at("·s", 0.834, SOURCE, np.array([0.02, 0.2, 0.7, 0.05, 0.02, 0.01]))
    assert told == "**83%** sure of “s”. It looked at “sleep” (70%) and “dog” (20%)."
    told = say.looked_at("Hund", 1.0, SOURCE, np.full(6, 1 / 12))
    assert told.endswith("It looked at nowhere in particular.")


def test_what_a_visitor_typed_is_no_markup():
    told = say.looked_at("*b*", 0.5, ("[x](y)",), np.array([1.0]))
    assert "[x](y)" not in told and "*b*" not in told


def test_the_verdict_of_a_check_depends_on_both_words():
    def check(removed, probability):
        return SimpleNamespace(removed=removed, probability=probability, caption="", survived=True)

    def told(most, least):
        return say.what_removing_showed("Hund", 0.8, check("dog", most), check("the", least))

    assert "**needs**" in told(0.1, 0.8) and "“dog”, where it looked most, 10%" in told(0.1, 0.8)
    assert "**survives**" in told(0.7, 0.8)
    assert "**suffers whichever**" in told(0.1, 0.2)


def test_texts_grow_word_by_word_and_end_whole():
    grown = list(say.word_by_word(["one two\nthree", "eins"], ["", ""], seconds=0))
    assert grown == [["one", "eins"], ["one two", "eins"], ["one two\nthree", "eins"]]
    assert list(say.word_by_word(["", ""], ["", ""], seconds=0)) == [["", ""]]


def test_words_that_stay_are_not_written_again():
    before = ["one two", "ein zwei drei"]
    grown = list(say.word_by_word(["one two three", "ein vier fünf"], before, seconds=0))
    assert grown == [["one two", "ein vier"], ["one two three", "ein vier fünf"]]
    assert list(say.word_by_word(["one"], ["one"], seconds=0)) == [["one"]]


def test_stored_translations_stand_for_their_own_text_alone():
    samples = [SimpleNamespace(text="A dog.", translations={"de": "Ein Hund.", "fr": "Un chien."})]
    assert say.stored("A dog.", samples, ("fr", "de")) == ["Un chien.", "Ein Hund."]
    assert say.stored("A cat.", samples, ("fr", "de")) == ["…", "…"]


def test_pairs_are_counted_per_language():
    pairs = [SimpleNamespace(right={"de": True, "fr": i > 1}) for i in range(4)]
    told = say.judged(pairs, {"de": "German", "fr": "French"}, 5)
    assert "Of the 8 English sentences 5 were among its training sentences." in told
    assert "our 4 such pairs" in told and "4 in German, 2 in French" in told


def test_sentences_and_translations_stand_side_by_side():
    pair = SimpleNamespace(sentences=("a", "b"), translations={"de": ("x", "y")})
    assert say.side_by_side(pair, {"de": "German"}) == [
        {"English": "a", "German": "x"},
        {"English": "b", "German": "y"},
    ]
