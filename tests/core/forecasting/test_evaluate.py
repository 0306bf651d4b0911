"""The evaluation command on drawn series, and the numbers that the repository states."""

import json

import numpy as np
import pytest

from core.forecasting import evaluate
from core.forecasting.inference import load_model
from core.forecasting.prepare import read_skfolio, read_weather, split_origins
from core.model_card import section
from core.onnx_model import MODELS
from core.probabilistic.forecast_report import results
from core.probabilistic.mixture import gaussian
from core.probabilistic.tallies import Tally, stock_metrics, weather_metrics


@pytest.fixture(scope="module")
def config():
    return json.loads((MODELS / "forecasting" / "config.json").read_text("utf-8"))


def test_the_command_prints_one_json_object_last(data, monkeypatch, capsys):
    command = ["evaluate", "--data", str(data), "--split", "dev", "--classical-origins", "1"]
    monkeypatch.setattr("sys.argv", command)
    evaluate.main()
    lines = capsys.readouterr().out.splitlines()
    printed = json.loads(lines[-1])
    metrics = printed["metrics"]
    assert (printed["task"], printed["split"]) == ("forecasting", "dev")
    assert printed["n"] == metrics["stocks_origins"] > 1000
    assert metrics["random_walk_crps_skill_h20"] == 0 and metrics["few_theta_crps_skill_h1"] < 100
    better = min(metrics["weather_persistence_rmse_h2"], metrics["weather_climatology_rmse_h2"])
    expected = 100 * (1 - metrics["weather_rmse_h2"] / better)
    assert metrics["weather_rmse_skill_h2"] == pytest.approx(expected, abs=0.05)
    assert any(line.startswith("| GARCH(1,1) |") for line in lines)


def test_skills_are_those_of_the_forecasts_given():
    """Half the random walk's spread around the truth is half its CRPS."""
    outcomes = np.zeros((40, 20))
    outcomes[::2, 0] = 1e-9
    tallies = {"model": Tally(), "random_walk": Tally()}
    half, whole = (gaussian(outcomes, np.full(outcomes.shape, s)) for s in (0.5, 1.0))
    tallies["model"].add(half, outcomes)
    tallies["random_walk"].add(whole, outcomes)
    metrics = stock_metrics(tallies, half, outcomes)
    assert metrics["crps_skill_h1"] == metrics["crps_skill_mean"] == pytest.approx(50)
    assert metrics["coverage_50"] == 100 and metrics["share_of_days_up"] == 50


def test_weather_is_held_to_the_better_baseline_at_each_horizon():
    outcomes = np.zeros((5, 7))
    errors = {"model": 1.0, "persistence": np.arange(1, 8), "climatology": 4.0}
    tallies = {name: Tally() for name in errors}
    for name, error in errors.items():
        means = np.broadcast_to(error, outcomes.shape).astype(float)
        tallies[name].add(gaussian(means, np.ones(means.shape)), outcomes)
    metrics = weather_metrics(tallies)
    found = [metrics[f"weather_rmse_skill_h{h}"] for h in range(1, 8)]
    assert found == pytest.approx([0, 50, 100 * 2 / 3, 75, 75, 75, 75])
    assert metrics["weather_persistence_rmse_h3"] == 3


def test_every_forecaster_sees_no_planted_future(data):
    """The model and all quick baselines, as the evaluation calls them."""
    model = load_model()
    for kind, series in (
        ("stocks", read_skfolio(str(data))[0]),
        ("weather", read_weather(str(data))[0]),
    ):
        origins = split_origins(kind, series, "dev")
        first = evaluate.forecasts(model, kind, series, origins, with_garch=True)
        series.values[origins[-1] + 1 :] *= 3
        again = evaluate.forecasts(model, kind, series, origins, with_garch=True)
        for name, mixture in first.items():
            np.testing.assert_array_equal(mixture.means, again[name].means, err_msg=name)
            np.testing.assert_array_equal(mixture.scales, again[name].scales, err_msg=name)


def test_the_bound_reads_more_than_the_model_may(data):
    """In the drawn town minimum and maximum say nothing new: no skill beyond one series."""
    found = evaluate.all_stations(load_model(), str(data), "dev")
    assert found["all_stations_rmse_skill_h1"] == pytest.approx(
        found["european_rmse_skill_h1"], abs=8
    )


def test_the_model_card_states_what_the_evaluation_recorded(config):
    card = (MODELS / "forecasting" / "MODEL_CARD.md").read_text("utf-8")
    assert section(card, "Results") == results(config)


def test_the_shipped_model_does_on_test_what_the_card_claims(config):
    found = config["metrics"]["test"]
    assert found["n"] == 34_800
    for baseline in ("random_walk", "drift", "ewma", "ewma_long_mix", "garch"):
        assert found["crps_skill_mean"] > found[f"{baseline}_crps_skill_mean"]
    for share in (50, 80, 95):
        assert found[f"coverage_{share}"] == pytest.approx(share, abs=3)
    for score in ("rmse", "crps"):
        assert all(found[f"weather_{score}_skill_h{day}"] > 0 for day in range(1, 8))
