"""The stocks page without a browser: files, dates, the walk, and what need not run again."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import forecasting
from tests.fixtures import make_series as make
from tests.fixtures.read_figure import lines, traces

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ["Walk forward", "Memory", "Limits"]


def open_page(page: str = "stocks", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page(f"applications/{page}.py").run()


def upload(app: AppTest, content: bytes, page: str = "stocks", name: str = "mine.csv") -> AppTest:
    app.file_uploader(key=f"{page}.file").upload(name, content)
    return app.run()


def finish(app: AppTest) -> AppTest:
    """Run until the walk forward is over, as the browser's timer does."""
    for _ in range(60):
        if not any(button.label == "Stop" for button in app.button):
            return app
        app.run()
    raise AssertionError("the walk forward never ended")


def test_the_first_sample_is_forecast_from_its_last_day():
    app = open_page()
    sample = forecasting.load_samples("stocks")[0]
    series = forecasting.read_series(sample.content, "stocks")
    result = forecasting.forecast(forecasting.load_model(), series)
    drawn = lines(app, "stocks.fan")
    assert drawn["median"]["y"][1:] == pytest.approx(result.median, rel=1e-5)
    assert drawn["median"]["x"][1:] == [str(day) for day in result.dates]
    assert sample.source in app.caption[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens(view):
    app = finish(open_page(stocks_view=view))
    assert not app.exception and not app.error


def test_the_date_replays_history_without_the_network(graph_runs):
    app = open_page(stocks_view="Limits")
    graph_runs.clear()
    app.select_slider(key="stocks_day").set_value("2020-02-19").run()
    drawn = lines(app, "stocks.fan")
    assert drawn["median"]["x"][0] == "2020-02-19"
    assert len(drawn["what happened"]["x"]) == 120 + 20
    assert any("outside of all intervals" in text.value for text in app.markdown)
    assert not graph_runs


def test_a_visitors_file_is_forecast_and_its_column_can_be_changed():
    app = upload(open_page(stocks_view="Limits"), make.SOUND)
    assert not app.exception and not app.error
    drawn = lines(app, "stocks.fan")
    assert drawn["what happened"]["y"][-1] == pytest.approx(make.walk()[-1], abs=1e-4)
    app.selectbox(key="stocks.column").set_value("Open").run()
    assert lines(app, "stocks.fan")["what happened"]["y"][-1] == pytest.approx(
        make.walk()[-1] - 1, abs=1e-4
    )


def test_every_unusable_file_is_one_sentence_and_a_sound_one_can_follow():
    app = open_page(stocks_view="Limits")
    for name, (content, said) in make.HOSTILE.items():
        app = upload(app, content)
        assert not app.exception, name
        (error,) = app.error
        assert said in error.value and "\n" not in error.value, name
        app.file_uploader(key="stocks.file").clear()
    app = upload(app, make.SOUND)
    assert not app.exception and not app.error
    assert lines(app, "stocks.fan")["median"]["x"][0] == str(make.days()[-1])


def test_what_was_done_to_a_file_is_told():
    lines = make.SOUND.decode().strip().split("\n")
    content = "\n".join([lines[0], *lines[:0:-1]]).encode()  # from new to old
    app = upload(open_page(stocks_view="Limits"), make.replaced(content, 3, "2023-05-10,,,"))
    assert not app.error
    said = " ".join(text.value for text in app.text)
    assert "turned round" in said and "Row 3 has nothing in column Close: left out" in said


def test_a_day_that_the_next_series_does_not_have_falls_back():
    app = upload(open_page(stocks_view="Limits"), make.SOUND)
    assert app.select_slider(key="stocks_day").value == str(make.days()[-1])
    app.file_uploader(key="stocks.file").clear()
    app.run()
    app.get_by_key("stocks_series").set_value("Apple").run()
    assert not app.exception and not app.error
    assert lines(app, "stocks.fan")["median"]["x"][0] == "2022-12-28"


def test_a_file_is_offered_on_the_other_pages_too():
    app = upload(open_page(stocks_view="Limits"), make.SOUND)
    app.switch_page("applications/trading.py").run()
    assert app.get_by_key("trading_series").value == "Your file"
    assert not app.exception and not app.error
    assert lines(app, "trading.money")["The rule"]["x"][-1] == str(make.days()[-1])
    app.get_by_key("trading_series").set_value("Apple").run()
    assert lines(app, "trading.money")["The rule"]["x"][-1] == "2022-12-28"


def test_the_walk_runs_in_pieces_shows_how_far_it_is_and_ends_in_a_table():
    app = open_page(stocks_span="One year")
    app = finish(app)
    table = app.dataframe[0].value
    assert list(table["Forecast"]) == [forecasting.MODEL, *forecasting.BASELINES["stocks"]]
    assert table["CRPS skill, 1 day"][1] == "reference"
    app.get_by_key("stocks_span").set_value("Up to forty years").run()
    assert "250 of 5," in app.get("progress")[0].proto.text
    assert not app.dataframe


def test_a_stopped_walk_keeps_what_it_has_and_can_go_on():
    app = open_page()
    app.button(key="stocks.stop").click().run()
    assert any("Stopped after **500** of 1,740" in text.value for text in app.markdown)
    assert len(app.dataframe) == 1
    app.button(key="stocks.continue").click().run()
    assert not app.dataframe
    app = finish(app)
    assert not any("Stopped" in text.value for text in app.markdown) and len(app.dataframe) == 1


def test_it_is_said_when_judged_days_are_from_years_that_the_network_has_seen():
    app = finish(open_page(stocks_span="One year"))
    assert not any("has seen days to 2015-12-31" in text.value for text in app.markdown)
    app = open_page(stocks_span="Up to forty years")
    app.button(key="stocks.stop").click().run()
    assert any("has seen days to 2015-12-31" in text.value for text in app.markdown)


def test_a_finished_walk_is_not_walked_again(graph_runs):
    app = finish(open_page(stocks_span="One year"))
    graph_runs.clear()
    app.select_slider(key="stocks_day").set_value("2021-01-04").run()
    assert not graph_runs and len(app.dataframe) == 1


def test_the_memory_follows_the_date_without_the_network(graph_runs):
    app = open_page(stocks_view="Memory", stocks_day="2020-04-01")
    graph_runs.clear()
    before = traces(app, "stocks.memory")[1]
    app.select_slider(key="stocks_day").set_value("2017-06-01").run()
    after = traces(app, "stocks.memory")[1]
    assert max(before["y"]) > 60 > 15 > max(after["y"])  # percent a year: a crash, a quiet spring
    assert not graph_runs


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("stocks_day", "1066-10-14"),
        ("stocks_day", "soon"),
        ("stocks_series", "A unicorn"),
        ("stocks_view", "Nowhere"),
        ("stocks_span", ""),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    app = open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert app.get_by_key("stocks_series").value == "S&P 500 index"
    assert lines(app, "stocks.fan")["median"]["x"][0] == "2022-12-28"


def test_a_series_is_walked_once_for_all_pages(graph_runs):
    st.cache_resource.clear()
    app = open_page(stocks_view="Limits")
    assert graph_runs["stocks"] > 0
    graph_runs.clear()
    app.switch_page("applications/trading.py").run()
    assert not app.exception and not graph_runs


def test_the_forecast_can_be_downloaded():
    app = open_page(stocks_view="Limits")
    (button,) = app.get("download_button")
    assert button.proto.label == "Forecast (CSV)"
    app = finish(open_page(stocks_span="One year"))
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["Forecast (CSV)", "Every horizon (CSV)"]
