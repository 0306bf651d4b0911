"""Four ways to a beautiful stock forecast that is worth nothing, each beside the honest number.

Every figure comes from the visitor's own series: the same ridge regression is fitted twice to its
first part, once with the mistake and once without, and judged on the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.bootstrap import Interval, block_interval, correlation, share, skill
from core.errors import InputError
from core.ridge import fit_ridge

TRAIN_SHARE = 0.7
"""Of the days, from the first on, that the regression learns from."""
NUM_LAGS = 5
"""Days that it reads."""
YEAR, AHEAD = 252, 20
"""Days of a piece, and how far ahead its change is forecast, when scales leak."""
MIN_DAYS = 4 * YEAR
_SHOWN = 120
"""Days drawn."""


@dataclass(frozen=True)
class Forecasted:
    """What a regression said about the last part of a series. N = days of it."""

    dates: np.ndarray = field(repr=False)
    """(N,) datetime64[D] of the days that were forecast."""
    actual: np.ndarray = field(repr=False)
    """(N,) what happened: a price, or a change in percent."""
    predicted: np.ndarray = field(repr=False)
    """(N,) what was forecast, in the same unit."""
    unit: str

    def last(self, count: int = _SHOWN) -> Forecasted:
        """Return the last days alone, as many as can be told apart in a picture."""
        arrays = (self.dates[-count:], self.actual[-count:], self.predicted[-count:])
        return Forecasted(*arrays, self.unit)


@dataclass(frozen=True)
class Mistake:
    """One mistake, what it pretends and what is true."""

    beautiful: Forecasted
    """With the mistake."""
    pretended: str
    """What its picture seems to prove, with numbers, in a sentence."""
    honest: Forecasted
    """Without the mistake, or what its picture hides."""
    truth: str
    """What holds, with numbers, in a sentence."""


def leak_tomorrow(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Forecast tomorrow's return from a smoothed price whose average reaches into tomorrow.

    Args:
        dates: (N,) datetime64[D].
        prices: (N,) above 0.

    Raises:
        InputError: If there are fewer than MIN_DAYS.
    """
    _check_length(prices)
    log = np.log(prices)
    trailing = np.convolve(log, np.ones(3) / 3, "valid")  # of the days t - 2, t - 1, t
    days = np.arange(NUM_LAGS + 1, len(log) - 1)
    lags = _past_returns(log, days)
    target = 100 * (log[days + 1] - log[days])
    centred, behind = trailing[days - 1] - log[days], trailing[days - 2] - log[days]
    wrong, right = (
        _walk(np.column_stack([lags, extra]), target, dates[days + 1], "tomorrow's return, %")
        for extra in (centred, behind)
    )
    return Mistake(
        wrong,
        f"It forecasts the direction of {_hits(wrong)} of the days: the average of yesterday, "
        "today and tomorrow is tomorrow's price in disguise.",
        right,
        f"With an average that ends today it is {_hits(right)}. {_coin(right)}",
    )


