"""Splits by time, windows with their outcomes, and nothing from beyond the split."""

import numpy as np
import pytest

from core.forecasting import prepare
from core.forecasting.prepare import (
    NUM_HORIZONS,
    SPLITS,
    make_examples,
    read_skfolio,
    read_stocks,
    read_weather,
    split_bounds,
    split_origins,
)
from core.series import Series

READ = {"stocks": read_stocks, "weather": read_weather}


def test_every_series_is_read_once(data):
    assert [series.name for series in read_skfolio(str(data))] == ["AAPL", "KO"]
    names = [series.name for series in read_stocks(str(data))]
    assert names == ["AAPL", "KO", "S&P 500", "NASDAQ", "WTI", "Brent", "FB", "GOOG", "IBM"]
    places = [series.name for series in read_weather(str(data))]
    kinds = ("mean", "min", "max")
    assert places == [f"{p}_temp_{k}" for p in ("TOWN", "MELBOURNE", "SEATTLE") for k in kinds]


def test_a_missing_leap_day_repeats_the_day_before(data):
    series = next(s for s in read_weather(str(data)) if s.name == "MELBOURNE_temp_max")
    assert (np.diff(series.dates) == np.timedelta64(1, "D")).all()
    leap = np.flatnonzero(series.dates == np.datetime64("1984-02-29"))[0]
    assert series.values[leap] == series.values[leap - 1]


@pytest.mark.parametrize("kind", READ)
def test_splits_follow_each_other_and_share_no_outcome(data, kind):
    for series in READ[kind](str(data)):
        used = []
        for split in SPLITS:
            first, last = split_bounds(kind, series)[split]
            origins = split_origins(kind, series, split)
            days = series.dates[origins[:, None] + np.arange(NUM_HORIZONS[kind] + 1)]
            assert not len(origins) or (days.min() >= first and days.max() <= last)
            used.append(days)
        assert used[1].max() < used[2].min() and used[0].max() < used[1].min()


def test_the_years_are_those_of_the_issue(data):
    series = read_skfolio(str(data))[0]
    assert str(split_bounds("stocks", series)["train"][1]) == "2012-12-31"
    assert [str(d) for d in split_bounds("stocks", series)["dev"]] == ["2013-01-01", "2015-12-31"]
    town = read_weather(str(data))[0]
    bounds = {name: [str(d) for d in days] for name, days in split_bounds("weather", town).items()}
    assert bounds["test"] == ["2005-01-01", "2005-12-31"]  # five years: one of them
    assert bounds["dev"] == ["2004-01-01", "2004-12-31"] and bounds["train"][1] == "2003-12-31"


@pytest.mark.parametrize("kind", READ)
def test_outcomes_are_what_came_in_units_of_location_and_scale(data, kind):
    series = READ[kind](str(data))[0]
    examples = make_examples(kind, [series], "dev")
    origins = split_origins(kind, series, "dev")
    assert len(examples.rows) == len(origins) > 100
    days = prepare.read_days(series, kind, len(series.values) - 1, NUM_HORIZONS[kind])
    last = NUM_HORIZONS[kind]
    back = examples.outcomes[5, -1] * days.scales[origins[5], -1] + days.locations[origins[5], -1]
    value = series.values[origins[5] + last]
    expected = np.log(value / series.values[origins[5]]) if kind == "stocks" else value
    assert back == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("kind", READ)
def test_a_planted_future_moves_no_training_window(data, kind):
    series = READ[kind](str(data))[0]
    last = split_bounds(kind, series)["train"][1]
    values = np.where(series.dates > last, 3 * series.values, series.values)
    before, after = (
        make_examples(kind, [s], "train") for s in (series, Series("s", series.dates, values))
    )
    for name in ("inputs", "rows", "outcomes", "weights"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_training_series_also_start_anew(data, monkeypatch):
    monkeypatch.setattr(prepare, "CUT_DAYS", 100)
    monkeypatch.setattr(prepare, "CUT_ROWS", 20)
    series = read_skfolio(str(data))[0]
    whole = len(split_origins("stocks", series, "train"))
    examples = make_examples("stocks", [series], "train")
    assert len(examples.rows) > whole
    starts = np.flatnonzero(np.diff(examples.rows) > 1)
    assert (np.diff(starts) <= 20).all() and len(starts) >= 2
    windows = examples.window(np.array([0, len(examples.rows) - 1]), 60)
    assert windows.shape[:2] == (2, 60) and np.isfinite(windows).all()


def test_the_command_counts_the_windows(data, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["prepare", "--data", str(data)])
    prepare.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9 + 9 and lines[0].startswith("stocks AAPL 2011-06-01")
