"""English on the command line: python -m core.translation --to fr "A dog runs." --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from core.command_line import answer_inputs
from core.translation.inference import LANGUAGES, load_model, translate_text

load_model_once = cache(load_model)


def answer(language: str, text: str) -> dict[str, Any]:
    """Return the translation of a text.

    Raises:
        InputError: If there is nothing to read, or too much.
    """
    translation = translate_text(load_model_once(), text, language)
    return {"source": text, "to": language, "translation": translation}


def as_it_is(language: str, text: str) -> dict[str, Any]:
    """Return a line without a word as its own translation: it parts what stands around it."""
    return {"source": text, "to": language, "translation": text}


def main(argv: Sequence[str] | None = None) -> int:
    """Answer every input and return the exit code."""
    own = ArgumentParser(add_help=False)
    own.add_argument("--to", choices=list(LANGUAGES), default="de", help="language to write in")
    chosen, _ = own.parse_known_args(argv)
    parser = ArgumentParser("python -m core.translation", parents=[own])
    blank = partial(as_it_is, chosen.to)
    return answer_inputs(parser, partial(answer, chosen.to), "translation", argv, blank=blank)


if __name__ == "__main__":
    sys.exit(main())
