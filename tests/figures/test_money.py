"""Money: the drawn curves are the given ones, and the fall is measured from the height."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme
from core.figures.money import LEAST, MAX_POINTS, equity_and_drawdown

DATES = np.datetime64("2020-01-01") + np.arange(4)
CURVES = {"The rule": np.array([1.1, 1.2, 0.6, 0.9]), "Buy and hold": np.array([0.9, 1, 1.5, 1.2])}
BAND = np.array([[0.8, 0.8, 0.8, 0.8], [1.2, 1.3, 1.4, 1.5]])


def test_curves_and_falls_are_drawn_with_their_names():
    band, rule, rule_fall, hold, hold_fall = equity_and_drawdown(DATES, CURVES, BAND, "luck").data
    assert list(band.y) == [1.2, 1.3, 1.4, 1.5, 0.8, 0.8, 0.8, 0.8] and band.name == "luck"
    assert list(rule.y) == [1.1, 1.2, 0.6, 0.9] and rule.line.color == theme.FORECAST
    np.testing.assert_allclose(rule_fall.y, [0, 0, -50, -25])
    np.testing.assert_allclose(hold_fall.y, [-10, 0, 0, -20])
    assert hold.line.color == theme.BASELINE and hold.line.dash != rule.line.dash


def test_money_is_drawn_on_a_logarithmic_axis():
    assert equity_and_drawdown(DATES, CURVES, BAND, "luck").layout.yaxis.type == "log"


def test_money_that_is_all_lost_is_drawn_at_the_bottom():
    ruined = np.array([1.0, 0.5, 0, 0])
    drawn = equity_and_drawdown(DATES, {"x": ruined}, np.zeros((2, 4)), "luck").data
    assert list(drawn[1].y) == [1, 0.5, LEAST, LEAST] and list(drawn[2].y) == [0, -50, -100, -100]
    assert set(drawn[0].y) == {LEAST}


def test_a_long_history_is_thinned_and_keeps_its_last_day():
    days = np.datetime64("1980-01-01") + np.arange(9999)
    curve = np.linspace(1, 2, 9999)
    figure = equity_and_drawdown(days, {"x": curve}, np.stack([curve, curve]), "luck")
    assert len(figure.data[1].x) <= MAX_POINTS + MAX_POINTS // 8
    assert figure.data[1].x[-1] == str(days[-1]) and figure.data[1].y[-1] == 2


@pytest.mark.parametrize("curve", [np.ones(3), np.array([1.0, -0.1, 1, 1])])
def test_curves_that_do_not_fit_are_refused(curve):
    with pytest.raises(ValueError, match="x has not one amount"):
        equity_and_drawdown(DATES, {"x": curve}, BAND, "luck")
