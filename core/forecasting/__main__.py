"""CSV files on the command line: python -m core.forecasting prices.csv --horizon 20 --json."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from core.command_line import answer_inputs
from core.errors import InputError
from core.forecasting.inference import ForecastOptions, ForecastResult, forecast, load_model
from core.forecasting.inspection import NUM_HORIZONS, read_series

SHARES = (0.5, 0.8, 0.95)
load_model_once = cache(load_model)


def answerer(kind: str, horizon: int, column: str | None) -> Callable[[str], dict[str, Any]]:
    """Return the function that answers one path.

    Args:
        kind: stocks or weather.
        horizon: How many days ahead.
        column: Of the file; None takes the likeliest.
    """

    def answer(path: str) -> dict[str, Any]:
        try:
            content = Path(path).read_bytes()
        except (OSError, ValueError) as error:
            raise InputError(f"{path!r} cannot be read; give the path of a CSV file.") from error
        try:
            series = read_series(content, kind, column)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error
        result = forecast(load_model_once(), series, ForecastOptions(kind))
        steps = [_step(result, step) for step in range(horizon)]
        return {
            "file": path,
            "column": series.name,
            "origin": str(result.origin),
            "last_value": result.last_value,
            "forecast": steps,
            "notes": list(series.notes),
            "headline": _headline(path, steps[-1]),
        }

    return answer


def _step(result: ForecastResult, step: int) -> dict[str, Any]:
    ends = {f"{100 * share:.0f}": result.interval(share) for share in SHARES}
    intervals = {name: [float(end[step]) for end in pair] for name, pair in ends.items()}
    return {
        "horizon": int(result.horizons[step]),
        "date": str(result.dates[step]),
        "median": float(result.median[step]),
        "intervals": intervals,
    }


def _headline(path: str, step: dict[str, Any]) -> str:
    low, high = step["intervals"]["80"]
    return f"{path}: {step['date']} median {step['median']:.6g}, 80 % from {low:.6g} to {high:.6g}"


def main(argv: Sequence[str] | None = None) -> int:
    """Answer every path and return the exit code."""
    known, longest = list(NUM_HORIZONS), max(NUM_HORIZONS.values())
    own = ArgumentParser(add_help=False)
    own.add_argument("--kind", choices=known, default=known[0], help="what the files hold")
    own.add_argument("--column", help="of the files; else the likeliest, such as Adj Close")
    own.add_argument(
        "--horizon", type=int, choices=range(1, longest + 1), metavar="DAYS", help="days ahead"
    )
    chosen, _ = own.parse_known_args(argv)
    parser = ArgumentParser("python -m core.forecasting", parents=[own])
    most = NUM_HORIZONS[chosen.kind]
    horizon = chosen.horizon or most
    if horizon > most:
        parser.error(f"--horizon of {chosen.kind} is at most {most}")
    return answer_inputs(parser, answerer(chosen.kind, horizon, chosen.column), "headline", argv)


if __name__ == "__main__":
    sys.exit(main())
