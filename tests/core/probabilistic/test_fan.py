"""A forecast with the days around it: cut where it should be, told as it was."""

from __future__ import annotations

import numpy as np
import pytest

from core.probabilistic import fan as fans
from core.series import Series

DATES = np.datetime64("2024-01-01") + np.arange(10)
SERIES = Series("Close", DATES, np.arange(100.0, 110.0))
FOLLOWING = DATES[-1] + np.arange(1, 4)
QUANTILES = np.array([101.0, 102, 103, 104, 105, 106, 107]) + np.zeros((3, 1))


def cut(origin: int, num_before: int = 4) -> fans.Fan:
    return fans.around(SERIES, origin, FOLLOWING, QUANTILES, num_before)


def test_in_the_past_days_and_outcomes_are_those_of_the_series():
    fan = cut(5)
    assert fan.past.tolist() == [102, 103, 104, 105] and fan.past_dates[-1] == DATES[5]
    assert fan.dates.tolist() == DATES[6:9].tolist() and fan.actual.tolist() == [106, 107, 108]


def test_at_the_end_the_days_that_follow_stand_in_and_nothing_has_come():
    fan = cut(9)
    assert fan.dates.tolist() == FOLLOWING.tolist() and len(fan.actual) == 0
    fan = cut(8)
    assert fan.dates.tolist() == [DATES[9], *FOLLOWING[:2]] and fan.actual.tolist() == [109]


def test_fewer_days_before_than_wanted_are_no_crash():
    assert cut(1, num_before=50).past.tolist() == [100, 101]


def test_intervals_are_pairs_of_quantiles_around_the_median():
    fan = cut(5)
    assert fan.median.tolist() == [104] * 3
    assert fan.interval(0.5)[0].tolist() == [103, 105]
    assert fan.interval(0.8)[0].tolist() == [102, 106]
    assert fan.interval(0.95)[0].tolist() == [101, 107]


@pytest.mark.parametrize(("origin", "share"), [(2, 0.5), (3, 0.8), (4, 0.95), (6, 1.0)])
def test_the_narrowest_interval_that_held_the_outcome_is_named(origin, share):
    # What comes in the end is 3 more than at the origin: 105, 106, 107, 109.
    fan = cut(origin)
    assert fan.narrowest_around(2) == share
    told = fans.told(fan, "points")
    assert f"It was {fan.actual[2]:.1f}" in told
    assert (
        "outside of all intervals" if share == 1 else f"inside the {share:.0%} interval"
    ) in told


def test_an_open_forecast_says_that_nothing_is_known():
    told = fans.told(cut(9), "points")
    assert "It was" not in told and told.endswith("What comes is not known yet.")
    assert "**109.0** points" in told and "between **102.0 and 106.0**" in told


def test_a_series_without_a_unit_and_degrees_are_told_as_people_write_them():
    assert "**105.0**. For" in fans.told(cut(5), "")
    assert "**105.0** °C" in fans.told(cut(5), "°C")
    small = Series("x", DATES, SERIES.values / 1000)
    told = fans.told(fans.around(small, 5, FOLLOWING, QUANTILES / 1000, 3), "")
    assert "**0.1050**" in told
    for scale, written in ((1e-9, "**1.05e-07**"), (1e9, "**1.05e+11**"), (10, "**1,050**")):
        other = Series("x", DATES, SERIES.values * scale)
        assert written in fans.told(fans.around(other, 5, FOLLOWING, QUANTILES * scale, 3), "")


def test_rows_to_download_hold_every_end_and_the_outcome_where_it_is_known():
    rows = fans.rows(cut(8))
    assert [row["date"] for row in rows] == [str(day) for day in cut(8).dates]
    assert [row["actual"] for row in rows] == [109, "", ""]
    assert rows[0]["low 95%"] == 101 and rows[0]["high 50%"] == 105
