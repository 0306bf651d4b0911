"""What a recurrent state holds of the past: what it follows, and how long one event lasts in it.

Arrays in, sentences and arrays out; no task is known here. Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.probabilistic.bootstrap import Interval, correlation_interval

BLOCK_DAYS = 60
"""States change slowly; days are resampled in blocks this long."""
NUM_UNITS = 24
"""Units drawn: those whose state goes most with the volatility, up or down."""


@dataclass(frozen=True)
class Memory:
    """Hidden states over some days, beside a volatility. T = days, U = units drawn."""

    dates: np.ndarray = field(repr=False)
    """(T,) datetime64[D]."""
    states: np.ndarray = field(repr=False)
    """(T, U) in [-1, 1]; from the unit that rises most with the volatility to the opposite."""
    units: np.ndarray = field(repr=False)
    """(U,) their numbers."""
    volatility: np.ndarray = field(repr=False)
    """(T,) in percent a year."""
    strongest: Interval
    """Correlation of one unit with the volatility: of the one where it is strongest."""
    strongest_unit: int
    num_days: int
    """Days over which it was measured."""

    @property
    def told(self) -> str:
        """What the picture shows, as Markdown."""
        return (
            "Each row is one unit of the LSTM, each column its state at a day's end: orange is "
            "plus, blue is minus. Below is how much the price moved, its volatility over ten days. "
            f"The units stand in order of how they go with it; unit **{self.strongest_unit}** does "
            f"most, with a correlation of **{self.strongest.formatted()}** over {self.num_days:,} "
            f"days. {self._meaning}"
        )

    @property
    def _meaning(self) -> str:
        if self.strongest.excludes(0) and abs(self.strongest.estimate) >= 0.5:
            return "What the network remembers of a price is how restless it is."
        return "No single unit follows it closely."


def memory_of(
    dates: np.ndarray, states: np.ndarray, volatility: np.ndarray, shown: slice
) -> Memory:
    """Find out which units follow a volatility, over all days, and cut out those to be shown.

    Args:
        dates: (N,) datetime64[D].
        states: (N, H) in [-1, 1].
        volatility: (N,).
        shown: Which of the days are drawn.
    """
    centred = states - states.mean(axis=0)
    other = volatility - volatility.mean()
    norms = np.sqrt(np.square(centred).sum(axis=0) * np.square(other).sum())
    correlations = (centred * other[:, None]).sum(axis=0) / np.maximum(norms, 1e-12)
    chosen = np.argsort(-np.abs(correlations), kind="stable")[:NUM_UNITS]
    units = chosen[np.argsort(-correlations[chosen], kind="stable")]
    strongest = int(chosen[0])
    return Memory(
        dates=dates[shown],
        states=states[shown][:, units],
        units=units,
        volatility=volatility[shown],
        strongest=correlation_interval(states[:, strongest], volatility, block_length=BLOCK_DAYS),
        strongest_unit=strongest,
        num_days=len(dates),
    )


@dataclass(frozen=True)
class Reach:
    """How much wider a forecast is because of one loss, by how long ago it was. D = days."""

    loss: float
    """Share of the price that was lost in one day."""
    days_back: np.ndarray = field(repr=False)
    """(D,) rising, in trading days before the forecast."""
    wider: np.ndarray = field(repr=False)
    """(D, Z) change of the width of the central 80 % interval by horizon; 0.1 = 10 % wider."""

    num_ends: int = 1
    """Ends of the series over which this is the mean."""

    @property
    def told(self) -> str:
        """What was done and how far it reached, as Markdown."""
        first, last = self.wider[0, 0], self.wider[-1, 0]
        faded = np.flatnonzero(self.wider[:, 0] < first / 2)
        half = (
            f"half of that is gone when it was **{self.days_back[faded[0]]} days** ago"
            if len(faded)
            else "less than half of that ever fades"
        )
        ends = f" (mean of {self.num_ends} ends, 20 days apart)" if self.num_ends > 1 else ""
        return (
            f"How long does a shock last? A loss of {self.loss:.0%} was planted on each day before "
            f"the end of the series{ends}, one day at a time, and the network run again. A loss on "
            "the last day changes the width of the 80% interval for the day after by "
            f"**{first:+.0%}**; {half}, and one {self.days_back[-1]} days ago still by {last:+.1%}."
        )


def with_losses(values: np.ndarray, days_back: np.ndarray, loss: float) -> list[np.ndarray]:
    """Return one copy of the prices per day back, lower by `loss` from that day on, for good.

    Args:
        values: (N,) prices.
        days_back: (D,) 1 is the last day.
        loss: Share of the price that is lost more than it was.
    """
    places = np.arange(len(values))
    return [np.where(places >= len(values) - d, values * (1 - loss), values) for d in days_back]