def scale_with_the_whole(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Forecast the change over 20 days from prices that were scaled with days still to come.

    The series is cut into years, as if each had been downloaded alone, and each is scaled to
    [0, 1]: by its own lowest and highest price, or only by those that were known on the day.
    """
    _check_length(prices)
    pieces = np.log(prices[len(prices) % YEAR :]).reshape(-1, YEAR)  # (years, YEAR)
    days = np.arange(AHEAD, YEAR - AHEAD)
    target = 100 * (pieces[:, days + AHEAD] - pieces[:, days])
    known = (np.minimum.accumulate(pieces, axis=1), np.maximum.accumulate(pieces, axis=1))
    whole = (pieces.min(axis=1, keepdims=True), pieces.max(axis=1, keepdims=True))
    shown = dates[len(prices) % YEAR :].reshape(-1, YEAR)[:, days + AHEAD]
    wrong, right = (
        _walk(
            _scaled(pieces, *ends)[:, days].reshape(-1, 1),
            target.ravel(),
            shown.ravel(),
            f"change over {AHEAD} days, %",
        )
        for ends in (whole, known)
    )
    return Mistake(
        wrong,
        "Scaled by each year's lowest and highest price, forecast and outcome have a correlation "
        f"of {_agreement(wrong)}.",
        right,
        "Scaled by the prices known on the day it is "
        f"{_agreement(right)}. Near 0 of a finished year one knows that no lower price will come.",
    )


def shuffle_labels(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Draw tomorrow's price as forecast by a regression that learnt from shuffled returns."""
    _check_length(prices)
    log = np.log(prices)
    days = np.arange(NUM_LAGS + 1, len(log) - 1)
    target = 100 * (log[days + 1] - log[days])
    lags, coming = _past_returns(log, days), dates[days + 1]
    shuffled = _walk(lags, target, coming, "tomorrow's return, %", shuffled=True)
    true = _walk(lags, target, coming, "tomorrow's return, %")
    drawn, fair = (_as_prices(f, prices) for f in (shuffled, true))
    return Mistake(
        drawn,
        f"The drawn prices explain {_explained(drawn):.1%} of the price's variance.",
        shuffled,
        "But its labels were shuffled, so there was nothing to learn: it forecasts the direction "
        f"of {_hits(shuffled)} of the days. With the true labels it is {_hits(true)}, and the "
        f"picture explains {_explained(fair):.1%}: it cannot tell them apart. {_coin(true)}",
    )


def shift_by_one(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Draw tomorrow's price as forecast from the last prices, over the price itself."""
    _check_length(prices)
    days = np.arange(NUM_LAGS, len(prices) - 1)
    levels = np.column_stack([prices[days - lag] for lag in range(NUM_LAGS)])
    drawn = _walk(levels, prices[days + 1], dates[days + 1], "price")
    before = prices[-len(drawn.actual) - 1 : -1]
    changes = [100 * (values / before - 1) for values in (drawn.actual, drawn.predicted)]
    honest = Forecasted(drawn.dates, *changes, "change to tomorrow, %")
    gain = block_interval(skill, *_squares(drawn, before), block_length=AHEAD)
    word = "smaller" if gain.estimate > 0 else "larger"
    sure = "and that is no chance" if gain.excludes(0) else "which may be chance"
    lag = best_lag(drawn)
    return Mistake(
        drawn,
        f"The forecast lies on the price and explains {_explained(drawn):.1%} of its variance.",
        honest,
        f"Moved back by {lag} {'day' if lag == 1 else 'days'} it fits best: it repeats prices that "
        f"were known. Its squared error is {abs(gain.estimate):.1%} {word} than that of “tomorrow "
        f"as today”, {sure}. As a change from today, which is all that pays, it looks like this.",
    )


def _squares(drawn: Forecasted, before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the squared errors of a forecast and of "tomorrow as today"."""
    return np.square(drawn.predicted - drawn.actual), np.square(drawn.actual - before)


MISTAKES: dict[str, Callable[[np.ndarray, np.ndarray], Mistake]] = {
    "Leak tomorrow's price": leak_tomorrow,
    "Scale with the whole series": scale_with_the_whole,
    "Shuffle the labels": shuffle_labels,
    "Shift by one and look at the overlay": shift_by_one,
}


def best_lag(forecasted: Forecasted, longest: int = 5) -> int:
    """Return by how many days a forecast must be moved back to fit what happened best."""
    actual, predicted = forecasted.actual, forecasted.predicted
    errors = [
        np.square(predicted[lag:] - actual[: len(actual) - lag]).mean()
        for lag in range(longest + 1)
    ]
    return int(np.argmin(errors))


def _check_length(prices: np.ndarray) -> None:
    if len(prices) < MIN_DAYS:
        raise InputError(
            f"These experiments need at least {MIN_DAYS:,} days, four years of trading; this "
            f"series has {len(prices):,}."
        )


def _past_returns(log_prices: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return (N, NUM_LAGS): the returns up to and including each day."""
    returns = np.diff(log_prices)
    return np.column_stack([returns[days - 1 - lag] for lag in range(NUM_LAGS)])


def _scaled(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return (values - low) / np.maximum(high - low, 1e-12)


def _walk(
    inputs: np.ndarray, target: np.ndarray, dates: np.ndarray, unit: str, *, shuffled: bool = False
) -> Forecasted:
    """Fit to the first part, its labels shuffled if so wanted, and forecast the rest."""
    cut = int(TRAIN_SHARE * len(target))
    learnt = target[: cut - AHEAD]  # what overlaps with the rest is not learnt from
    learnt = np.random.default_rng(0).permutation(learnt) if shuffled else learnt
    predict = fit_ridge(inputs[: cut - AHEAD], learnt)
    return Forecasted(dates[cut:], target[cut:], predict(inputs[cut:]), unit)


def _as_prices(forecasted: Forecasted, prices: np.ndarray) -> Forecasted:
    before = prices[-len(forecasted.actual) - 1 : -1]
    drawn = [before * np.exp(v / 100) for v in (forecasted.actual, forecasted.predicted)]
    return Forecasted(forecasted.dates, *drawn, "price")


def _direction(forecasted: Forecasted) -> Interval:
    moved = forecasted.actual != 0
    hits = np.sign(forecasted.predicted[moved]) == np.sign(forecasted.actual[moved])
    return block_interval(share, hits.astype(float), block_length=AHEAD)


def _hits(forecasted: Forecasted) -> str:
    return _direction(forecasted).formatted(".1%")


def _coin(forecasted: Forecasted) -> str:
    """Compare with always saying "up", which needs no network."""
    moved = forecasted.actual[forecasted.actual != 0]
    return f"Saying “up” every day would be right on {(moved > 0).mean():.1%}."


def _agreement(forecasted: Forecasted) -> str:
    pair = (forecasted.predicted, forecasted.actual)
    return block_interval(correlation, *pair, block_length=AHEAD).formatted()


def _explained(forecasted: Forecasted) -> float:
    """Return R squared: 1 minus the squared error over the variance."""
    error = np.square(forecasted.predicted - forecasted.actual).mean()
    return float(1 - error / forecasted.actual.var())
