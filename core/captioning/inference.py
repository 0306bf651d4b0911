"""A photo becomes a sentence: the shipped encoder and decoder, run with ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from core.decoding import Arrays, Step, beam_search
from core.onnx_model import MODELS, OnnxModel, load_onnx_model, read_checked
from core.search_tree import Hypothesis, SearchOptions, SearchTree
from core.uploads import read_image
from core.vocabulary import EOS, Vocabulary, parse_vocabulary

RECORDED = (
    "attention_weights",
    "sentinel_weight",
    "next_hidden",
    "next_cell",
    "input_gate",
    "forget_gate",
    "candidate",
    "output_gate",
)


@dataclass(frozen=True)
class CaptionOptions:
    """How a sentence is searched for and chosen; the defaults were tuned on the dev split."""

    beam_size: int = 3
    length_penalty: float = 0.7
    """Exponent of the length in the final ranking (Wu et al. 2016); 0 prefers short sentences."""
    max_new_tokens: int = 20


@dataclass(frozen=True)
class CaptionModel:
    """The shipped graphs and their vocabulary."""

    onnx: OnnxModel
    vocabulary: Vocabulary


@dataclass(frozen=True)
class EncodedImage:
    """What the decoder knows of a photo: computed once, read at every word. R = regions."""

    image: np.ndarray
    """(S, S, 3) uint8, the photo as the encoder saw it."""
    states: dict[str, np.ndarray]
    """First hidden and cell state and the projected regions, one row each."""


@dataclass(frozen=True)
class CaptionResult:
    """One sentence and how it came about. T = words plus the end token, R = regions."""

    tokens: tuple[str, ...]
    """The words, without the end token."""
    hypothesis: Hypothesis
    """The path through the tree that was chosen."""
    attention_weights: np.ndarray
    """(T, R) float32 in [0, 1]; each row sums to 1. Row t: regions looked at for token t."""
    sentinel_weight: np.ndarray
    """(T,) float32 in [0, 1]: share of the word that came from the words before, not the photo."""
    hidden_states: np.ndarray
    """(T, H) float32 in [-1, 1]: the LSTM's output while it chose token t."""
    cell_states: np.ndarray
    """(T, H) float32: the LSTM's memory while it chose token t."""
    gates: dict[str, np.ndarray] = field(repr=False)
    """input_gate, forget_gate, output_gate (T, H) in [0, 1]; candidate (T, H) in [-1, 1]."""
    tree: SearchTree = field(repr=False)
    """Everything that the search weighed."""

    @cached_property
    def log_probs(self) -> np.ndarray:
        """(T, V) float32, natural logarithms: the distribution that token t was chosen from."""
        return np.stack([self.tree.log_probs[n] for n in self.tree.parents(self.hypothesis)])

    @property
    def caption(self) -> str:
        """The sentence, lower case, words separated by spaces."""
        return " ".join(self.tokens)

    @property
    def log_prob(self) -> float:
        """Natural logarithm of the whole sentence's probability (<= 0)."""
        return self.hypothesis.log_prob

    @property
    def probabilities(self) -> np.ndarray:
        """(T,) in [0, 1]: each token's probability given the ones before, the end token last."""
        return np.exp(np.array(self.hypothesis.token_log_probs))


@dataclass(frozen=True)
class Alternative:
    """A token that could have stood here."""

    token: str
    probability: float


