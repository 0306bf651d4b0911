"""Every page as a visitor meets it: through the frame, with whole and with damaged model files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import captioning, onnx_model, sentiment, translation
from pages.contents import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
FRAME = ROOT / "pages/frame.py"
HOME = FRAME.with_name("home.py")
PAGES = [HOME, *(FRAME.parent / e.file for entries in SECTIONS.values() for e in entries)]


def open_page(page: Path) -> AppTest:
    """Start at the frame, as a visitor does, and go to `page`."""
    app = AppTest.from_file(str(FRAME), default_timeout=60).run()
    return app.switch_page(str(page.relative_to(FRAME.parent))).run()


@pytest.fixture
def copied_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of models/ that the app reads in place of the original, with nothing loaded yet."""
    models = tmp_path / "models"
    shutil.copytree(onnx_model.MODELS, models)
    loaders = (captioning.load_model, sentiment.load_model, translation.load_model)
    for function in (onnx_model.load_onnx_model, onnx_model.read_checked, *loaders):
        monkeypatch.setitem(function.__kwdefaults__, "models", models)
    st.cache_resource.clear()
    yield models
    st.cache_resource.clear()


TASK_PAGES = ("captioning", "sentiment", "translation", "stocks")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_opens_with_one_title_and_no_error(page):
    app = open_page(page)
    assert not app.exception and not app.error
    assert len(app.title) == 1 and app.main[0] == app.title[0]  # no text of the frame above it


def test_every_page_is_in_the_table_of_contents():
    scripts = {path for path in FRAME.parent.rglob("*/*.py")}
    assert scripts == set(PAGES) - {HOME}


def test_every_page_is_in_the_frame():
    titles = [open_page(page).title[0].value for page in PAGES]
    assert len(set(titles)) == len(PAGES)  # a page that the frame does not know opens home


@pytest.mark.parametrize(
    ("task", "file"),
    [
        ("captioning", "applications/captioning.py"),
        ("sentiment", "applications/sentiment.py"),
        ("sentiment", "applications/reviews.py"),
        ("sentiment", "ideas/lstm_gates.py"),
    ],
)
def test_an_altered_model_is_a_sentence_on_its_page_and_nowhere_else(copied_models, task, file):
    for path in copied_models.glob(f"{task}/*.onnx"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    app = open_page(FRAME.parent / file)
    assert not app.exception
    (error,) = app.error
    assert f"{task}/" in error.value and "was altered" in error.value
    app = app.switch_page(str(HOME.relative_to(FRAME.parent))).run()
    assert not app.exception and not app.error


@pytest.mark.parametrize("task", ["captioning", "sentiment", "translation"])
def test_a_missing_model_is_a_sentence_on_its_page_and_the_others_work(copied_models, task):
    names = [task, *(name for name in TASK_PAGES if name != task)]
    own, *others = (FRAME.parent / f"applications/{name}.py" for name in names)
    for path in copied_models.glob(f"{task}/*.onnx"):
        path.unlink()
    (error,) = open_page(own).error
    assert f"{task}/" in error.value and "missing" in error.value
    for page in others:
        app = open_page(page)
        assert not app.exception and not app.error


def test_home_keeps_its_map_when_no_model_file_can_be_read(copied_models):
    (copied_models / "manifest.json").unlink()
    app = open_page(HOME)
    assert not app.exception
    assert [e.value for e in app.error] == [
        "models/manifest.json does not list captioning/samples.json."
    ]
    assert [header.value for header in app.header] == [*SECTIONS, "Shapes of sequence"]
    assert len(app.get("page_link")) == len(PAGES) - 1
