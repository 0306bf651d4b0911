"""Rules: positions are their formulas, the verdict follows the numbers, the table is readable."""

from __future__ import annotations

import numpy as np
import pytest

from core.markets.backtest import NUM_RANDOM, Costs
from core.markets.trading import RULES, Tomorrows, TradingOptions, compare, wanted_positions

RNG = np.random.default_rng(0)
DATES = np.datetime64("2020-01-01") + np.arange(600)


def tomorrows(means=0.0, scales=0.01, returns=None) -> Tomorrows:
    returns = RNG.normal(0.0003, 0.01, 600) if returns is None else returns
    full = np.ones(len(returns))
    return Tomorrows(DATES[: len(returns)], means * full, scales * full, returns)


def test_the_volatility_target_is_reached_when_the_forecast_is_right():
    scales = RNG.uniform(0.005, 0.03, 3000)
    days = Tomorrows(np.arange(3000), 0 * scales, scales, RNG.normal(size=3000) * scales)
    options = TradingOptions(target=0.10, limit=5, costs=Costs(0, 0, 0))
    wanted = wanted_positions(days, options)
    np.testing.assert_allclose(wanted, 0.10 / (scales * np.sqrt(252)))
    assert compare(days, options).rule.volatility == pytest.approx(0.10, rel=0.05)


def test_the_other_rule_is_half_of_what_kelly_bets():
    options = TradingOptions("Expected return over risk", limit=100)
    wanted = wanted_positions(tomorrows(means=0.0004, scales=0.02), options)
    np.testing.assert_allclose(wanted, 0.5 * (0.0004 + 0.0002) / 0.0004)


@pytest.mark.parametrize("rule", RULES)
def test_no_position_exceeds_the_limit(rule):
    wanted = wanted_positions(tomorrows(means=-0.05, scales=1e-4), TradingOptions(rule, limit=1.5))
    assert np.abs(wanted).max() == 1.5


def test_a_rule_that_knows_tomorrow_beats_holding_and_luck_and_is_told_so():
    returns = RNG.normal(0, 0.01, 600)
    compared = compare(
        tomorrows(means=returns, returns=returns),
        TradingOptions("Expected return over risk", costs=Costs(0, 0, 0)),
    )
    assert "**more than buy and hold**" in compared.verdict()
    assert f"100% of {NUM_RANDOM} random rules" in compared.verdict()
    assert compared.luck().high < compared.rule.sharpe


def test_a_rule_that_bets_against_tomorrow_is_told_so():
    returns = RNG.normal(0, 0.01, 600)
    options = TradingOptions("Expected return over risk", costs=Costs(0, 0, 0))
    against = compare(tomorrows(means=-returns, returns=returns), options)
    assert "**less than buy and hold**" in against.verdict()


def test_a_rule_that_knows_nothing_is_seldom_mistaken_for_one_that_does():
    options = TradingOptions("Expected return over risk", costs=Costs(0, 0, 0))
    unproven = 0
    for seed in range(20):
        means, returns = np.random.default_rng(seed).normal(0, 0.01, (2, 600))
        blind = compare(tomorrows(means=means, returns=returns), options)
        unproven += "no proof of anything" in blind.verdict()
    assert unproven >= 17  # 19 would be exact


def test_the_table_names_each_strategy_with_its_numbers():
    compared = compare(tomorrows())
    rows = compared.rows()
    assert [row["Strategy"] for row in rows] == ["The rule", "Buy and hold", "Random rule, middle"]
    assert rows[1]["Deepest fall"] == f"{compared.hold.drawdown.min():.0%}"
    assert rows[0]["Sharpe ratio"].startswith(f"{compared.rule.sharpe:.2f} [")


def test_the_band_holds_most_of_the_random_rules():
    compared = compare(tomorrows(scales=RNG.uniform(0.005, 0.03, 600)))
    inside = (compared.random.equity >= compared.band[0]) & (
        compared.random.equity <= compared.band[1]
    )
    assert inside.mean() == pytest.approx(0.95, abs=0.01)


def test_a_row_to_download_has_the_position_and_the_money_of_its_day():
    compared = compare(tomorrows())
    rows = compared.daily()
    assert len(rows) == 600 and rows[0]["date"] == "2020-01-01"
    assert [row["position"] for row in rows] == compared.rule.positions.tolist()
    assert rows[-1]["buy and hold"] == compared.hold.equity[-1]


@pytest.mark.parametrize("options", [{"rule": "Luck"}, {"target": 0}, {"limit": -1}])
def test_unusable_options_are_refused(options):
    with pytest.raises(ValueError, match=r"none of|above zero"):
        TradingOptions(**options)
