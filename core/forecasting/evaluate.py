"""Hold the shipped forecasters to what happened, walk-forward, beside every baseline.

    python -m core.forecasting.evaluate --data DIR --split test

`--data` is what prepare.py describes. Every day of the split is an origin once: the model and the
baselines see the days up to it. Stocks are the 20 of skfolio; weather is the daily mean of 20
places. ETS, ARIMA and Theta are slow, so they and the model also meet on a few origins spread
evenly over the split, no two series on the same day. One forecaster of the weather knows more than
the model may: a linear regression that reads all measurements of the 18 European places. The last
line printed is one JSON object; `--record` also writes its metrics into
models/forecasting/config.json and the model card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from core.forecasting.inference import forecast_many, load_model
from core.forecasting.prepare import (
    NUM_HORIZONS,
    read_europe,
    read_skfolio,
    read_weather,
    split_bounds,
    split_origins,
)
from core.model_card import replace_section
from core.onnx_model import MODELS, OnnxModel
from core.probabilistic.baselines import STOCK_BASELINES, climatology, persistence, seasonal_naive
from core.probabilistic.forecast_report import results
from core.probabilistic.mixture import Mixture, concatenate, gaussian
from core.probabilistic.scores import coverage, known_outcomes, skill
from core.probabilistic.tallies import Tallies, Tally, stock_metrics, stock_skills, weather_metrics
from core.series import Series
from core.series.climatology import fit_climatology, season
from core.series.volatility import log_returns
from core.series.windows import horizons_of, read_days
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.reference_models import classical, fit_ridge, garch

STATIONS_PENALTY = 300.0
"""Of the regression on all stations; chosen on the dev split."""
COMMAND = "python -m core.forecasting.evaluate"


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder with stocks/ and weather/."""
    split: str = "dev"
    """train, dev or test."""
    num_series: int = 0
    """Only so many series of each kind; 0 takes all."""
    classical_origins: int = 10
    """Origins of each series where ETS, ARIMA and Theta are scored; 0 leaves them out."""
    garch: bool = True
    record: bool = False
    """Write the metrics into models/forecasting/config.json and the model card."""


def forecasts(
    model: OnnxModel, kind: str, series: Series, origins: np.ndarray, *, with_garch: bool
) -> dict[str, Mixture]:
    """Return (N, Z) mixtures of the model and of every quick baseline."""
    found = {"model": forecast_many(model, series, kind, origins).mixture}
    values, horizons = series.values, horizons_of(NUM_HORIZONS[kind])
    if kind == "weather":
        found["persistence"] = persistence(values, origins, horizons)
        found["climatology"] = climatology(series.dates, values, origins, horizons)
        found["seasonal_naive"] = seasonal_naive(values, origins, horizons)
        return found
    for name, baseline in STOCK_BASELINES.items():
        found[name] = baseline(values, origins, horizons)
    if with_garch:
        found["garch"] = garch(log_returns(values), origins, horizons)
    return found


def slow_forecasts(kind: str, series: Series, origin: int) -> dict[str, Mixture]:
    """Return (1, Z) mixtures of ETS, ARIMA and Theta from one origin.

    They read the logarithm of prices, or how far temperatures were from the season's usual, as
    known at the origin; what is usual is added again.
    """
    number = NUM_HORIZONS[kind]
    if kind == "stocks":
        known, usual = np.log(series.values[: origin + 1]), -np.log(series.values[origin])
    else:
        fitted = fit_climatology(series.dates, series.values, np.array([origin]))
        known = series.values[: origin + 1] - fitted.mean(series.dates[None, : origin + 1])[0]
        usual = fitted.mean(series.dates[origin] + horizons_of(number)[None])[0]
    return {
        name: gaussian((mixture.means[:, 0] + usual)[None], mixture.scales[:, 0][None])
        for name, mixture in classical(known, number)
    }


def score_all(
    model: OnnxModel, kind: str, all_series: Sequence[Series], options: EvaluateOptions
) -> tuple[Tallies, Mixture, np.ndarray]:
    """Return every quick forecaster's tally, and all forecasts and outcomes of the model."""
    tallies: Tallies = {}
    mixtures, happened = [], []
    for series in tqdm(all_series, desc=kind, mininterval=10):
        origins = split_origins(kind, series, options.split)
        outcomes = known_outcomes(series, origins, horizons_of(NUM_HORIZONS[kind]), kind)
        found = forecasts(model, kind, series, origins, with_garch=options.garch)
        for name, mixture in found.items():
            tallies.setdefault(name, Tally()).add(mixture, outcomes)
        mixtures.append(found["model"])
        happened.append(outcomes)
    return tallies, concatenate(mixtures), np.concatenate(happened)


