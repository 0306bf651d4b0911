"""The translation page without a browser: typing, views, forcing, what no slider may redo."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import translation
from pages import translating

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ["Alignment", "Beam search", "Truth check", "Two meanings", "Limits"]
TEXT = "translation.text"


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("applications/translation.py").run()


def type_in(app: AppTest, text: str) -> AppTest:
    app.text_input(key=TEXT).set_value(text)
    return app.run()


def written(app: AppTest) -> list[str]:
    return [element.value for element in app.text]


def chart(app: AppTest, key: str) -> dict:
    return json.loads(app.get_by_key(f"translation.{key}").proto.spec)


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_the_first_sample_shows_its_three_translations():
    sample = translation.load_samples()[0]
    app = open_page()
    assert app.text_input(key=TEXT).value == sample.text
    assert written(app) == [sample.translations[language] for language in translation.LANGUAGES]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens(view):
    app = open_page(translation_view=view)
    assert not app.exception and not app.error
    assert app.get_by_key("translation_view").value == view


def test_what_is_typed_is_translated_into_every_language():
    app = type_in(open_page(), "The cat sleeps. It is late.")
    model = translation.load_model()
    assert not app.exception
    assert written(app) == [
        translation.translate_text(model, "The cat sleeps. It is late.", language)
        for language in translation.LANGUAGES
    ]
    assert len(app.selectbox(key="translation_sentence").options) == 2


def test_moving_along_the_translation_runs_nothing(graph_runs):
    app = open_page()
    graph_runs.clear()
    slider = app.select_slider(key="translation_word")
    slider.set_value(slider.options[1]).run()
    assert not app.exception and not graph_runs
    assert app.select_slider(key="translation_word").value == slider.options[1]


def test_the_length_penalty_ranks_again_without_the_network(graph_runs):
    app = open_page(translation_view="Beam search")
    graph_runs.clear()
    before = app.dataframe[0].value
    app.slider(key="translation_alpha").set_value(0.0).run()
    assert not graph_runs
    after = app.dataframe[0].value
    assert set(after["Divisor"]) == {1} != set(before["Divisor"])
    assert set(after["Sentence"]) == set(before["Sentence"])


def test_another_language_reads_the_sentence_no_second_time(graph_runs):
    st.cache_resource.clear()
    app = open_page()
    graph_runs.clear()
    app.get_by_key("translation_to").set_value("Spanish").run()
    assert graph_runs["encoder"] == 0 < graph_runs["decoder_es"]


def test_a_sentence_is_read_once_for_its_three_translations(graph_runs):
    app = open_page(translation_view="Two meanings")
    graph_runs.clear()
    type_in(app, "Nobody has typed this sentence before.")
    assert graph_runs["encoder"] == 1
    assert all(graph_runs[f"decoder_{language}"] for language in translation.LANGUAGES)


def test_a_forced_word_changes_what_follows():
    app = open_page()
    pills = app.get_by_key("translation.force")
    pills.set_value(pills.options[0]).run()
    assert not app.exception
    assert "there, it goes on: “" in said(app)


def test_the_matrix_has_a_row_per_token_and_a_column_per_source_token():
    app = type_in(open_page(), "The cat sleeps.")
    model = translation.load_model()
    result = translation.translate(model, "The cat sleeps.", "de")
    cells = chart(app, "alignment")["data"][0]["z"]
    shape = cells["shape"] if isinstance(cells, dict) else f"{len(cells)}, {len(cells[0])}"
    assert shape.replace(" ", "") == f"{len(result.tokens)},{len(result.source_tokens)}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😀👩‍👩‍👧‍👧 12345 !?",
        "שלום עולם",
        "<script>alert(1)</script> **bold** [link](http://x.y) $x$ :smile:",
        "e\u0301 \u202e abc",
        "x" * 3000,
        "\x00\x07 bell",
    ],
)
def test_odd_texts_are_answered_and_kept(text):
    app = type_in(open_page(), text)
    assert not app.exception and not app.error
    assert app.text_input(key=TEXT).value == text
    assert len(written(app)) == 3


def test_too_much_text_is_cut_with_a_sentence_and_nothing_is_lost():
    text = "The dog sleeps. " * 3125  # 50,000 characters
    app = type_in(open_page(), text)
    assert not app.exception
    assert app.text_input(key=TEXT).value == text
    assert "50,000 of 3,000 characters" in app.caption[0].value
    assert len(written(app)[0]) < 10_000


def test_another_language_is_said_and_translated_all_the_same():
    app = type_in(open_page(), "Ich glaube nicht, dass das hier Englisch ist.")
    assert any("does not look like English" in info.value for info in app.info)
    assert all(written(app))


def test_nothing_to_translate_is_a_sentence():
    app = type_in(open_page(), "12345 😀")
    assert [info.value for info in app.info] == [translation.NOTHING]
    assert written(app) == ["12345 😀"] * 3


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("translation_beam", "99"),
        ("translation_alpha", "-3"),
        ("translation_to", "Klingon"),
        ("translation_view", "Nowhere"),
        ("translation_word", "99 Einhorn"),
        ("translation_pair", "unicorn"),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    app = open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert written(app) == list(translation.load_samples()[0].translations.values())


def test_the_address_sets_the_text_and_the_controls():
    app = open_page(
        translation_text="A dog runs.", translation_to="French", translation_view="Beam search"
    )
    assert app.text_input(key=TEXT).value == "A dog runs."
    assert app.get_by_key("translation_to").value == "French"
    assert len(app.dataframe) == 1


def test_two_meanings_show_both_sentences_in_every_language():
    app = open_page(translation_view="Two meanings")
    rows = app.dataframe[0].value
    assert list(rows.columns) == ["English", "German", "French", "Spanish"] and len(rows) == 2
    app.get_by_key("translation_pair").set_value("bank").run()
    assert "bank" in app.dataframe[0].value["English"][0]


def test_the_limits_are_translations_of_this_model():
    app = open_page(translation_view="Limits", translation_to="French")
    rows = app.dataframe[0].value
    model = translation.load_model()
    for english, french in zip(rows["English"], rows["French"], strict=True):
        assert french == translation.translate_piece(model, english, "fr")


def test_of_a_text_that_takes_long_what_is_ready_is_shown(monkeypatch):
    """Each sentence takes a second by the clock: each is shown before the next is translated."""
    clock, shown = itertools.count(), []
    monkeypatch.setattr(translating.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(translating, "show", lambda places, texts, seconds: shown.append(texts))
    monkeypatch.setattr(
        translating, "translate", lambda model, text: dict.fromkeys(translation.LANGUAGES, text)
    )
    pieces, _ = translation.pieces_of("One. Two.\n\nThree.")
    translating.write(None, [], pieces)
    assert [texts[0].strip() for texts in shown] == [
        "One.",
        "One. Two.",
        *["One. Two.\n\nThree."] * 2,
    ]


def test_several_lines_keep_their_breaks():
    app = open_page()
    app.toggle(key="translation_lines").set_value(True).run()
    app.text_area(key=TEXT).set_value("A dog runs.\n\nThe cat sleeps.").run()
    assert not app.exception and not app.error
    assert all(text.count("\n\n") == 1 for text in written(app))


@pytest.mark.parametrize("text", ["5 dogs", "alert(1)", "I 5"])
def test_the_truth_check_of_a_single_word_is_a_sentence(text):
    app = type_in(open_page(translation_view="Truth check"), text)
    assert not app.exception and not app.error
    assert any("nothing can be taken out" in info.value for info in app.info)
