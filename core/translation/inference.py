"""English becomes German, French or Spanish: the shipped networks, run with ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from core.decoding import Arrays, Step, beam_search_without_loops, longest_run, replay
from core.errors import InputError
from core.onnx_model import MODELS, OnnxModel, load_onnx_model, read_checked
from core.search_tree import Hypothesis, SearchOptions
from core.text.copies import fill_gaps, needs_no_translation, says_something, with_gaps
from core.text.sentences import Piece, join_pieces, split_sentences, tidy
from core.text.spelling import as_sentence, spell_out
from core.text.subwords import Subwords, parse_subwords
from core.translation.results import (
    EncodedSentence,
    TranslationOptions,
    TranslationResult,
    TranslationSearch,
)
from core.vocabulary import EOS, Vocabulary

SOURCE = "en"
LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish"}
"""What English is translated into, and what people call it."""
MAX_CHARS = 3_000
"""Most characters of a text that are translated."""
MAX_NEW_TOKENS = 200
MOST_COPIES = 3
"""Of the same tokens one after another, where the English has no more: never an endless loop."""
NOTHING = "There is no word to translate yet. Write an English sentence, or take a sample."
_CHANGING = ("hidden", "cell", "attended")
"""States of the decoder; all else of a sentence stays as it is."""


@dataclass(frozen=True)
class TranslationModel:
    """The shipped graphs and the subwords of each language."""

    onnx: OnnxModel
    subwords: dict[str, Subwords]


def load_model(*, models: Path = MODELS) -> TranslationModel:
    """Open models/translation/.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    onnx = load_onnx_model("translation", models=models)
    files = {name: f"translation/{name}.model" for name in (SOURCE, *LANGUAGES)}
    subwords = {n: parse_subwords(read_checked(f, models=models)) for n, f in files.items()}
    return TranslationModel(onnx, subwords)


def encode_sentence(model: TranslationModel, sentence: str) -> EncodedSentence:
    """Read one English sentence once, for every language.

    Raises:
        InputError: If there is nothing in it to translate.
    """
    subwords = model.subwords[SOURCE]
    with_copies, copied = with_gaps(sentence, subwords.hardly_knows)
    if not says_something(with_copies):
        raise InputError(NOTHING)
    typed = tidy(with_copies)
    plain, stopped = as_sentence(spell_out(typed))
    token_ids = np.array([*subwords.encode(plain), Vocabulary.eos_id], np.int64)
    out = model.onnx.run("encoder", token_ids=token_ids[None])
    states = {name: out[name] for name in ("keys", "encoder_outputs", "hidden", "cell")}
    states["attended"] = np.zeros_like(out["hidden"])
    return EncodedSentence(
        sentence=plain,
        copied=copied,
        changed=plain != typed,
        stopped=stopped,
        token_ids=token_ids,
        tokens=(*subwords.vocabulary.decode(token_ids[:-1]), EOS),
        pieces=tuple(subwords.pieces(plain)),
        states=states,
        layers={n: out[n][0] for n in ("word_vectors", "first_states", "encoder_outputs")},
    )


def search(
    model: TranslationModel,
    encoded: EncodedSentence,
    language: str,
    beam_size: int = TranslationOptions.beam_size,
    forced: tuple[int, ...] = (),
) -> TranslationSearch:
    """Search for translations that begin with the forced tokens."""
    step, states = decoder_of(model, encoded, language)
    begin, limit = Vocabulary.bos_id, min(2 * len(encoded.token_ids) + 8, MAX_NEW_TOKENS)
    log_probs, looked = np.zeros((0, 0), np.float32), []
    if forced:
        read = np.array([begin, *forced])
        log_probs, records = replay(step, states, read[:-1])
        looked, begin = [record["attention_weights"] for record in records], forced[-1]
        states = {name: records[-1][name][None] for name in _CHANGING}
    tree = beam_search_without_loops(
        step,
        states,
        bos_id=begin,
        eos_id=Vocabulary.eos_id,
        options=SearchOptions(beam_size, max(1, limit - len(forced))),
        most=max(MOST_COPIES, longest_run(encoded.token_ids)),
    )
    attention = np.array(looked).reshape(len(forced), len(encoded.token_ids))
    return TranslationSearch(encoded, language, forced, log_probs, attention, tree)


