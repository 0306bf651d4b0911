"""Shipped models against the same networks in eager PyTorch, one thread each, in one run.

    python -m core.benchmark

Both sides answer the same input from the bytes to the result. The eager network has the shipped
sizes and walks the very search tree that the shipped model grew, so that both do the same steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import torch

from core import captioning, forecasting, translation
from core.captioning.inference import fit_photo
from core.captioning.model import CaptionDecoder, DecoderConfig, Photo, State
from core.decoding import beam_search
from core.forecasting.inference import LEVELS, scale_mixture
from core.forecasting.model import Ensemble, Forecaster, ForecasterConfig
from core.search_tree import SearchTree
from core.series.windows import read_days
from core.training.contests import (
    Contest,
    digits_contest,
    fused_sentiment_contest,
    sentiment_contest,
    tagging_contest,
)
from core.training.encoders import load_encoder
from core.translation import model as translator
from core.uploads import read_image
from core.vocabulary import Vocabulary


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


SENTENCE = "Two young children in red coats are playing with a brown dog on the sunny beach."


def translation_contest() -> Contest:
    """Return one sentence of 16 words into German, beam 4."""
    model = translation.load_model()
    network = translator.Translator(translator.ModelConfig(**model.onnx.config["network"])).eval()

    def shipped() -> translation.TranslationResult:
        return translation.translate(model, SENTENCE, "de")

    result = shipped()
    token_ids = torch.from_numpy(result.search.source.token_ids)[None]

    def eager() -> SearchTree:
        with torch.inference_mode():
            source = network.read(token_ids, torch.tensor([token_ids.shape[1]]))
            return _walk_translation(network, source, result.search.tree)

    return Contest("sentence to German, beam 4", shipped, eager)


def _walk_translation(
    network: translator.Translator, source: translator.Source, tree: SearchTree
) -> SearchTree:
    """Run the eager decoder for every step that the shipped search took."""
    order = iter(tree.log_probs)

    def step(token_ids: np.ndarray, states: dict) -> tuple[np.ndarray, dict, dict]:
        state = translator.State(*(torch.from_numpy(states[n]) for n in translator.State._fields))
        gates = network.embed("de", torch.from_numpy(token_ids))
        after, attention_weights = network.step(gates, state, source, mask=None)
        network.log_probs("de", after.attended).numpy()
        known = np.stack([tree.log_probs[next(order)] for _ in token_ids])
        following = {n: part.numpy() for n, part in after._asdict().items()}
        return known, following, {"attention_weights": attention_weights.numpy(), **following}

    states = {n: part.numpy() for n, part in translator.first_state(source)._asdict().items()}
    ids = Vocabulary
    return beam_search(step, states, bos_id=ids.bos_id, eos_id=ids.eos_id, options=tree.options)


CONTESTS = {
    "captioning": captioning_contest,
    "sentiment": sentiment_contest,
    "sentiment_fused": fused_sentiment_contest,
    "translation": translation_contest,
    "tagging": tagging_contest,
    "digits": digits_contest,
    "forecasting": forecasting_contest,
}


def median_ms(answer: Callable[[], object], *, seconds: float = 1.5, fewest: int = 15) -> float:
    """Return the median milliseconds of one call, caches and clock warm.

    Args:
        answer: What is timed.
        seconds: To repeat for, after a fifth of it to warm up.
        fewest: Calls that count at least.
    """
    spent: list[float] = []
    for least, patience in ((2, seconds / 5), (fewest, seconds)):
        spent, begin = [], time.perf_counter()
        while len(spent) < least or time.perf_counter() - begin < patience:
            start = time.perf_counter()
            answer()
            spent.append(time.perf_counter() - start)
    return 1000 * float(np.median(spent))


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
