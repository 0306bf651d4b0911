"""Frozen dataclasses as command lines: a field is a flag, its default is the shipped run."""

from __future__ import annotations

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, BooleanOptionalAction
from collections.abc import Sequence
from dataclasses import fields
from typing import TypeVar

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
