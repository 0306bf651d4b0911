"""The page on learning without a browser: step, play, reset, addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.ideas import backpropagation as small

ROOT = Path(__file__).resolve().parents[2]


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("ideas/backpropagation.py").run()


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == label]
    return button.click().run()


def stage(app: AppTest) -> str:
    return app.select_slider(key="backpropagation_stage").value


def update(app: AppTest) -> int:
    return app.slider(key="backpropagation_update").value


def test_one_step_walks_through_the_parts_and_then_to_the_next_update():
    app = open_page()
    for expected in small.STAGES[1:]:
        app = press(app, "One step")
        assert not app.exception and stage(app) == expected
        shown = [m.value for m in app.markdown if m.value.startswith("$\\displaystyle")]
        assert len(shown) == len(small.lines(small.train(0.02, 0)[0], expected, 0.02))
    app = press(app, "One step")
    assert (update(app), stage(app)) == (1, small.STAGES[0])
    app = press(app, "Reset")
    assert (update(app), stage(app)) == (0, small.STAGES[0])


def test_playing_moves_on_and_pausing_stops():
    app = press(open_page(), "Play")
    assert stage(app) == small.STAGES[1]
    app.run()
    assert stage(app) == small.STAGES[2]
    app = press(app, "Pause")
    assert stage(app.run()) == small.STAGES[2]


def test_the_last_update_ends_the_play():
    app = open_page(backpropagation_update=str(small.MAX_UPDATES), backpropagation_stage="update")
    app = press(press(app, "Play"), "Pause") if app.button[0].label == "Pause" else app
    app = press(app, "One step")
    assert not app.exception and update(app) == small.MAX_UPDATES


@pytest.mark.parametrize("rate", small.RATES)
def test_every_learning_rate_can_be_followed_to_its_end(rate):
    app = open_page(backpropagation_rate=rate, backpropagation_update="30")
    assert not app.exception and not app.error
    curve = json.loads(app.get_by_key("backpropagation.losses").proto.spec)
    assert [trace["name"] for trace in curve["data"][:3]] == list(small.RATES)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("backpropagation_update", "31"),
        ("backpropagation_update", "-1"),
        ("backpropagation_stage", "sideways"),
        ("backpropagation_weight", "w9"),
        ("backpropagation_rate", "huge"),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    app = open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert 0 <= update(app) <= small.MAX_UPDATES and stage(app) == small.STAGES[0]
