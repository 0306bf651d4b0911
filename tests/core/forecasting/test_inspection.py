"""What a page asks beyond one forecast, held to the network, to baselines and to plain cuts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import forecasting
from core.errors import InputError
from core.forecasting import inspection
from core.probabilistic import baselines
from core.probabilistic.scores import known_outcomes
from core.series import Series

KINDS = ("stocks", "weather")


@pytest.fixture(scope="module")
def model():
    return forecasting.load_model()


@pytest.fixture(scope="module")
def prices() -> Series:
    days = np.busday_offset("2015-01-01", np.arange(700), roll="forward")
    moves = np.random.default_rng(0).normal(0, 0.01, 700)
    return Series("Close", days, 100 * np.exp(moves.cumsum()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_can_be_read_and_names_its_source(kind):
    samples = forecasting.load_samples(kind)
    assert len({sample.title for sample in samples}) == len(samples) >= 4
    for sample in samples:
        series = forecasting.read_series(sample.content, kind)
        assert not series.notes and len(series.values) > 3 * 365
        assert sample.source and sample.unit


def test_the_likeliest_column_comes_first():
    content = b"Date,Open,Close,Adj Close,Volume\n2024-01-02,1,2,3,4\n"
    columns = forecasting.columns_of(content, "stocks")
    assert columns == ("Adj Close", "Open", "Close", "Volume")


def test_too_short_a_file_is_refused_with_what_is_needed():
    rows = "\n".join(f"2024-01-{day:02},{day}" for day in range(1, 29))
    with pytest.raises(InputError, match="at least 100 daily prices"):
        forecasting.read_series(f"Date,Close\n{rows}\n".encode(), "stocks")


def test_the_number_of_horizons_is_the_shipped_one(model):
    for kind, horizons in inspection.NUM_HORIZONS.items():
        assert model.config[kind]["num_horizons"] == horizons


def test_a_fan_is_the_forecast_of_its_day_and_knows_nothing_later(model, prices):
    walked = forecasting.walk_forward(model, prices, "stocks")
    place = 300
    origin = int(walked.origins[place])
    fan = forecasting.fan_at(prices, walked, place, 120)
    alone = forecasting.forecast(
        model, prices, forecasting.ForecastOptions("stocks", origin=origin)
    )
    for share in (0.5, 0.8, 0.95):
        np.testing.assert_allclose(fan.interval(share).T, alone.interval(share), rtol=1e-6)
    future = replace(prices, values=np.where(np.arange(700) > origin, 1e4, prices.values))
    changed = forecasting.walk_forward(model, future, "stocks")
    np.testing.assert_array_equal(
        forecasting.fan_at(future, changed, place, 120).quantiles, fan.quantiles
    )
    assert fan.past[-1] == prices.values[origin]
    np.testing.assert_array_equal(fan.actual, prices.values[origin + 1 : origin + 21])


def test_baselines_stand_beside_the_network_on_the_same_days(model, prices):
    walked = forecasting.walk_forward(model, prices, "stocks")
    judged = forecasting.judge_walk(prices, walked)
    assert list(judged) == [forecasting.MODEL, *forecasting.BASELINES["stocks"]]
    outcomes = known_outcomes(prices, walked.origins, walked.horizons, "stocks")
    known = np.isfinite(outcomes).all(axis=1)
    reference = baselines.random_walk(prices.values, walked.origins, walked.horizons)[known]
    np.testing.assert_allclose(
        judged["Random walk"].crps, reference.crps(outcomes[known]), rtol=1e-6
    )
    assert judged[forecasting.MODEL].crps.shape == (known.sum(), 20)


def test_a_walk_in_pieces_is_the_walk_at_once(model, prices):
    walk = forecasting.start_walk(prices, "stocks", 400)
    assert len(walk.origins) == 400 and walk.origins[-1] == len(prices.values) - 21
    while walk.running:
        forecasting.advance(walk, model, prices, "stocks")
    at_once = forecasting.judge_walk(
        prices, forecasting.forecast_many(model, prices, "stocks", walk.origins)
    )
    for name, judged in walk.judged().items():
        np.testing.assert_allclose(judged.crps, at_once[name].crps, rtol=1e-4)


def test_the_shortest_series_that_is_read_can_be_walked(model, prices):
    short = replace(prices, dates=prices.dates[:100], values=prices.values[:100])
    walk = forecasting.start_walk(short, "stocks", 1760)
    assert len(walk.origins) == 1
    forecasting.advance(walk, model, short, "stocks")
    assert walk.finished and len(walk.judged()[forecasting.MODEL].crps) == 1
    reach = forecasting.shock_reach(model, short)
    assert np.isfinite(reach.wider).all() and reach.days_back[-1] < 99


def test_tomorrow_is_the_first_horizon_beside_what_it_brought(model, prices):
    walked = forecasting.walk_forward(model, prices, "stocks")
    days = forecasting.tomorrows(prices, walked)
    assert len(days.dates) == len(walked.origins) - 1 and days.dates[-1] == prices.dates[-1]
    origin = walked.origins[10]
    assert days.dates[10] == prices.dates[origin + 1]
    assert days.returns[10] == pytest.approx(prices.values[origin + 1] / prices.values[origin] - 1)
    assert days.means[10] == pytest.approx(walked.mixture.mean()[10, 0])
    assert days.scales[10] == pytest.approx(walked.mixture.std()[10, 0])


def test_a_recent_shock_widens_the_forecast_and_an_old_one_hardly(model, prices):
    reach = forecasting.shock_reach(model, prices)
    assert reach.wider[0, 0] > 0.05
    assert np.abs(reach.wider[-5:, 0]).max() < reach.wider[0, 0] / 2


def test_the_reach_of_a_shock_is_the_mean_over_several_ends(model, prices):
    long = replace(prices, dates=np.arange(1400).astype("datetime64[D]"), values=None)
    moves = np.random.default_rng(1).normal(0, 0.01, 1400)
    long = replace(long, values=100 * np.exp(moves.cumsum()))
    reach = forecasting.shock_reach(model, long)
    assert reach.num_ends == len(inspection.SHOCK_ENDS) == 10 and "mean of 10 ends" in reach.told
    widths = []
    for end in range(1400, 1200, -20):  # written out: a loss on the last day, at every end
        pair = [long.values[end - 1000 : end].copy() for _ in range(2)]
        pair[1][-1] *= 0.95
        variants = [Series("x", long.dates[end - 1000 : end], values) for values in pair]
        limits = forecasting.forecast_variants(model, variants, "stocks").mixture.quantiles(
            (0.1, 0.9)
        )
        widths.append(limits[..., 1] - limits[..., 0])
    expected = np.mean([shocked / plain - 1 for plain, shocked in widths], axis=0)
    np.testing.assert_allclose(reach.wider[0], expected, rtol=1e-6)


def test_states_are_shown_beside_the_volatility_of_the_same_days(model, prices):
    walked = forecasting.walk_forward(model, prices, "stocks")
    memory = forecasting.remembered(prices, walked, 200, 60)
    assert memory.dates[-1] == prices.dates[walked.origins[200]] and len(memory.dates) == 60
    returns = np.diff(np.log(prices.values[: walked.origins[200] + 1]))[-10:]
    assert memory.volatility[-1] == pytest.approx(100 * np.sqrt(np.square(returns).mean() * 252))
    assert len(forecasting.remembered(prices, walked, 3, 60).dates) == 4


def test_one_of_many_forecasts_is_cut_out_with_everything_that_belongs_to_it(model, prices):
    walked = forecasting.walk_forward(model, prices, "stocks")
    one = forecasting.at(walked, 5)
    assert one.origins.tolist() == [walked.origins[5]]
    np.testing.assert_allclose(one.quantiles([0.5])[0], walked.quantiles([0.5])[5], rtol=1e-8)


def test_what_was_measured_of_directions_is_said_and_drawn_to_its_consequence(model):
    coin = {"direction_accuracy": 51.0, "share_of_days_up": 52.0}
    coin |= {"direction_accuracy_low": 50.5, "direction_accuracy_high": 51.5}
    metrics = {"dev": {}, "test": coin}
    said = forecasting.predictability(replace(model, config={"metrics": metrics}))
    assert "On the test split" in said and "**51.0%** of the days [50.5%, 51.5%]" in said
    assert "rose on 52.0%" in said and "is not predictable here" in said
    able = coin | {"direction_accuracy": 60.0, "direction_accuracy_low": 58.0}
    said = forecasting.predictability(replace(model, config={"metrics": {"test": able}}))
    assert "more than saying “up”" in said and "not predictable" not in said


def test_the_page_says_what_the_shipped_evaluation_measured(model):
    measured = list(model.config["metrics"].values())[-1]
    said = forecasting.predictability(model)
    assert f"**{measured['direction_accuracy']:.1f}%**" in said
