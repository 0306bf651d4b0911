"""The gradient playground: networks train in front of you; see what is left of their gradients."""

from functools import partial

import streamlit as st

from core import gradients
from core.figures import gradients as figures
from pages.controls import change, draw, pick

STATE, TICK = st.session_state, 0.4
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
    recorded = not ground.has_begun and ground.is_as_in(lesson)
    runs = load_recorded(lesson) if recorded else ground.runs
    st.caption(gradients.state(runs, recorded=recorded))
    river, moments = st.container(), gradients.moments(runs)
    if not STATE["gradients.playing"] and len(moments) > 1:
        first, key = moments[0 if recorded else -1], f"gradients.moment.{lesson.slug}.{moments[-2]}"
        moment = st.select_slider("River at training step", moments, first, key=f"{key}.{recorded}")
    rivers = gradients.rivers(runs, moment)
    told = gradients.what_arrives(runs, rivers[0], setting)
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
    used = panel.toggle("Train this network", slot.used, key=own, bind="query-params")
    chosen = change(slot.configuration, own, [panel], gradients)
    place.caption(gradients.outline(chosen) if used else "switched off")
    networks += [(gradients.name_of(slot, chosen), chosen)] * used
fresh = gradients.Playground(setting, tuple(networks))
if not fresh.is_like(STATE.get("gradients.ground")):
    control(False, fresh)
playing, ground = STATE["gradients.playing"], STATE["gradients.ground"]
name, icon = ("Pause", ":material/pause:") if playing else ("Play", ":material/play_arrow:")
buttons.button(name, "gradients.play", icon=icon, on_click=control, args=(not playing, ground))
if buttons.button("One step", icon=":material/skip_next:", disabled=playing):
    train(ground, ground.step)
buttons.button("Reset", icon=":material/replay:", on_click=control, args=(False, fresh))
st.fragment(watch, run_every=TICK if playing else None)(lesson, setting)
