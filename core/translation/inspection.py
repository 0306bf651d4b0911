"""What a page asks beyond the translation: samples, alternatives, truth check, limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from core.decoding import replay
from core.explanations import readable
from core.onnx_model import read_checked
from core.text.alignment_sentences import repeats
from core.text.copies import fill_gaps, needs_no_translation
from core.text.sentences import Piece
from core.text.subwords import BEGINS, join_pieces
from core.text.typed_text import as_markdown, shortened
from core.translation.inference import (
    LANGUAGES,
    TranslationModel,
    decoder_of,
    encode_sentence,
    translate,
    translate_piece,
)
from core.translation.results import (
    Alternative,
    TranslationOptions,
    TranslationResult,
)
from core.vocabulary import Vocabulary

MANY_PIECES = 4
"""A word of so many subwords is one that the training sentences hardly held."""
TEST_SETS = {
    "test": "Everyday sentences (Tatoeba test)",
    "test_2016_flickr": "Photo captions (Multi30k test 2016)",
}
"""Splits whose scores by length a page shows, and what it calls them."""
HARD = {
    "A word it never saw": "The axolotl regenerates its limbs.",
    "A figure of speech": "It is raining cats and dogs.",
    "A name": "Zbigniew has read the Mahabharata.",
    "Repetition": "No, no, no, no, no, no, no, no!",
    "No context": "Bark.",
    "A long sentence": (
        "The man who had lost the key of the house in which the woman whom he had met on the train "
        "that was late because of the snow lives came back to look for it."
    ),
}
"""Sentences on which such a network often goes wrong."""


@dataclass(frozen=True)
class Sample:
    """A text that the app ships, with what the shipped model wrote."""

    title: str
    text: str
    translations: dict[str, str]
    """By language, stored when the model was exported; a test asks it again."""


def load_samples() -> tuple[Sample, ...]:
    """Read models/translation/samples.json.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    rows = json.loads(read_checked("translation/samples.json"))
    return tuple(Sample(**row) for row in rows)


def load_model_card() -> str:
    """Return models/translation/MODEL_CARD.md.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    return read_checked("translation/MODEL_CARD.md").decode()


def sentences_of(pieces: Sequence[Piece]) -> dict[str, str]:
    """Return the sentences that the network reads, by a short label that no other has."""
    read = [piece.text for piece in pieces if not needs_no_translation(piece.text)]
    return {f"{number} {shortened(text, 40)}": text for number, text in enumerate(read, start=1)}


def alternatives(
    model: TranslationModel, result: TranslationResult, position: int, count: int = 6
) -> tuple[Alternative, ...]:
    """Return the likeliest subwords at one place of a translation, best first."""
    log_probs = result.log_probs[position]
    best = np.argsort(-log_probs, kind="stable")[:count]
    tokens = model.subwords[result.search.language].vocabulary.decode(best)
    return tuple(
        Alternative(int(token_id), token, float(np.exp(log_probs[token_id])))
        for token_id, token in zip(best, tokens, strict=True)
    )


def forceable(
    model: TranslationModel, result: TranslationResult, position: int
) -> dict[str, Alternative]:
    """Return the likeliest other words that could be forced at one place, by a label."""
    others = alternatives(model, result, position)
    return {
        f"{readable(other.token)} ({other.probability:.0%})": other
        for other in others
        if other.token_id not in (result.token_ids[position], Vocabulary.eos_id)
        and np.isfinite(result.log_probs[position][other.token_id])
    }


@dataclass(frozen=True)
class WordCheck:
    """A target token after one source word was taken out."""

    removed: str
    """The source word."""
    probability: float
    """Of the token at its place in the same translation, word gone."""
    caption: str
    """The translation that the model now writes by itself."""
    survived: bool
    """True: the token still stands somewhere in it."""


def hide_words(
    model: TranslationModel,
    result: TranslationResult,
    position: int,
    options: TranslationOptions | None = None,
) -> dict[str, WordCheck]:
    """Take out the source word looked at most for a token, and as a control the one least.

    Empty if the sentence has fewer than two words.
    """
    source = result.search.source
    words = [word for word in source.words if source.pieces[word[-1]].strip(BEGINS).isalnum()]
    if len(words) < 2:
        return {}
    looks = [float(result.attention_weights[position, list(word)].sum()) for word in words]
    chosen = {
        "Without the word it looked at most": words[int(np.argmax(looks))],
        "Without the word it looked at least": words[int(np.argmin(looks))],
    }
    return {name: _without(model, result, word, position, options) for name, word in chosen.items()}


def _without(
    model: TranslationModel,
    result: TranslationResult,
    word: range,
    position: int,
    options: TranslationOptions | None,
) -> WordCheck:
    source, language = result.search.source, result.search.language
    rest = [piece for place, piece in enumerate(source.pieces) if place not in word]
    encoded = encode_sentence(model, join_pieces(rest))
    again = translate(model, encoded.sentence, language, options)
    read = np.array([Vocabulary.bos_id, *result.token_ids[:position]])
    log_probs, _ = replay(*decoder_of(model, encoded, language), read)
    return WordCheck(
        removed=join_pieces(source.pieces[place] for place in word),
        probability=float(np.exp(log_probs[-1, result.token_ids[position]])),
        caption=again.text,
        survived=result.tokens[position] in again.tokens,
    )


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


def remarks(model: TranslationModel, result: TranslationResult) -> list[str]:
    """Say what a reader should know of a translation: how it was read, what may be wrong in it."""
    source, told = result.search.source, []
    if source.changed:
        read = fill_gaps(source.sentence, source.copied, range(len(source.copied)))
        told.append(f"Read as “{as_markdown(read)}”")
    spelled = [
        join_pieces(source.pieces[place] for place in word)
        for word in source.words
        if len(word) >= MANY_PIECES
    ]
    if spelled:
        told.append(
            f"It hardly knows “{'”, “'.join(spelled)}” and spells it in pieces, often wrongly."
        )
    if source.copied:
        told.append(f"Copied, not translated: {', '.join(source.copied)}.")
    if not result.hypothesis.complete:
        told.append("It found no end and was cut.")
    if repeats(result.tokens) > repeats(source.tokens):
        told.append("It repeats itself more than the English does: a sign that it lost its place.")
    return told


def limits(model: TranslationModel, language: str) -> list[dict[str, str]]:
    """Return, as rows for people, what the model writes for sentences that are hard for it."""
    return [
        {"What": what, "English": text, LANGUAGES[language]: translate_piece(model, text, language)}
        for what, text in HARD.items()
    ]


def to_json(result: TranslationResult, options: TranslationOptions) -> str:
    """Return a result as JSON: both sentences, then one entry per target token."""
    tokens = [
        {
            "token": token,
            "probability": float(result.probabilities[position]),
            "attention_weights": result.attention_weights[position].tolist(),
        }
        for position, token in enumerate(result.tokens)
    ]
    record = {
        "source": result.search.source.sentence,
        "to": result.search.language,
        "translation": result.text,
        "log_prob": result.hypothesis.log_prob,
        "source_tokens": list(result.source_tokens),
        "options": asdict(options),
    }
    return json.dumps(record | {"tokens": tokens}, indent=1, ensure_ascii=False)
