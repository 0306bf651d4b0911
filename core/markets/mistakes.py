"""Four ways to a beautiful stock forecast that is worth nothing, each beside the honest number.

Every figure comes from the visitor's own series: the same ridge regression is fitted twice to its
first part, once with the mistake and once without, and judged on the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.markets.regression import Forecasted, forecast_rest
from core.probabilistic.bootstrap import skill_interval

NUM_LAGS = 5
"""Days that it reads."""
YEAR, AHEAD = 252, 20
"""Days of a piece, and how far ahead its change is forecast, when scales leak."""
MIN_DAYS = 4 * YEAR


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
        forecast_rest(
            np.column_stack([lags, extra]), target, dates[days + 1], "tomorrow's return, %"
        )
        for extra in (centred, behind)
    )
    return Mistake(
        wrong,
        f"It forecasts the direction of {_share(wrong)} of the days: the average of yesterday, "
        "today and tomorrow is tomorrow's price in disguise.",
        right,
        f"With an average that ends today it is {_share(right)}. {_coin(right)}",
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
        forecast_rest(
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
        f"of {wrong.agreement.formatted()}.",
        right,
        f"Scaled by the prices known on the day it is {right.agreement.formatted()}. Near 0 of a "
        "finished year one knows that no lower price will come.",
    )


def shuffle_labels(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Draw tomorrow's price as forecast by a regression that learnt from shuffled returns."""
    _check_length(prices)
    log = np.log(prices)
    days = np.arange(NUM_LAGS + 1, len(log) - 1)
    target = 100 * (log[days + 1] - log[days])
    lags, coming = _past_returns(log, days), dates[days + 1]
    shuffled = forecast_rest(lags, target, coming, "tomorrow's return, %", shuffled=True)
    true = forecast_rest(lags, target, coming, "tomorrow's return, %")
    drawn, fair = (_as_prices(f, prices) for f in (shuffled, true))
    return Mistake(
        drawn,
        f"The drawn prices explain {drawn.explained:.1%} of the price's variance.",
        shuffled,
        "But its labels were shuffled, so there was nothing to learn: it forecasts the direction "
        f"of {_share(shuffled)} of the days. With the true labels it is {_share(true)}, and the "
        f"picture explains {fair.explained:.1%}: it cannot tell them apart. {_coin(true)}",
    )


def shift_by_one(dates: np.ndarray, prices: np.ndarray) -> Mistake:
    """Draw tomorrow's price as forecast from the last prices, over the price itself."""
    _check_length(prices)
    days = np.arange(NUM_LAGS, len(prices) - 1)
    levels = np.column_stack([prices[days - lag] for lag in range(NUM_LAGS)])
    drawn = forecast_rest(levels, prices[days + 1], dates[days + 1], "price")
    before = prices[-len(drawn.actual) - 1 : -1]
    changes = [100 * (values / before - 1) for values in (drawn.actual, drawn.predicted)]
    honest = Forecasted(drawn.dates, *changes, "change to tomorrow, %")
    gain = skill_interval(*_squares(drawn, before), block_length=AHEAD)
    word = "smaller" if gain.estimate > 0 else "larger"
    sure = "and that is no chance" if gain.excludes(0) else "which may be chance"
    lag = drawn.best_lag()
    return Mistake(
        drawn,
        f"The forecast lies on the price and explains {drawn.explained:.1%} of its variance.",
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


WHY = {
    "Leak tomorrow's price": "A smoothed price, an indicator, a filled gap: whatever is centred on "
    "a day knows the day after it.",
    "Scale with the whole series": "Scaling to 0 to 1 before the split is the first line of most "
    "tutorials. The lowest and highest price of the whole series say where it will turn.",
    "Shuffle the labels": "A control, not a mistake: whatever looks good with shuffled labels "
    "proves nothing with true ones.",
    "Shift by one and look at the overlay": "Prices hardly change from one day to the next, so "
    "yesterday's price lies on today's in every picture.",
}
"""Why each happens, in a sentence or two."""


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


def _as_prices(forecasted: Forecasted, prices: np.ndarray) -> Forecasted:
    before = prices[-len(forecasted.actual) - 1 : -1]
    drawn = [before * np.exp(v / 100) for v in (forecasted.actual, forecasted.predicted)]
    return Forecasted(forecasted.dates, *drawn, "price")


def _share(forecasted: Forecasted) -> str:
    return forecasted.direction.formatted(".1%")


def _coin(forecasted: Forecasted) -> str:
    """Compare with always saying "up", which needs no network."""
    moved = forecasted.actual[forecasted.actual != 0]
    return f"Saying “up” every day would be right on {(moved > 0).mean():.1%}."
