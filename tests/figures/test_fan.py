"""The fan: its outlines are the given quantiles, and what came is drawn where it came."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.figures import theme
from core.figures.fan import fan_chart

MONDAY = np.datetime64("2024-01-01")


def fan(**changes: object) -> SimpleNamespace:
    made = {
        "past_dates": MONDAY + np.arange(5),
        "past": np.array([1.0, 2, 3, 2, 4]),
        "dates": np.busday_offset(MONDAY + 4, [1, 2, 3]),
        "levels": (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975),
        "quantiles": 4 + np.outer([1, 2, 3], [-3.0, -2, -1, 0.5, 1, 2, 3]),
        "actual": np.array([5.0, 6]),
    }
    return SimpleNamespace(**made | changes)


def traces(figure) -> dict:
    return {trace.name: trace for trace in figure.data}


def test_each_band_runs_out_along_its_upper_end_and_back_along_its_lower():
    drawn = traces(fan_chart(fan(), "points"))
    assert list(drawn["95%"].y) == [4, 7, 10, 13, -5, -2, 1, 4]
    assert list(drawn["50%"].y) == [4, 5, 6, 7, 1, 2, 3, 4]
    assert list(drawn["95%"].x) == [*drawn["median"].x, *drawn["median"].x[::-1]]


def test_wider_bands_lie_below_narrower_ones():
    names = [trace.name for trace in fan_chart(fan(), "points").data]
    assert names == ["95%", "80%", "50%", "median", "what happened"]


def test_the_median_starts_at_the_last_known_day():
    median = traces(fan_chart(fan(), "points"))["median"]
    assert list(median.y) == [4, 4.5, 5, 5.5] and median.x[0] == "2024-01-05"
    assert median.line.color == theme.FORECAST


def test_what_came_is_drawn_as_far_as_it_is_known():
    drawn = traces(fan_chart(fan(), "points"))["what happened"]
    assert list(drawn.y) == [1, 2, 3, 2, 4, 5, 6]
    assert list(drawn.x)[-2:] == ["2024-01-08", "2024-01-09"]
    assert drawn.line.color == theme.TEXT


def test_weekends_are_left_out_where_no_day_is_one():
    market = fan_chart(fan(), "points").layout.xaxis.rangebreaks
    assert market[0].bounds == ("sat", "mon")
    assert not fan_chart(fan(dates=MONDAY + np.arange(5, 8)), "°C").layout.xaxis.rangebreaks


def test_other_forecasts_differ_in_colour_and_dash_and_bring_no_markup():
    others = {"<b>as today</b>": np.full(3, 4.0), "season": np.full(3, 5.0)}
    drawn = traces(fan_chart(fan(), "°C", others))
    today, season = drawn["&lt;b&gt;as today&lt;/b&gt;"], drawn["season"]
    assert (today.line.color, season.line.color) == (theme.BASELINE, theme.CLIMATOLOGY)
    assert today.line.dash != season.line.dash and list(season.y) == [5, 5, 5]


@pytest.mark.parametrize(
    "changes",
    [
        {"levels": (0.1, 0.5, 0.8), "quantiles": np.zeros((3, 3))},
        {"levels": (0.1, 0.9), "quantiles": np.zeros((3, 2))},
        {"quantiles": np.zeros((2, 7))},
        {"actual": np.zeros(4)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes):
    with pytest.raises(ValueError, match=r"levels|quantiles"):
        fan_chart(fan(**changes), "points")
