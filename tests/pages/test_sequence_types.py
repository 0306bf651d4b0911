"""The page on shapes without a browser: every answer is a run of its network on this very input."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import captioning, digits, sentiment, tagging, translation
from core.figures.sequence_shapes import SHAPES
from core.ideas import sequence_types as shapes, shapes_explained as say
from core.text.verdict_sentences import verdict
from tests.fixtures.read_figure import traces

FRAME = Path(__file__).resolve().parents[2] / "pages/frame.py"


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("ideas/sequence_types.py").run()


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in [*app.markdown, *app.caption])


def test_every_shape_has_its_picture_its_words_and_its_formula():
    app = open_page()
    assert [header.value for header in app.subheader] == list(SHAPES)
    for name in SHAPES:
        assert app.get_by_key(f"sequence_types.{name}")
        assert say.MEANINGS[name] in said(app) and say.FORMULAS[name] in said(app)


@pytest.mark.parametrize("text", [tagging.load_samples()[1].text, "What a terrible, boring day!"])
def test_one_sentence_goes_through_every_shape_that_takes_text(text):
    app = open_page()
    app.text_input[0].set_value(text).run()
    judged = shapes.judge(sentiment.load_model(), text)
    assert verdict(judged.result.probability) in said(app)
    assert shapes.flow(shapes.verdict_stages(judged)) in said(app)
    tagged = tagging.tag(tagging.load_model(), text)
    for word in say.tagged_words(tagged):
        assert word in [m.value for m in app.markdown]
    assert shapes.flow(shapes.tag_stages(tagged)) in said(app)
    for name, result in shapes.translate_all(translation.load_model(), text).items():
        assert say.translated(name, result) in said(app)


def test_a_digit_is_read_when_it_is_chosen():
    sample = digits.load_samples()[-1]
    app = open_page(sequence_types_digit=sample.title)
    result = digits.recognise(digits.load_model(), sample.image)
    (image,), (bars,) = (traces(app, f"sequence_types.{key}") for key in ("pixels", "digits"))
    assert image["z"] == sample.image.tolist()
    assert bars["y"] == pytest.approx(result.probabilities.tolist())
    assert say.told_of_digit(result, sample.digit) in said(app)


def test_a_photo_gets_the_sentence_that_its_page_gives_it():
    sample = captioning.load_samples()[2]
    app = open_page(sequence_types_photo=sample.title)
    assert f"**{sample.caption}**" in said(app)


def test_of_a_longer_text_the_first_sentence_is_read_and_the_rest_stays_in_the_box():
    app, text = open_page(), "I like it. Nobody else does."
    app.text_input[0].set_value(text).run()
    assert say.told_of_cut("I like it.") in said(app)
    assert app.text_input[0].value == text


@pytest.mark.parametrize(
    "text", ["One", "<b>&amp;</b> 🙂 שלום", "good " * 20_000, "a" * 3000, "**x** $y$ `z` :smile:"]
)
def test_any_text_is_read(text):
    app = open_page()
    app.text_input[0].set_value(text).run()
    assert not app.exception and not app.error
    assert [header.value for header in app.subheader] == list(SHAPES)


def test_nothing_to_read_is_one_sentence_and_the_other_shapes_stay():
    app = open_page()
    app.text_input[0].set_value("  ").run()
    assert not app.exception and not app.error
    assert [info.value for info in app.info] == [say.NOTHING]
    assert [header.value for header in app.subheader] == list(SHAPES)[:2]
    app.text_input[0].set_value("good").run()
    assert not app.info and len(app.subheader) == 5


def test_what_is_not_english_is_judged_and_tagged_but_not_translated():
    app = open_page()
    app.text_input[0].set_value("🙂").run()
    assert [info.value for info in app.info] == [say.NO_TRANSLATION]
    assert len(app.subheader) == 5


@pytest.mark.parametrize("name", ["sequence_types_digit", "sequence_types_photo"])
def test_an_address_that_names_nothing_falls_back(name):
    usual, app = open_page(), open_page(**{name: "unicorn"})
    assert not app.exception and not app.error and said(app) == said(usual)


def test_nothing_runs_twice_for_the_same_input(graph_runs):
    app = open_page()
    graph_runs.clear()
    app.run()
    assert set(graph_runs) <= {"classifier"}  # cheaper to run than to remember


def test_links_lead_to_the_applications():
    pages = {link.proto.page for link in open_page().get("page_link")}
    assert {"captioning", "sentiment", "translation", "bidirectional"} <= pages
