"""Verdicts on the command line: python -m core.sentiment "Not bad at all." --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from functools import cache
from typing import Any

from core.command_line import answer_inputs
from core.sentiment.inference import classify, load_model

load_model_once = cache(load_model)


def answer(text: str) -> dict[str, Any]:
    """Return the verdict on a text and how probable positive is.

    Raises:
        InputError: If there is no word in it.
    """
    result = classify(load_model_once(), text)
    return {"text": text, "label": result.label, "probability": result.probability}


if __name__ == "__main__":
    sys.exit(answer_inputs(ArgumentParser("python -m core.sentiment"), answer, "label"))
