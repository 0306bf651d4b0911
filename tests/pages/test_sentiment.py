"""The sentiment page without a browser: typing, views, what no slider may redo, odd texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import sentiment
from core.text import verdict_sentences as say
from pages.controls import LONGEST_IN_URL

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ["Over time", "Words", "What if", "Memory", "Limits"]
TEXT = "sentiment.text"


def open_page(page: str = "applications/sentiment.py", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page(page).run()


def type_in(app: AppTest, text: str) -> AppTest:
    app.text_input(key=TEXT).set_value(text)
    return app.run()


def chart(app: AppTest, key: str) -> dict:
    return json.loads(app.get_by_key(f"sentiment.{key}").proto.spec)


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_the_first_sample_is_judged_at_once():
    app = open_page()
    sample = sentiment.load_samples()[0]
    assert app.text_input(key=TEXT).value == sample.text
    assert app.subheader[0].value == say.verdict(sample.probability)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens(view):
    app = open_page(sentiment_view=view)
    assert not app.exception and not app.error
    assert app.get_by_key("sentiment_view").value == view


def test_what_is_typed_is_judged():
    app = type_in(open_page(), "A terrible, boring film.")
    model = sentiment.load_model()
    expected = sentiment.classify(model, "A terrible, boring film.").probability
    assert app.subheader[0].value == say.verdict(expected)
    ticks = chart(app, "journey")["layout"]["yaxis"]["ticktext"]
    assert ticks == ["a", "terrible", ",", "boring", "film", "."]


def test_a_sample_is_one_click_away():
    app, sample = open_page(), sentiment.load_samples()[2]
    app.button(key=f"sentiment.sample.{sample.title}").click().run()
    assert app.text_input(key=TEXT).value == sample.text
    assert app.subheader[0].value == say.verdict(sample.probability)


def test_several_lines_keep_the_text():
    app = type_in(open_page(), "One line of mine.")
    app.toggle(key="sentiment_lines").set_value(True).run()
    assert app.text_area(key=TEXT).value == "One line of mine."
    app.text_area(key=TEXT).set_value("Two\nlines of mine.").run()
    assert not app.exception
    app.toggle(key="sentiment_lines").set_value(False).run()
    assert app.text_input(key=TEXT).value.split() == ["Two", "lines", "of", "mine."]


def test_no_word_is_a_sentence_and_the_next_text_is_judged():
    app = type_in(open_page(), "   ")
    assert not app.exception
    assert [info.value for info in app.info] == [sentiment.NOTHING]
    app = type_in(app, "fine")
    assert not app.info and app.subheader[0].value


ODD_TEXTS = (
    "good",
    "not bad " * 12_500,
    "a" * 10_240,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301\u0302 \u202eabc",
    "هذا الفيلم رائع",
    "\ufffd\x07 x",
    "<script>alert(1)</script> [a](b) **c** $d$ :smile: `e`",
)


@pytest.mark.parametrize("view", VIEWS)
def test_any_text_can_be_looked_into(view):
    app = open_page(sentiment_view=view)
    for text in ODD_TEXTS:
        type_in(app, text)
        assert not app.exception and not app.error
        assert app.text_input(key=TEXT).value == text  # nothing is lost
        assert app.subheader[0].value


def test_markup_is_shown_and_not_obeyed():
    app = type_in(open_page(sentiment_view="Words"), "a [bad](http://x.y) <b>film</b>")
    assert "\\[" in said(app) and "\\<" in said(app)
    assert "](" not in said(app).replace("\\]", "").replace("\\(", "")


def test_moving_epsilon_runs_no_network(graph_runs):
    app = open_page(sentiment_view="Memory")
    graph_runs.clear()
    before = app.dataframe[0].value
    app.slider(key="sentiment_epsilon").set_value(0.5).run()
    assert not graph_runs
    assert not app.dataframe[0].value.equals(before)


def test_only_the_open_view_is_computed(graph_runs):
    st.cache_resource.clear()
    app = type_in(open_page(sentiment_view="Limits"), "Nobody has typed this before.")
    assert not {"rnn", "gru", "lstm"} & set(graph_runs)
    graph_runs.clear()
    app.get_by_key("sentiment_view").set_value("Over time").run()
    assert graph_runs["bilstm"] == 2 and not graph_runs["embed"]
    graph_runs.clear()
    app.get_by_key("sentiment_view").set_value("Limits").run()
    app.get_by_key("sentiment_view").set_value("Over time").run()
    assert not graph_runs


def test_another_word_changes_the_after_side_alone():
    app = open_page(sentiment_view="What if", sentiment_text="a wonderful film")
    app.select_slider(key="sentiment_word").set_value("2 wonderful").run()
    app.get_by_key("sentiment_action").set_value("Replace it").run()
    app.text_input(key="sentiment_by").set_value("terrible").run()
    model = sentiment.load_model()
    expected = [
        sentiment.classify(model, t).probability for t in ("a wonderful film", "a terrible film")
    ]
    assert [s.value for s in app.subheader[1:]] == [say.verdict(p) for p in expected]
    after = chart(app, "lines.After")["layout"]["yaxis"]["ticktext"]
    assert after == ["a", "terrible", "film"]


def test_taking_out_the_only_word_is_a_sentence():
    app = open_page(sentiment_view="What if", sentiment_text="fine")
    assert not app.exception
    assert [info.value for info in app.info] == [sentiment.NOTHING]


def test_the_address_carries_the_text_and_the_view():
    app = open_page(sentiment_text="not bad at all", sentiment_view="Words")
    assert app.text_input(key=TEXT).value == "not bad at all"
    type_in(app, "short and mine")
    assert app.query_params["sentiment_text"] == "short and mine"
    type_in(app, "x" * (LONGEST_IN_URL + 1))
    assert "sentiment_text" not in app.query_params
    type_in(app, sentiment.load_samples()[0].text)
    assert "sentiment_text" not in app.query_params


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("sentiment_view", "Nowhere"),
        ("sentiment_word", "99 unicorn"),
        ("sentiment_epsilon", "many"),
        ("sentiment_action", ""),
        ("sentiment_lines", "perhaps"),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    app = open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert app.get_by_key("sentiment_view").value == "Over time"


def test_the_limits_show_what_the_network_gets_wrong_now():
    app = open_page(sentiment_view="Limits")
    table = app.dataframe[0].value
    examples = sentiment.contrast_examples(sentiment.load_model())
    wrong = {example.text for example in examples if not example.right}
    assert set(table["Sentence"][table["Right"] == "no"]) == wrong
    assert any(
        sentiment.load_model_card()[:200].strip() in markdown.value for markdown in app.markdown
    )
