"""The page on both directions without a browser: the scrubber, what was measured, no text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import sentiment
from core.ideas import directions

FRAME = Path(__file__).resolve().parents[2] / "pages/frame.py"


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("ideas/bidirectional.py").run()


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in app.markdown)


def test_the_scrubber_says_what_each_half_has_read():
    app = open_page()
    model = sentiment.load_model()
    result = sentiment.classify(model, next(iter(directions.SAMPLES.values())))
    word = app.select_slider(key="bidirectional_word")
    for step in (0, 8):
        word.set_value(word.options[step]).run()
        assert directions.told(result.reading.tokens, step) in said(app)
        cuts = directions.when_cut(model, result, step)
        assert directions.told_of_cuts(cuts, result.reading.tokens[step]) in said(app)


def test_the_accuracies_are_the_recorded_ones():
    app = open_page()
    measured = directions.load_measured()
    assert directions.told_of(measured) in said(app)
    bars = json.loads(app.get_by_key("bidirectional.measured").proto.spec)["data"][0]
    assert bars["x"] == list(measured.accuracies.values())


@pytest.mark.parametrize("text", ["One", "<b>&amp;</b> 🙂 שלום", "good " * 700])
def test_any_text_is_read_from_both_ends(text):
    app = open_page()
    app.text_input[0].set_value(text).run()
    assert not app.exception and not app.error


def test_nothing_to_read_is_one_sentence_and_another_text_can_follow():
    app = open_page()
    app.text_input[0].set_value("  ").run()
    assert not app.exception
    assert [error.value for error in app.error] == [sentiment.NOTHING]
    app.text_input[0].set_value("good").run()
    assert not app.exception and not app.error


@pytest.mark.parametrize("value", ["99 unicorn", ""])
def test_an_address_out_of_range_falls_back(value):
    usual, app = open_page(), open_page(bidirectional_word=value)
    assert not app.exception and not app.error
    assert said(app) == said(usual)
