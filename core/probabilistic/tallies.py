"""What several forecasters did on the same days: errors, and skills over the one to beat."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.probabilistic.mixture import Mixture
from core.probabilistic.scores import coverage, right_direction, share_with_interval, skill

SHOWN = (1, 5, 10, 20)
"""Horizons of the stocks' table, trading days."""


@dataclass
class Tally:
    """What one forecaster did on every series. Z = horizons."""

    crps: list[np.ndarray] = field(default_factory=list)
    """Per series (N, Z)."""
    squares: list[np.ndarray] = field(default_factory=list)
    """Per series (N, Z), squared errors of the expectation."""

    def add(self, mixture: Mixture, outcomes: np.ndarray) -> None:
        """Score one series' forecasts (N, Z)."""
        self.crps.append(mixture.crps(outcomes))
        self.squares.append(np.square(mixture.mean() - outcomes))

    def mean_crps(self) -> np.ndarray:
        """Return (Z,) over all series and origins."""
        return np.concatenate(self.crps).mean(axis=0)

    def rmse(self) -> np.ndarray:
        """Return (Z,) over all series and origins."""
        return np.sqrt(np.concatenate(self.squares).mean(axis=0))


Tallies = dict[str, Tally]
"""By forecaster; the shipped one is called "model"."""


def stock_metrics(tallies: Tallies, mixture: Mixture, outcomes: np.ndarray) -> dict[str, float]:
    """Return skills over the random walk, coverage and direction accuracy, in percent."""
    metrics = stock_skills(tallies, "")
    metrics |= coverage(mixture, outcomes)
    num_series = len(tallies["model"].crps)
    up, hits = outcomes[:, 0] > 0, right_direction(mixture, outcomes)[:, 0]
    for name, daily in {"direction_accuracy": hits, "share_of_days_up": up}.items():
        centre, low, high = share_with_interval(daily.reshape(num_series, -1).T)
        metrics |= {name: centre, f"{name}_low": low, f"{name}_high": high}
    return metrics


def stock_skills(tallies: Tallies, prefix: str) -> dict[str, float]:
    """Return the CRPS skill over the random walk of every forecaster; the model has no name."""
    reference = tallies["random_walk"].mean_crps()
    metrics = {}
    for name, tally in tallies.items():
        found = skill(tally.mean_crps(), reference)
        start = prefix + ("" if name == "model" else f"{name}_")
        metrics |= {f"{start}crps_skill_h{h}": found[h - 1] for h in SHOWN if h <= len(found)}
        metrics[f"{start}crps_skill_mean"] = found.mean()
    return metrics


def weather_metrics(tallies: Tallies, prefix: str = "weather_") -> dict[str, float]:
    """Return errors in degrees, and skills over the better of persistence and climatology."""
    metrics = {}
    for score, of in {"rmse": Tally.rmse, "crps": Tally.mean_crps}.items():
        better = np.minimum(of(tallies["persistence"]), of(tallies["climatology"]))
        for name, tally in tallies.items():
            start = prefix + ("" if name == "model" else f"{name}_")
            for day, error in enumerate(of(tally), start=1):
                metrics[f"{start}{score}_h{day}"] = error
                metrics[f"{start}{score}_skill_h{day}"] = skill(error, better[day - 1])
    return metrics
