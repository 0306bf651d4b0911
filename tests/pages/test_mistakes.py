"""The page of mistakes: every switch shows its two pictures, and the address throws it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import forecasting
from core.markets.mistakes import MISTAKES
from tests.fixtures import make_series as make
from tests.fixtures.read_figure import traces

ROOT = Path(__file__).resolve().parents[2]


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("applications/mistakes.py").run()


def drawn(app: AppTest, number: int, what: str) -> list[list[float]]:
    return [trace["y"] for trace in traces(app, f"mistakes.{number}.{what}")]


@pytest.mark.parametrize(("number", "name"), list(enumerate(MISTAKES, start=1)))
def test_a_switch_shows_the_mistake_beside_the_honest_number(number, name):
    app = open_page(mistakes_1="false")
    assert not app.subheader
    app.toggle(key=f"mistakes_{number}").set_value(True).run()
    assert not app.exception and [header.value for header in app.subheader] == [name]
    sample = forecasting.load_samples("stocks")[0]
    series = forecasting.read_series(sample.content, "stocks")
    mistake = MISTAKES[name](series.dates, series.values)
    truth, forecast = drawn(app, number, "with the mistake")
    assert forecast == pytest.approx(mistake.beautiful.last().predicted.tolist())
    assert truth == pytest.approx(mistake.beautiful.last().actual.tolist())
    assert drawn(app, number, "honestly")[1] == pytest.approx(
        mistake.honest.last().predicted.tolist()
    )
    said = " ".join(text.value for text in app.markdown)
    assert mistake.pretended in said and mistake.truth in said


def test_the_address_throws_several_switches():
    app = open_page(mistakes_2="true", mistakes_4="true")
    assert len(app.subheader) == 3 and not app.exception


def test_a_file_that_is_too_short_is_one_sentence():
    app = open_page()
    app.file_uploader(key="mistakes.file").upload("short.csv", make.prices_csv(500))
    app.run()
    assert not app.exception
    (error,) = app.error
    assert "at least 1,008 days" in error.value and "has 500" in error.value


def test_a_visitors_prices_are_what_is_drawn():
    app = open_page()
    app.file_uploader(key="mistakes.file").upload("mine.csv", make.SOUND)
    app.run()
    walk = make.walk()
    assert drawn(app, 1, "honestly")[0][-1] == pytest.approx(
        100 * (walk[-1] / walk[-2] - 1), abs=0.01
    )
