"""A series becomes a distribution for every coming day: the shipped LSTMs, run with ONNX Runtime.

Two graphs share this file. `stocks` reads daily prices and forecasts the cumulative log return of
the next 20 trading days; `weather` reads daily temperatures and forecasts the next 7 days. Both
read a window that ends on the origin, the last known day, and answer with a mixture of Gaussians
for every horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.onnx_model import MODELS, OnnxModel, load_onnx_model
from core.probabilistic.mixture import Mixture, concatenate
from core.series import Series
from core.series.windows import MIN_HISTORY, Days, check_series, horizons_of, read_days

KINDS = ("stocks", "weather")
LEVELS = tuple(sorted({*(i / 100 for i in range(1, 100)), 0.005, 0.025, 0.975, 0.995}))
"""Of the quantiles that a result holds: every percent, and the ends of central intervals."""
_CHUNK = 512
"""Windows in one run of the graph."""


@dataclass(frozen=True)
class ForecastOptions:
    """What is forecast, and from when."""

    kind: str = "stocks"
    """stocks: prices, all above 0; weather: temperatures of consecutive days."""
    origin: int = -1
    """Row of the last known day; nothing after it is read. -1 is the last row."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {KINDS}")


@dataclass(frozen=True)
class Forecasts:
    """Forecasts from N origins. Z = horizons, K = parts of a mixture, U = units of the LSTM."""

    kind: str
    origins: np.ndarray
    """(N,) int64, rows of the last known days."""
    horizons: np.ndarray
    """(Z,) int64: 1, 2, ... steps ahead."""
    mixture: Mixture
    """(N, Z) of the cumulative log return since the origin (stocks) or of the temperature."""
    last_values: np.ndarray
    """(N,) the series at the origins."""
    hidden_states: np.ndarray = field(repr=False)
    """(N, U) float32 in [-1, 1]: the LSTM's state at each origin."""

    def quantiles(self, levels: Sequence[float]) -> np.ndarray:
        """Return (N, Z, Q) in the series' own unit: prices or degrees."""
        return in_own_unit(self.kind, self.last_values, self.mixture.quantiles(levels))


