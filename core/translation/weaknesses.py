"""What goes wrong: hard sentences as the model translates them, and BLEU by length."""

from __future__ import annotations

from dataclasses import dataclass

from core.translation.inference import LANGUAGES, TranslationModel, translate_piece

TEST_SETS = {
    "test": "Everyday sentences (Tatoeba test)",
    "test_2016_flickr": "Photo captions (Multi30k test 2016)",
}
"""Splits whose scores by length a page shows, and what it calls them."""
HARD = {
    "A word it never saw": "The axolotl regenerates its limbs.",
    "A figure of speech": "It is raining cats and dogs.",
    "Names": "Zbigniew lives in Munich, and Emma's house is in Vienna.",
    "Copies": "Write to emma@example.org before 17:30 or see a.com/x and b.com/y.",
    "Repetition": "No, no, no, no, no, no, no, no!",
    "No context": "Bark.",
    "A long sentence": (
        "The man who had lost the key of the house in which the woman whom he had met on the train "
        "that was late because of the snow lives came back to look for it."
    ),
}
"""Sentences on which such a network often goes wrong."""


@dataclass(frozen=True)
class LengthScores:
    """BLEU on one test set by the length of the English sentence, as `evaluate` recorded it."""

    labels: list[str]
    scores: list[float]
    counts: list[int]
    overall: float


def by_length(model: TranslationModel, language: str) -> dict[str, LengthScores]:
    """Return the recorded scores of every test set that has the language."""
    config = model.onnx.config
    return {
        name: LengthScores(
            [row["words"] for row in rows],
            [row["bleu"] for row in rows],
            [row["n"] for row in rows],
            config["metrics"][split][language]["bleu"],
        )
        for split, name in TEST_SETS.items()
        if (rows := config["by_length"].get(split, {}).get(language))
    }


def limits(model: TranslationModel, language: str) -> list[dict[str, str]]:
    """Return, as rows for people, what the model writes for sentences that are hard for it."""
    return [
        {"What": what, "English": text, LANGUAGES[language]: translate_piece(model, text, language)}
        for what, text in HARD.items()
    ]
