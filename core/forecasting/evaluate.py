"""Hold the shipped forecasters to what happened, walk-forward, beside every baseline.

    python -m core.forecasting.evaluate --data DIR --split test

`--data` is what prepare.py describes. Every day of the split is an origin once: the model and the
baselines see the days up to it. Stocks are the 20 of skfolio; weather is the daily mean of 20
places. ETS, ARIMA and Theta are slow, so they and the model also meet on a few origins spread evenly
over the split. The last line printed is one JSON object; `--record` also writes its metrics into
models/forecasting/config.json and the model card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.baselines import STOCK_BASELINES, climatology, persistence, seasonal_naive
from core.climatology import fit_climatology
from core.forecasting.inference import forecast_many, load_model
from core.forecasting.prepare import (
    NUM_HORIZONS,
    read_skfolio,
    read_weather,
    split_origins,
)
from core.mixture import Mixture, concatenate, gaussian
from core.model_card import markdown_table, replace_section
from core.onnx_model import MODELS, OnnxModel
from core.scores import (
    coverage,
    known_outcomes,
    right_direction,
    share_with_interval,
    skill,
)
from core.series import Series
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.reference_models import classical, garch
from core.volatility import log_returns
from core.windows import horizons_of

COMMAND = "python -m core.forecasting.evaluate"


SHOWN = (1, 5, 10, 20)
"""Horizons of the stocks' table, trading days."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to evaluate on."""

    data: str = ""
    """Folder with stocks/ and weather/."""
    split: str = "dev"
    """train, dev or test."""
    num_series: int = 0
    """Only so many series of each kind; 0 takes all."""
    classical_origins: int = 4
    """Origins of each series where ETS, ARIMA and Theta are scored; 0 leaves them out."""
    garch: bool = True
    record: bool = False
    """Write the metrics into models/forecasting/config.json and the model card."""


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
    for series in tqdm(all_series, desc=f"{kind}, slow baselines", mininterval=10):
        rows = split_origins(kind, series, options.split)
        chosen = rows[np.linspace(0, len(rows) - 1, options.classical_origins).astype(int)]
        for origin in chosen:
            now = np.array([origin])
            outcomes = known_outcomes(series, now, horizons_of(NUM_HORIZONS[kind]), kind)
            found = forecasts(model, kind, series, now, with_garch=False)
            for name, mixture in (found | slow_forecasts(kind, series, origin)).items():
                tallies.setdefault(name, Tally()).add(mixture, outcomes)
    return tallies


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
        if options.classical_origins:
            few = score_few(model, kind, all_series, options)
            metrics[f"{kind}_few_origins"] = sum(len(crps) for crps in few["model"].crps)
            skills = stock_skills if kind == "stocks" else weather_metrics
            metrics |= skills(few, {"stocks": "few_", "weather": "few_weather_"}[kind])
    return {name: float(value) for name, value in metrics.items()}


def results(config: dict) -> str:
    return ""


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
