"""The written-out cells against PyTorch's own, and every gradient against other ways to it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch import nn
from torch.nn import functional

from core.gradients.experiment import Experiment, clip, gradient_norm, measure
from core.gradients.jacobian import first_to_last, singular_values
from core.gradients.network import STEPS, read_out, unroll
from core.gradients.optimisers import SGD, Adam
from core.gradients.options import CHOICES, Configuration, Setting
from core.gradients.tasks import make_batch, task_info
from core.gradients.weights import first_weights

OWN = {"tanh": nn.RNN, "ReLU": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}


def parameters_of(cell: str, setting: Setting, **more: object) -> dict[str, torch.Tensor]:
    """Return first weights in float64, biases drawn too, so that none is zero by chance."""
    task, configuration = task_info(setting.task), Configuration(cell, hidden_size=8, **more)
    weights = first_weights(configuration, task.input_size, task.output_size, setting.seed)
    rng = np.random.default_rng(5)
    weights["bias"] = weights["bias"] + rng.normal(size=weights["bias"].shape)
    return {n: torch.tensor(w, dtype=torch.float64, requires_grad=True) for n, w in weights.items()}


def pytorch_cell(cell: str, parameters: dict[str, torch.Tensor]) -> nn.RNNBase:
    """Return PyTorch's own network with the same weights."""
    input_size, hidden_size = parameters["input_weight"].shape[0], 8
    kind = {"nonlinearity": cell.lower()} if OWN[cell] is nn.RNN else {}
    own = OWN[cell](input_size, hidden_size, batch_first=True, dtype=torch.float64, **kind)
    with torch.no_grad():
        own.weight_ih_l0.copy_(parameters["input_weight"].T)
        own.weight_hh_l0.copy_(parameters["recurrent_weight"].T)
        own.bias_ih_l0.copy_(parameters["bias"])
        own.bias_hh_l0.zero_()
    return own


def inputs_of(setting: Setting) -> torch.Tensor:
    return torch.from_numpy(make_batch(setting, 0).inputs).double()


@pytest.mark.parametrize("cell", OWN)
def test_a_cell_is_pytorchs_own(cell):
    setting = Setting("Copying", 20)
    parameters = parameters_of(cell, setting)
    states = unroll(cell, parameters, inputs_of(setting))
    hidden = torch.stack([state[0] for state in states[1:]], dim=1)
    outputs, last = pytorch_cell(cell, parameters)(inputs_of(setting))
    torch.testing.assert_close(hidden, outputs, rtol=0, atol=1e-12)
    if cell == "LSTM":
        torch.testing.assert_close(states[-1][1], last[1][0], rtol=0, atol=1e-12)


def test_the_sigmoid_cell_is_its_formula():
    setting = Setting("Adding", 10)
    parameters = {n: p.detach().numpy() for n, p in parameters_of("sigmoid", setting).items()}
    inputs, hidden = make_batch(setting, 0).inputs, np.zeros((20, 8))
    for time_step in range(10):
        raw = inputs[:, time_step] @ parameters["input_weight"] + parameters["bias"]
        hidden = 1 / (1 + np.exp(-raw - hidden @ parameters["recurrent_weight"]))
    states = unroll("sigmoid", parameters_of("sigmoid", setting), inputs_of(setting))
    np.testing.assert_allclose(states[-1][0].detach().numpy(), hidden, atol=1e-12)


@pytest.mark.parametrize("task", CHOICES["task"])
@pytest.mark.parametrize("cell", STEPS)
def test_the_river_is_what_pushing_on_each_state_does_to_the_loss(cell, task):
    """Central differences: add a small amount to one unit of h_t and run on from there."""
    setting, configuration = Setting(task, 10), Configuration(cell, hidden_size=8)
    batch = make_batch(setting, 0)
    parameters = parameters_of(cell, setting)
    inputs, targets = torch.from_numpy(batch.inputs).double(), torch.from_numpy(batch.targets)
    batch = type(batch)(batch.inputs.astype(np.float64), batch.targets)
    states = [tuple(p.detach() for p in s) for s in unroll(cell, parameters, inputs)]

    @torch.no_grad()
    def loss_after(time_step: int, state: tuple[torch.Tensor, ...]) -> float:
        hidden = [s[0] for s in states[:time_step]] + [state[0]]
        for later in range(time_step, 10):
            added = inputs[:, later] @ parameters["input_weight"] + parameters["bias"]
            state = STEPS[cell](added, state, parameters["recurrent_weight"])
            hidden.append(state[0])
        answers = read_out(parameters, torch.stack(hidden[-targets.shape[1] :], dim=1))
        if targets.is_floating_point():
            return float(functional.mse_loss(answers[..., 0], targets.double()))
        return float(functional.cross_entropy(answers.flatten(0, 1), targets.flatten()))

    if targets.is_floating_point():
        batch = type(batch)(batch.inputs, batch.targets.astype(np.float64))
    river, small = measure(configuration, parameters, batch).river, 1e-5
    for time_step in (0, 4, 10):
        slopes = np.zeros((2, 8))
        for row, unit in np.ndindex(2, 8):
            push = torch.zeros(20, 8, dtype=torch.float64)
            push[row, unit] = small
            up, down = (
                loss_after(time_step, (states[time_step][0] + sign * push, *states[time_step][1:]))
                for sign in (1, -1)
            )
            slopes[row, unit] = (up - down) / (2 * small)
        exact = exact_gradient(cell, parameters, inputs, targets, time_step)
        np.testing.assert_allclose(slopes, exact[:2], atol=1e-8)
        assert river[time_step] == pytest.approx(np.linalg.norm(exact), rel=1e-5)


