"""Run every lesson and write what happened below models/: `python -m core.gradients.record`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from core.gradients.experiment import Experiment
from core.gradients.history import History, consequences
from core.gradients.lessons import LESSONS, Lesson
from core.gradients.recorded import FOLDER, file_name, to_record
from core.onnx_model import MODELS
from core.training.manifest import update_manifest

COMMAND = "python -m core.gradients.record"


def main(argv: Sequence[str] | None = None, *, models: Path = MODELS) -> None:
    """Record all lessons and print what each remedy came to, one JSON object a line."""
    ArgumentParser(prog=COMMAND, description=__doc__).parse_args(argv)
    for lesson in LESSONS:
        record(lesson, models)
    update_manifest(FOLDER, COMMAND, models=models)


def record(lesson: Lesson, models: Path) -> None:
    """Run one lesson, write its file and print its consequences."""
    records = []
    for name, configuration in lesson.configurations:
        experiment = Experiment(lesson.setting, configuration)
        experiment.measure_jacobian()
        while not experiment.is_over and experiment.history.num_steps < lesson.num_steps:
            experiment.step()
        experiment.measure_jacobian()
        records.append(to_record(experiment.history))
        print(json.dumps(_summary(lesson, name, experiment.history)), flush=True)
    path = models / file_name(lesson)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(records, separators=(",", ":"), allow_nan=False), "utf-8")


def _summary(lesson: Lesson, name: str, history: History) -> dict:
    """Return what stands in the printed line; what is no finite number becomes null."""
    found = vars(consequences(history, lesson.setting.task))
    found = {
        key: None if value is None or not isfinite(value) else value for key, value in found.items()
    }
    exploded = {"exploded_at": history.exploded_at}
    return {"lesson": lesson.title, "network": name, **found, **exploded}


if __name__ == "__main__":
    main()
