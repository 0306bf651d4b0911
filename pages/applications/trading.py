"""Trading: a rule on the forecast distribution, its costs, and what luck would have earned."""

import streamlit as st

from core import forecasting, spreadsheet
from core.figures.money import equity_and_drawdown
from core.markets import trading
from core.markets.backtest import Costs
from pages.controls import draw, pick
from pages.series import choose, load_model, walk_forward

URL, COSTS = {"bind": "query-params"}, Costs()

st.title("Trading on a forecast")
st.markdown(
    "What would a simple rule have earned that follows each day's forecast distribution? **This is "
    "no advice**: it is one past, on paper, and the rule was chosen by someone who knew it."
)
chosen = choose("trading", "stocks")
rule = pick(st, "Rule", trading.RULES, "trading_rule")
st.caption(trading.RULES[rule])
first, second, third, fourth = st.columns(4, gap="large")
fee = first.slider("Fee, 0.01%", 0, 50, int(COSTS.fee_bp), key="trading_fee", **URL)
slippage = second.slider(
    "Slippage, 0.01%", 0, 50, int(COSTS.slippage_bp), key="trading_slip", **URL
)
fixed = rule != "Volatility target"
target = third.slider(
    "Volatility target, percent", 5, 40, 15, key="trading_target", disabled=fixed, **URL
)
limit = fourth.slider("Largest position", 0.5, 3.0, 1.5, 0.5, key="trading_limit", **URL)
costs = Costs(fee, slippage)
options = trading.TradingOptions(rule, target / 100, limit, costs)
series = chosen.series
days = forecasting.tomorrows(series, walk_forward(load_model(), series, "stocks"))
compared = trading.compare(days, options)
equity = {"The rule": compared.rule.equity, "Buy and hold": compared.hold.equity}
curves = equity_and_drawdown(days.dates, equity, compared.band, "95% of random rules")
st.markdown(compared.verdict())
draw(
    curves,
    "trading.money",
    "Money of the rule, of buy and hold and of random rules, and their falls",
)
st.dataframe(
    compared.rows(), alt="Return, risk, turnover and Sharpe ratio of each strategy", hide_index=True
)
st.caption(
    "Sharpe ratio: mean return over volatility, a year; brackets hold 95% intervals from "
    "resampled months, or 95% of the random rules, which take the same positions in the same "
    "order from a random day on. Turnover: how often the money changes hands. Cash earns nothing."
)
st.download_button("Days (CSV)", spreadsheet.to_csv(compared.daily()), "trading.csv")
st.page_link("applications/stocks.py", label="Back to the forecast", icon=":material/show_chart:")
