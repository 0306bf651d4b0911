"""Digits on the command line: python -m core.digits "0 0 5 13 ... 0" --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from functools import cache
from typing import Any

from core.command_line import answer_inputs
from core.digits.inference import load_model, parse_image, recognise

load_model_once = cache(load_model)


def answer(text: str) -> dict[str, Any]:
    """Return which digit 64 numbers show, and how probable it is.

    Raises:
        InputError: If they are no image.
    """
    image = parse_image(text)
    result = recognise(load_model_once(), image)
    return {"input": text, "digit": result.digit, "probability": result.probability}


def headline(text: str) -> dict[str, Any]:
    """Return the same with the digit as text, for a line that is no JSON."""
    found = answer(text)
    return found | {"digit": str(found["digit"])}


if __name__ == "__main__":
    words = answer if "--json" in sys.argv else headline
    sys.exit(answer_inputs(ArgumentParser("python -m core.digits"), words, "digit"))
