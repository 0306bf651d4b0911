"""Captioning: a photo becomes a sentence (one to many).

Reading order: inference.py (run the shipped model), inspection.py (what a page asks beyond the
sentence), model.py (the network), prepare.py (Flickr8k into arrays), train.py (cross-entropy, then
self-criticism), export.py (ONNX and int8), evaluate.py (the shipped files against people's
captions). `python -m core.captioning PHOTO...` answers on the command line.
"""

from core.captioning.inference import (
    Alternative,
    CaptionModel,
    CaptionOptions,
    CaptionResult,
    EncodedImage,
    alternatives,
    caption,
    encode_image,
    load_model,
    open_photo,
    read_hypothesis,
    written_tokens,
)
from core.captioning.inspection import (
    Sample,
    TruthCheck,
    hide_regions,
    limits,
    load_model_card,
    load_samples,
    to_json,
    truth_check,
)

__all__ = [
    "Alternative",
    "CaptionModel",
    "CaptionOptions",
    "CaptionResult",
    "EncodedImage",
    "Sample",
    "TruthCheck",
    "alternatives",
    "caption",
    "encode_image",
    "hide_regions",
    "limits",
    "load_model",
    "load_model_card",
    "load_samples",
    "open_photo",
    "read_hypothesis",
    "to_json",
    "truth_check",
    "written_tokens",
]
