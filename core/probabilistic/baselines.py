"""Forecasts that need no network: what every score is held against. Numpy only.

Each function answers like the network: a mixture (here of one Gaussian) for every origin and
horizon, made from days up to the origin only.
"""

from __future__ import annotations

import numpy as np

from core.probabilistic.mixture import Mixture, gaussian
from core.series.climatology import fit_climatology
from core.series.volatility import (
    ewma_volatility,
    expanding_mean,
    expanding_volatility,
    log_returns,
    rolling_volatility,
)

RISKMETRICS_HALF_LIFE = np.log(0.5) / np.log(0.94)
"""Days; the decay of 0.94 a day of RiskMetrics (1996)."""
LONG_DAYS = 250
_LEAST_VOLATILITY = 1e-9


def random_walk(prices: np.ndarray, origins: np.ndarray, horizons: np.ndarray) -> Mixture:
    """Tomorrow is today, give or take: no drift, one volatility from all days so far.

    Args:
        prices: (S,) all above 0.
        origins: (N,) rows of the last known days, each at least 1.
        horizons: (Z,) steps ahead.

    Returns:
        (N, Z) distributions of the cumulative log return; so for all functions of prices.
    """
    return _walk(expanding_volatility(log_returns(prices)), origins, horizons)


def drift(prices: np.ndarray, origins: np.ndarray, horizons: np.ndarray) -> Mixture:
    """The same random walk, with the mean return of all days so far."""
    returns = log_returns(prices)
    return _walk(expanding_volatility(returns), origins, horizons, expanding_mean(returns))


def ewma(prices: np.ndarray, origins: np.ndarray, horizons: np.ndarray) -> Mixture:
    """A random walk whose volatility forgets with RiskMetrics' decay; no drift."""
    volatility = ewma_volatility(log_returns(prices), RISKMETRICS_HALF_LIFE)
    return _walk(volatility, origins, horizons)


def ewma_long_mix(prices: np.ndarray, origins: np.ndarray, horizons: np.ndarray) -> Mixture:
    """The mean of the EWMA variance and that of the last 250 days; with drift."""
    returns = log_returns(prices)
    quick = ewma_volatility(returns, RISKMETRICS_HALF_LIFE)
    mixed = np.sqrt((quick**2 + rolling_volatility(returns, LONG_DAYS) ** 2) / 2)
    return _walk(mixed, origins, horizons, expanding_mean(returns))


def _walk(
    volatility: np.ndarray,
    origins: np.ndarray,
    horizons: np.ndarray,
    mean_return: np.ndarray | None = None,
) -> Mixture:
    """Return Gaussians whose variance grows with the horizon; row r of both arrays: return r."""
    rows = origins - 1  # the return that leads to the origin
    scales = np.outer(np.maximum(volatility[rows], _LEAST_VOLATILITY), np.sqrt(horizons))
    means = np.zeros_like(scales) if mean_return is None else np.outer(mean_return[rows], horizons)
    return gaussian(means, scales)


def persistence(temperatures: np.ndarray, origins: np.ndarray, horizons: np.ndarray) -> Mixture:
    """The coming days are like today; the spread is how wrong that was on all days so far.

    Args:
        temperatures: (S,) of consecutive days.
        origins: (N,) rows of the last known days, each at least as great as every horizon.
        horizons: (Z,) days ahead.

    Returns:
        (N, Z) distributions of the temperature.
    """
    scales = np.stack(
        [
            expanding_volatility(temperatures[step:] - temperatures[:-step])[origins - step]
            for step in horizons
        ],
        axis=1,
    )
    means = np.broadcast_to(temperatures[origins][:, None], scales.shape)
    return gaussian(means, np.maximum(scales, _LEAST_VOLATILITY))


def climatology(
    dates: np.ndarray, temperatures: np.ndarray, origins: np.ndarray, horizons: np.ndarray
) -> Mixture:
    """The coming days are as usual for the season; mean and spread are fitted on days so far."""
    fitted = fit_climatology(dates, temperatures, origins)
    coming = dates[origins][:, None] + horizons
    return gaussian(fitted.mean(coming), fitted.spread(coming))


def seasonal_naive(
    temperatures: np.ndarray, origins: np.ndarray, horizons: np.ndarray, period: int = 365
) -> Mixture:
    """The coming days are like the same days a year ago; the spread is how wrong that was.

    Args:
        temperatures: (S,) of consecutive days.
        origins: (N,) rows of the last known days, each at least `period`.
        horizons: (Z,) days ahead, none above `period`.
        period: Days of a year.
    """
    errors = expanding_volatility(temperatures[period:] - temperatures[:-period])
    scales = np.maximum(errors[origins - period], _LEAST_VOLATILITY)
    means = temperatures[origins[:, None] + horizons - period]
    return gaussian(means, np.broadcast_to(scales[:, None], means.shape))


STOCK_BASELINES = {
    "random_walk": random_walk,
    "drift": drift,
    "ewma": ewma,
    "ewma_long_mix": ewma_long_mix,
}
"""Name -> function of prices, origins and horizons."""
