"""What every `python -m core.<task>` shares: inputs as words or lines, answers as text or JSON."""

from __future__ import annotations

import json
import re
import sys
import warnings
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.errors import DashboardError

UNUSABLE = 2
"""Exit code when at least one input could not be used."""
_NO_CHARACTER = re.compile("[\ud800-\udfff]")
"""What stands for a byte that is no UTF-8; it can be read in, but not printed."""


def answer_inputs(
    parser: ArgumentParser,
    answer: Callable[[str], dict[str, Any]],
    headline: str,
    argv: Sequence[str] | None = None,
    *,
    blank: Callable[[str], dict[str, Any]] | None = None,
) -> int:
    """Answer each input on a line of its own and return the exit code.

    Args:
        parser: Knows the task's own options; INPUT and --json are added here.
        answer: One input -> its answer, JSON-serialisable; may raise DashboardError.
        headline: The key of `answer` that is printed without --json.
        argv: The words after the command; None reads the process's own.
        blank: Answers a line of standard input without a word, where a text's empty lines are its
            own; None leaves them to `answer`.

    Returns:
        0, or 2 after an input that could not be used (one line on standard error each).
    """
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="'-' reads lines from stdin")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(argv)
    exit_code = 0
    warnings.simplefilter("ignore")  # a library's hints are not among the lines promised above
    for text, is_line in _each(options.inputs):
        try:
            result = (blank if blank and is_line and not text.strip() else answer)(text)
        except DashboardError as error:
            print(" ".join(str(error).split()), file=sys.stderr)
            exit_code = UNUSABLE
        else:
            line = json.dumps(result, ensure_ascii=False) if options.json else result[headline]
            print(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", line), flush=True)
    return exit_code


def _each(inputs: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield every input, and whether it is a line of standard input."""
    for text in inputs:
        if text == "-":
            sys.stdin.reconfigure(errors="surrogateescape")  # as Python reads the words themselves
            yield from ((line.rstrip("\r\n"), True) for line in sys.stdin)
        else:
            yield text, False
