"""Learning: three time steps, eight weights, and every number on the way forward and back."""

import streamlit as st

from core.figures import backpropagation as figures
from core.ideas import backpropagation as small
from pages.controls import PLAY, draw, pick

STATE, URL, TICK = st.session_state, {"bind": "query-params"}, 1.0
STAGE, UPDATE = "backpropagation_stage", "backpropagation_update"


def go_on():
    place = small.STAGES.index(STATE.get(STAGE, small.STAGES[0])) + 1
    ahead = STATE.get(UPDATE, 0) + place // len(small.STAGES)
    if ahead > small.MAX_UPDATES:
        STATE["backpropagation.playing"] = False
        return
    STATE[STAGE], STATE[UPDATE] = small.STAGES[place % len(small.STAGES)], ahead


def play(now):
    STATE["backpropagation.playing"] = now


def reset():
    play(False)
    STATE[STAGE], STATE[UPDATE] = small.STAGES[0], 0


def show(name):
    if STATE.get("backpropagation.playing"):
        go_on()
    first, second = st.columns(2)
    update = first.slider("Updates done", 0, small.MAX_UPDATES, key=UPDATE, **URL)
    stage = second.select_slider("Part of the next update", small.STAGES, key=STAGE, **URL)
    rate = small.RATES[name]
    done = small.train(rate, update)[-1]
    hidden, back, output = small.known(done, stage)
    told = f"Numbers of the network at: {stage}"
    picture = figures.numbers_there_and_back(small.INPUTS, hidden, back, output)
    draw(picture, "backpropagation.numbers", told)
    left, right = st.columns(2, gap="large")
    for line in small.lines(done, stage, rate):
        left.markdown(f"$\\displaystyle {line}$")
    weight = pick(right, "Loss along one weight", small.NAMES, "backpropagation_weight")
    curve, now, after = small.along(done, weight, rate)
    slope = f"The loss along {weight}; its slope where the weight stands is {now[2]:.3f}"
    draw(figures.loss_along(curve, now, after, weight), "backpropagation.curve", slope, right)
    right.caption(
        "The gradient is the slope of the dashed tangent. The step goes downhill: slope "
        "times learning rate. The other weights move as well, so the curve moves too."
    )
    losses = {
        n: [p.loss for p in small.train(r, small.MAX_UPDATES)] for n, r in small.RATES.items()
    }
    picture = figures.loss_by_update(losses, name, update)
    draw(picture, "backpropagation.losses", "The loss after every update, per learning rate", right)


st.title("Learning")
st.markdown(small.INTRODUCTION, width=760)
name = pick(st, "Learning rate", small.RATES, "backpropagation_rate")
playing = STATE.get("backpropagation.playing", False)
buttons = st.container(horizontal=True)
buttons.button(**PLAY[playing], key="backpropagation.play", on_click=play, args=(not playing,))
buttons.button("One step", icon=":material/skip_next:", on_click=go_on, disabled=playing)
buttons.button("Reset", icon=":material/replay:", on_click=reset)
st.fragment(show, run_every=TICK if playing else None)(name)
