"""The page on memory without a browser: the scrubber, the three views, unusable text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import sentiment
from core.ideas import recency, update

FRAME = Path(__file__).resolve().parents[2] / "pages/frame.py"


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("ideas/memory.py").run()


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in app.markdown)


def chart(app: AppTest, key: str) -> dict:
    return json.loads(app.get_by_key(f"memory.{key}").proto.spec)


def test_the_scrubber_moves_through_the_update():
    app = open_page()
    model = sentiment.load_model()
    result = sentiment.classify(model, update.SAMPLES["Short"])
    trace, weights = recency.read_with(model, result, "RNN"), model.cell("rnn")
    shares = update.balance(weights, trace, result.embeddings)
    word = app.select_slider(key="memory_word")
    for step in (0, 4):
        word.set_value(word.options[step]).run()
        shown = update.strongest(update.update(weights, trace, result.embeddings, step))
        assert update.told(shown, shares[step], result.reading.tokens[step]) in said(app)


def test_what_still_matters_is_drawn_up_to_the_word():
    app = open_page(memory_view="What still matters")
    word = app.select_slider(key="memory_word")
    word.set_value(word.options[3]).run()
    lines = [t for t in chart(app, "recency")["data"] if t["mode"] == "lines+markers"]
    assert [line["name"] for line in lines] == list(recency.CELLS)
    assert chart(app, "recency")["layout"]["yaxis"]["ticktext"] == ["a", "slow", "film", ","]


@pytest.mark.parametrize("cell", recency.CELLS)
def test_the_state_of_each_network_opens(cell):
    app = open_page(memory_view="State", memory_cell=cell)
    assert not app.exception and not app.error
    assert len(chart(app, "state")["data"]) == 1


def test_a_long_text_is_read_as_far_as_the_network_goes():
    app = open_page()
    model = sentiment.load_model()
    app.text_input[0].set_value("good " * (model.max_tokens + 50)).run()
    assert not app.exception and not app.error
    assert f"each of these {model.max_tokens} steps" in said(app)


def test_one_word_has_no_scrubber_to_move_and_no_past():
    app = open_page(sentiment_text="Wonderful")
    assert not app.exception and not app.error
    assert "present is **100%**" in said(app)


@pytest.mark.parametrize("text", ["", " \u200b ", "\u0000"])
def test_nothing_to_read_is_one_sentence_and_another_text_can_follow(text):
    app = open_page()
    app.text_input[0].set_value(text).run()
    assert not app.exception
    assert [error.value for error in app.error] == [sentiment.NOTHING]
    app.text_input[0].set_value("<b>&amp;</b> 🙂 שלום").run()
    assert not app.exception and not app.error


@pytest.mark.parametrize("value", ["99 unicorn", ""])
def test_an_address_out_of_range_falls_back(value):
    usual, app = open_page(), open_page(memory_word=value, memory_view="Nowhere")
    assert not app.exception and not app.error
    assert said(app) == said(usual)
