"""Digits: an image becomes one of ten labels (one to one), with no memory at all.

Reading order: inference.py (run the shipped network), inspection.py (the samples), model.py (the
network), prepare.py (images and their splits), train.py, export.py (ONNX), evaluate.py (the
shipped file against the labels of people). `python -m core.digits "0 0 5 ..."` answers on the
command line.
"""

from core.digits.inference import (
    SIDE,
    WHITE,
    DigitResult,
    load_model,
    parse_image,
    recognise,
)
from core.digits.inspection import Sample, load_samples

__all__ = [
    "DigitResult",
    "SIDE",
    "Sample",
    "WHITE",
    "load_model",
    "load_samples",
    "parse_image",
    "recognise",
]
