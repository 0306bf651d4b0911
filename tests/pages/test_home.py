"""The map: its words enter the drawing, and its sample is the stored one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import captioning

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> AppTest:
    return AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60).run()


def read_so_far(app: AppTest) -> list[str]:
    """Return what each cell of the unrolled network says that it has read."""
    figure = json.loads(app.get("plotly_chart")[1].proto.spec)
    return next(trace["text"] for trace in figure["data"] if trace["mode"] == "markers")


def test_each_step_has_read_one_word_more(home):
    home.text_input(key="home.words").set_value("it  began to\train").run()
    assert read_so_far(home) == [
        "has read: it",
        "has read: it began",
        "has read: it began to",
        "has read: it began to rain",
    ]
    assert home.select_slider[0].value == 4


def test_words_beyond_the_limit_are_left_out(home):
    home.text_input(key="home.words").set_value("one two three four five six seven").run()
    assert read_so_far(home)[-1] == "has read: one two three four five six"
    assert not home.exception


@pytest.mark.parametrize("text", ["", "   ", "<b>&lt;script&gt;</b>", "a" * 60, "\u202eabc \u0301"])
def test_any_text_can_be_drawn(home, text):
    home.text_input(key="home.words").set_value(text).run()
    assert not home.exception and not home.error
    assert len(read_so_far(home)) == max(1, len(text.split()))


def test_the_alternative_text_follows_the_time_step(home):
    home.select_slider[0].set_value(2).run()
    alt = home.get("plotly_chart")[1].proto.alt
    assert alt.endswith("At time step 2 it has read: a dog")


def test_all_five_shapes_are_drawn_with_an_example(home):
    names = [s.value for s in home.subheader if s.value.startswith(("One to", "Many to"))]
    assert len(names) == len(set(names)) == 5
    assert len(home.get("plotly_chart")) == 2 + len(names)


def test_the_sample_is_the_stored_one(home):
    sample = captioning.load_samples()[0]
    assert any(f"**{sample.caption}**" in text.value for text in home.markdown)
