"""What a page asks beyond the tags: sentences to try."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.onnx_model import read_checked


@dataclass(frozen=True)
class Sample:
    """A sentence that the app ships, with the shipped network's tags."""

    title: str
    text: str
    tags: tuple[str, ...]
    """As the shipped network said when it was exported; a test asks it again."""


def load_samples() -> tuple[Sample, ...]:
    """Read models/tagging/samples.json.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    rows = json.loads(read_checked("tagging/samples.json"))
    return tuple(Sample(row["title"], row["text"], tuple(row["tags"])) for row in rows)
