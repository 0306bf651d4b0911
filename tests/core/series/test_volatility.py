"""Recursions against the sums that they stand for, and against a worked example."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.series.volatility import (
    ewma_volatility,
    expanding_mean,
    expanding_volatility,
    log_returns,
    rolling_volatility,
    weighted_mean,
)

RETURNS = np.array([0.01, -0.02, 0.03])


@settings(deadline=None)
@given(st.integers(1, 300), st.floats(0.5, 500), st.integers(0, 2**32 - 1))
def test_a_weighted_mean_is_the_sum_of_halving_weights(length, half_life, seed):
    values = np.random.default_rng(seed).normal(size=length)
    weights = 0.5 ** (np.arange(length)[::-1] / half_life)
    found = weighted_mean(values, half_life)
    assert found[-1] == pytest.approx((weights * values).sum() / weights.sum(), abs=1e-9)
    assert found[0] == pytest.approx(values[0])


def test_log_returns_add_up_to_the_whole_way():
    prices = np.array([100.0, 110.0, 99.0])
    np.testing.assert_allclose(log_returns(prices), np.log([1.1, 0.9]))
    assert log_returns(prices).sum() == pytest.approx(np.log(0.99))


def test_volatilities_worked_by_hand():
    """Squares 1, 4, 9 times 1e-4; with half-life 1 the weights are 1/4, 1/2, 1."""
    squares = 1e-4 * np.array([1.0, 4.0, 9.0])
    expected = [1, (0.5 * 1 + 4) / 1.5, (0.25 * 1 + 0.5 * 4 + 9) / 1.75]
    np.testing.assert_allclose(ewma_volatility(RETURNS, 1), np.sqrt(1e-4 * np.array(expected)))
    np.testing.assert_allclose(
        expanding_volatility(RETURNS) ** 2, 1e-4 * np.array([1, 2.5, 14 / 3])
    )
    np.testing.assert_allclose(rolling_volatility(RETURNS, 2) ** 2, 1e-4 * np.array([1, 2.5, 6.5]))
    assert rolling_volatility(RETURNS, 1) ** 2 == pytest.approx(squares)
    assert expanding_mean(RETURNS) == pytest.approx([0.01, -0.005, 0.02 / 3])
