"""The gradient playground: networks train in front of you; see what is left of their gradients."""

from functools import partial

import streamlit as st

from core import gradients
from core.figures import gradients as figures
from pages.controls import PLAY, change, draw, pick

STATE, URL, TICK, RIVER = st.session_state, {"bind": "query-params"}, 0.4, "River at training step"
load_recorded = st.cache_resource(gradients.load_recorded, show_spinner=False, max_entries=16)


def control(playing, ground):
    STATE["gradients.playing"], STATE["gradients.ground"] = playing, ground


def train(ground, work):
    with st.container() if ground.has_begun else st.spinner("Loading PyTorch, a few seconds …"):
        work()


def watch(lesson, setting, moment=gradients.NOW):
    ground = STATE["gradients.ground"]
    if STATE["gradients.playing"]:
        train(ground, ground.tick)
        if ground.is_over:
            control(False, ground)
            st.rerun()
    recorded = ground.is_recorded(lesson)
    runs = load_recorded(lesson) if recorded else ground.runs
    st.caption(gradients.state(runs, recorded=recorded))
    river, moments = st.container(), gradients.moments(runs)
    if recorded:  # which every visitor can see, so its address carries the step
        moment = st.select_slider(RIVER, moments, key=f"gradients_{lesson.slug}_moment", **URL)
    elif not STATE["gradients.playing"] and len(moments) > 1:
        key = f"gradients.moment.{lesson.slug}.{moments[-2]}"
        moment = st.select_slider(RIVER, moments, gradients.NOW, key=key)
    told = gradients.what_arrives(runs, (rivers := gradients.rivers(runs, moment))[0], setting)
    draw(figures.river(*rivers), "gradients.river", told.replace("**", ""), river)
    st.markdown(told)
    st.dataframe(gradients.consequence_rows(runs, setting), hide_index=True, alt="Consequences")
    view = pick(st, "Look closer", gradients.VIEWS, "gradients_view")
    st.caption(gradients.VIEWS[view])
    if view == "Learning":
        places = st.columns(2) + st.columns(2)
        for place, panel in zip(places, gradients.panels(runs, setting), strict=True):
            draw(figures.curves(panel), f"gradients.{panel.key}", panel.title, place)
    elif view == "All of training":
        draw(figures.river_history(gradients.snapshots(runs)), "gradients.history", view)
    else:
        draw(figures.singular_values(*gradients.singular_values(runs)), "gradients.values", view)
    st.download_button("Log (CSV)", partial(gradients.to_csv, setting, runs), "gradients.csv")


st.title("Gradient playground")
st.markdown(gradients.INTRODUCTION, width=760)
problem = pick(st, "What goes wrong", gradients.PROBLEMS, "gradients_problem")
lessons = gradients.lessons_about(problem)
lesson = lessons[pick(st, "Lesson", lessons, f"gradients_{problem.lower()}")]
st.markdown(gradients.told(lesson), width=760)
key, networks = f"gradients_{lesson.slug}", []
buttons, more = st.container(horizontal=True), st.expander("Change anything")
setting = change(lesson.setting, key, more.columns([2, 2, 1]), gradients)
for slot, place in zip(gradients.slots(lesson), more.columns(3), strict=True):
    panel, own = place.popover(slot.name, width="stretch"), f"{key}_{slot.letter}"
    used = panel.toggle("Train this network", slot.used, key=own, **URL)
    chosen = change(slot.configuration, own, [panel], gradients)
    place.caption(gradients.outline(chosen) if used else "switched off")
    networks += [(gradients.name_of(slot, chosen), chosen)] * used
fresh = gradients.Playground(setting, tuple(networks))
if not fresh.is_like(STATE.get("gradients.ground")):
    control(False, fresh)
playing, ground = STATE["gradients.playing"], STATE["gradients.ground"]
buttons.button(**PLAY[playing], key="gradients.play", on_click=control, args=(not playing, ground))
if buttons.button("One step", icon=":material/skip_next:", disabled=playing):
    train(ground, ground.step)
buttons.button("Reset", icon=":material/replay:", on_click=control, args=(False, fresh))
st.fragment(watch, run_every=TICK if playing else None)(lesson, setting)