@dataclass(frozen=True)
class ForecastResult:
    """One forecast and how it came about. Z = horizons, Q = quantile levels, T = window."""

    kind: str
    origin: np.datetime64
    """The last known day."""
    last_value: float
    dates: np.ndarray
    """(Z,) datetime64[D] of the horizons; stocks: weekdays, an exchange's holidays included."""
    horizons: np.ndarray
    """(Z,) int64: 1, 2, ... steps ahead."""
    mixture: Mixture
    """(Z,) of the cumulative log return since the origin (stocks) or of the temperature."""
    levels: tuple[float, ...]
    quantiles: np.ndarray = field(repr=False)
    """(Z, Q) in the series' own unit."""
    window_dates: np.ndarray = field(repr=False)
    """(T,) the days that the LSTM read."""
    inputs: np.ndarray = field(repr=False)
    """(T, F) float32, what it read on each; core.series.windows.INPUT_NAMES[kind] names them."""
    hidden_states: np.ndarray = field(repr=False)
    """(T, U) float32 in [-1, 1], its state after each of them."""

    @property
    def median(self) -> np.ndarray:
        """(Z,) in the series' own unit."""
        return self.quantile(0.5)

    def quantile(self, level: float) -> np.ndarray:
        """Return (Z,) the quantiles of one of `levels`, in the series' own unit."""
        return self.quantiles[:, self.levels.index(round(level, 3))]

    def interval(self, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Return both ends (Z,) of the central interval that holds `share` of the probability."""
        return self.quantile((1 - share) / 2), self.quantile((1 + share) / 2)


def load_model(*, models: Path = MODELS) -> OnnxModel:
    """Open models/forecasting/: the graphs `stocks` and `weather`.

    Raises:
        ModelFileError: If a file is missing, altered or does not fit.
    """
    return load_onnx_model("forecasting", models=models)


def forecast(
    model: OnnxModel, series: Series, options: ForecastOptions | None = None
) -> ForecastResult:
    """Forecast what follows one day of a series.

    Raises:
        InputError: If the series cannot be used; see `check_series`.
    """
    options = options or ForecastOptions()
    origin = range(len(series.values))[options.origin]
    check_series(series, options.kind, origin)
    config = model.config[options.kind]
    days = read_days(series, options.kind, origin, config["num_horizons"])
    inputs = days.windows(np.array([origin]), config["window_length"])
    out = model.run(options.kind, inputs=inputs)
    mixture = scale_mixture(out, days, np.array([origin]))[0]
    last, horizons = series.values[[origin]], horizons_of(config["num_horizons"])
    return ForecastResult(
        kind=options.kind,
        origin=series.dates[origin],
        last_value=float(last[0]),
        dates=coming_dates(series.dates[origin], horizons, options.kind),
        horizons=horizons,
        mixture=mixture,
        levels=LEVELS,
        quantiles=in_own_unit(options.kind, last, mixture.quantiles(LEVELS)[None])[0],
        window_dates=series.dates[origin + 1 - config["window_length"] : origin + 1],
        inputs=inputs[0],
        hidden_states=out["hidden_states"][0],
    )


def forecast_many(
    model: OnnxModel, series: Series, kind: str, origins: np.ndarray | None = None
) -> Forecasts:
    """Walk forward: forecast from every origin as if it were the last known day.

    Args:
        model: From `load_model`.
        series: Days after an origin do not change its forecast.
        kind: stocks or weather.
        origins: (N,) rows of the last known days; None takes all that have enough history.

    Raises:
        InputError: If the series cannot be used; see `check_series`.
    """
    if origins is None:
        origins = np.arange(MIN_HISTORY[kind] - 1, len(series.values))
    origins = np.asarray(origins, np.int64)
    first, last = (int(origins.min()), int(origins.max())) if len(origins) else (-1, -1)
    check_series(series, kind, last, first=first)
    days = read_days(series, kind, last, model.config[kind]["num_horizons"])
    return _collect(model, kind, [(days, origins)], series.values[origins])


def forecast_variants(model: OnnxModel, variants: Sequence[Series], kind: str) -> Forecasts:
    """Forecast what follows the last day of several versions of one series.

    Raises:
        InputError: If one of them cannot be used; see `check_series`.
    """
    num_horizons, parts = model.config[kind]["num_horizons"], []
    for series in variants:
        last = len(series.values) - 1
        check_series(series, kind, last)
        parts.append((read_days(series, kind, last, num_horizons), np.array([last])))
    return _collect(model, kind, parts, np.array([series.values[-1] for series in variants]))


def scale_mixture(out: dict[str, np.ndarray], days: Days, origins: np.ndarray) -> Mixture:
    """Return (N, Z) mixtures in the unit of the forecast from what the graph answered."""
    location, scale = days.locations[origins, :, None], days.scales[origins, :, None]
    means = location + scale * out["means"]
    return Mixture(out["weights"].astype(float), means, scale * out["scales"])


def in_own_unit(kind: str, last_values: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Turn log returns (N, ...) since `last_values` (N,) into prices; degrees stay degrees."""
    if kind == "weather":
        return values
    return last_values.reshape(-1, *[1] * (values.ndim - 1)) * np.exp(values)


def coming_dates(origin: np.datetime64, horizons: np.ndarray, kind: str) -> np.ndarray:
    """Return the dates of the horizons: every day for weather, weekdays for stocks."""
    if kind == "weather":
        return origin + horizons
    return np.busday_offset(origin, horizons, roll="backward")


def _collect(
    model: OnnxModel, kind: str, parts: list[tuple[Days, np.ndarray]], last_values: np.ndarray
) -> Forecasts:
    config, mixtures, states = model.config[kind], [], []
    for days, origins in parts:
        for start in range(0, len(origins), _CHUNK):
            chunk = origins[start : start + _CHUNK]
            out = model.run(kind, inputs=days.windows(chunk, config["window_length"]))
            mixtures.append(scale_mixture(out, days, chunk))
            states.append(out["hidden_states"][:, -1])
    return Forecasts(
        kind,
        np.concatenate([origins for _, origins in parts]),
        horizons_of(config["num_horizons"]),
        concatenate(mixtures),
        last_values,
        np.concatenate(states),
    )
