"""Scores on forecasts whose quality is known."""

import numpy as np
import pytest

from core.probabilistic.mixture import gaussian
from core.probabilistic.scores import (
    coverage,
    known_outcomes,
    right_direction,
    rmse,
    share_with_interval,
    skill,
)
from core.series import Series


def test_outcomes_are_nan_where_the_series_ends():
    dates = np.arange("2001-01-01", "2001-01-05", dtype="datetime64[D]")
    series = Series("s", dates, np.array([1.0, 2.0, 4.0, 8.0]))
    origins, horizons = np.array([1, 2]), np.array([1, 2])
    stocks = known_outcomes(series, origins, horizons, "stocks")
    np.testing.assert_allclose(stocks, [[np.log(2), np.log(4)], [np.log(2), np.nan]])
    weather = known_outcomes(series, origins, horizons, "weather")
    np.testing.assert_allclose(weather, [[4, 8], [8, np.nan]])


@pytest.mark.parametrize("error, expected", [(1.0, 0.0), (0.5, 50.0), (2.0, -100.0)])
def test_skill_is_the_share_of_the_error_that_is_gone(error, expected):
    assert skill(np.array(error), np.array(1.0)) == pytest.approx(expected)


def test_the_true_law_covers_what_it_says_and_a_narrow_one_less():
    """20,000 normal outcomes; the standard error of the counts is at most 0.35 points."""
    outcomes = np.random.default_rng(0).normal(2, 3, size=20_000)
    right = coverage(gaussian(np.full(20_000, 2.0), np.full(20_000, 3.0)), outcomes)
    for name, expected in {"coverage_50": 50, "coverage_80": 80, "coverage_95": 95}.items():
        assert right[name] == pytest.approx(expected, abs=1.2)
    narrow = coverage(gaussian(np.full(20_000, 2.0), np.full(20_000, 1.5)), outcomes)
    assert narrow["coverage_95"] == pytest.approx(67.3, abs=1.5)  # P(|z| < 1.96 / 2)


def test_rmse_and_direction_by_hand():
    mixture = gaussian(np.array([[1.0], [1.0], [-1.0], [-1.0]]), np.ones((4, 1)))
    outcomes = np.array([[2.0], [-2.0], [-1.0], [0.0]])
    assert rmse(mixture, outcomes) == pytest.approx([np.sqrt((1 + 9 + 0 + 1) / 4)])
    assert right_direction(mixture, outcomes).ravel().tolist() == [True, False, True, False]


def test_the_interval_of_a_share_counts_days_not_series():
    """Series that always move together say no more than one of them."""
    days = np.random.default_rng(0).random(400) < 0.5
    alone = share_with_interval(days[:, None])
    together = share_with_interval(np.repeat(days[:, None], 20, axis=1))
    assert together == pytest.approx(alone)
    assert alone[1] < alone[0] < alone[2] and alone[2] - alone[1] == pytest.approx(9.8, abs=0.1)
