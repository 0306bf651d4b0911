"""The page on one memory cell without a browser: sliders, operations, the network, the search."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import sentiment
from core.cells.lstm_cell import LSTM_GATES
from core.ideas import gates

FRAME = Path(__file__).resolve().parents[2] / "pages/frame.py"


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    for name, value in parameters.items():
        app.query_params[f"memory_cell_{name}"] = value
    return app.switch_page("ideas/memory_cell.py").run()


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in app.markdown)


def chart(app: AppTest, key: str) -> dict:
    return json.loads(app.get_by_key(f"memory_cell.{key}").proto.spec)


def numbers(axis: dict | list) -> np.ndarray:
    """Return what Plotly wrote of an array: a list, or its bytes in base 64."""
    if isinstance(axis, list):
        return np.array(axis)
    return np.frombuffer(base64.b64decode(axis["bdata"]), axis["dtype"])


def marks(app: AppTest) -> dict[str, float]:
    """Return the values that stand on the two curves, by the gate's name."""
    figures = [json.loads(c.proto.spec) for c in app.get("plotly_chart")[-2:]]
    dots = [t["name"] for figure in figures for t in figure["data"] if t["mode"] == "markers"]
    return {name: float(value) for name, value in (dot.rsplit(" ", 1) for dot in dots)}


@pytest.mark.parametrize("operation", gates.OPERATIONS)
def test_an_operation_sets_the_sliders_and_is_carried_out(operation):
    app = open_page()
    next(b for b in app.button if b.label == operation).click().run()
    asked = gates.OPERATIONS[operation]
    for name in LSTM_GATES:
        assert app.slider(key=f"memory_cell_{name}").value == getattr(asked, name)
    assert not app.exception
    assert gates.told(gates.step(asked, 0.8)) in said(app)


def test_the_next_time_step_begins_with_this_ones_memory():
    app = open_page(before="0.4")
    now = gates.step(gates.GateSums(), 0.4)
    next(b for b in app.button if b.label == "Next time step").click().run()
    assert app.slider(key="memory_cell_before").value == pytest.approx(round(now.cell, 1))


def test_a_slider_moves_the_mark_on_its_curve():
    app = open_page()
    app.slider(key="memory_cell_forget_gate").set_value(0.0).run()
    assert marks(app)["forget gate"] == 0.5


def test_writing_at_every_step_lets_an_unforgetful_memory_grow():
    app = open_page()
    now = gates.step(gates.GateSums(), 0.8)
    assert gates.told_of_time(now) in said(app)
    for write in (False, True):
        app.toggle(key="memory_cell_write").set_value(write).run()
        held = chart(app, "time")["data"][0]
        assert held["name"] == "forget gate at 1"
        expected = gates.over_time(now, forget_gate=1.0, write=write)
        np.testing.assert_allclose(numbers(held["y"]), expected)


@pytest.mark.parametrize("parameter", ["forget_gate", "before"])
@pytest.mark.parametrize("value", ["99", "wide open", ""])
def test_an_address_out_of_range_falls_back(parameter, value):
    app, usual = open_page(**{parameter: value}), open_page()
    assert not app.exception and not app.error
    key = f"memory_cell_{parameter}"
    assert app.slider(key=key).value == usual.slider(key=key).value


def test_the_curves_carry_the_gates_of_the_deployed_network():
    app = open_page(view="In a network")
    word = app.select_slider(key="memory_cell_word")
    word.set_value(word.options[9]).run()
    unit = int(app.get_by_key("memory_cell_unit").value)
    model = sentiment.load_model()
    result = sentiment.classify(model, next(iter(gates.SENTENCES.values())))
    trace = sentiment.microscope(model, result, "Forward").trace
    expected = {n.replace("_", " "): trace.gates[n][9, unit] for n in LSTM_GATES}
    assert marks(app) == pytest.approx(expected, abs=0.006)


def test_the_search_says_what_it_counted():
    app = open_page(view="What units follow")
    assert not app.exception and not app.error
    following, others = map(int, re.search(r"(\d+) of 160 .*other (\d+)", said(app)).groups())
    assert following + others == 160


@pytest.mark.parametrize("view", ["In a network", "What units follow"])
def test_nothing_to_read_is_one_sentence_and_another_text_can_follow(view):
    app = open_page(view=view)
    app.text_input[0].set_value("  ").run()
    assert not app.exception
    assert [error.value for error in app.error] == [sentiment.NOTHING]
    app.text_input[0].set_value("<b>(not)</b> \u202e good").run()
    assert not app.exception and not app.error
