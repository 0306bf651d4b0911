"""Five shapes of sequence, each run on a real network: what went in, through and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core import captioning, digits, sentiment, tagging, translation
from core.text.copies import needs_no_translation
from core.text.sentences import split_sentences
from core.text.typed_text import located_words

MAX_CHARS = 10_000
"""Most characters of a text in which a sentence is looked for."""
MOST_WORDS = 40
"""Words and signs of the sentence that are read at most."""


@dataclass(frozen=True)
class Stage:
    """An array on its way through a network."""

    meaning: str
    shape: tuple[int, ...]
    letters: str = ""
    """One letter per axis, the glossary's; "." for an axis that has none."""


def flow(stages: Sequence[Stage]) -> str:
    """Write stages as Markdown: `(1, S=9)` words → `(1, S=9, E=256)` vectors."""
    return " → ".join(f"`{_sizes(stage)}` {stage.meaning}" for stage in stages)


def _sizes(stage: Stage) -> str:
    letters = stage.letters or "." * len(stage.shape)
    named = (
        str(size) if letter == "." else f"{letter}={size}"
        for letter, size in zip(letters, stage.shape, strict=True)
    )
    return f"({', '.join(named)})"


def _batch(array: np.ndarray) -> tuple[int, ...]:
    """Return the shape of one row as the graph had it, in a batch of one."""
    return (1, *array.shape)


def first_sentence(text: str) -> tuple[str, bool]:
    """Return the first sentence of a text that has a word, and whether anything was left out.

    Of a sentence of more than MOST_WORDS words and signs only so many; "" if there is none.
    """
    for piece in split_sentences(text[:MAX_CHARS]):
        if words := located_words(piece.text):
            read = words[:MOST_WORDS]
            more = len(located_words(text[:MAX_CHARS])) > len(read) or len(text) > MAX_CHARS
            return piece.text[: read[-1].end], more
    return "", False


def digit_stages(result: digits.DigitResult) -> list[Stage]:
    """Return what went through the feed-forward network."""
    return [
        Stage("pixels", _batch(result.pixels)),
        Stage("hidden units", _batch(result.hidden), ".H"),
        Stage("logits, one per digit", _batch(result.logits)),
    ]


@dataclass(frozen=True)
class Described:
    """A photo and the sentence that was written about it."""

    encoded: captioning.EncodedImage
    result: captioning.CaptionResult


def describe(model: captioning.CaptionModel, photo: bytes) -> Described:
    """Write a sentence about a photo.

    Raises:
        InputError: If the bytes are no photo.
    """
    _, encoded = captioning.open_photo(model, photo)
    return Described(encoded, captioning.caption(model, encoded))


def caption_stages(described: Described) -> list[Stage]:
    """Return what went through the encoder once and what came out of the decoder at each step."""
    return [
        Stage("photo", _batch(described.encoded.image)),
        Stage("regions of it", described.encoded.states["regions"].shape, "..H"),
        Stage(
            "log-probabilities: a row per word, the end included",
            described.result.log_probs.shape,
            "TV",
        ),
    ]


@dataclass(frozen=True)
class Judged:
    """A sentence's verdict and the arrays behind it, each with its batch axis."""

    result: sentiment.SentimentResult
    arrays: Mapping[str, np.ndarray]
    """logit, hidden_forward and hidden_backward."""


def judge(model: sentiment.SentimentModel, sentence: str) -> Judged:
    """Return the verdict on a sentence.

    Raises:
        InputError: If there is no word in it.
    """
    result = sentiment.classify(model, sentence)
    lengths = np.array([len(result.tokens)])
    inputs = {"embeddings": result.embeddings[None], "lengths": lengths}
    return Judged(result, model.onnx.run("bilstm", **inputs))


def verdict_stages(judged: Judged) -> list[Stage]:
    """Return what went through the network that judges."""
    halves = [judged.arrays[name] for name in ("hidden_forward", "hidden_backward")]
    return [
        Stage("words", _batch(judged.result.reading.token_ids), ".S"),
        Stage("vectors", _batch(judged.result.embeddings), ".SE"),
        Stage("states of both directions", np.concatenate(halves, axis=-1).shape, ".S."),
        Stage("logit", judged.arrays["logit"].shape),
    ]


def tag_stages(result: tagging.TaggingResult) -> list[Stage]:
    """Return what went through the tagger."""
    return [
        Stage("features of each word", _batch(result.feature_ids), ".S."),
        Stage("vectors", _batch(result.embeddings), ".S."),
        Stage("states of both directions", _batch(result.hidden_states), ".S."),
        Stage("logits, one per tag", _batch(result.logits), ".SK"),
    ]


def can_be_translated(sentence: str) -> bool:
    """Tell whether a sentence holds anything that a translator would read."""
    return not needs_no_translation(sentence)


def translate_all(
    model: translation.TranslationModel, sentence: str
) -> dict[str, translation.TranslationResult]:
    """Return the translation into every language, by its name.

    Raises:
        InputError: If there is nothing in it to translate.
    """
    languages = translation.LANGUAGES.items()
    return {name: translation.translate(model, sentence, code) for code, name in languages}


def reading_stages(result: translation.TranslationResult) -> list[Stage]:
    """Return what went through the network that reads, once for all languages."""
    source = result.search.source
    return [
        Stage("pieces of words", _batch(source.token_ids), ".S"),
        Stage("states of both directions", source.states["encoder_outputs"].shape, ".SD"),
    ]


def writing_stages(result: translation.TranslationResult) -> list[Stage]:
    """Return what came out of the network that writes one language."""
    return [Stage("log-probabilities, a row per piece", result.log_probs.shape, "TV")]
