"""What positions earn: worked by hand, and the laws that money obeys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.markets import backtest as bt

FREE = bt.Costs(0, 0, 0)
RETURNS = np.array([0.10, -0.05, 0.02])


def returns(num_days: int = 500, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0005, 0.01, num_days)


def test_two_days_worked_by_hand():
    tested = bt.backtest(np.array([0.5, 1.0]), np.array([0.10, -0.20]), bt.Costs(10, 40, 0))
    # Day 1: half is bought for 0.5 % of it; the share gains 10 %.
    assert tested.traded[0] == 0.5
    first = 0.5 * 0.10 - 0.5 * 0.005
    assert tested.returns[0] == pytest.approx(first)
    # What was bought is now 0.55 of 1.0475; the rest is bought, and the share loses 20 %.
    held = 0.55 / (1 + first)
    assert tested.traded[1] == pytest.approx(1 - held)
    assert tested.returns[1] == pytest.approx(-0.20 - (1 - held) * 0.005)
    assert tested.equity[-1] == pytest.approx((1 + first) * (1 + tested.returns[1]))


def test_buying_and_holding_earns_what_the_share_earns_and_trades_once():
    held = bt.buy_and_hold(RETURNS, FREE)
    np.testing.assert_allclose(held.equity, np.cumprod(1 + RETURNS))
    np.testing.assert_allclose(held.traded, [1, 0, 0], atol=1e-15)
    dear = bt.buy_and_hold(RETURNS, bt.Costs(100, 0, 0))
    assert dear.returns[0] == pytest.approx(0.10 - 0.01)


def test_without_a_position_money_stays():
    tested = bt.backtest(np.zeros(3), RETURNS)
    np.testing.assert_array_equal(tested.equity, 1)
    assert tested.sharpe == tested.turnover == 0 and tested.drawdown.min() == 0


def test_a_short_position_earns_what_the_share_loses():
    tested = bt.backtest(np.full(1, -1.0), np.array([-0.1]), FREE)
    assert tested.returns[0] == pytest.approx(0.1)


def test_inside_the_band_nothing_is_traded():
    wanted = np.array([1.0, 0.95, 1.04, 0.5])
    tested = bt.backtest(wanted, np.zeros(4), bt.Costs(0, 0, 0.1))
    np.testing.assert_allclose(tested.positions, [1, 1, 1, 0.5])
    np.testing.assert_allclose(tested.traded, [1, 0, 0, 0.5])


def test_who_loses_all_stays_at_nothing():
    tested = bt.backtest(np.full(3, 3.0), np.array([-0.5, 0.5, 0.5]), FREE)
    np.testing.assert_array_equal(tested.equity, 0)


def test_a_price_that_jumps_every_day_does_not_overflow():
    tested = bt.backtest(np.ones(3000), np.full(3000, 39.0), FREE)
    assert np.isfinite(tested.equity).all() and (np.diff(tested.equity) >= 0).all()


@given(st.integers(0, 1000), st.floats(0, 50), st.floats(0, 50))
@settings(max_examples=40, deadline=None)
def test_costs_never_help(seed, fee, slippage):
    days = returns(60, seed)
    wanted = np.random.default_rng(seed + 1).uniform(-1, 1, 60)
    dear = bt.backtest(wanted, days, bt.Costs(fee, slippage, 0))
    free = bt.backtest(wanted, days, FREE)
    assert dear.equity[-1] <= free.equity[-1] + 1e-12
    assert (dear.traded >= 0).all() and (dear.drawdown <= 0).all()


def test_drawdown_is_measured_from_the_highest_mark_the_start_included():
    np.testing.assert_allclose(bt.drawdown(np.array([0.9, 1.2, 0.6])), [-0.1, 0, -0.5])


def test_the_yearly_numbers_are_their_formulas():
    days = returns(252)
    held = bt.buy_and_hold(days, FREE)
    assert held.annual_return == pytest.approx(np.prod(1 + days) - 1)
    assert held.volatility == pytest.approx(days.std() * np.sqrt(252))
    assert held.sharpe == pytest.approx(days.mean() / days.std() * np.sqrt(252))
    assert held.turnover == pytest.approx(1.0)


def test_random_rules_hold_and_trade_as_much_as_the_rule():
    days = returns(1000)
    wanted = np.clip(1 + np.random.default_rng(2).normal(0, 0.5, 1000).cumsum() / 20, 0, 2)
    rule, random = bt.backtest(wanted, days), bt.random_rules(wanted, days)
    assert random.positions.shape == (bt.NUM_RANDOM, 1000)
    assert random.turnover.mean() == pytest.approx(rule.turnover, rel=0.1)
    assert random.positions.mean() == pytest.approx(rule.positions.mean(), abs=0.05)
    assert len({row.tobytes() for row in random.positions}) > 100


def test_many_rules_at_once_are_each_as_alone():
    days, wanted = returns(50), np.random.default_rng(5).uniform(-1, 2, (3, 50))
    together = bt.backtest(wanted, days)
    for row in range(3):
        alone = bt.backtest(wanted[row], days)
        np.testing.assert_allclose(together.returns[row], alone.returns)
        assert together.sharpe[row] == pytest.approx(alone.sharpe)


def test_the_sharpe_interval_covers_a_known_ratio():
    true = 0.0005 / 0.01 * np.sqrt(252)
    held = sum(not bt.sharpe_interval(returns(1000, seed)).excludes(true) for seed in range(100))
    assert 85 <= held <= 100


def test_a_rule_compared_with_itself_differs_by_nothing():
    days = returns()
    gain = bt.sharpe_difference(days, days)
    assert (gain.low, gain.estimate, gain.high) == pytest.approx((0, 0, 0))
    assert bt.sharpe_difference(days + 0.01, days).low > 0


def test_costs_below_zero_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        bt.Costs(-1)
