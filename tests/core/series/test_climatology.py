"""The seasonal curve on years whose law is known."""

import numpy as np
import pytest

from core.series.climatology import fit_climatology, season


def years(number, seed=0, noise=2.0):
    """Return dates and temperatures 10 + 8 sin + 3 cos of the year, with normal noise."""
    dates = np.arange("2001-01-01", f"{2001 + number}-01-01", dtype="datetime64[D]")
    wave = season(dates, 1)
    rng = np.random.default_rng(seed)
    usual = wave @ np.array([10.0, 8.0, 3.0])
    return dates, usual, usual + noise * rng.normal(size=len(dates))


def test_season_is_a_wave_of_one_year():
    days = np.array(["2001-01-01", "2001-07-02", "2002-01-01"], "datetime64[D]")
    np.testing.assert_allclose(season(days, 1)[[0, 2]], [[1, 0, 1]] * 2, atol=1e-12)
    assert season(days, 1)[1, 2] == pytest.approx(-1, abs=0.01)
    assert season(days, 2).shape == (3, 5)


def test_the_curve_and_its_spread_are_those_of_the_law():
    dates, usual, temperatures = years(10)
    fitted = fit_climatology(dates, temperatures, np.array([len(dates) - 1]))
    assert np.abs(fitted.mean(dates[None])[0] - usual).max() < 0.4
    assert fitted.spread(dates[None])[0] == pytest.approx(np.full(len(dates), 2.0), rel=0.15)


def test_each_origin_knows_its_own_past_only():
    dates, _, temperatures = years(3)
    changed = temperatures.copy()
    changed[700:] += 50
    coming = dates[None, 700:730]
    for of in ("mean", "spread"):
        before, after = (
            getattr(fit_climatology(dates, values, np.array([699])), of)(coming)
            for values in (temperatures, changed)
        )
        np.testing.assert_array_equal(before, after)


def test_a_short_series_gets_a_nearly_flat_curve():
    dates, _, temperatures = years(1)
    fitted = fit_climatology(dates, temperatures, np.array([9]))
    curve = fitted.mean(dates[None])[0]
    assert np.ptp(curve) < 12 and abs(curve[:10].mean() - temperatures[:10].mean()) < 3
