"""Shipped models against the same networks in eager PyTorch, one thread each, in one run.

    python -m core.benchmark

Both sides answer the same input from the bytes to the result. The eager network has the shipped
sizes and walks the very search tree that the shipped model grew, so that both do the same steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from core import captioning, forecasting, sentiment
from core.captioning.inference import fit_photo
from core.captioning.model import CaptionDecoder, DecoderConfig, Photo, State
from core.decoding import SearchTree, beam_search
from core.forecasting.inference import LEVELS, scale_mixture
from core.forecasting.model import Ensemble, Forecaster, ForecasterConfig
from core.sentiment.model import Classifier, ModelConfig, pool
from core.series.windows import read_days
from core.text.tokenization import words_of
from core.training.encoders import load_encoder
from core.uploads import read_image
from core.vocabulary import Vocabulary


@dataclass(frozen=True)
class Contest:
    """One task's input, answered both ways."""

    what: str
    shipped: Callable[[], object]
    eager: Callable[[], object]


def captioning_contest() -> Contest:
    """Return a whole caption: decode the JPEG, encode, beam 3."""
    model, sample = captioning.load_model(), captioning.load_samples()[0]

    def shipped() -> captioning.CaptionResult:
        _, encoded = captioning.open_photo(model, sample.image)
        return captioning.caption(model, encoded)

    tree = shipped().tree
    config = model.onnx.config
    encoder = load_encoder(config["encoder"])
    decoder = CaptionDecoder(DecoderConfig(**config["decoder"])).eval()

    def eager() -> SearchTree:
        photo = read_image(sample.image)
        image = fit_photo(photo, photo_size=config["photo_size"], image_size=config["image_size"])
        with torch.inference_mode():
            seen = decoder.look(encoder(torch.from_numpy(image[None].copy())))
            return _walk(decoder, seen, tree, model.vocabulary)

    return Contest("photo to sentence, beam 3", shipped, eager)


def _walk(decoder: CaptionDecoder, seen: Photo, tree: SearchTree, ids: Vocabulary) -> SearchTree:
    """Run the eager decoder for every step that the shipped search took."""
    order = iter(tree.log_probs)

    def step(token_ids: np.ndarray, states: dict) -> tuple[np.ndarray, dict, dict]:
        before = State(torch.from_numpy(states["hidden"]), torch.from_numpy(states["cell"]))
        after, opened = decoder.read_token(seen.overview_gates, torch.from_numpy(token_ids), before)
        looked = decoder.attend(seen, after.hidden[None], opened["sentinel"][None])
        decoder.spoken_log_probs(looked.output[0]).numpy()
        known = np.stack([tree.log_probs[next(order)] for _ in token_ids])
        return known, {"hidden": after.hidden.numpy(), "cell": after.cell.numpy()}, {}

    states = {"hidden": seen.hidden.numpy(), "cell": seen.cell.numpy()}
    return beam_search(step, states, bos_id=ids.bos_id, eos_id=ids.eos_id, options=tree.options)


def forecasting_contest() -> Contest:
    """Return 20 days ahead with all quantiles: prices to inputs, networks, quantiles."""
    model = forecasting.load_model()
    series = forecasting.read_series(forecasting.load_samples("stocks")[0].content, "stocks")
    sizes = model.config["stocks"]
    names = [field.name for field in fields(ForecasterConfig)]
    config = ForecasterConfig(**{name: sizes[name] for name in names})
    ensemble = Ensemble([Forecaster(config) for _ in range(sizes["num_members"])]).eval()
    origins = np.array([len(series.values) - 1])

    def eager() -> np.ndarray:
        days = read_days(series, "stocks", int(origins[0]), config.num_horizons)
        inputs = torch.from_numpy(days.windows(origins, config.window_length))
        with torch.inference_mode():
            *parts, _ = ensemble(inputs)
        out = dict(zip(("weights", "means", "scales"), (p.numpy() for p in parts), strict=True))
        return scale_mixture(out, days, origins).quantiles(LEVELS)

    return Contest("prices to 20 distributions", lambda: forecasting.forecast(model, series), eager)


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


CONTESTS = {
    "captioning": captioning_contest,
    "sentiment": sentiment_contest,
    "sentiment_fused": fused_sentiment_contest,
    "forecasting": forecasting_contest,
}


def median_ms(answer: Callable[[], object], *, repeats: int = 15) -> float:
    """Return the median milliseconds of one call, after two calls to warm up."""
    seconds = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        answer()
        seconds.append(time.perf_counter() - start)
    return 1000 * float(np.median(seconds[2:]))


def main() -> None:
    """Print a table, then one JSON object."""
    torch.set_num_threads(1)
    results = {}
    print(f"{'task':15} {'what':28} {'shipped ms':>10} {'eager ms':>9} {'faster':>7}")
    for task, prepare in CONTESTS.items():
        contest = prepare()
        shipped, eager = median_ms(contest.shipped), median_ms(contest.eager)
        results[task] = {"shipped_ms": shipped, "eager_ms": eager, "speedup": eager / shipped}
        print(f"{task:15} {contest.what:28} {shipped:10.1f} {eager:9.1f} {eager / shipped:6.1f}x")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
