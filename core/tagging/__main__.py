"""Tags on the command line: python -m core.tagging "She can open the can." --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from functools import cache
from typing import Any

from core.command_line import answer_inputs
from core.tagging.inference import load_model, tag

load_model_once = cache(load_model)


def answer(text: str) -> dict[str, Any]:
    """Return the words of a text and the tag of each.

    Raises:
        InputError: If there is no word in it.
    """
    result = tag(load_model_once(), text)
    return {"text": text, "tokens": list(result.tokens), "tags": list(result.tags)}


def tagged_line(text: str) -> dict[str, str]:
    """Return word/TAG pairs in one line.

    Raises:
        InputError: If there is no word in it.
    """
    found = answer(text)
    pairs = zip(found["tokens"], found["tags"], strict=True)
    return {"tags": " ".join(f"{token}/{name}" for token, name in pairs)}


if __name__ == "__main__":
    words = answer if "--json" in sys.argv else tagged_line
    sys.exit(answer_inputs(ArgumentParser("python -m core.tagging"), words, "tags"))
