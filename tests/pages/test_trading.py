"""The trading page: costs cost, both rules open, and the numbers are those of the backtest."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import forecasting
from core.markets import trading
from core.markets.backtest import Costs
from tests.fixtures import make_series as make
from tests.fixtures.read_figure import lines

ROOT = Path(__file__).resolve().parents[2]


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("applications/trading.py").run()


def money(app: AppTest, name: str) -> list[float]:
    return lines(app, "trading.money")[name]["y"]


@pytest.mark.parametrize("rule", trading.RULES)
def test_each_rule_is_the_backtest_of_its_forecasts(rule):
    app = open_page(trading_rule=rule)
    sample = forecasting.load_samples("stocks")[0]
    series = forecasting.read_series(sample.content, "stocks")
    walked = forecasting.walk_forward(forecasting.load_model(), series, "stocks")
    options = trading.TradingOptions(rule, costs=Costs(5, 5))
    compared = trading.compare(forecasting.tomorrows(series, walked), options)
    assert money(app, "The rule")[-1] == pytest.approx(compared.rule.equity[-1])
    assert money(app, "Buy and hold")[-1] == pytest.approx(compared.hold.equity[-1])
    assert app.dataframe[0].value.to_dict("records") == compared.rows()


def test_dearer_trading_leaves_less_and_the_network_does_not_run(monkeypatch):
    app = open_page()
    cheap = money(app, "The rule")[-1]
    monkeypatch.setattr("core.onnx_model.OnnxModel.run", None)
    app.slider(key="trading_fee").set_value(50).run()
    app.slider(key="trading_slip").set_value(50).run()
    assert not app.exception and money(app, "The rule")[-1] < cheap


def test_it_says_that_it_is_no_advice_and_what_the_comparison_proves():
    said = " ".join(text.value for text in open_page().markdown)
    assert "This is no advice" in said and "Sharpe ratio minus that of buy and hold" in said


def test_an_unusable_file_is_one_sentence():
    app = open_page()
    content, said = make.HOSTILE["below zero"]
    app.file_uploader(key="trading.file").upload("wti.csv", content)
    app.run()
    assert not app.exception and said in app.error[0].value


def test_an_address_out_of_range_falls_back():
    app = open_page(trading_fee="9999", trading_limit="-1", trading_rule="Luck")
    assert not app.exception and not app.error
    assert app.slider(key="trading_fee").value == 5
