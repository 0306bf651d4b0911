"""Forecasting mistakes: four switches, each with its beautiful picture and the honest number."""

import streamlit as st

from core.figures.over_time import overlay
from core.markets.mistakes import MISTAKES, WHY
from pages.controls import draw
from pages.series import choose

URL = {"bind": "query-params"}

st.title("Stock forecasting mistakes")
st.markdown(
    "Most forecasts of stocks that look too good **are**. Throw a switch: a small regression makes "
    "that mistake on your series, and beside it stands what is left without it. It learns from the "
    "first 70% of the days; everything shown is from the rest."
)
series = choose("mistakes", "stocks").series
left, right = st.columns(2)
switches = (left, left, right, right)
for number, (name, commit) in enumerate(MISTAKES.items(), start=1):
    key = f"mistakes_{number}"
    if not switches[number - 1].toggle(name, number == 1, key=key, **URL):
        continue
    mistake = commit(series.dates, series.values)
    st.subheader(name, anchor=False)
    st.markdown(WHY[name])
    beautiful, honest = st.columns(2, gap="large")
    beautiful.markdown(f":red-badge[Beautiful] {mistake.pretended}")
    honest.markdown(f":green-badge[Honest] {mistake.truth}")
    for column, what, forecasted in (
        (beautiful, "with the mistake", mistake.beautiful.last()),
        (honest, "honestly", mistake.honest.last()),
    ):
        lines = overlay(forecasted.dates, forecasted.actual, forecasted.predicted, forecasted.unit)
        draw(lines, f"mistakes.{number}.{what}", f"{name}: forecast and outcome {what}", column)
st.page_link(
    "applications/stocks.py", label="Back to the honest forecast", icon=":material/show_chart:"
)
