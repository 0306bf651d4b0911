"""Shipped models against eager PyTorch, for tasks that read a text or an image once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core import digits, sentiment, tagging
from core.digits.model import Classifier as DigitClassifier, ModelConfig as DigitConfig
from core.sentiment.model import Classifier, ModelConfig, pool
from core.tagging.inference import cased, encode
from core.tagging.model import ModelConfig as TaggerConfig, Tagger
from core.text.tokenization import words_of
from core.text.typed_text import located_words


@dataclass(frozen=True)
class Contest:
    """One task's input, answered both ways."""

    what: str
    shipped: Callable[[], object]
    eager: Callable[[], object]


REVIEW = (
    "The first half is slow and the jokes are not new, but once the two sisters meet the film "
    "finds its voice, and the last scene is one of the most moving that I have seen in years."
)


def sentiment_contest() -> Contest:
    """Return one sentence of 41 words and signs; eager, one step of a cell after the other."""
    model = sentiment.load_model()
    network = Classifier("bilstm", ModelConfig(**model.onnx.config["network"])).eval()

    def eager() -> Tensor:
        with torch.inference_mode():
            return _walk_words(network, _read_words(model))

    return Contest("sentence to verdict", lambda: sentiment.classify(model, REVIEW), eager)


def fused_sentiment_contest() -> Contest:
    """Return the same against torch's nn.LSTM, whose loop over time is no Python."""
    model = sentiment.load_model()
    network = Classifier("bilstm", ModelConfig(**model.onnx.config["network"])).eval()

    def eager() -> Tensor:
        token_ids = _read_words(model)
        with torch.inference_mode():
            return network(token_ids, torch.tensor([token_ids.shape[1]])).sigmoid()

    return Contest("the same, torch's fused LSTM", lambda: sentiment.classify(model, REVIEW), eager)


def _read_words(model: sentiment.SentimentModel) -> Tensor:
    return torch.tensor([model.vocabulary.encode(words_of(REVIEW))])  # (1, S)


def _walk_words(network: Classifier, token_ids: Tensor) -> Tensor:
    """Run both directions of the eager network word by word."""
    vectors, reader = network.embedding(token_ids), network.reader  # (1, S, E)
    directions = []
    for layer, step in ((reader.forward_lstm, 1), (reader.backward_lstm, -1)):
        weights = layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0
        hidden = cell = vectors.new_zeros(1, layer.hidden_size)
        states = []
        for vector in vectors.unbind(dim=1)[::step]:
            hidden, cell = torch.lstm_cell(vector, (hidden, cell), *weights)
            states.append(hidden)
        directions.append(torch.stack(states[::step], dim=1))  # (1, S, H)
    pooled = pool(torch.cat(directions, dim=-1), torch.tensor([token_ids.shape[1]]))
    return reader.readout(pooled).sigmoid()


def digits_contest() -> Contest:
    """Return one image of 8 x 8 pixels to its ten probabilities."""
    model, image = digits.load_model(), digits.load_samples()[0].image
    network = DigitClassifier(DigitConfig(**model.config["network"])).eval()

    def eager() -> Tensor:
        with torch.inference_mode():
            pixels = torch.from_numpy(image.reshape(1, -1) / digits.WHITE).float()
            return network(pixels)[1].softmax(dim=-1)

    def shipped() -> np.ndarray:
        return digits.recognise(model, image).probabilities

    return Contest("64 pixels to a digit", shipped, eager)


def tagging_contest() -> Contest:
    """Return one sentence of 41 words and signs to its tags, against torch's fused LSTM."""
    model = tagging.load_model()
    network = Tagger(TaggerConfig(**model.onnx.config["network"])).eval()

    def eager() -> Tensor:
        tokens = [cased(REVIEW, word) for word in located_words(REVIEW)]
        feature_ids = torch.from_numpy(encode(model.vocabulary, tokens))[None]
        with torch.inference_mode():
            return network(feature_ids)[2].softmax(dim=-1)

    def shipped() -> np.ndarray:
        return tagging.tag(model, REVIEW).probabilities

    return Contest("sentence to tags, fused LSTM", shipped, eager)
