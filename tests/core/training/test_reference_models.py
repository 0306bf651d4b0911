"""GARCH, ETS, ARIMA and Theta on series whose best forecast is known."""

import numpy as np
import pytest

from core.training.reference_models import Garch, classical, fit_garch, garch

TRUE = Garch(mean=0.0, omega=3e-6, alpha=0.1, beta=0.87)


def simulate(model, length, seed=0):
    rng = np.random.default_rng(seed)
    variance, returns = model.omega / (1 - model.alpha - model.beta), []
    for noise in rng.normal(size=length):
        returns.append(model.mean + np.sqrt(variance) * noise)
        variance = model.omega + model.alpha * variance * noise**2 + model.beta * variance
    return np.array(returns)


def test_the_fit_finds_the_law_that_made_the_returns():
    found = fit_garch(simulate(TRUE, 6000))
    assert found.alpha == pytest.approx(TRUE.alpha, abs=0.03)
    assert found.beta == pytest.approx(TRUE.beta, abs=0.05)
    assert found.mean == pytest.approx(0, abs=5e-4)


def test_variances_are_carried_on_by_hand():
    model = Garch(mean=0.01, omega=1e-5, alpha=0.2, beta=0.5)
    returns = np.array([0.03, -0.01])
    start = float(np.var(returns))
    first = 1e-5 + 0.2 * 0.02**2 + 0.5 * start
    second = 1e-5 + 0.2 * 0.02**2 + 0.5 * first
    assert model.variances(returns) == pytest.approx([first, second])


def test_the_cumulative_variance_is_the_sum_of_the_expected_ones():
    model = Garch(mean=0.0, omega=2e-6, alpha=0.1, beta=0.8)
    variance, expected = 5e-4, []
    for _ in range(20):
        expected.append(variance)
        variance = model.omega + (model.alpha + model.beta) * variance
    found = model.cumulative(np.array([5e-4]), np.arange(1, 21))[0]
    np.testing.assert_allclose(found, np.cumsum(expected))


def test_garch_sees_no_planted_future():
    returns = simulate(TRUE, 900)
    changed, origins = returns.copy(), np.arange(500, 700)
    changed[699:] = 0.5
    before, after = (
        garch(r, origins, np.array([1, 20]), refit_days=100) for r in (returns, changed)
    )
    np.testing.assert_array_equal(before.scales[:-1], after.scales[:-1])
    assert before.scales.shape == (200, 2, 1)


def test_on_a_random_walk_all_three_repeat_the_last_value():
    walk = np.cumsum(np.random.default_rng(3).normal(size=450))
    for name, mixture in classical(walk, 5):
        assert mixture.mean()[0] == pytest.approx(walk[-1], abs=0.4), name
        assert mixture.std()[0] == pytest.approx(1, rel=0.15), name
        assert (np.diff(mixture.std()) > 0).all(), name


def test_arima_finds_an_autoregression_and_ets_its_own_recursion():
    rng = np.random.default_rng(0)
    value, values = 0.0, []
    for noise in rng.normal(size=500):
        value = 0.8 * value + noise
        values.append(value)
    found = dict(classical(np.array(values), 3))
    expected = [0.8 ** (h + 1) * values[-1] for h in range(3)]
    assert found["auto_arima"].mean() == pytest.approx(expected, abs=0.35)
    assert found["auto_arima"].std() == pytest.approx(np.sqrt([1, 1.64, 2.05]), rel=0.15)
    assert set(found) == {"auto_ets", "auto_arima", "theta"}
