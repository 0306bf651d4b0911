"""What positions would have earned, day by day, after costs; and how sure that is. Numpy only.

Position 1 is all the money in the share, 0 none, -1 a short sale of as much. A position is taken at
the close of the day whose forecast it follows and earns the next day's return. Cash earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.probabilistic.bootstrap import Interval, block_interval

DAYS_PER_YEAR = 252
BLOCK_DAYS = 20
"""Length of a block when days are resampled: about a month."""
NUM_RANDOM = 200
_MOST = 600.0
"""Logarithm of the most money that is counted; a price that jumps daily would overflow."""


@dataclass(frozen=True)
class Costs:
    """What trading costs."""

    fee_bp: float = 5.0
    """Paid to the broker, in hundredths of a percent of what is traded."""
    slippage_bp: float = 5.0
    """Lost between the close and the price one gets, in the same unit."""
    band: float = 0.1
    """No trade while the position is off by less than this."""

    def __post_init__(self) -> None:
        if min(self.fee_bp, self.slippage_bp, self.band) < 0:
            raise ValueError("costs are not negative")


@dataclass(frozen=True)
class Backtest:
    """What a rule would have done, day by day. N = days; further axes may stand before."""

    positions: np.ndarray = field(repr=False)
    """(..., N) held over each day."""
    traded: np.ndarray = field(repr=False)
    """(..., N) >= 0, share of the money that changed hands before it."""
    returns: np.ndarray = field(repr=False)
    """(..., N) of each day after costs, as shares of the money, not logarithms."""

    @property
    def equity(self) -> np.ndarray:
        """(..., N) the money at each day's end; it began with 1. At 0 it stays there."""
        with np.errstate(divide="ignore"):  # the logarithm of nothing
            growth = np.cumsum(np.log1p(self.returns), axis=-1)
        return np.exp(np.minimum(growth, _MOST))

    @property
    def drawdown(self) -> np.ndarray:
        """(..., N) in [-1, 0]: how far the money lies below its highest mark."""
        return drawdown(self.equity)

    @property
    def turnover(self) -> np.ndarray:
        """(...) times the money changes hands in a year."""
        return self.traded.mean(axis=-1) * DAYS_PER_YEAR

    @property
    def annual_return(self) -> np.ndarray:
        """(...) growth a year."""
        return self.equity[..., -1] ** (DAYS_PER_YEAR / self.returns.shape[-1]) - 1

    @property
    def volatility(self) -> np.ndarray:
        """(...) standard deviation of the returns, a year."""
        return self.returns.std(axis=-1) * np.sqrt(DAYS_PER_YEAR)

    @property
    def sharpe(self) -> np.ndarray:
        """(...) yearly mean return over yearly volatility."""
        return sharpe(self.returns)


def backtest(wanted: np.ndarray, returns: np.ndarray, costs: Costs | None = None) -> Backtest:
    """Hold what a rule wants and pay for every change.

    Args:
        wanted: (..., N) positions for the coming day.
        returns: (N,) simple returns of the share over that day, above -1.
        costs: Fees, slippage and the band without trades.
    """
    costs = costs or Costs()
    price = (costs.fee_bp + costs.slippage_bp) / 10_000
    held = np.zeros(wanted.shape[:-1])
    positions, traded, earned = (np.empty(wanted.shape) for _ in range(3))
    for day, share in enumerate(returns):
        change = wanted[..., day] - held
        change = np.where(np.abs(change) > costs.band, change, 0.0)
        positions[..., day] = held + change
        traded[..., day] = np.abs(change)
        earned[..., day] = positions[..., day] * share - price * traded[..., day]
        # What moved changes its share of the money; nothing is left below a loss of all.
        earned[..., day] = np.maximum(earned[..., day], -1.0)
        left = 1 + earned[..., day]
        grown = positions[..., day] * (1 + share)
        held = np.divide(grown, left, out=np.zeros_like(grown), where=left > 0)
    return Backtest(positions, traded, earned)


def buy_and_hold(returns: np.ndarray, costs: Costs | None = None) -> Backtest:
    """Return what one purchase on the first day would have earned."""
    return backtest(np.ones(len(returns)), returns, costs)


def random_rules(wanted: np.ndarray, returns: np.ndarray, costs: Costs | None = None) -> Backtest:
    """Return (NUM_RANDOM, N): the same positions in the same order, begun on random days.

    They hold and trade as much as the rule does, but know nothing of the day on which they do.
    """
    num_days = len(wanted)
    rng = np.random.default_rng(0)
    shifts = rng.integers(1, num_days, size=NUM_RANDOM)
    days = (np.arange(num_days) + shifts[:, None]) % num_days
    return backtest(wanted[days], returns, costs)


def drawdown(equity: np.ndarray) -> np.ndarray:
    """Return (..., N) in [-1, 0]: how far the money lies below its highest mark, 1 included."""
    return equity / np.maximum(np.maximum.accumulate(equity, axis=-1), 1.0) - 1


def sharpe(returns: np.ndarray) -> np.ndarray:
    """Return the yearly mean return over the yearly volatility; 0 for money that never moves.

    Source: Sharpe (1994), doi:10.3905/jpm.1994.409501, with a riskless rate of 0.
    """
    return _sharpe(returns.mean(axis=-1), np.square(returns).mean(axis=-1))


def _sharpe(mean: np.ndarray, square: np.ndarray) -> np.ndarray:
    variance = np.maximum(square - mean**2, 0)
    moves = variance > 1e-24
    return np.where(moves, mean / np.sqrt(np.where(moves, variance, 1)), 0) * np.sqrt(DAYS_PER_YEAR)


def sharpe_interval(returns: np.ndarray) -> Interval:
    """Return the Sharpe ratio of (N,) returns with its 95 % interval."""
    return block_interval(_sharpe, returns, returns**2, block_length=BLOCK_DAYS)


def sharpe_difference(returns: np.ndarray, others: np.ndarray) -> Interval:
    """Return by how much the first Sharpe ratio is larger, on the same days, with its interval."""
    columns = (returns, returns**2, others, others**2)
    return block_interval(
        lambda mean, square, other, others_square: (
            _sharpe(mean, square) - _sharpe(other, others_square)
        ),
        *columns,
        block_length=BLOCK_DAYS,
    )
