"""The gradient playground without a browser: lessons, playing, pausing, resetting, addresses."""

from __future__ import annotations

import csv
import ctypes
import gc
import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import gradients

ROOT = Path(__file__).resolve().parents[2]
LESSON = gradients.LESSONS[0]
SMALL = {"gradients_problem": "Vanishing", "gradients_lstm_seq_len": "10"}


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=120)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("ideas/gradients.py").run()


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == label]
    return button.click().run()


def chart(app: AppTest, key: str = "river") -> dict:
    return json.loads(app.get_by_key(f"gradients.{key}").proto.spec)


def num_steps(app: AppTest) -> int:
    """Return how far the page says that the visitor's own run is; 0 before it begins."""
    (told,) = [c.value for c in app.caption if "Your run" in c.value or "Recorded" in c.value]
    return int(told.split()[2]) if told.startswith("Your run") else 0


@pytest.mark.parametrize("lesson", gradients.LESSONS, ids=lambda lesson: lesson.slug)
def test_one_click_sets_a_lesson_and_shows_its_recorded_run(lesson):
    name = f"gradients_{lesson.problem.lower()}"
    app = open_page(**{"gradients_problem": lesson.problem, name: lesson.title})
    assert not app.exception and not app.error
    names = [name for name, _ in lesson.configurations]
    assert list(app.dataframe[0].value["Network"]) == [*names, "knows no past"]
    runs = gradients.load_recorded(lesson)
    rows = gradients.consequence_rows(runs, lesson.setting)
    assert app.dataframe[0].value.to_dict("records") == rows
    assert num_steps(app) == 0


@pytest.mark.parametrize("view", ["Learning", "All of training", "Singular values"])
def test_every_view_opens_before_and_after_a_step(view):
    app = open_page(**SMALL, gradients_view=view)
    assert not app.exception and not app.error
    app = press(app, "One step")
    assert not app.exception and not app.error


def test_one_step_trains_every_network_once_and_reset_restores():
    app = open_page()
    recorded = chart(app)
    app = press(app, "One step")
    assert not app.exception and num_steps(app) == 1
    assert chart(app) != recorded
    app = press(press(app, "One step"), "Reset")
    assert num_steps(app) == 0 and chart(app) == recorded


def test_playing_goes_on_with_every_tick_and_pausing_stops():
    app = press(open_page(**SMALL), "Play")
    first = num_steps(app)
    app.run()
    assert num_steps(app) > first >= 1
    paused = num_steps(press(app, "Pause"))
    assert num_steps(app.run()) == paused


@pytest.mark.parametrize("view", gradients.VIEWS)
def test_a_tick_is_short_its_drawing_included(view, monkeypatch):
    """0.15 s are the limit, for the largest networks; computing time, whatever else runs."""
    ticks = []

    def timed(fragment, **_):
        def run(*args):
            start = time.process_time()
            fragment(*args)
            ticks.append(time.process_time() - start)

        return run

    largest = {f"gradients_three_cells_{letter}_cell": "LSTM" for letter in "abc"}
    problem = {"gradients_problem": "Experiment", "gradients_three_cells_seq_len": "200"}
    app = press(open_page(**problem, **largest, gradients_view=view), "Play")
    monkeypatch.setattr(st, "fragment", timed)
    for _ in range(12):
        app.run()
    assert not app.exception and num_steps(app) > 0
    assert len(ticks) == 12 and min(ticks) <= 0.15  # the quickest: others wait for the machine


def test_another_river_than_the_first_can_be_looked_at():
    app = open_page()
    now = chart(app)
    (slider,) = [s for s in app.select_slider if s.label == "River at training step"]
    slider.set_value(slider.options[-1]).run()
    assert (later := chart(app)["data"][0]["y"]) != now["data"][0]["y"]
    sent = open_page(gradients_lstm_moment=slider.options[-1])  # what the address carries
    assert chart(sent)["data"][0]["y"] == later


