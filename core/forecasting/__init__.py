"""Forecasting: a daily series becomes a distribution for every coming day (many to many).

Reading order: inference.py (run the shipped models), inspection.py (what a page asks beyond one
forecast), model.py (the network), prepare.py (series, split by time), train.py, export.py,
evaluate.py (the shipped models against their baselines). `python -m core.forecasting FILE.csv`
answers on the command line.
"""

from core.forecasting.inference import (
    ForecastOptions,
    ForecastResult,
    Forecasts,
    forecast,
    forecast_many,
    forecast_variants,
    load_model,
)
from core.forecasting.inspection import (
    BASELINES,
    JUDGED_DAYS,
    MODEL,
    WALK_SPANS,
    Sample,
    advance,
    at,
    baseline_mixtures,
    columns_of,
    fan_at,
    judge_walk,
    load_model_card,
    load_samples,
    predictability,
    read_series,
    remembered,
    shock_reach,
    start_walk,
    tomorrows,
    walk_forward,
)

__all__ = [
    "BASELINES",
    "ForecastOptions",
    "ForecastResult",
    "Forecasts",
    "JUDGED_DAYS",
    "MODEL",
    "Sample",
    "WALK_SPANS",
    "advance",
    "at",
    "baseline_mixtures",
    "columns_of",
    "fan_at",
    "forecast",
    "forecast_many",
    "forecast_variants",
    "judge_walk",
    "load_model",
    "load_model_card",
    "load_samples",
    "predictability",
    "read_series",
    "remembered",
    "shock_reach",
    "start_walk",
    "tomorrows",
    "walk_forward",
]
