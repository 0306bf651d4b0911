"""Stocks: what may come in the next 20 days, replayed on any day, judged and opened."""

import streamlit as st

from core import forecasting, spreadsheet
from core.figures import over_time
from core.figures.fan import fan_chart
from core.model_card import section
from core.probabilistic import fan
from pages.controls import draw, pick
from pages.series import FEW, choose, load_model, walk_forward
from pages.walk import show_walk

VIEWS, DAYS_BEFORE, DAYS_OF_STATES = ("Walk forward", "Memory", "Limits"), 120, 60
shock_reach = st.cache_resource(forecasting.shock_reach, **FEW)

st.title("Stocks")
st.markdown(
    "An LSTM reads daily prices and answers with a **distribution** for each of the next 20 "
    "trading days: not where the price will be, but how far it may go."
)
model = load_model()
chosen = choose("stocks", "stocks")
series = chosen.series
walked = walk_forward(model, series, "stocks")
days = [str(day) for day in series.dates[walked.origins]]
if chosen.is_new:
    st.session_state["stocks_day"] = days[-1]
day = st.select_slider("Forecast as of", days, days[-1], key="stocks_day", bind="query-params")
place = days.index(day)
shown = forecasting.fan_at(series, walked, place, DAYS_BEFORE)
story = fan.told(shown, chosen.unit)
draw(fan_chart(shown, chosen.unit or "price"), "stocks.fan", story.replace("**", ""))
st.markdown(story)
st.caption(forecasting.predictability(model))
first, second, third = st.columns(3)
first.download_button("Forecast (CSV)", lambda: spreadsheet.to_csv(fan.rows(shown)), "forecast.csv")
second.page_link(
    "applications/mistakes.py", label="Throw the classic mistakes", icon=":material/warning:"
)
third.page_link("applications/trading.py", label="Trade on it, on paper", icon=":material/balance:")

view = pick(st, "Look inside", VIEWS, "stocks_view")
if view == "Walk forward":
    show_walk(series)
elif view == "Memory":
    memory = forecasting.remembered(series, walked, place, DAYS_OF_STATES)
    st.markdown(memory.told)
    lines = over_time.states_beside(
        memory.dates, memory.states, memory.units, memory.volatility, "volatility, % a year"
    )
    draw(lines, "stocks.memory", "Hidden states over 60 days, above the volatility of the price")
    reach = shock_reach(model, series)
    st.markdown(reach.told)
    ahead = {"1 day ahead": reach.wider[:, 0], "20 days ahead": reach.wider[:, -1]}
    faded = over_time.fading(reach.days_back, ahead, "forecast wider by")
    draw(faded, "stocks.reach", "How much wider the forecast is, by how long ago the loss was")
else:
    card = forecasting.load_model_card()
    st.markdown(section(card, "Limits"))
    st.markdown(section(card, "Results"))
    st.expander("Model card").markdown(card)
