"""The four mistakes on simulated prices, where it is known that nothing can be forecast."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.errors import InputError
from core.markets.mistakes import MIN_DAYS, MISTAKES, WHY, Mistake
from core.markets.regression import Forecasted, fit_ridge, forecast_rest

DAYS = np.datetime64("2000-01-03") + np.arange(4000)


def random_walk(seed: int, num_days: int = 4000) -> np.ndarray:
    return 100 * np.exp(np.random.default_rng(seed).normal(0, 0.01, num_days).cumsum())


def commit(name: str, seed: int = 0) -> Mistake:
    return MISTAKES[name](DAYS, random_walk(seed))


def test_every_mistake_has_a_reason():
    assert set(WHY) == set(MISTAKES)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_leak_of_tomorrow_knows_every_direction_and_without_it_none(seed):
    mistake = commit("Leak tomorrow's price", seed)
    assert mistake.beautiful.direction.estimate > 0.99
    assert not mistake.honest.direction.excludes(0.5)


def test_whole_series_scales_forecast_a_random_walk_and_scales_of_the_past_do_not():
    pairs = [commit("Scale with the whole series", seed) for seed in range(12)]
    wrong = [pair.beautiful.agreement for pair in pairs]
    right = [pair.honest.agreement for pair in pairs]
    assert np.mean([interval.estimate for interval in wrong]) > 0.2
    assert sum(interval.low > 0 for interval in wrong) >= 10
    assert abs(np.mean([interval.estimate for interval in right])) < 0.1
    assert sum(interval.excludes(0) for interval in right) <= 4


def test_shuffled_labels_draw_as_beautiful_a_picture():
    mistake = commit("Shuffle the labels")
    assert mistake.beautiful.explained > 0.95
    assert not mistake.honest.direction.excludes(0.5)


def test_the_overlay_is_the_last_price_again():
    mistake = commit("Shift by one and look at the overlay")
    assert mistake.beautiful.explained > 0.95
    assert mistake.beautiful.best_lag() == 1
    assert "Moved back by 1 day" in mistake.truth
    # What is honest about it: as changes the forecast explains nothing.
    assert mistake.honest.explained < 0.05


@pytest.mark.parametrize("name", MISTAKES)
def test_both_pictures_show_the_last_part_of_the_series_only(name):
    mistake = commit(name)
    for shown in (mistake.beautiful, mistake.honest):
        assert shown.dates[-1] == DAYS[-1] and shown.dates[0] > DAYS[2500]
        assert len(shown.dates) == len(shown.actual) == len(shown.predicted)
        assert len(shown.last().dates) == 120
    assert "nan" not in mistake.pretended + mistake.truth
    assert re.search(r"\d", mistake.pretended) and re.search(r"\d", mistake.truth)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_price_that_hardly_ever_moves_is_no_crash(name):
    prices = np.where(np.arange(4000) % 500 == 0, 11.0, 10.0)
    assert "nan" not in MISTAKES[name](DAYS, prices).truth


@pytest.mark.parametrize("name", MISTAKES)
def test_too_short_a_series_is_refused_with_the_length_that_is_needed(name):
    with pytest.raises(InputError, match=f"at least {MIN_DAYS:,} days"):
        MISTAKES[name](DAYS[:500], random_walk(0, 500))


def test_the_regression_is_least_squares():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(5000, 3)) * (1, 10, 100) + 5
    target = inputs @ (1.0, 0.2, -0.03) + 7 + rng.normal(size=5000)
    columns = np.column_stack([np.ones(5000), inputs])
    exact = columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
    np.testing.assert_allclose(fit_ridge(inputs, target)(inputs), exact, atol=0.05)


def test_the_rest_is_forecast_without_having_been_seen():
    rng = np.random.default_rng(0)
    inputs, target = rng.normal(size=(1000, 2)), rng.normal(size=1000)
    changed = target.copy()
    changed[680:] += 100  # from the days left out between learning and judging on
    first, second = (
        forecast_rest(inputs, t, DAYS[:1000], "x").predicted for t in (target, changed)
    )
    np.testing.assert_array_equal(first, second)


def test_measures_of_a_forecast_are_their_formulas():
    actual = np.array([1.0, -1.0, 2.0, 0.0, 3.0])
    forecast = Forecasted(DAYS[:5], actual, np.array([2.0, 1.0, 1.0, 1.0, 3.0]), "x")
    assert forecast.direction.estimate == 3 / 4  # the day without a change does not count
    assert forecast.explained == pytest.approx(1 - 7 / 10)
    assert forecast.agreement.estimate == pytest.approx(
        np.corrcoef(actual, forecast.predicted)[0, 1]
    )
    late = Forecasted(DAYS[:50], np.sin(np.arange(50.0)), np.sin(np.arange(50.0) - 2), "x")
    assert late.best_lag() == 2
