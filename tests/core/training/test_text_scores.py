"""BLEU against a hand-worked value, and references of unequal number."""

import pytest

from core.training.text_scores import score, score_by_length


def test_a_translation_equal_to_one_of_its_references_is_perfect():
    found = score(
        ["Der Hund schläft im Haus."] * 2,
        [
            ["Ein anderer Satz steht hier nun.", "Der Hund schläft im Haus."],
            ["Der Hund schläft im Haus."],
        ],
    )
    assert found.bleu == pytest.approx(100) and found.chrf == pytest.approx(100)
    assert "case:mixed" in found.signature and "tok:13a" in found.signature
    assert "nc:6" in found.chrf_signature and "nw:0" in found.chrf_signature


def test_bleu_of_a_hand_worked_case():
    """5 words, one wrong at the end: precisions 4/5, 3/4, 2/3, 1/2, no brevity penalty."""
    found = score(["a b c d x"], [["a b c d e"]])
    assert found.bleu == pytest.approx(100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_long_sentences_that_are_few_join_the_shorter_and_too_few_have_no_score():
    sources = ["a b c"] * 20 + ["a " * 12, "a " * 25]
    written, references = ["x y z w"] * 20 + ["x"] * 2, [["x y z w"]] * 20 + [["x"]] * 2
    rows = score_by_length(sources, written, references)
    assert [(row["words"], row["n"]) for row in rows] == [("1 and more", 22)]
    assert score_by_length(sources[-2:], written[-2:], references[-2:]) == []
    more = [["a b c"] * 20, ["a " * 7] * 15, ["a " * 12] * 10, ["a " * 30] * 11]
    sources = [text for group in more for text in group]
    rows = score_by_length(sources, sources, [[text] for text in sources])
    assert [(row["words"], row["n"]) for row in rows] == [("1–5", 20), ("11 and more", 21)]
