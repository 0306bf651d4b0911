"""Frozen dataclasses as command lines: a field is a flag, its default is the shipped run."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, BooleanOptionalAction
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

Options = TypeVar("Options")


def from_command_line(kind: type[Options], argv: Sequence[str] | None = None) -> Options:
    """Build `kind` from --field-name flags; fields not named keep their default.

    Args:
        kind: A dataclass whose fields are str, int, float or bool, all with a default.
        argv: The words after the command; None reads the process's own.

    Raises:
        SystemExit: If a flag is unknown or its value is not of the field's type.
    """
    parser = ArgumentParser(
        description=(kind.__doc__ or "").strip(),
        formatter_class=ArgumentDefaultsHelpFormatter,
        allow_abbrev=False,
    )
    for field in fields(kind):
        flag = "--" + field.name.replace("_", "-")
        kind_of_value = type(field.default)
        shown = {"default": field.default, "help": kind_of_value.__name__}
        if kind_of_value is bool:
            parser.add_argument(flag, action=BooleanOptionalAction, **shown)
        else:
            parser.add_argument(flag, type=kind_of_value, metavar="", **shown)
    return kind(**vars(parser.parse_args(argv)))


def train_from_command_line(
    kind: type[Options], train: Callable[[Options], object], **in_dry_run: Any
) -> None:
    """Train as the command line asks; a dry run works in a folder that is gone afterwards.

    Args:
        kind: Has the fields `work` and `dry_run`.
        train: The task's.
        in_dry_run: Fields that a dry run sets besides.
    """
    options = from_command_line(kind)
    if options.dry_run:
        with tempfile.TemporaryDirectory() as folder:
            train(replace(options, work=folder, **in_dry_run))
    else:
        train(options)


def write_run(folder: Path, options: Any, **networks: Any) -> None:
    """Write run.json: the options of a run and the sizes of its networks, all dataclasses."""
    folder.mkdir(parents=True, exist_ok=True)
    run = {"options": options, **networks}
    text = json.dumps({name: asdict(value) for name, value in run.items()}, indent=1)
    (folder / "run.json").write_text(text + "\n", "utf-8")


def read_run(folder: Path, metric: str) -> tuple[dict, dict]:
    """Return what `write_run` wrote, and the log's epoch with the best dev score of that name."""
    run = json.loads((folder / "run.json").read_text("utf-8"))
    epochs = map(json.loads, (folder / "log.jsonl").read_text("utf-8").splitlines())
    return run, max(epochs, key=lambda entry: entry[metric])
