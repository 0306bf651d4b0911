"""Rules that turn forecast distributions into positions, beside what they have to beat."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.markets.backtest import (
    DAYS_PER_YEAR,
    NUM_RANDOM,
    Backtest,
    Costs,
    backtest,
    buy_and_hold,
    random_rules,
    sharpe_difference,
    sharpe_interval,
)
from core.probabilistic.bootstrap import Interval

RULES = {
    "Volatility target": "Position = wanted volatility divided by tomorrow's forecast volatility; "
    "which way the price goes is not asked.",
    "Expected return over risk": "Position = half of tomorrow's expected return divided by its "
    "variance, both from the forecast (half the Kelly fraction).",
}
"""Rule -> what it does, for people."""


@dataclass(frozen=True)
class TradingOptions:
    """How forecasts become positions, and what trading costs."""

    rule: str = "Volatility target"
    target: float = 0.15
    """Wanted volatility a year, of the first rule."""
    limit: float = 1.5
    """Largest position, either way."""
    costs: Costs = field(default_factory=Costs)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"{self.rule!r} is none of {list(RULES)}")
        if min(self.target, self.limit) <= 0:
            raise ValueError("target and limit are above zero")


@dataclass(frozen=True)
class Tomorrows:
    """What was forecast for each next day, and what it brought. N = days."""

    dates: np.ndarray = field(repr=False)
    """(N,) datetime64[D] of the next days."""
    means: np.ndarray = field(repr=False)
    """(N,) expected log return."""
    scales: np.ndarray = field(repr=False)
    """(N,) > 0, its standard deviation."""
    returns: np.ndarray = field(repr=False)
    """(N,) simple return that came, above -1."""


def wanted_positions(days: Tomorrows, options: TradingOptions | None = None) -> np.ndarray:
    """Return the positions (N,) that a rule wants, each within the limit.

    Source: Kelly (1956), doi:10.1002/j.1538-7305.1956.tb03809.x; Moreira & Muir (2017),
    doi:10.1111/jofi.12513.
    """
    options = options or TradingOptions()
    if options.rule == "Volatility target":
        wanted = options.target / (days.scales * np.sqrt(DAYS_PER_YEAR))
    else:
        wanted = 0.5 * (days.means + days.scales**2 / 2) / days.scales**2
    return np.clip(wanted, -options.limit, options.limit)


@dataclass(frozen=True)
class Comparison:
    """A rule beside what it has to beat, on the same days."""

    days: Tomorrows
    rule: Backtest
    hold: Backtest
    """One purchase on the first day."""
    random: Backtest
    """(NUM_RANDOM, N): the rule's own positions, begun on random days."""

    @property
    def band(self) -> np.ndarray:
        """(2, N) between which the money of 95 % of the random rules lay."""
        return np.quantile(self.random.equity, [0.025, 0.975], axis=0)

    def rows(self) -> list[dict[str, str]]:
        """Return one row per strategy, for people."""
        return [
            _row("The rule", self.rule) | _sharpe_cell(sharpe_interval(self.rule.returns)),
            _row("Buy and hold", self.hold) | _sharpe_cell(sharpe_interval(self.hold.returns)),
            _row("Random rule, middle", self.random) | _sharpe_cell(self.luck()),
        ]

    def daily(self) -> list[dict[str, object]]:
        """Return one row per day, to download."""
        columns = {
            "date": map(str, self.days.dates),
            "expected log return": self.days.means.tolist(),
            "forecast volatility": self.days.scales.tolist(),
            "return": self.days.returns.tolist(),
            "position": self.rule.positions.tolist(),
            "traded": self.rule.traded.tolist(),
            "rule": self.rule.equity.tolist(),
            "buy and hold": self.hold.equity.tolist(),
        }
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def luck(self) -> Interval:
        """Return the median Sharpe ratio of the random rules, and between which 95 % lie."""
        low, middle, high = np.quantile(self.random.sharpe, [0.025, 0.5, 0.975])
        return Interval(float(middle), float(low), float(high))

    def verdict(self) -> str:
        """Say as Markdown whether the rule earned more for its risk than holding, or than luck."""
        gain = sharpe_difference(self.rule.returns, self.hold.returns)
        beaten = float((self.random.sharpe < self.rule.sharpe).mean())
        if gain.low > 0:
            sure = "**more than buy and hold**, beyond what chance explains on these days"
        elif gain.high < 0:
            sure = "**less than buy and hold**, beyond what chance explains on these days"
        else:
            sure = "**no proof of anything**, for the interval holds 0"
        return (
            f"Over {len(self.days.dates):,} days its Sharpe ratio minus that of buy and hold is "
            f"{gain.formatted('+.2f')}: {sure}. It beats {beaten:.0%} of {NUM_RANDOM} random rules "
            "that trade as much."
        )


def compare(days: Tomorrows, options: TradingOptions | None = None) -> Comparison:
    """Return what a rule, buy and hold and random rules would have earned on the same days."""
    options = options or TradingOptions()
    wanted, market = wanted_positions(days, options), (days.returns, options.costs)
    return Comparison(
        days, backtest(wanted, *market), buy_and_hold(*market), random_rules(wanted, *market)
    )


def _row(name: str, tested: Backtest) -> dict[str, str]:
    worst = np.median(tested.drawdown.min(axis=-1))
    return {
        "Strategy": name,
        "Return a year": f"{np.median(tested.annual_return):+.1%}",
        "Volatility a year": f"{np.median(tested.volatility):.1%}",
        "Deepest fall": f"{worst:.0%}",
        "Turnover a year": f"{np.median(tested.turnover):.1f}",
    }


def _sharpe_cell(interval: Interval) -> dict[str, str]:
    return {"Sharpe ratio": interval.formatted()}
