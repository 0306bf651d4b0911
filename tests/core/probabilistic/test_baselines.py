"""Baselines against values worked by hand."""

import numpy as np
import pytest

from core.probabilistic import baselines
from core.probabilistic.mixture import Mixture
from core.series.climatology import fit_climatology

RETURNS = np.array([0.02, -0.01, 0.03, 0.0])
PRICES = 100 * np.exp(np.cumsum([0.0, *RETURNS]))
HORIZONS = np.array([1, 4])
LAST = np.array([4])


def one(mixture: Mixture) -> tuple[np.ndarray, np.ndarray]:
    return mixture.means[0, :, 0], mixture.scales[0, :, 0]


def test_random_walk_spreads_with_the_root_of_time():
    means, scales = one(baselines.random_walk(PRICES, LAST, HORIZONS))
    volatility = np.sqrt((4 + 1 + 9 + 0) * 1e-4 / 4)
    assert means == pytest.approx([0, 0]) and scales == pytest.approx([volatility, 2 * volatility])


def test_an_earlier_origin_knows_fewer_returns():
    means, scales = one(baselines.drift(PRICES, np.array([2]), HORIZONS))
    assert means == pytest.approx([0.005, 0.02])
    assert scales[0] == pytest.approx(np.sqrt(5e-4 / 2))


def test_drift_is_the_mean_return_times_the_days():
    assert one(baselines.drift(PRICES, LAST, HORIZONS))[0] == pytest.approx([0.01, 0.04])


def test_ewma_forgets_six_percent_a_day():
    weights = 0.94 ** np.array([3, 2, 1, 0])
    expected = np.sqrt((weights * RETURNS**2).sum() / weights.sum())
    means, scales = one(baselines.ewma(PRICES, LAST, HORIZONS))
    assert scales == pytest.approx([expected, 2 * expected]) and not means.any()


def test_the_mix_is_half_way_between_the_variances():
    ewma = one(baselines.ewma(PRICES, LAST, HORIZONS))[1]
    long = one(baselines.random_walk(PRICES, LAST, HORIZONS))[1]  # fewer than 250 days: all
    means, scales = one(baselines.ewma_long_mix(PRICES, LAST, HORIZONS))
    assert scales**2 == pytest.approx((ewma**2 + long**2) / 2)
    assert means == pytest.approx([0.01, 0.04])


def test_persistence_is_as_unsure_as_it_was_wrong():
    temperatures = np.array([10.0, 12.0, 11.0, 15.0, 15.0])
    means, scales = one(baselines.persistence(temperatures, LAST, np.array([1, 2])))
    assert means == pytest.approx([15, 15])
    one_day, two_days = [2, -1, 4, 0], [1, 3, 4]
    assert scales == pytest.approx([np.sqrt(np.mean(np.square(e))) for e in (one_day, two_days)])


def test_seasonal_naive_repeats_the_last_period():
    temperatures = np.array([10.0, 20.0, 30.0, 11.0, 22.0, 33.0])
    found = baselines.seasonal_naive(temperatures, np.array([4]), np.array([1, 2]), period=3)
    means, scales = one(found)
    assert means == pytest.approx([30, 11])
    assert scales == pytest.approx([np.sqrt((1 + 4) / 2)] * 2)


def test_climatology_is_the_fitted_curve():
    dates = np.arange("2001-01-01", "2004-01-01", dtype="datetime64[D]")
    values = 10 + np.random.default_rng(0).normal(size=len(dates))
    origins = np.array([800])
    found = baselines.climatology(dates, values, origins, HORIZONS)
    fitted = fit_climatology(dates, values, origins)
    assert found.means[0, :, 0] == pytest.approx(fitted.mean(dates[None, [801, 804]])[0])
    assert found.means[0, 0, 0] == pytest.approx(10, abs=0.5)
    assert found.scales[0, 0, 0] == pytest.approx(1, rel=0.2)


@pytest.mark.parametrize("name", [*baselines.STOCK_BASELINES, "persistence", "seasonal_naive"])
def test_no_baseline_sees_a_planted_future(name):
    rng = np.random.default_rng(1)
    values = 100 * np.exp(np.cumsum(0.01 * rng.normal(size=900)))
    changed, origins = values.copy(), np.arange(400, 600)
    changed[600:] *= 7
    forecast = getattr(baselines, name)
    before, after = (forecast(v, origins, HORIZONS) for v in (values, changed))
    np.testing.assert_array_equal(before.means, after.means)
    np.testing.assert_array_equal(before.scales, after.scales)
