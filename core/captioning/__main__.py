"""Photos on the command line: python -m core.captioning photo.jpg --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from typing import Any

from core.captioning.inference import caption, encode_image, load_model
from core.command_line import answer_inputs
from core.errors import InputError
from core.uploads import read_image

load_model_once = cache(load_model)


def answer(path: str) -> dict[str, Any]:
    """Return the caption of the photo at `path`.

    Raises:
        InputError: If there is no such file or it is no photo.
    """
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path!r} cannot be read; give the path of a photo.") from error
    try:
        photo = read_image(content)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    model = load_model_once()
    result = caption(model, encode_image(model, photo))
    return {"image": path, "caption": result.caption, "log_prob": result.log_prob}


if __name__ == "__main__":
    sys.exit(answer_inputs(ArgumentParser("python -m core.captioning"), answer, "caption"))
