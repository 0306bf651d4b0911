"""The microscope's page: its numbers are the deployed cell's, and choosing runs no network."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core import sentiment
from core.cells import step_explained
from tests.pages.test_sentiment import open_page, type_in

PAGE = "ideas/lstm_gates.py"


def scope_of(text: str, direction: str = "Forward"):
    model = sentiment.load_model()
    return sentiment.microscope(model, sentiment.classify(model, text), direction)


def test_choosing_a_word_and_a_unit_writes_that_step_out():
    app = open_page(PAGE, sentiment_text="not a bad film")
    app.select_slider(key="lstm_gates_word").set_value("3 bad").run()
    scope = scope_of("not a bad film")
    unit = scope.trace.busiest_units()[3]
    app.selectbox(key="lstm_gates_unit").set_value(unit).run()
    told = step_explained.state_formulas(scope.trace, step=2, unit=unit)
    assert told in [markdown.value for markdown in app.markdown]
    rows = step_explained.term_rows(scope.terms("forget_gate", 2, unit))
    assert app.table[0].value.to_dict("records") == rows


@pytest.mark.parametrize("direction", sentiment.DIRECTIONS)
def test_the_map_holds_the_gates_of_the_chosen_direction(direction):
    app = open_page(PAGE, sentiment_text="not a bad film", lstm_gates_way=direction)
    app.get_by_key("lstm_gates_part").set_value("Forget gate").run()
    cells = json.loads(app.get_by_key("lstm_gates.map").proto.spec)["data"][0]
    units = [cell[1] for cell in cells["customdata"][0]]
    expected = scope_of("not a bad film", direction).trace.gates["forget_gate"][:, units]
    drawn = cells["z"]
    if isinstance(drawn, dict):  # Plotly packs arrays
        packed = np.frombuffer(__import__("base64").b64decode(drawn["bdata"]), drawn["dtype"])
        drawn = packed.reshape(expected.shape)
    np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_choosing_runs_no_network(graph_runs):
    app = open_page(PAGE)
    graph_runs.clear()
    options = app.select_slider(key="lstm_gates_word").options
    app.select_slider(key="lstm_gates_word").set_value(options[-1]).run()
    app.get_by_key("lstm_gates_gate").set_value("Candidate").run()
    app.get_by_key("lstm_gates_way").set_value("Backward").run()
    assert not graph_runs and not app.exception


@pytest.mark.parametrize("text", ["fine", "bad " * 700, "x" * 10_240, "<b> $x$ \u202e"])
def test_any_text_can_be_put_under_it(text):
    app = type_in(open_page(PAGE), text)
    assert not app.exception and not app.error
    assert len(app.table) == 1


def test_no_word_is_a_sentence():
    app = type_in(open_page(PAGE), " ")
    assert not app.exception
    assert [info.value for info in app.info] == [sentiment.NOTHING]


def test_the_text_follows_from_the_sentiment_page():
    app = type_in(open_page(), "carried along")
    app = app.switch_page(PAGE).run()
    assert app.text_input(key="sentiment.text").value == "carried along"


def test_the_address_sets_word_and_unit():
    app = open_page(PAGE, sentiment_text="not a bad film", lstm_gates_word="4 film")
    assert app.select_slider(key="lstm_gates_word").value == "4 film"
    unit = app.selectbox(key="lstm_gates_unit").options[5]
    app = open_page(PAGE, sentiment_text="not a bad film", lstm_gates_unit=unit)
    assert f"Unit {unit} at" in app.subheader[0].value
    odd = open_page(PAGE, lstm_gates_unit="9999", lstm_gates_word="x", lstm_gates_gate="?")
    assert not odd.exception and not odd.error
