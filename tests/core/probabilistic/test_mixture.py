"""Closed forms against numerical integration, sampling and the standard library."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.probabilistic.mixture import Mixture, concatenate, gaussian, normal_cdf

few = settings(deadline=None, max_examples=40)
LEVELS = (0.005, 0.05, 0.25, 0.5, 0.9, 0.995)


@st.composite
def mixtures(draw):
    parts = draw(st.integers(1, 4))
    shares = np.array(draw(st.lists(st.floats(0.05, 1), min_size=parts, max_size=parts)))
    means = draw(st.lists(st.floats(-3, 3), min_size=parts, max_size=parts))
    scales = draw(st.lists(st.floats(0.05, 3), min_size=parts, max_size=parts))
    return Mixture(shares / shares.sum(), np.array(means), np.array(scales))


def test_the_normal_distribution_is_the_standard_librarys():
    x = np.linspace(-8.9, 8.9, 4001)
    expected = [0.5 * math.erfc(-value / math.sqrt(2)) for value in x]
    np.testing.assert_allclose(normal_cdf(x), expected, atol=1e-12)
    assert normal_cdf(np.array([-50.0, 50.0])) == pytest.approx([0, 1], abs=1e-12)


@few
@given(mixtures(), st.floats(-5, 5))
def test_crps_is_the_integral_of_the_squared_distance_of_the_distributions(mixture, outcome):
    """Against the definition: the integral of (F(x) - 1{x >= outcome})^2."""
    reach = 40.0
    score = 0.0
    for start, stop, step in ((-reach, outcome, 0.0), (outcome, reach, 1.0)):
        x = np.linspace(start, stop, 60_001)
        many = Mixture(*(np.broadcast_to(a, (len(x), *a.shape)) for a in vars(mixture).values()))
        score += np.trapezoid(np.square(many.cdf(x) - step), x)
    assert mixture.crps(np.array(outcome)) == pytest.approx(score, abs=2e-5)


def test_crps_of_one_gaussian_is_gneitings_formula():
    """CRPS(N(0, 1), 0) = 2 phi(0) - 1 / sqrt(pi); without spread it is the absolute error."""
    expected = 2 / math.sqrt(2 * math.pi) - 1 / math.sqrt(math.pi)
    assert gaussian(np.zeros(1), np.ones(1)).crps(np.zeros(1)) == pytest.approx([expected])
    sharp = gaussian(np.array([1.0]), np.array([1e-9]))
    assert sharp.crps(np.array([3.0])) == pytest.approx([2.0])


@few
@given(mixtures())
def test_quantiles_undo_the_distribution(mixture):
    found = mixture.quantiles(LEVELS)
    assert (np.diff(found) > 0).all()
    below = [float(mixture.cdf(np.array(value))) for value in found]
    np.testing.assert_allclose(below, LEVELS, atol=1e-8)


def test_quantiles_between_parts_that_lie_far_apart():
    """Half of the probability near 0, half near 100: nothing but a wide gap between."""
    mixture = Mixture(np.array([0.5, 0.5]), np.array([0.0, 100.0]), np.array([1.0, 1.0]))
    low, high = mixture.quantiles((0.25, 0.75))
    assert (low, high) == pytest.approx((0, 100), abs=1e-6)


@few
@given(mixtures())
def test_moments_are_those_of_a_large_sample(mixture):
    rng = np.random.default_rng(0)
    part = rng.choice(len(mixture.weights), p=mixture.weights, size=40_000)
    sample = rng.normal(mixture.means[part], mixture.scales[part])
    tolerance = 5 * float(mixture.std()) / math.sqrt(len(sample))
    assert float(mixture.mean()) == pytest.approx(sample.mean(), abs=tolerance)
    assert float(mixture.std()) == pytest.approx(sample.std(), rel=0.05)


@few
@given(mixtures())
def test_the_density_is_the_slope_of_the_distribution(mixture):
    x, step = float(mixture.mean()), 1e-4
    slope = (mixture.cdf(np.array(x + step)) - mixture.cdf(np.array(x - step))) / (2 * step)
    assert np.exp(mixture.log_density(np.array(x))) == pytest.approx(slope, abs=1e-4)


def test_indexing_and_joining_keep_each_mixture_whole():
    many = gaussian(np.arange(6.0).reshape(2, 3), np.ones((2, 3)))
    joined = concatenate([many[:1], many[1:]])
    np.testing.assert_array_equal(joined.means, many.means)
    assert many[1, 2].mean() == 5
