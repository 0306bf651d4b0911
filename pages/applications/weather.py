"""Weather: the next seven days with their intervals, beside yesterday and the season."""

import streamlit as st

from core import forecasting, spreadsheet
from core.figures.fan import fan_chart
from core.figures.verification import error_by_horizon, reliability
from core.probabilistic import fan
from core.probabilistic.verification import SHARES, horizon_rows, told_errors
from pages.controls import draw, pick
from pages.series import FEW, choose, load_model, walk_forward

DAYS_BEFORE = 30
SCORES = {"RMSE": "degrees that the middle is off", "CRPS": "degrees that the distribution is off"}
judge_walk = st.cache_resource(forecasting.judge_walk, **FEW | {"max_entries": 4})

st.title("Weather")
st.markdown(
    "An LSTM reads one place's daily temperatures, nothing else, and answers with a "
    "**distribution** for each of the next seven days. It has to beat two forecasts that need no "
    "network: **the days to come are like today**, and **as usual for the season**."
)
chosen = choose("weather", "weather")
series = chosen.series
walked = walk_forward(load_model(), series, "weather")
days = [str(day) for day in series.dates[walked.origins]]
if chosen.is_new:
    st.session_state["weather_day"] = days[-1]
day = st.select_slider("Forecast as of", days, days[-1], key="weather_day", bind="query-params")
place = days.index(day)
shown = forecasting.fan_at(series, walked, place, DAYS_BEFORE)
story = fan.told(shown, chosen.unit)
simple = forecasting.baseline_mixtures(series, forecasting.at(walked, place))
others = {name.lower(): mixture.mean()[0] for name, mixture in simple.items()}
draw(fan_chart(shown, chosen.unit, others), "weather.fan", story.replace("**", ""))
st.markdown(story)
st.download_button("Forecast (CSV)", lambda: spreadsheet.to_csv(fan.rows(shown)), "forecast.csv")

st.header("The last year, judged")
judged = judge_walk(series, walked)
score = pick(st, "Error", SCORES, "weather_score")
st.markdown(told_errors(judged, score))
left, right = st.columns(2, gap="large")
errors = {name: j.rmse if score == "RMSE" else j.mean_crps for name, j in judged.items()}
lines = error_by_horizon(errors, f"{score}, °C", "days ahead")
draw(lines, "weather.errors", f"{score} by horizon of the network and both baselines", left)
left.caption(SCORES[score].capitalize() + ", by how far ahead; lower is better.")
shares = {name: j.reliability for name, j in judged.items()}
draw(reliability(SHARES, shares), "weather.reliability", "How often intervals held", right)
right.caption("Below the line intervals are too narrow, above it too wide.")
rows = spreadsheet.to_csv(horizon_rows(judged, "Climatology"))
st.download_button("Every horizon (CSV)", rows, "verification.csv")
with st.expander("Model card and limits"):
    st.markdown(forecasting.load_model_card())
