"""The weather page: the fan beside both baselines, the judged year, files of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import forecasting
from core.probabilistic import baselines
from tests.fixtures import make_series as make
from tests.fixtures.read_figure import lines

ROOT = Path(__file__).resolve().parents[2]


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("applications/weather.py").run()


def first_place():
    sample = forecasting.load_samples("weather")[0]
    return forecasting.read_series(sample.content, "weather")


def test_the_baselines_stand_beside_the_forecast_of_any_day():
    series = first_place()
    row = len(series.values) - 100
    app = open_page(weather_day=str(series.dates[row]))
    drawn, origin, horizons = lines(app, "weather.fan"), np.array([row]), np.arange(1, 8)
    assert drawn["persistence"]["y"] == pytest.approx([series.values[row]] * 7)
    usual = baselines.climatology(series.dates, series.values, origin, horizons).mean()[0]
    assert drawn["climatology"]["y"] == pytest.approx(usual)
    assert drawn["what happened"]["y"][-7:] == pytest.approx(series.values[row + 1 : row + 8])


def test_the_judged_year_is_drawn_as_it_was_measured():
    series, app = first_place(), open_page()
    walked = forecasting.walk_forward(forecasting.load_model(), series, "weather")
    judged = forecasting.judge_walk(series, walked)
    for name, errors in judged.items():
        assert lines(app, "weather.errors")[name]["y"] == pytest.approx(errors.rmse)
        assert lines(app, "weather.reliability")[name]["y"] == pytest.approx(
            100 * errors.reliability
        )
    app.get_by_key("weather_score").set_value("CRPS").run()
    assert lines(app, "weather.errors")["LSTM"]["y"] == pytest.approx(judged["LSTM"].mean_crps)
    assert any("its CRPS was" in text.value for text in app.markdown)


def test_a_visitors_temperatures_are_forecast():
    app = open_page()
    app.file_uploader(key="weather.file").upload("garden.csv", make.temperatures_csv())
    app.run()
    assert not app.exception and not app.error
    assert lines(app, "weather.fan")["median"]["x"][0] == "2021-06-18"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (make.temperatures_csv(200), "has 200 days"),
        (make.replaced(make.temperatures_csv(), 500, "2020-05-13,9999"), "Row 500"),
        (make.replaced(make.temperatures_csv(), 500, "2020-05-13,warm"), "Row 500, column tavg"),
        (b"\xff\xd8\xff\xe0 a photo", "No column of dates"),
    ],
)
def test_an_unusable_file_is_one_sentence_and_nothing_is_lost(content, said):
    app = open_page(weather_score="CRPS")
    app.file_uploader(key="weather.file").upload("garden.csv", content)
    app.run()
    assert not app.exception
    (error,) = app.error
    assert said in error.value
    app.file_uploader(key="weather.file").clear()
    app.run()
    assert not app.error and app.get_by_key("weather_score").value == "CRPS"
