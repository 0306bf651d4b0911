"""Forecasts against what came, beside their baselines, with intervals. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.probabilistic.bootstrap import Interval, share_interval, skill_interval
from core.probabilistic.mixture import Mixture
from core.probabilistic.scores import right_direction

WALK_STEP = 250
"""Origins in one piece of a walk forward, a small part of a second."""
SHARES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
"""Of the central intervals whose reliability is measured."""


@dataclass(frozen=True)
class Judged:
    """One forecaster's errors, float32. N = origins with known outcomes, Z = horizons."""

    crps: np.ndarray = field(repr=False)
    """(N, Z) continuous ranked probability scores; 0 is best."""
    squares: np.ndarray = field(repr=False)
    """(N, Z) squared errors of the expectation."""
    below: np.ndarray = field(repr=False)
    """(N, Z) in [0, 1]: the probability that was given to at most the outcome."""
    hits: np.ndarray = field(repr=False)
    """(N, Z) 1.0 where the likelier sign was right, else 0.0; NaN where neither is likelier."""

    @property
    def rmse(self) -> np.ndarray:
        """(Z,) root mean squared error of the expectation."""
        return np.sqrt(self.squares.mean(axis=0, dtype=float))

    @property
    def mean_crps(self) -> np.ndarray:
        """(Z,) mean CRPS."""
        return self.crps.mean(axis=0, dtype=float)

    def covered(self, width: float) -> np.ndarray:
        """Return (N, Z) bool: whether the central interval of `width` held the outcome."""
        return np.abs(self.below - 0.5) <= width / 2

    @property
    def reliability(self) -> np.ndarray:
        """(len(SHARES),) how often the central intervals of SHARES held the outcome."""
        return np.array([self.covered(width).mean() for width in SHARES])


def judge(mixtures: Mapping[str, Mixture], outcomes: np.ndarray) -> dict[str, Judged]:
    """Compare every forecaster with the outcomes, on the same origins.

    Args:
        mixtures: Name -> (N, Z) distributions.
        outcomes: (N, Z); NaN where the outcome is not known yet, and such origins are left out.
    """
    known = np.isfinite(outcomes).all(axis=1)
    return {name: _judge_one(mixture[known], outcomes[known]) for name, mixture in mixtures.items()}


def _judge_one(mixture: Mixture, outcomes: np.ndarray) -> Judged:
    takes_side = np.abs(mixture.cdf(np.zeros_like(outcomes)) - 0.5) > 1e-9
    hits = np.where(takes_side, right_direction(mixture, outcomes), np.nan)
    squares = np.square(mixture.mean() - outcomes)
    arrays = (mixture.crps(outcomes), squares, mixture.cdf(outcomes), hits)
    return Judged(*(array.astype(np.float32) for array in arrays))


def joined(parts: Sequence[Judged]) -> Judged:
    """Return the errors of one forecaster on the origins of all parts, in their order."""
    fields = ("crps", "squares", "below", "hits")
    return Judged(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))


@dataclass
class Walk:
    """A walk forward in pieces, which can be stopped and continued; errors so far are kept."""

    origins: np.ndarray
    """(N,) rows of the last known days, all with known outcomes."""
    running: bool = True
    parts: list[dict[str, Judged]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Origins walked so far."""
        return sum(len(next(iter(part.values())).crps) for part in self.parts)

    @property
    def finished(self) -> bool:
        """Whether no origin is left."""
        return self.done >= len(self.origins)

    def advance(self, judge_origins: Callable[[np.ndarray], dict[str, Judged]]) -> None:
        """Walk the next WALK_STEP origins; nothing happens once it is finished or stopped."""
        if self.running and not self.finished:
            self.parts.append(judge_origins(self.origins[self.done : self.done + WALK_STEP]))
        self.running = self.running and not self.finished

    def judged(self) -> dict[str, Judged]:
        """Return the errors so far by forecaster, in the order of the pieces."""
        names = self.parts[0] if self.parts else ()
        return {name: joined([part[name] for part in self.parts]) for name in names}


def crps_skill(judged: Judged, reference: Judged, place: int) -> Interval:
    """Return by which share the CRPS is smaller than the reference's at one horizon.

    Args:
        judged: The forecaster.
        reference: The baseline, on the same origins.
        place: Of the horizon, from 0; forecasts that overlap are resampled together.
    """
    pair = (judged.crps[:, place], reference.crps[:, place])
    return skill_interval(*pair, block_length=_block(judged, place))


def direction(judged: Judged, place: int = 0) -> Interval:
    """Return the share of right directions at one horizon."""
    return share_interval(judged.hits[:, place], block_length=_block(judged, place))


def _block(judged: Judged, place: int) -> int:
    """Return days in a block: at least a month, and twice as far as a forecast reaches."""
    return max(20, 2 * (range(judged.crps.shape[1])[place] + 1))


def told_errors(judged: Mapping[str, Judged], score: str) -> str:
    """Say as Markdown by how much the network beats the better baseline, or that it does not.

    Args:
        judged: The network's errors first, then the baselines'.
        score: RMSE or CRPS.
    """
    errors = [j.rmse if score == "RMSE" else j.mean_crps for j in judged.values()]
    gains = 1 - errors[0] / np.min(errors[1:], axis=0)  # (Z,)
    near, far = (f"{abs(g):.0%} {'better' if g > 0 else 'worse'}" for g in gains[[0, -1]])
    lost = [str(step) for step, gain in enumerate(gains, start=1) if gain <= 0]
    told = (
        f"Over {len(next(iter(judged.values())).crps):,} days its {score} was **{near}** than the "
        f"better baseline's one day ahead and **{far}** {len(gains)} days ahead."
    )
    return f"{told} It does **not** win {', '.join(lost)} days ahead." if lost else told


def skill_rows(judged: Mapping[str, Judged], reference: str) -> list[dict[str, str]]:
    """Return one row per forecaster for people: skill, coverage and direction with intervals."""
    last = next(iter(judged.values())).crps.shape[1]
    return [
        {"Forecast": name}
        | {
            f"CRPS skill, {step + 1} {'day' if step == 0 else 'days'}": "reference"
            if name == reference
            else _percent(crps_skill(errors, judged[reference], step), "+.1f")
            for step in (0, last - 1)
        }
        | {f"{width:.0%} held": f"{errors.covered(width).mean():.1%}" for width in (0.5, 0.8, 0.95)}
        | {"Direction, 1 day": _direction_cell(errors)}
        for name, errors in judged.items()
    ]


def _direction_cell(errors: Judged) -> str:
    """Return how often the sign was right; a forecast without drift takes no side."""
    if np.isnan(errors.hits[:, 0]).any():
        return "takes no side"
    return _percent(direction(errors), ".1f")


def horizon_rows(judged: Mapping[str, Judged], reference: str) -> list[dict[str, object]]:
    """Return one row per forecaster and horizon, in numbers, to download."""
    return [
        {
            "forecast": name,
            "horizon": step + 1,
            "days": len(errors.crps),
            "crps": float(errors.mean_crps[step]),
            "crps_skill": 1 - float(errors.mean_crps[step] / judged[reference].mean_crps[step]),
            "rmse": float(errors.rmse[step]),
        }
        | {f"held_{w:.0%}"[:-1]: float(errors.covered(w)[:, step].mean()) for w in (0.5, 0.8, 0.95)}
        for name, errors in judged.items()
        for step in range(errors.crps.shape[1])
    ]


def _percent(interval: Interval, spec: str) -> str:
    scaled = (100 * interval.estimate, 100 * interval.low, 100 * interval.high)
    return f"{Interval(*scaled).formatted(spec)}%"
