"""One forecast with the days around it, ready to be drawn, told and downloaded. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.series import Series

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Ends of the central intervals of 50, 80 and 95 %, and the median."""


@dataclass(frozen=True)
class Fan:
    """A forecast in the series' own unit. P = days before, Z = days ahead, Q = len(LEVELS)."""

    past_dates: np.ndarray = field(repr=False)
    """(P,) datetime64[D]; the last is the last known day."""
    past: np.ndarray = field(repr=False)
    """(P,) values."""
    dates: np.ndarray = field(repr=False)
    """(Z,) datetime64[D]: those of the series, as far as it reaches."""
    quantiles: np.ndarray = field(repr=False)
    """(Z, Q) values."""
    actual: np.ndarray = field(repr=False)
    """(A,) what came on the first A <= Z days."""
    levels: tuple[float, ...] = LEVELS

    @property
    def median(self) -> np.ndarray:
        """(Z,) values."""
        return self.quantiles[:, len(self.levels) // 2]

    def interval(self, share: float) -> np.ndarray:
        """Return (Z, 2) both ends of the central interval of 0.5, 0.8 or 0.95."""
        low = self.levels.index(round((1 - share) / 2, 3))
        return self.quantiles[:, [low, -1 - low]]

    def narrowest_around(self, step: int) -> float:
        """Return the share of the narrowest interval that held one outcome; 1.0: none did."""
        for share in (0.5, 0.8, 0.95):
            low, high = self.interval(share)[step]
            if low <= self.actual[step] <= high:
                return share
        return 1.0


def around(
    series: Series, origin: int, following: np.ndarray, quantiles: np.ndarray, num_before: int
) -> Fan:
    """Return a forecast together with the days before it and what came after it.

    Args:
        series: The series, beyond the origin too.
        origin: Row of the last known day.
        following: (Z,) days that follow the series' last one; they stand in where it has ended.
        quantiles: (Z, Q) in the series' unit.
        num_before: Most days before, the origin included.
    """
    ahead = slice(origin + 1, origin + 1 + len(quantiles))
    come = series.dates[ahead]
    before = slice(max(0, origin + 1 - num_before), origin + 1)
    return Fan(
        past_dates=series.dates[before],
        past=series.values[before],
        dates=np.concatenate([come, following[: len(quantiles) - len(come)]]),
        quantiles=quantiles,
        actual=series.values[ahead],
    )


def told(fan: Fan, unit: str) -> str:
    """Say as Markdown what was forecast for the last horizon, and what came."""
    step, form = len(fan.dates) - 1, _format(fan.past, unit)
    low, high = fan.interval(0.8)[step]
    said = (
        f"On {fan.past_dates[-1]} it stood at **{fan.past[-1]:{form}}**{unit and f' {unit}'}. For "
        f"{fan.dates[step]} the median is {fan.median[step]:{form}}, and with 80% probability it "
        f"lies between **{low:{form}} and {high:{form}}**."
    )
    if len(fan.actual) <= step:
        return f"{said} What comes is not known yet."
    share = fan.narrowest_around(step)
    where = f"inside the {share:.0%} interval" if share < 1 else "outside of all intervals"
    return f"{said} It was {fan.actual[step]:{form}}: **{where}**."


def rows(fan: Fan) -> list[dict[str, object]]:
    """Return one row per day ahead, to download: date, median, intervals, what came."""
    ends = {f"{share:.0%}": fan.interval(share) for share in (0.5, 0.8, 0.95)}
    return [
        {"date": str(fan.dates[step]), "median": round(float(fan.median[step]), 6)}
        | {f"low {name}": round(float(pair[step, 0]), 6) for name, pair in ends.items()}
        | {f"high {name}": round(float(pair[step, 1]), 6) for name, pair in ends.items()}
        | {"actual": float(fan.actual[step]) if step < len(fan.actual) else ""}
        for step in range(len(fan.dates))
    ]


def _format(values: np.ndarray, unit: str) -> str:
    """Return a format with about four digits for prices, and with tenths for degrees."""
    if unit.startswith("°"):
        return ",.1f"
    size = float(np.abs(values).max())
    if not 0.01 <= size < 1e7:
        return ".4g"
    return f",.{next((d for d, least in enumerate((1000, 100, 1)) if size >= least), 4)}f"
