"""The forecasters' metrics as the tables and sentences of their model card."""

from __future__ import annotations

from core.model_card import markdown_table
from core.probabilistic.tallies import SHOWN

FORECASTERS = {
    "the model": "",
    "EWMA and 250 days, with drift": "ewma_long_mix_",
    "EWMA volatility (RiskMetrics)": "ewma_",
    "GARCH(1,1)": "garch_",
    "random walk with drift": "drift_",
    "random walk, constant volatility": "random_walk_",
    "persistence": "persistence_",
    "climatology": "climatology_",
    "the same day a year ago": "seasonal_naive_",
    "AutoETS": "auto_ets_",
    "AutoARIMA": "auto_arima_",
    "Theta": "theta_",
}
"""Who forecast -> how their metrics' names begin."""


def table(found: dict, title: str, start: str, keys: dict[str, str]) -> str:
    """Return one table: a row for every forecaster that has all of `keys` (metric -> heading)."""
    rows = [
        [who, *(f"{found[start + prefix + key]:.2f}" for key in keys)]
        for who, prefix in FORECASTERS.items()
        if all(start + prefix + key in found for key in keys)
    ]
    return markdown_table([title, *keys.values()], rows)


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    parts = []
    for split, found in config["metrics"].items():
        crps = {f"crps_skill_h{h}": f"{h} days" for h in SHOWN} | {"crps_skill_mean": "mean"}
        parts.append(
            table(found, f"stocks, {split}, {found['stocks_origins']:.0f} origins", "", crps)
        )
        parts.append(
            "Skill in percent: by how much the CRPS of the cumulative log return is smaller than "
            "that of the driftless random walk; the mean is over horizons 1 to 20. "
            + _stocks_in_words(found)
        )
        for score, unit in {"rmse": "RMSE", "crps": "CRPS"}.items():
            keys = {f"{score}_h{h}": f"{h} days" for h in range(1, 8)}
            title = f"weather, {split}, {unit} in °C"
            parts.append(table(found, title, "weather_", keys))
            skills = [f"{found[f'weather_{score}_skill_h{h}']:.1f}" for h in range(1, 8)]
            parts.append(
                f"{unit} smaller than that of the better of persistence and climatology by "
                f"{', '.join(skills)} % for 1 to 7 days."
            )
        parts.append(
            f"{found['weather_origins']:.0f} origins. {_held(found, 'weather_')} "
            + _bound_in_words(found)
        )
        if "stocks_few_origins" in found:
            number = f"{found['stocks_few_origins']:.0f} origins"
            parts.append(table(found, f"stocks, {split}, skill, {number}", "few_", crps))
            number = f"{found['weather_few_origins']:.0f} origins"
            keys = {f"crps_h{h}": f"{h} days" for h in range(1, 8)}
            title = f"weather, {split}, CRPS in °C, {number}"
            parts.append(table(found, title, "few_weather_", keys))
    return "\n\n".join(parts)


def _held(found: dict, start: str) -> str:
    held = [f"{found[f'{start}coverage_{share}']:.1f}" for share in (50, 80, 95)]
    return (
        "The model's central intervals of 50, 80 and 95 % held "
        f"{held[0]}, {held[1]} and {held[2]} % of the outcomes."
    )


def _stocks_in_words(found: dict) -> str:
    low, high = (found[f"direction_accuracy_{end}"] for end in ("low", "high"))
    return (
        f"{_held(found, '')} The likelier direction of the next day was right in "
        f"{found['direction_accuracy']:.2f} % ({low:.2f} to {high:.2f}, 95 % interval); "
        f"{found['share_of_days_up']:.2f} % of the days went up."
    )


def _bound_in_words(found: dict) -> str:
    if "all_stations_rmse_skill_h1" not in found:
        return ""
    bound, model = (
        ", ".join(f"{found[f'{name}_rmse_skill_h{h}']:.1f}" for h in (1, 2, 3))
        for name in ("all_stations", "european")
    )
    return (
        "What one series cannot know: a linear regression that reads every measurement of all 18 "
        f"European places reaches an RMSE skill of {bound} % for 1 to 3 days; the model, which "
        f"reads one series, {model} % at the same places."
    )
