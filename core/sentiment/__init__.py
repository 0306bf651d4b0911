"""Sentiment: a text becomes a verdict (many to one).

Reading order: inference.py (run the shipped networks), inspection.py (what a page asks beyond the
verdict), model.py (the networks), prepare.py (corpora into words and labels), train.py (one loop
for the main network and its three small siblings), export.py (ONNX), evaluate.py (the shipped
files against the labels of people). `python -m core.sentiment TEXT...` answers on the command
line.
"""

from core.sentiment.inference import (
    NETWORKS,
    NOTHING,
    Reading,
    SentimentModel,
    SentimentResult,
    classify,
    classify_many,
    judge,
    label_of,
    load_model,
    log_odds_of,
    read,
    temperature,
)
from core.sentiment.inspection import (
    DIRECTIONS,
    Comparison,
    ContrastExample,
    Influence,
    Journey,
    Memories,
    Microscope,
    Sample,
    contrast_examples,
    influence,
    limits,
    load_model_card,
    load_samples,
    memories,
    microscope,
    over_time,
    what_if,
)

__all__ = [
    "Comparison",
    "ContrastExample",
    "DIRECTIONS",
    "Influence",
    "Journey",
    "Memories",
    "Microscope",
    "NETWORKS",
    "NOTHING",
    "Reading",
    "Sample",
    "SentimentModel",
    "SentimentResult",
    "classify",
    "classify_many",
    "contrast_examples",
    "influence",
    "judge",
    "label_of",
    "limits",
    "load_model",
    "load_model_card",
    "load_samples",
    "log_odds_of",
    "memories",
    "microscope",
    "over_time",
    "read",
    "temperature",
    "what_if",
]
