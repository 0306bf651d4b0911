"""The walk forward of a series: it runs in pieces, can be stopped, and ends in a table."""

import streamlit as st

from core import forecasting, spreadsheet
from core.figures.verification import interval_dots
from core.probabilistic.verification import Walk, crps_skill, horizon_rows, skill_rows
from core.series import Series
from pages.controls import draw, pick
from pages.series import load_model

TICK_SECONDS = 0.05


def show_walk(series: Series) -> None:
    """Walk forward over a stock's last years, or show what came of it."""
    span = pick(st, "Days judged", forecasting.WALK_SPANS, "stocks_span")
    wanted = (series.fingerprint, span)
    kept = st.session_state.get("stocks.walk")
    if not kept or kept[0] != wanted:
        kept = (wanted, forecasting.start_walk(series, "stocks", forecasting.WALK_SPANS[span]))
        st.session_state["stocks.walk"] = kept
    walk = kept[1]
    if walk.running:
        st.fragment(_walk_on, run_every=TICK_SECONDS)(series, walk)
        return
    if not walk.finished:
        st.markdown(f"Stopped after **{walk.done:,}** of {len(walk.origins):,} days.")
        walk.running = st.button("Continue", icon=":material/play_arrow:", key="stocks.continue")
        if walk.running:
            st.rerun()
    seen_until = load_model().config["stocks"]["splits"]["dev"][1]
    if str(series.dates[walk.origins[0]]) <= seen_until:
        st.markdown(f"The network has seen days to {seen_until}, of many series; later ones not.")
    _show_judged(walk)


def _walk_on(series: Series, walk: Walk) -> None:
    """Walk one piece; drawn again every TICK_SECONDS until finished or stopped."""
    stopped = st.button("Stop", icon=":material/stop:", key="stocks.stop")
    forecasting.advance(walk, load_model(), series, "stocks")
    walk.running = walk.running and not stopped
    share = walk.done / len(walk.origins)
    st.progress(share, f"Walked forward over {walk.done:,} of {len(walk.origins):,} days")
    if not walk.running:
        st.rerun()


def _show_judged(walk: Walk) -> None:
    judged = walk.judged()
    reference, *_ = forecasting.BASELINES["stocks"]
    st.markdown(
        f"Every day the forecasters knew the past only. **CRPS skill** is by how much a whole "
        f"distribution missed less than the {reference.lower()}'s; brackets hold 95% intervals."
    )
    alt = "Every forecast's skill, coverage and direction, with intervals"
    st.dataframe(skill_rows(judged, reference), alt=alt, hide_index=True)
    columns = st.columns(2, gap="large")
    for column, place, ahead in zip(columns, (0, -1), ("1 day", "20 days"), strict=True):
        skills = {name: crps_skill(j, judged[reference], place) for name, j in judged.items()}
        dots = interval_dots(skills, f"CRPS skill, {ahead} ahead", forecasting.MODEL)
        draw(dots, f"stocks.skill.{ahead}", f"CRPS skill {ahead} ahead, with intervals", column)
    rows = spreadsheet.to_csv(horizon_rows(judged, reference))
    st.download_button("Every horizon (CSV)", rows, "walk_forward.csv", key="stocks.rows")
    for name, meaning in forecasting.BASELINES["stocks"].items():
        st.caption(f"**{name}**: {meaning}")
