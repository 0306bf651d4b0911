"""What a page asks beyond the translation: samples, alternatives, truth check, limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from core.decoding import longest_run, replay
from core.explanations import readable
from core.onnx_model import read_checked
from core.text.copies import fill_gaps, needs_no_translation
from core.text.sentences import Piece
from core.text.subwords import BEGINS, join_pieces
from core.text.typed_text import as_markdown, quoted, shortened
from core.translation.inference import (
    TranslationModel,
    best_of,
    decoder_of,
    encode_sentence,
    search,
)
from core.translation.results import (
    Alternative,
    EncodedSentence,
    TranslationOptions,
    TranslationResult,
)
from core.vocabulary import Vocabulary

MANY_PIECES = 4
"""A word of so many subwords is one that the training sentences hardly held."""
FEW_COPIES = 2
"""Of the same tokens in a row: no sign yet that a translation lost its place."""


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
    translation: str
    """What the model now writes by itself."""
    survived: bool
    """True: the token still stands somewhere in it."""


def hide_words(
    model: TranslationModel,
    result: TranslationResult,
    position: int,
    options: TranslationOptions | None = None,
) -> dict[str, WordCheck]:
    """Take out the source word looked at most for a token, and as a control the one least.

    Empty if the sentence has fewer than two words that could stand without each other.
    """
    source = result.search.source
    words = [word for word in source.words if source.pieces[word[-1]].strip(BEGINS).isalnum()]
    words = [word for word in words if not needs_no_translation(_rest_of(source, word))]
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
    options, rest = options or TranslationOptions(), _rest_of(source, word)
    encoded = encode_sentence(model, rest)
    again = best_of(
        model, search(model, encoded, language, options.beam_size), options.length_penalty
    )
    read = np.array([Vocabulary.bos_id, *result.token_ids[:position]])
    log_probs, _ = replay(*decoder_of(model, encoded, language), read)
    return WordCheck(
        removed=join_pieces(source.pieces[place] for place in word),
        probability=float(np.exp(log_probs[-1, result.token_ids[position]])),
        translation=again.text,
        survived=result.tokens[position] in again.tokens,
    )


def _rest_of(source: EncodedSentence, word: range) -> str:
    """Return the sentence without a word, what is copied put back."""
    rest = [piece for place, piece in enumerate(source.pieces) if place not in word]
    return fill_gaps(join_pieces(rest), source.copied, range(len(source.copied)))


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
            f"It hardly knows “{'”, “'.join(map(quoted, spelled))}” and spells it in pieces, often "
            "wrongly."
        )
    if source.copied:
        told.append(f"Copied, not translated: {', '.join(map(quoted, source.copied))}.")
    if not result.hypothesis.complete:
        told.append("It found no end and was cut.")
    if longest_run(result.tokens) > max(FEW_COPIES, longest_run(source.tokens)):
        told.append("It repeats itself more than the English does: a sign that it lost its place.")
    return told


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
