"""What a page asks beyond the sentence: samples, the truth check, limits, downloads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import numpy as np

from core.captioning.inference import (
    CaptionModel,
    CaptionOptions,
    CaptionResult,
    EncodedImage,
    caption,
    decoder_of,
    written_tokens,
)
from core.decoding import replay
from core.onnx_model import read_checked
from core.regions import least_attended, mask_regions, most_attended


@dataclass(frozen=True)
class Sample:
    """A photo that the app ships, with the sentence that the shipped model wrote about it."""

    name: str
    """For the URL."""
    title: str
    """For people."""
    credit: str
    """Who made the photo, and its licence."""
    image: bytes = field(repr=False)
    """JPEG."""
    caption: str
    """The stored sentence, so that the page has something to show before any network runs."""


def load_samples() -> tuple[Sample, ...]:
    """Read models/captioning/samples.json and its photos.

    Raises:
        ModelFileError: If a file is missing or altered.
    """
    rows = json.loads(read_checked("captioning/samples.json"))
    return tuple(
        Sample(
            name=row["name"],
            title=row["title"],
            credit=row["credit"],
            image=read_checked(f"captioning/samples/{row['name']}.jpg"),
            caption=row["caption"],
        )
        for row in rows
    )


@dataclass(frozen=True)
class TruthCheck:
    """A word before and after the region that the model looked at was painted over."""

    masked: np.ndarray
    """(R,) bool, True = painted over."""
    probability: float
    """Of the word at its place in the same sentence, photo masked."""
    caption: str
    """The sentence that the model now writes by itself."""
    survived: bool
    """True: the word, or the end token, still stands somewhere in that sentence."""


def truth_check(
    model: CaptionModel,
    encoded: EncodedImage,
    result: CaptionResult,
    *,
    position: int,
    masked: np.ndarray,
    options: CaptionOptions | None = None,
) -> TruthCheck:
    """Paint over regions of the photo, run again, and see whether one word survives.

    Args:
        model: From `load_model`.
        encoded: The photo that `result` describes.
        result: The sentence under test.
        position: Which of its tokens.
        masked: (R,) bool, True = paint over; see `most_attended` and `least_attended`.
        options: As for `caption`.
    """
    image = mask_regions(encoded.image, masked)
    hidden = EncodedImage(image, model.onnx.run("encoder", image=image[None]))
    ids = model.vocabulary
    read = np.array([ids.bos_id, *result.hypothesis.token_ids[:position]])
    log_probs, _ = replay(*decoder_of(model, hidden), read)
    token_ids = (*result.hypothesis.token_ids, ids.eos_id)
    again = caption(model, hidden, options)
    return TruthCheck(
        masked=masked,
        probability=float(np.exp(log_probs[-1, token_ids[position]])),
        caption=again.caption,
        survived=written_tokens(result)[position] in written_tokens(again),
    )


def hide_regions(
    model: CaptionModel,
    encoded: EncodedImage,
    result: CaptionResult,
    position: int,
    share: float,
    options: CaptionOptions | None = None,
) -> dict[str, TruthCheck]:
    """Run `truth_check` for the most and for the least attended `share` of regions.

    The second is the control: as much of the photo hidden where, says the model, it looked least.
    """
    weights = result.attention_weights[position]
    hidden = {
        "Without what it looked at most": most_attended(weights, share),
        "Without what it looked at least": least_attended(weights, share),
    }
    return {
        name: truth_check(model, encoded, result, position=position, masked=masked, options=options)
        for name, masked in hidden.items()
    }


def limits(samples: Iterable[Sample]) -> str:
    """Tell as Markdown what the model cannot do, with what it wrote about the shipped photos."""
    examples = "".join(f"\n- **{s.title}**: “{s.caption}” (photo: {s.credit})" for s in samples)
    return (
        "It learnt from 6,000 photos of dogs, children, sport and streets, and it says what is "
        "likely in such photos. Nothing taught it to count, to read, to name people or places, or "
        "to say that it does not know. Cats, rooms, things on a table and print are not in those "
        "photos; what it never saw it takes for something that it did see. "
        f"So it describes the samples, which are unlike its training photos, thus.\n{examples}"
    )


def load_model_card() -> str:
    """Return models/captioning/MODEL_CARD.md.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    return read_checked("captioning/MODEL_CARD.md").decode()


def to_json(result: CaptionResult, options: CaptionOptions) -> str:
    """Return a result as JSON: the sentence, then one entry per token."""
    tokens = [
        {
            "token": token,
            "probability": float(result.probabilities[position]),
            "sentinel_weight": float(result.sentinel_weight[position]),
            "attention_weights": result.attention_weights[position].tolist(),
        }
        for position, token in enumerate(written_tokens(result))
    ]
    record = {"caption": result.caption, "log_prob": result.log_prob, "options": asdict(options)}
    return json.dumps(record | {"tokens": tokens}, indent=1)