@pytest.mark.parametrize("lesson", gradients.LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_names_its_source(lesson):
    name = f"gradients_{lesson.problem.lower()}"
    app = open_page(**{"gradients_problem": lesson.problem, name: lesson.title})
    assert re.search(r"\]\(https://[^)]+\)", lesson.source)
    assert any(lesson.source in m.value for m in app.markdown)


def test_a_changed_setting_starts_anew_and_is_named():
    app = press(open_page(**SMALL), "One step")
    app.select_slider(key="gradients_lstm_a_clip_value").set_value(0.1).run()
    assert not app.exception
    assert "tanh, changed" in list(app.dataframe[0].value["Network"])
    assert "Nothing has been trained yet." in [c.value for c in app.caption]
    app = press(app, "One step")
    assert not app.exception and num_steps(app) == 1


def test_an_exploding_run_is_told_and_the_other_goes_on():
    app = open_page(
        gradients_problem="Exploding",
        gradients_exploding="Clipping by value",
        gradients_clipping_by_value_a_spectral_radius="3",
    )
    for _ in range(4):
        app = press(app, "One step")
    assert not app.exception and not app.error
    trained = app.dataframe[0].value["Trained"]
    assert trained[0].startswith("exploded at step") and trained[1] == "4 steps"
    assert any("no finite number" in m.value for m in app.markdown)


def test_no_network_is_one_sentence_and_switching_one_on_mends_it():
    app = open_page()
    for letter in "ab":
        app.toggle(key=f"gradients_lstm_{letter}").set_value(False).run()
    assert not app.exception
    assert [e.value for e in app.error] == [
        "No network is switched on; open one of the three and switch it on."
    ]
    app.toggle(key="gradients_lstm_b").set_value(True).run()
    assert not app.error and list(app.dataframe[0].value["Network"])[0] == "LSTM"


def test_the_address_sets_the_controls():
    app = open_page(gradients_lstm_a_cell="GRU", gradients_lstm_seed="3", gradients_lstm_c="true")
    assert app.selectbox(key="gradients_lstm_a_cell").value == "GRU"
    assert app.select_slider(key="gradients_lstm_seed").value == 3
    assert app.toggle(key="gradients_lstm_c").value is True


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("gradients_problem", "Boredom"),
        ("gradients_vanishing", ""),
        ("gradients_lstm_seq_len", "100000"),
        ("gradients_lstm_seq_len", "-1"),
        ("gradients_lstm_a_learning_rate", "inf"),
        ("gradients_lstm_a_cell", "transformer"),
        ("gradients_lstm_seed", "one"),
        ("gradients_view", "Elsewhere"),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    app = open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert chart(app) == chart(open_page())


def test_the_log_can_be_read_by_a_spreadsheet():
    ground = gradients.Playground(LESSON.setting, LESSON.configurations)
    ground.step()
    rows = list(csv.DictReader(gradients.to_csv(LESSON.setting, ground.runs).splitlines()))
    assert [row["network"] for row in rows] == ["tanh", "LSTM"]
    assert {row["seq_len"] for row in rows} == {"100"}


def resident_bytes() -> int:
    """Return the memory of this process on Linux, PyTorch's own included, freed pages returned."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def growth_after_twenty_visits() -> int:
    """Return how many bytes twenty visits leave behind, after some that fill caches and heap."""

    def visit() -> None:
        app = press(open_page(**SMALL), "One step")
        assert not app.exception

    for _ in range(12):
        visit()
    before = resident_bytes()
    for _ in range(20):
        visit()
    return resident_bytes() - before


def test_twenty_opened_and_closed_playgrounds_leave_little_behind():
    """Less than 0.5 MB each, in a process of its own where nothing else allocates."""
    code = "from tests.pages import test_gradients as t; print(t.growth_after_twenty_visits())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    assert int(done.stdout.split()[-1]) < 20 * 500_000
