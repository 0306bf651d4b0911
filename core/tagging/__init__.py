"""Tagging: every word of a text gets its part of speech (many to many, aligned).

Reading order: inference.py (run the shipped network), inspection.py (the samples), model.py (the
network), prepare.py (a treebank into arrays), train.py, export.py (ONNX), evaluate.py (the shipped
file against the treebank). `python -m core.tagging TEXT...` answers on the command line.
"""

from core.tagging.inference import (
    NOTHING,
    TAGS,
    TaggingModel,
    TaggingResult,
    load_model,
    tag,
)
from core.tagging.inspection import Sample, load_samples

__all__ = [
    "NOTHING",
    "Sample",
    "TAGS",
    "TaggingModel",
    "TaggingResult",
    "load_model",
    "load_samples",
    "tag",
]
