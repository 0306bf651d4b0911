"""What the network reads: no unit in it, and no future."""

import numpy as np
import pytest

from core.errors import InputError
from core.series import Series
from core.series.windows import INPUT_NAMES, MIN_HISTORY, check_series, read_days, squeeze
from tests.fixtures.make_forecasting import draw_prices, draw_temperatures

KINDS = ("stocks", "weather")
LENGTH = 900


def drawn(kind, length=LENGTH, seed=0):
    dates = np.arange(np.datetime64("2001-01-01"), np.datetime64("2001-01-01") + length)
    values = draw_prices(seed, length) if kind == "stocks" else draw_temperatures(seed, dates)
    return Series("drawn", dates, values)


def changed(series, values):
    return Series(series.name, series.dates, values)


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_has_a_name_and_stays_small(kind):
    days = read_days(drawn(kind), kind, LENGTH - 1, 7)
    assert days.inputs.shape == (LENGTH, len(INPUT_NAMES[kind]))
    assert days.locations.shape == days.scales.shape == (LENGTH, 7)
    assert np.isfinite(days.inputs).all() and np.abs(days.inputs).max() <= 4
    assert (days.scales > 0).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("planted", [1e-3, 1.5, 40.0])
def test_a_planted_future_moves_nothing_before_it(kind, planted):
    series = drawn(kind)
    values = series.values.copy()
    values[600:] *= planted
    before, after = (read_days(s, kind, LENGTH - 1, 7) for s in (series, changed(series, values)))
    for name in ("inputs", "locations", "scales"):
        np.testing.assert_array_equal(getattr(before, name)[:600], getattr(after, name)[:600])
    assert (before.inputs[600] != after.inputs[600]).any()


@pytest.mark.parametrize("kind", KINDS)
def test_reading_less_of_the_future_changes_nothing(kind):
    series = drawn(kind)
    whole, part = (read_days(series, kind, last, 7) for last in (LENGTH - 1, 600))
    np.testing.assert_allclose(whole.inputs[:601], part.inputs, atol=1e-6)


def test_stocks_have_no_unit():
    """Cents for dollars change nothing; twice the returns double the scale alone."""
    series = drawn("stocks")
    days = read_days(series, "stocks", LENGTH - 1, 20)
    cents = read_days(changed(series, 100 * series.values), "stocks", LENGTH - 1, 20)
    np.testing.assert_allclose(days.inputs, cents.inputs, atol=1e-4)
    np.testing.assert_allclose(days.scales, cents.scales)
    leveraged = read_days(changed(series, series.values**2), "stocks", LENGTH - 1, 20)
    np.testing.assert_allclose(days.inputs, leveraged.inputs, atol=1e-4)
    np.testing.assert_allclose(2 * days.scales, leveraged.scales)


def test_weather_may_be_in_fahrenheit():
    series = drawn("weather")
    days = read_days(series, "weather", LENGTH - 1, 7)
    other = read_days(changed(series, 32 + 1.8 * series.values), "weather", LENGTH - 1, 7)
    np.testing.assert_allclose(days.inputs[400:], other.inputs[400:], atol=1e-4)
    np.testing.assert_allclose(32 + 1.8 * days.locations[400:], other.locations[400:], atol=1e-4)
    np.testing.assert_allclose(1.8 * days.scales[400:], other.scales[400:], rtol=1e-4)


def test_a_window_ends_on_its_origin():
    days = read_days(drawn("stocks"), "stocks", LENGTH - 1, 20)
    windows = days.windows(np.array([100, 500]), 60)
    assert windows.shape == (2, 60, days.inputs.shape[1])
    np.testing.assert_array_equal(windows[1, -1], days.inputs[500])
    np.testing.assert_array_equal(windows[1, 0], days.inputs[441])


def test_squeezing_keeps_order_and_small_values():
    values = np.linspace(-30, 30, 601)
    assert (np.diff(squeeze(values)) >= 0).all() and np.abs(squeeze(values)).max() <= 4
    assert squeeze(np.array(0.1)) == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize(
    "kind, row, value, said",
    [
        ("stocks", 50, 0.0, "not a price above 0"),
        ("stocks", 50, -36.98, "-36.98"),
        ("stocks", 50, np.nan, "nan"),
        ("weather", 50, np.inf, "not a number"),
    ],
)
def test_an_unusable_value_is_named_with_its_day(kind, row, value, said):
    series = drawn(kind)
    series.values[row] = value
    with pytest.raises(InputError, match=said) as error:
        check_series(series, kind, LENGTH - 1)
    assert str(series.dates[row]) in str(error.value)


@pytest.mark.parametrize("kind", KINDS)
def test_too_little_history_a_still_series_and_a_missing_day(kind):
    needed = MIN_HISTORY[kind]
    with pytest.raises(InputError, match=f"{needed} days"):
        check_series(drawn(kind, needed - 1), kind, needed - 2)
    check_series(drawn(kind, needed), kind, needed - 1)
    still = drawn(kind, needed)
    with pytest.raises(InputError, match="all the same"):
        check_series(changed(still, np.full(needed, 7.0)), kind, needed - 1)
    series = drawn(kind)
    gap = Series("gap", np.delete(series.dates, 10), np.delete(series.values, 10))
    if kind == "weather":
        with pytest.raises(InputError, match=str(series.dates[9])):
            check_series(gap, kind, LENGTH - 2)
    else:
        check_series(gap, kind, LENGTH - 2)
