"""A text becomes a verdict: the shipped networks, run with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from core.cells.lstm_cell import CellWeights, sigmoid
from core.errors import InputError
from core.onnx_model import MODELS, OnnxModel, load_onnx_model, read_checked
from core.text.tokenization import words_of
from core.text.typed_text import TypedWord, located_words
from core.vocabulary import Vocabulary, parse_vocabulary

MAIN = "bilstm"
"""The network whose verdict is shown; the others are there to be compared with it."""
NETWORKS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM", "bilstm": "BiLSTM"}
"""Graphs that judge a text, and what people call them."""
MAX_CHARS = 10_000
"""Most characters of one text that are looked at; the network's own limit is in words."""
BATCH_TOKENS = 8192
"""Most tokens, padding included, that run at once when many texts are judged."""
NOTHING = "There is no word to read yet. Write a sentence, or take one of the samples."


@dataclass(frozen=True)
class SentimentModel:
    """The shipped graphs, their vocabulary, and the weights of their recurrent layers."""

    onnx: OnnxModel
    vocabulary: Vocabulary
    weights: dict[str, np.ndarray] = field(repr=False)
    """Every recurrent and readout array by its name in the graph `weights`, PyTorch's layout."""

    @property
    def max_tokens(self) -> int:
        """Most words and signs of a text that the networks read."""
        return self.onnx.config["max_tokens"]

    def cell(self, layer: str) -> CellWeights:
        """Return one direction: "bilstm_forward", "bilstm_backward", "rnn", "gru" or "lstm"."""
        own = [f"{layer}_{part}" for part in ("weight_ih", "weight_hh")]
        biases = ("bias_ih", "bias_hh") if f"{layer}_bias_hh" in self.weights else ("bias",)
        return CellWeights(
            *(self.weights[n] for n in own), *(self.weights[f"{layer}_{b}"] for b in biases)
        )


@dataclass(frozen=True)
class Reading:
    """What of a text reaches the network; no network has run yet. S = tokens."""

    text: str
    """As typed, whole."""
    words: tuple[TypedWord, ...]
    """S tokens with their places in `text`."""
    token_ids: np.ndarray = field(repr=False)
    """(S,) int64."""
    unknown: tuple[str, ...]
    """Tokens that the vocabulary lacks, each once, in the order of reading."""
    unread: int
    """How many characters behind the last token were not read, because the text is too long."""

    @property
    def fingerprint(self) -> bytes:
        """What a cache may know this reading by: equal for equal texts alone."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).digest()

    @property
    def tokens(self) -> tuple[str, ...]:
        """S tokens as the network reads them."""
        return tuple(word.text for word in self.words)


@dataclass(frozen=True)
class SentimentResult:
    """The verdict on one text."""

    reading: Reading
    embeddings: np.ndarray = field(repr=False)
    """(S, E) float32: the numbers that stand for each token; every network reads these."""
    log_odds: float
    """Above 0 positive, below 0 negative; calibrated on the dev split."""

    @property
    def probability(self) -> float:
        """Of positive, in [0, 1]: the sigmoid of `log_odds`."""
        return float(sigmoid(np.float64(self.log_odds)))

    @property
    def tokens(self) -> tuple[str, ...]:
        """S tokens as the network read them."""
        return self.reading.tokens

    @property
    def label(self) -> str:
        """ "positive" or "negative"."""
        return label_of(self.probability)


def label_of(probability: float) -> str:
    """Return the name of the likelier side."""
    return "positive" if probability >= 0.5 else "negative"


def load_model(*, models: Path = MODELS) -> SentimentModel:
    """Open models/sentiment/.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    onnx = load_onnx_model("sentiment", models=models)
    words = read_checked("sentiment/vocabulary.json", models=models)
    return SentimentModel(onnx, parse_vocabulary(words), onnx.run("weights"))


