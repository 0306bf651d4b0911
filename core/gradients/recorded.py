"""Recorded runs of the lessons: what a visitor sees before PyTorch is there."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from core.gradients.history import COLUMNS, History, Run
from core.gradients.lessons import Lesson
from core.onnx_model import read_checked

FOLDER = "gradients"
"""Below models/."""


def file_name(lesson: Lesson) -> str:
    """Return the lesson's file below models/."""
    return f"{FOLDER}/{lesson.slug}.json"


def load_recorded(lesson: Lesson) -> list[Run]:
    """Return what the lesson's networks went through when it was recorded.

    Raises:
        ModelFileError: If the file is missing or was altered.
    """
    records = json.loads(read_checked(file_name(lesson)))
    pairs = zip(lesson.configurations, records, strict=True)
    return [
        Run(name, configuration, from_record(record)) for (name, configuration), record in pairs
    ]


def to_record(history: History) -> dict:
    """Return a history as JSON, with three digits of every number; inf and NaN as words."""
    return {
        "table": {name: _rounded(history.column(name)) for name in COLUMNS},
        "river": _rounded(history.river),
        "cell_river": _rounded(history.cell_river),
        "snapshots": [[_plain(round(float(v), 1)) for v in row] for row in history.snapshots],
        "stride": history.stride,
        "singular_values": _rounded(history.singular_values),
        "first_values": _rounded(history.first_values),
        "exploded_at": history.exploded_at,
    }


def from_record(record: dict) -> History:
    """Return the history that `to_record` wrote down."""
    columns = [_numbers(record["table"][name], np.float32) for name in COLUMNS]
    return History(
        num_steps=len(columns[0]),
        table=np.stack(columns, axis=1),
        river=_numbers(record["river"], np.float32),
        cell_river=_numbers(record["cell_river"], np.float32),
        snapshots=[_numbers(row, np.float16) for row in record["snapshots"]],
        stride=record["stride"],
        singular_values=_numbers(record["singular_values"], np.float64),
        first_values=_numbers(record["first_values"], np.float64),
        exploded_at=record["exploded_at"],
    )


def _rounded(values: np.ndarray) -> list[float | str]:
    return [_plain(float(f"{value:.3g}")) for value in values]


def _plain(value: float) -> float | str:
    return value if np.isfinite(value) else str(value)


def _numbers(values: Sequence[float | str], kind: type) -> np.ndarray:
    return np.array([float(value) for value in values], dtype=kind)
