"""The small network's numbers against PyTorch, finite differences and the formulas on the page."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from core.ideas import backpropagation as small

WEIGHTS = st.lists(st.floats(-2, 2), min_size=8, max_size=8).map(np.array)


@given(weights=WEIGHTS)
@settings(max_examples=40, deadline=None)
def test_every_derivative_is_that_of_pytorch(weights):
    own = torch.tensor(weights, requires_grad=True)
    into, back, out = own[:2], own[2:6].reshape(2, 2), own[6:]
    hidden, raws, states = torch.zeros(2, dtype=torch.float64), [], []
    for value in small.INPUTS:
        raws.append(into * value + back @ hidden)
        hidden = torch.tanh(raws[-1])
        states.append(hidden)
    loss = (out @ hidden - small.TARGET) ** 2 / 2
    wanted = torch.autograd.grad(loss, [own, *states, *raws])
    done = small.run(weights)
    assert done.loss == pytest.approx(float(loss.detach()), abs=1e-12)
    np.testing.assert_allclose(done.gradient, wanted[0], atol=1e-12)
    np.testing.assert_allclose(done.hidden_gradients[1:], torch.stack(wanted[1:4]), atol=1e-12)
    np.testing.assert_allclose(done.raw_gradients, torch.stack(wanted[4:]), atol=1e-12)


@given(weights=WEIGHTS)
@settings(max_examples=40, deadline=None)
def test_the_gradient_is_the_slope_of_the_loss_along_each_weight(weights):
    done = small.run(weights)
    for place, name in enumerate(small.NAMES):
        near = weights[place] + np.array([-1e-5, 1e-5])
        low, high = small.loss_along(weights, name, near)
        assert (high - low) / 2e-5 == pytest.approx(done.gradient[place], abs=1e-7)


def test_an_update_goes_learning_rate_times_gradient_downhill():
    before, after = small.train(0.25, 1)
    np.testing.assert_allclose(after.weights, before.weights - 0.25 * before.gradient)


def test_the_presets_do_what_they_are_called():
    losses = {n: [p.loss for p in small.train(r, 30)] for n, r in small.RATES.items()}
    assert losses["right"][10] < 0.001
    assert 0.3 * losses["too small"][0] < losses["too small"][-1] < losses["too small"][0]
    assert max(losses["too large"]) > 10 * losses["too large"][0]


@pytest.mark.parametrize("stage", small.STAGES)
def test_every_equation_on_the_page_holds(stage):
    """Each line is read back as arithmetic; three digits are shown, so products differ a little."""
    for line in small.lines(small.run(np.array(small.FIRST)), stage, 0.5):
        left, shown = line.rsplit("=", 1)
        parts = re.split(r"=|\\leftarrow|:", left)
        formula = parts[-1].replace(r"\cdot", "*").replace("^2", "**2").replace(r"\tanh", "np.tanh")
        if stage == "output and loss" and "tfrac" in line:
            y = float(small.run(np.array(small.FIRST)).output)
            formula = f"(({y}) - {small.TARGET})**2 / 2"
        if formula.strip().startswith("y -"):
            formula = f"{small.run(np.array(small.FIRST)).output} - {small.TARGET}"
        found = eval(formula, {"np": np})
        assert found == pytest.approx(float(shown.strip().strip("()")), abs=0.003), line


@pytest.mark.parametrize(
    ("stage", "num_states", "num_gradients", "answered"),
    [
        ("forward, t = 1", 1, 0, False),
        ("forward, t = 3", 3, 0, False),
        ("output and loss", 3, 0, True),
        ("backward: output", 3, 1, True),
        ("backward, t = 3", 3, 2, True),
        ("update", 3, 3, True),
    ],
)
def test_only_what_was_computed_is_known(stage, num_states, num_gradients, answered):
    hidden, back, output = small.known(small.run(np.array(small.FIRST)), stage)
    assert np.isfinite(hidden).all(axis=1).sum() == num_states
    assert np.isfinite(back).all(axis=1).sum() == num_gradients
    assert np.isfinite(output).all() == answered