def read(model: SentimentModel, text: str) -> Reading:
    """Split a text into what the network reads; never fails, whatever was typed."""
    words = located_words(text[:MAX_CHARS])
    cut = len(words) > model.max_tokens
    words = words[: model.max_tokens]
    tokens = [word.text for word in words]
    known = model.vocabulary.token_ids
    return Reading(
        text=text,
        words=words,
        token_ids=np.array(model.vocabulary.encode(tokens), np.int64),
        unknown=tuple(dict.fromkeys(token for token in tokens if token not in known)),
        unread=len(text) - words[-1].end if cut else max(0, len(text) - MAX_CHARS),
    )


def embed(model: SentimentModel, token_ids: np.ndarray) -> np.ndarray:
    """Return (B, S, E) float32 for (B, S) int64."""
    return model.onnx.run("embed", token_ids=token_ids)["embeddings"]


def log_odds_of(
    model: SentimentModel, embeddings: np.ndarray, lengths: np.ndarray, network: str = MAIN
) -> np.ndarray:
    """Return (B,) log-odds of positive from one network, for a padded batch.

    Args:
        model: From `load_model`.
        embeddings: (B, S, E) float32.
        lengths: (B,) int64, each at least 1.
        network: A key of NETWORKS. The main one is calibrated with a temperature that was fitted
            on the dev split; the others say what they say.

    Source: Guo et al. (2017), arXiv:1706.04599, section 4.2.
    """
    logits = model.onnx.run(network, embeddings=embeddings, lengths=lengths)["logit"]
    logits = logits.astype(np.float64)
    return logits / temperature(model, lengths) if network == MAIN else logits


def temperature(model: SentimentModel, lengths: np.ndarray) -> np.ndarray:
    """Return (B,): what the main network's logits are divided by; it grows with the length."""
    config = model.onnx.config
    return config["temperature"] * lengths ** np.float64(config["temperature_exponent"])


def judge(model: SentimentModel, reading: Reading) -> SentimentResult:
    """Run the main network on what was read.

    Raises:
        InputError: If there is no word in it.
    """
    if not reading.words:
        raise InputError(NOTHING)
    embeddings = embed(model, reading.token_ids[None])
    log_odds = log_odds_of(model, embeddings, np.array([len(reading.words)]))
    return SentimentResult(reading, embeddings[0], float(log_odds[0]))


def classify(model: SentimentModel, text: str) -> SentimentResult:
    """Return the verdict on a text.

    Raises:
        InputError: If there is no word in it.
    """
    return judge(model, read(model, text))


def classify_many(
    model: SentimentModel,
    texts: Sequence[str],
    report: Callable[[int], None] = lambda done: None,
    *,
    network: str = MAIN,
) -> np.ndarray:
    """Return (N,) probabilities of positive, texts of like length run together.

    Args:
        model: From `load_model`.
        texts: N texts; one without a word gets NaN.
        report: Told now and then how many are done.
        network: A key of NETWORKS; the main one is calibrated.
    """
    encoded = [_token_ids(model, text) for text in texts]
    probabilities = np.full(len(texts), np.nan)
    done = sum(not ids for ids in encoded)
    for rows in _batches([len(ids) for ids in encoded]):
        lengths = np.array([len(encoded[row]) for row in rows])
        batch = np.full((len(rows), lengths.max()), model.vocabulary.pad_id, np.int64)
        for place, row in enumerate(rows):
            batch[place, : len(encoded[row])] = encoded[row]
        log_odds = log_odds_of(model, embed(model, batch), lengths, network)
        probabilities[rows] = sigmoid(log_odds)
        report(done := done + len(rows))
    return probabilities


def _token_ids(model: SentimentModel, text: str) -> list[int]:
    return model.vocabulary.encode(words_of(text[:MAX_CHARS])[: model.max_tokens])


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the rows that hold anything, shortest first, in batches of BATCH_TOKENS at most."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if not lengths[row]:
            continue
        if not batches or (len(batches[-1]) + 1) * lengths[row] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(row)
    return batches