def exact_gradient(cell, parameters, inputs, targets, time_step) -> np.ndarray:
    """Return dL/dh_t by `retain_grad` and `backward`, PyTorch's other interface."""
    states = unroll(cell, parameters, inputs)
    states[time_step][0].retain_grad()
    hidden = torch.stack([s[0] for s in states[-targets.shape[1] :]], dim=1)
    answers = read_out(parameters, hidden)
    if targets.is_floating_point():
        loss = functional.mse_loss(answers[..., 0], targets.double())
    else:
        loss = functional.cross_entropy(answers.flatten(0, 1), targets.flatten())
    loss.backward()
    return states[time_step][0].grad.numpy()


@pytest.mark.parametrize("cell", OWN)
def test_weight_gradients_are_those_of_pytorchs_own_network(cell):
    setting = Setting("Remember the first symbol", 20)
    parameters, batch = parameters_of(cell, setting), make_batch(setting, 0)
    own = pytorch_cell(cell, parameters)
    outputs, _ = own(torch.from_numpy(batch.inputs).double())
    answers = read_out(parameters, outputs[:, -1])
    functional.cross_entropy(answers, torch.from_numpy(batch.targets)[:, 0]).backward()
    batch = type(batch)(batch.inputs.astype(np.float64), batch.targets)
    found = measure(Configuration(cell, hidden_size=8), parameters, batch).gradients
    by_name = dict(zip(parameters, found, strict=True))
    torch.testing.assert_close(by_name["recurrent_weight"], own.weight_hh_l0.grad.T)
    torch.testing.assert_close(by_name["input_weight"], own.weight_ih_l0.grad.T)
    torch.testing.assert_close(by_name["bias"], own.bias_ih_l0.grad)


@pytest.mark.parametrize("bptt_steps", [1, 5, 10])
def test_truncation_lets_the_gradient_go_back_exactly_k_steps(bptt_steps):
    experiment = Experiment(
        Setting("Remember the first symbol", 30), Configuration(bptt_steps=bptt_steps)
    )
    experiment.step()
    reached = np.flatnonzero(experiment.history.river)
    assert reached.tolist() == list(range(30 - bptt_steps + 1, 31))


@pytest.mark.parametrize("cell", STEPS)
def test_the_jacobian_is_pytorchs_and_the_product_of_its_steps(cell):
    setting = Setting("Remember the first symbol", 10)
    parameters = parameters_of(cell, setting)
    inputs = inputs_of(setting)[:1]
    parts = 2 if cell == "LSTM" else 1

    def one_step(flat: torch.Tensor, time_step: int) -> torch.Tensor:
        added = inputs[:, time_step] @ parameters["input_weight"] + parameters["bias"]
        state = tuple(flat.reshape(parts, 1, 8))
        return torch.cat(STEPS[cell](added, state, parameters["recurrent_weight"])).flatten()

    flat, product = torch.zeros(parts * 8, dtype=torch.float64), torch.eye(parts * 8).double()
    for time_step in range(10):
        whole = torch.autograd.functional.jacobian(lambda s, t=time_step: one_step(s, t), flat)
        product, flat = whole @ product, one_step(flat, time_step).detach()
    found = first_to_last(cell, parameters, inputs)
    np.testing.assert_allclose(found, product[:8, :8].numpy(), rtol=1e-9, atol=1e-15)
    values = singular_values(cell, parameters, inputs)
    np.testing.assert_allclose(np.prod(values), abs(np.linalg.det(found)), rtol=1e-5)


@given(
    values=st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=12),
    norm=st.sampled_from(CHOICES["clip_norm"][1:]),
    value=st.sampled_from(CHOICES["clip_value"][1:]),
)
@settings(max_examples=50, deadline=None)
def test_clipping_is_that_of_nn_utils(values, norm, value):
    own = [nn.Parameter(torch.zeros(len(values))), nn.Parameter(torch.zeros(len(values)))]
    gradients = [torch.tensor(values), torch.tensor(values[::-1]) / 3]
    for parameter, gradient in zip(own, gradients, strict=True):
        parameter.grad = gradient.clone()
    nn.utils.clip_grad_norm_(own, norm)
    for ours, theirs in zip(clip(gradients, Configuration(clip_norm=norm)), own, strict=True):
        torch.testing.assert_close(ours, theirs.grad, rtol=1e-4, atol=1e-6)
    for parameter, gradient in zip(own, gradients, strict=True):
        parameter.grad = gradient.clone()
    nn.utils.clip_grad_value_(own, value)
    for ours, theirs in zip(clip(gradients, Configuration(clip_value=value)), own, strict=True):
        torch.testing.assert_close(ours, theirs.grad)


def test_the_norm_of_all_gradients_is_pythagoras():
    assert gradient_norm([torch.tensor([3.0]), torch.tensor([[0.0, 4.0]])]) == 5
    assert np.isfinite(gradient_norm([torch.tensor([1e30])]))  # its square is no float32


@pytest.mark.parametrize(
    ("ours", "theirs"), [(SGD, torch.optim.SGD), (Adam, torch.optim.Adam)], ids=["SGD", "Adam"]
)
def test_optimisers_are_those_of_pytorch(ours, theirs):
    torch.manual_seed(0)
    start = torch.randn(4, 3)
    mine, own = start.clone(), nn.Parameter(start.clone())
    optimiser, reference = ours(0.03), theirs([own], lr=0.03)
    for _ in range(20):
        gradient = torch.randn(4, 3)
        optimiser.update([mine], [gradient])
        own.grad = gradient.clone()
        reference.step()
    torch.testing.assert_close(mine, own.detach(), rtol=1e-5, atol=1e-7)