def decoder_of(
    model: TranslationModel, encoded: EncodedSentence, language: str
) -> tuple[Step, Arrays]:
    """Return the decoder of one language for a sentence, and its first states."""
    graph = f"decoder_{language}"
    fixed = {name: encoded.states[name] for name in ("keys", "encoder_outputs")}
    copy_id = model.subwords[language].copy_id

    def step(token_ids: np.ndarray, states: Arrays) -> tuple[np.ndarray, Arrays, Arrays]:
        out = model.onnx.run(graph, token=token_ids, **states, **fixed)
        if not encoded.copied:  # there is nothing to copy
            out["log_probs"][:, copy_id] = -np.inf
        following = {name: out[f"next_{name}"] for name in _CHANGING}
        records = {"attention_weights": out["attention_weights"], **following}
        return out["log_probs"], following, records

    return step, {name: encoded.states[name] for name in _CHANGING}


def read_hypothesis(
    model: TranslationModel, found: TranslationSearch, hypothesis: Hypothesis
) -> TranslationResult:
    """Collect what the network did along one finished path; the network does not run."""
    ending = (Vocabulary.eos_id,) if hypothesis.complete else ()
    token_ids = (*found.forced, *hypothesis.token_ids, *ending)
    looked = found.tree.recorded("attention_weights", hypothesis)
    attention = np.concatenate([found.forced_attention, looked]).astype(np.float32)
    subwords = model.subwords[found.language]
    return TranslationResult(
        search=found,
        hypothesis=hypothesis,
        text=_fill(model, found, token_ids, attention),
        token_ids=token_ids,
        tokens=subwords.vocabulary.decode(token_ids),
        attention_weights=attention,
    )


def _fill(
    model: TranslationModel,
    found: TranslationSearch,
    token_ids: tuple[int, ...],
    attention: np.ndarray,
) -> str:
    """Return the text, each gap filled with what the network looked at most, no stop added."""
    subwords, source = model.subwords[found.language], found.source
    text = subwords.decode(token_ids)
    if source.stopped and text[:-1].strip(" .") and text.endswith(".") and text[-2] != ".":
        text = text[:-1]
    if not source.copied:
        return text
    gaps = np.flatnonzero(source.token_ids == model.subwords[SOURCE].copy_id)
    places = [t for t, token_id in enumerate(token_ids) if token_id == subwords.copy_id]
    order = [int(attention[t, gaps].argmax()) for t in places] if len(gaps) else []
    return fill_gaps(text, source.copied, order)


def translate(
    model: TranslationModel,
    sentence: str,
    language: str,
    options: TranslationOptions | None = None,
) -> TranslationResult:
    """Translate one English sentence.

    Args:
        model: From `load_model`.
        sentence: English, one sentence; see `translate_text` for more.
        language: A key of LANGUAGES.
        options: How to search and choose.

    Raises:
        InputError: If there is nothing in it to translate.
    """
    options = options or TranslationOptions()
    found = search(model, encode_sentence(model, sentence), language, options.beam_size)
    return best_of(model, found, options.length_penalty)


def best_of(
    model: TranslationModel,
    found: TranslationSearch,
    length_penalty: float = TranslationOptions.length_penalty,
) -> TranslationResult:
    """Return the best translation of a search that has a letter; the network does not run."""
    ranked = (read_hypothesis(model, found, h) for h in found.tree.ranked(length_penalty))
    best = next(ranked)
    return next((result for result in chain([best], ranked) if says_something(result.text)), best)


def pieces_of(text: str) -> tuple[tuple[Piece, ...], int]:
    """Return the sentences of a text's first MAX_CHARS characters, and how many were left."""
    return split_sentences(text[:MAX_CHARS], tags=True), max(0, len(text) - MAX_CHARS)


def translate_text(
    model: TranslationModel,
    text: str,
    language: str,
    options: TranslationOptions | None = None,
) -> str:
    """Translate a text sentence by sentence; line breaks, and what is no language, stay.

    Raises:
        InputError: If there is nothing to read, or more than MAX_CHARS characters.
    """
    pieces, left = pieces_of(text)
    if not text.strip():
        raise InputError(NOTHING)
    if left:
        raise InputError(
            f"The text has {len(text):,} characters; up to {MAX_CHARS:,} are translated at once."
        )
    return join_pieces(pieces, [translate_piece(model, p.text, language, options) for p in pieces])


def translate_piece(
    model: TranslationModel,
    sentence: str,
    language: str,
    options: TranslationOptions | None = None,
) -> str:
    """Return a sentence's translation alone; what needs none comes back as it is."""
    if needs_no_translation(sentence):
        return sentence
    return translate(model, sentence, language, options).text


def translate_for_all(model: TranslationModel, sentence: str) -> dict[str, str]:
    """Return the same for every language, the sentence read once."""
    if needs_no_translation(sentence):
        return dict.fromkeys(LANGUAGES, sentence)
    encoded = encode_sentence(model, sentence)
    return {name: best_of(model, search(model, encoded, name)).text for name in LANGUAGES}
