"""The network's parts: its closed-form loss against numpy, its first answer, its linear start."""

import numpy as np
import pytest
import torch

from core.forecasting.model import (
    Forecaster,
    ForecasterConfig,
    Parts,
    crps,
    horizon_curves,
    negative_log_likelihood,
    to_parts,
)
from core.probabilistic.mixture import Mixture

STOCKS = ForecasterConfig(input_size=5, num_horizons=20, window_length=12, hidden_size=8)
WEATHER = ForecasterConfig(input_size=5, num_horizons=7, window_length=12, num_curves=0)


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def network(config):
    torch.manual_seed(0)
    return Forecaster(config).eval()


@pytest.fixture
def parts():
    return Parts(drawn(6, 4, 3).softmax(-1), drawn(6, 4, 3, seed=1), drawn(6, 4, 3, seed=2).exp())


def test_the_loss_is_numpys_crps(parts):
    outcomes = drawn(6, 4, seed=3)
    expected = Mixture(*(p.double().numpy() for p in parts)).crps(outcomes.double().numpy())
    np.testing.assert_allclose(crps(parts, outcomes).numpy(), expected, atol=1e-5)


def test_the_likelihood_is_numpys_density(parts):
    outcomes = drawn(6, 4, seed=3)
    mixture = Mixture(*(p.double().numpy() for p in parts))
    expected = -mixture.log_density(outcomes.double().numpy())
    np.testing.assert_allclose(
        negative_log_likelihood(parts, outcomes).numpy(), expected, atol=1e-5
    )


@pytest.mark.parametrize("config", [STOCKS, WEATHER])
def test_a_new_network_answers_a_spread_of_one_around_zero(config):
    raw, hidden_states = network(config)(drawn(3, 12, 5))
    assert hidden_states.shape == (3, 12, config.hidden_size)
    mixture = Mixture(*(p.detach().double().numpy() for p in to_parts(raw)))
    assert mixture.means.shape == (3, config.num_horizons, 3)
    np.testing.assert_allclose(mixture.mean(), 0, atol=1e-6)
    np.testing.assert_allclose(mixture.std(), 1, atol=0.05)


@pytest.mark.parametrize("config", [STOCKS, WEATHER])
def test_a_linear_start_answers_what_the_linear_forecaster_answers(config):
    """Weights that the curves can express: any for free horizons, the same for all for curves."""
    started = network(config)
    weights = drawn(5, config.num_horizons) if config is WEATHER else drawn(5, 1).expand(5, 20)
    started.start_from(weights, torch.full((config.num_horizons,), 0.5))
    inputs = drawn(3, 12, 5, seed=4)
    with torch.no_grad():
        found = to_parts(started(inputs)[0])
        fresh = to_parts(network(config)(inputs)[0])
    expected = inputs[:, -1] @ weights
    np.testing.assert_allclose(found.means, expected.unsqueeze(-1).expand(-1, -1, 3), atol=1e-4)
    np.testing.assert_allclose(found.scales, 0.5 * fresh.scales, rtol=1e-4)


def test_curves_are_smooth_and_span_a_constant():
    curves = horizon_curves(20, 4)
    assert curves.shape == (4, 20)
    np.testing.assert_allclose(curves[0], 1)
    assert np.linalg.matrix_rank(curves.numpy()) == 4
    assert torch.equal(horizon_curves(7, 0), torch.eye(7))


def test_a_later_day_changes_no_earlier_state():
    inputs = drawn(1, 12, 5)
    other = inputs.clone()
    other[:, 8:] += 1
    with torch.no_grad():
        before, after = (network(STOCKS)(x)[1] for x in (inputs, other))
    torch.testing.assert_close(before[:, :8], after[:, :8])
    assert not torch.allclose(before[:, 8:], after[:, 8:])