def score_few(
    model: OnnxModel, kind: str, all_series: Sequence[Series], options: EvaluateOptions
) -> Tallies:
    """Return tallies of the slow forecasters and the model on the same few origins."""
    tallies: Tallies = {}
    bar = tqdm(all_series, desc=f"{kind}, slow baselines", mininterval=10)
    for place, series in enumerate(bar):
        rows = split_origins(kind, series, options.split)
        start = (place + 0.5) / len(all_series)  # each series has days of its own
        shares = (np.arange(options.classical_origins) + start) / options.classical_origins
        for origin in rows[(shares * len(rows)).astype(int)]:
            now = np.array([origin])
            outcomes = known_outcomes(series, now, horizons_of(NUM_HORIZONS[kind]), kind)
            found = forecasts(model, kind, series, now, with_garch=False)
            for name, mixture in (found | slow_forecasts(kind, series, origin)).items():
                tallies.setdefault(name, Tally()).add(mixture, outcomes)
    return tallies


def all_stations(model: OnnxModel, data: str, split: str) -> dict[str, float]:
    """Return the RMSE skills of a regression on all European measurements, and of the model there.

    Every column is standardised and freed of its season with the training years; today's and
    yesterday's values are read.
    """
    dates, columns = read_europe(data)
    places = [s for s in read_weather(data) if s.name.endswith("mean") and s.name in columns]
    last = split_bounds("weather", places[0])["train"][1]
    known, wave = dates <= last, season(dates, 2)
    values = np.stack(list(columns.values()), axis=1)
    values = values - wave @ np.linalg.lstsq(wave[known], values[known])[0]
    values = values / np.maximum(values[known].std(axis=0), 1e-9)
    before = np.concatenate([values[:1], values[:-1]])
    read = np.concatenate([values, before, np.ones((len(dates), 1))], axis=1)
    tallies: Tallies = {}
    for series in places:
        days = read_days(series, "weather", len(dates) - 1, NUM_HORIZONS["weather"])
        train, now = (split_origins("weather", series, name) for name in ("train", split))
        ahead = horizons_of(NUM_HORIZONS["weather"])
        targets = known_outcomes(series, train, ahead, "weather") - days.locations[train]
        found = days.locations[now] + read[now] @ fit_ridge(read[train], targets, STATIONS_PENALTY)
        outcomes = known_outcomes(series, now, ahead, "weather")
        mixtures = forecasts(model, "weather", series, now, with_garch=False)
        for name, mixture in (
            mixtures | {"stations": gaussian(found, np.ones_like(found))}
        ).items():
            tallies.setdefault(name, Tally()).add(mixture, outcomes)
    better = np.minimum(tallies["persistence"].rmse(), tallies["climatology"].rmse())
    return {
        f"{title}_rmse_skill_h{day}": value
        for title, name in {"all_stations": "stations", "european": "model"}.items()
        for day, value in enumerate(skill(tallies[name].rmse(), better), start=1)
    }


def evaluate(options: EvaluateOptions) -> dict[str, float]:
    """Return every metric of one split; percent, or degrees where the name says neither."""
    model, metrics = load_model(), {}
    last = options.num_series or None
    places = [series for series in read_weather(options.data) if series.name.endswith("mean")]
    for kind, all_series in {"stocks": read_skfolio(options.data), "weather": places}.items():
        all_series = all_series[:last]
        tallies, mixture, outcomes = score_all(model, kind, all_series, options)
        metrics[f"{kind}_origins"] = len(outcomes)
        if kind == "stocks":
            metrics |= stock_metrics(tallies, mixture, outcomes)
        else:
            metrics |= weather_metrics(tallies)
            metrics |= {f"weather_{n}": v for n, v in coverage(mixture, outcomes).items()}
            metrics |= all_stations(model, options.data, options.split)
        if options.classical_origins:
            few = score_few(model, kind, all_series, options)
            metrics[f"{kind}_few_origins"] = sum(len(crps) for crps in few["model"].crps)
            skills = stock_skills if kind == "stocks" else weather_metrics
            metrics |= skills(few, {"stocks": "few_", "weather": "few_weather_"}[kind])
    return {name: float(value) for name, value in metrics.items()}


def record(metrics: dict) -> None:
    """Merge the metrics into config.json, write the model card's numbers, renew the manifest."""
    folder = MODELS / "forecasting"
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["metrics"] |= metrics
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    card = folder / "MODEL_CARD.md"
    text = replace_section(card.read_text("utf-8"), "Results", results(config))
    card.write_text(text, "utf-8")
    update_manifest("forecasting", COMMAND)


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    metrics = {name: round(value, 4) for name, value in evaluate(options).items()}
    number = int(metrics["stocks_origins"])
    if options.record:
        record({options.split: {"n": number, **metrics}})
    print(results({"metrics": {options.split: metrics}}))
    found = {"task": "forecasting", "split": options.split, "n": number, "metrics": metrics}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