def load_model(*, models: Path = MODELS) -> CaptionModel:
    """Open models/captioning/.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    onnx = load_onnx_model("captioning", models=models)
    words = read_checked("captioning/vocabulary.json", models=models)
    return CaptionModel(onnx, parse_vocabulary(words))


def fit_photo(photo: Image.Image, *, photo_size: int, image_size: int) -> np.ndarray:
    """Squeeze an upright RGB photo to what the encoder was trained on.

    Args:
        photo: RGB, any size; its aspect ratio is not kept, as in the training photos.
        photo_size: Side of the square that the training photos were stored in.
        image_size: Side of the square that the encoder reads (S).

    Returns:
        (S, S, 3) uint8.
    """
    square, bicubic = (photo_size, photo_size), Image.Resampling.BICUBIC
    if photo.size != square:  # where that leaves enough, means of 2 x 2 pixels come first
        photo = photo.resize(square, bicubic, reducing_gap=1.1)
    if image_size != photo_size:
        photo = photo.resize((image_size, image_size), bicubic)
    return np.asarray(photo)


def encode_image(model: CaptionModel, photo: Image.Image) -> EncodedImage:
    """Run the CNN encoder once.

    Args:
        model: From `load_model`.
        photo: RGB, upright; `core.uploads.read_image` returns one.
    """
    config = model.onnx.config
    image = fit_photo(photo, photo_size=config["photo_size"], image_size=config["image_size"])
    return EncodedImage(image, model.onnx.run("encoder", image=image[None]))


def caption(
    model: CaptionModel, encoded: EncodedImage, options: CaptionOptions | None = None
) -> CaptionResult:
    """Write the likeliest sentence about an encoded photo."""
    options = options or CaptionOptions()
    search = SearchOptions(options.beam_size, options.max_new_tokens)
    ids = model.vocabulary
    step, states = decoder_of(model, encoded)
    tree = beam_search(step, states, bos_id=ids.bos_id, eos_id=ids.eos_id, options=search)
    return read_hypothesis(model, tree, tree.ranked(options.length_penalty)[0])


def read_hypothesis(model: CaptionModel, tree: SearchTree, hypothesis: Hypothesis) -> CaptionResult:
    """Collect what the network did along one finished path; the network does not run."""
    recorded = {name: tree.recorded(name, hypothesis) for name in RECORDED}
    return CaptionResult(
        tokens=model.vocabulary.decode(hypothesis.token_ids),
        hypothesis=hypothesis,
        attention_weights=recorded["attention_weights"],
        sentinel_weight=recorded["sentinel_weight"],
        hidden_states=recorded["next_hidden"],
        cell_states=recorded["next_cell"],
        gates={name: recorded[name] for name in RECORDED[4:]},
        tree=tree,
    )


def alternatives(
    model: CaptionModel, result: CaptionResult, position: int, count: int = 5
) -> tuple[Alternative, ...]:
    """Return the likeliest tokens at one position of the sentence, best first."""
    log_probs = result.log_probs[position]
    best = np.argsort(-log_probs, kind="stable")[:count]
    return tuple(Alternative(model.vocabulary.tokens[i], float(np.exp(log_probs[i]))) for i in best)


def decoder_of(model: CaptionModel, encoded: EncodedImage) -> tuple[Step, Arrays]:
    """Return the decoder for one photo and its first states; the photo itself never changes."""
    changing = ("hidden", "cell")
    photo = {name: array for name, array in encoded.states.items() if name not in changing}

    def step(token_ids: np.ndarray, states: Arrays) -> tuple[np.ndarray, Arrays, Arrays]:
        out = model.onnx.run("decoder_step", token=token_ids, **states, **photo)
        following = {"hidden": out["next_hidden"], "cell": out["next_cell"]}
        return out["log_probs"], following, {name: out[name] for name in RECORDED}

    return step, {name: encoded.states[name] for name in changing}


def open_photo(model: CaptionModel, content: bytes) -> tuple[Image.Image, EncodedImage]:
    """Return an uploaded photo in its own shape, and what the encoder makes of it.

    Raises:
        InputError: If the bytes are no photo; see `core.uploads.read_image`.
    """
    photo = read_image(content)
    return photo, encode_image(model, photo)


def written_tokens(result: CaptionResult) -> tuple[str, ...]:
    """Return (T,) tokens: the words and, unless the sentence was cut, the end token."""
    return (*result.tokens, EOS) if result.hypothesis.complete else result.tokens
