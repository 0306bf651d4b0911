"""What a page asks beyond one forecast: samples, uploads, walking forward, memory, downloads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import numpy as np

from core.cells.remembered import Memory, Reach, memory_of, with_losses
from core.forecasting.inference import (
    Forecasts,
    coming_dates,
    forecast_many,
    forecast_variants,
)
from core.markets.trading import Tomorrows
from core.onnx_model import OnnxModel, read_checked
from core.probabilistic import baselines
from core.probabilistic.fan import LEVELS, Fan, around
from core.probabilistic.mixture import Mixture
from core.probabilistic.scores import known_outcomes
from core.probabilistic.verification import Judged, Walk, judge
from core.series import (
    PRICES,
    TEMPERATURES,
    Series,
    daily_prices,
    daily_temperatures,
    open_table,
)
from core.series.volatility import log_returns, rolling_volatility
from core.series.windows import MIN_HISTORY

MODEL = "LSTM"
JUDGED_DAYS = {"stocks": 1760, "weather": 365}
"""Last days of a series on which forecasts are held against what came: seven years of trading
(2016 to 2022 in the samples, which no choice of the model has seen), or one year of weather."""
SHOCK = 0.05
"""Size of the planted shock: a loss of 5 % on one day."""
SHOCK_DAYS = np.array([1, 2, 3, 4, 5, 7, 9, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120])
"""How many days before the origin it is planted."""
SHOCK_HISTORY, SHOCK_ENDS = 1000, np.arange(0, 200, 20)
"""Days that are read in front of each end, and where it stands, counted from the last day."""
NUM_HORIZONS = {"stocks": 20, "weather": 7}
WALK_SPANS = {"Seven years": 1740, "One year": 250, "Up to forty years": 10_000}
"""How many of the last origins a walk forward covers."""
REALISED_DAYS = 10
"""Returns in one value of the realised volatility."""
BASELINES = {
    "stocks": {
        "Random walk": "No drift, one volatility from all days so far. The reference.",
        "Drift": "The same, with the mean return of all days so far.",
        "EWMA volatility": "No drift; recent days weigh more (RiskMetrics, 0.94 a day).",
        "EWMA + 250 days": "The mean of the EWMA variance and that of 250 days; with drift.",
    },
    "weather": {
        "Persistence": "The coming days are like today.",
        "Climatology": "The coming days are as usual for the season.",
    },
}
"""Baselines that need no network, each with what it says, for people."""


@dataclass(frozen=True)
class Sample:
    """A series that the app ships."""

    title: str
    unit: str
    source: str
    """Where it comes from, and its licence."""
    content: bytes = field(repr=False)
    """The CSV file."""


def load_samples(kind: str) -> tuple[Sample, ...]:
    """Read the shipped series of one kind.

    Raises:
        ModelFileError: If a file is missing or altered.
    """
    return tuple(
        Sample(
            title=row["title"],
            unit=row["unit"],
            source=row["source"],
            content=read_checked(f"forecasting/{row['file']}"),
        )
        for row in json.loads(read_checked("forecasting/samples.json"))
        if row["kind"] == kind
    )


def columns_of(content: bytes, kind: str) -> tuple[str, ...]:
    """Return the columns of a CSV file that hold numbers, the likeliest first.

    Raises:
        InputError: If it is no CSV file with dates and numbers.
    """
    table = open_table(content)
    first = table.likeliest(PRICES if kind == "stocks" else TEMPERATURES)
    return (first, *(column for column in table.columns if column != first))


def read_series(content: bytes, kind: str, column: str | None = None) -> Series:
    """Return one column of a CSV file as a daily series; None takes the likeliest column.

    Raises:
        InputError: If it cannot be used; the sentence names row and column.
    """
    column = column or columns_of(content, kind)[0]
    read = daily_prices if kind == "stocks" else daily_temperatures
    # Enough to forecast from at least one day whose outcomes are known.
    return read(open_table(content).read(column), min_days=MIN_HISTORY[kind] + NUM_HORIZONS[kind])


def walk_forward(model: OnnxModel, series: Series, kind: str) -> Forecasts:
    """Forecast from the last JUDGED_DAYS; whatever is shown of them is cut out of this."""
    end = len(series.values)
    origins = np.arange(max(MIN_HISTORY[kind] - 1, end - 1 - JUDGED_DAYS[kind]), end)
    return forecast_many(model, series, kind, origins)


def judge_walk(series: Series, forecasts: Forecasts) -> dict[str, Judged]:
    """Hold a walk forward, and its baselines on the same days, against what came.

    Origins whose outcomes are not all known yet are left out.
    """
    outcomes = known_outcomes(series, forecasts.origins, forecasts.horizons, forecasts.kind)
    return judge({MODEL: forecasts.mixture} | baseline_mixtures(series, forecasts), outcomes)


def baseline_mixtures(series: Series, forecasts: Forecasts) -> dict[str, Mixture]:
    """Return what the baselines say from the same origins, by the names of BASELINES."""
    values, at = series.values, (forecasts.origins, forecasts.horizons)
    if forecasts.kind == "weather":
        said = (
            baselines.persistence(values, *at),
            baselines.climatology(series.dates, values, *at),
        )
    else:
        said = tuple(forecaster(values, *at) for forecaster in baselines.STOCK_BASELINES.values())
    return dict(zip(BASELINES[forecasts.kind], said, strict=True))


def start_walk(series: Series, kind: str, num_days: int) -> Walk:
    """Return a walk over the last `num_days` origins whose outcomes are all known."""
    end = len(series.values) - NUM_HORIZONS[kind]
    return Walk(np.arange(max(MIN_HISTORY[kind] - 1, end - num_days), end))


def advance(walk: Walk, model: OnnxModel, series: Series, kind: str) -> None:
    """Walk the next piece; nothing happens once it is finished or stopped."""
    walk.advance(lambda origins: judge_walk(series, forecast_many(model, series, kind, origins)))


def tomorrows(series: Series, forecasts: Forecasts) -> Tomorrows:
    """Return the forecasts of the next day alone, beside its return."""
    known = forecasts.origins < len(series.values) - 1
    origins, tomorrow = forecasts.origins[known], forecasts.mixture[known, 0]
    returns = series.values[origins + 1] / series.values[origins] - 1
    return Tomorrows(series.dates[origins + 1], tomorrow.mean(), tomorrow.std(), returns)


def shock_reach(model: OnnxModel, series: Series) -> Reach:
    """Plant a loss of 5 % into the past, one day at a time, and look how the forecast widens.

    What a loss does depends on what else its day brought, so the network runs on several ends of
    the series, each with and without the loss, and the mean is returned.
    """
    days = len(series.values)
    ends = days - SHOCK_ENDS[: max(1, np.searchsorted(SHOCK_ENDS, days - SHOCK_HISTORY))]
    days_back = SHOCK_DAYS[: np.searchsorted(SHOCK_DAYS, min(days, SHOCK_HISTORY) - 1)]
    wider = []
    for end in ends:
        recent = slice(max(0, end - SHOCK_HISTORY), end)
        values = [series.values[recent], *with_losses(series.values[recent], days_back, SHOCK)]
        variants = [Series(series.name, series.dates[recent], each) for each in values]
        limits = forecast_variants(model, variants, "stocks").mixture.quantiles((0.1, 0.9))
        width = limits[..., 1] - limits[..., 0]  # (1 + D, Z)
        wider.append(width[1:] / width[0] - 1)
    return Reach(SHOCK, days_back, np.mean(wider, axis=0), len(ends))


def remembered(series: Series, forecasts: Forecasts, place: int, num_days: int) -> Memory:
    """Return the LSTM's states on the days before an origin, beside the price's volatility.

    Args:
        series: That the forecasts were made of.
        forecasts: From `walk_forward`: the state at each origin.
        place: Of the origin among the forecasts' origins.
        num_days: Most days that are shown, the origin included.
    """
    realised = rolling_volatility(log_returns(series.values), REALISED_DAYS) * np.sqrt(252)
    volatility = 100 * realised[forecasts.origins - 1]
    shown = slice(max(0, place + 1 - num_days), place + 1)
    return memory_of(series.dates[forecasts.origins], forecasts.hidden_states, volatility, shown)


def at(forecasts: Forecasts, place: int) -> Forecasts:
    """Return one of many forecasts."""
    fields = ("origins", "mixture", "last_values", "hidden_states")
    return replace(forecasts, **{name: getattr(forecasts, name)[[place]] for name in fields})


def fan_at(series: Series, forecasts: Forecasts, place: int, num_before: int) -> Fan:
    """Cut one forecast out of a walk forward; the network does not run.

    Args:
        series: That the forecasts were made of.
        forecasts: From `walk_forward`.
        place: Of the origin among the forecasts' origins.
        num_before: Most days before it that are shown.
    """
    quantiles = at(forecasts, place).quantiles(LEVELS)[0]
    following = coming_dates(series.dates[-1], forecasts.horizons, forecasts.kind)
    return around(series, int(forecasts.origins[place]), following, quantiles, num_before)


def predictability(model: OnnxModel) -> str:
    """Say as Markdown what the last recorded evaluation found about the direction of prices."""
    split, found = list(model.config["metrics"].items())[-1]
    accuracy, low, high = (found[f"direction_accuracy{end}"] for end in ("", "_low", "_high"))
    told = (
        f"On the {split} split the network named the direction of the next day on "
        f"**{accuracy:.1f}%** of the days [{low:.1f}%, {high:.1f}%]; the price rose on "
        f"{found['share_of_days_up']:.1f}%."
    )
    if low > max(50.0, found["share_of_days_up"]):
        return f"{told} That is more than saying “up” every day would do."
    return (
        f"{told} Saying “up” every day does as well and needs no network: **where tomorrow's price "
        "goes is not predictable here, only how far it may go**."
    )


def load_model_card() -> str:
    """Return models/forecasting/MODEL_CARD.md.

    Raises:
        ModelFileError: If it is missing or altered.
    """
    return read_checked("forecasting/MODEL_CARD.md").decode()
