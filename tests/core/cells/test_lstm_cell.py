"""The numpy cells make PyTorch's steps, both ways round, and one unit's step adds up."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from core.cells.lstm_cell import (
    LSTM_GATES,
    CellWeights,
    gate_sum,
    run_gru,
    run_lstm,
    run_rnn,
    sigmoid,
)

EXACT = {"atol": 1e-5, "rtol": 0}
SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 7), st.integers(1, 9), st.integers(0, 99))
FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def torch_layer(kind: type, sizes: tuple[int, ...]) -> tuple[torch.nn.Module, np.ndarray]:
    """Return a two-way layer with weights large enough to saturate gates, and (T, E) inputs."""
    length, input_size, hidden_size, seed = sizes
    torch.manual_seed(seed)
    layer = kind(input_size, hidden_size, batch_first=True, bidirectional=True)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, 1)
    return layer, torch.randn(length, input_size).numpy()


def weights_of(layer: torch.nn.Module, suffix: str = "") -> CellWeights:
    named = {name: value.detach().numpy() for name, value in layer.named_parameters()}
    w_ih, w_hh, b_ih, b_hh = (
        named[f"{part}_l0{suffix}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    if isinstance(layer, torch.nn.GRU):
        return CellWeights(w_ih, w_hh, b_ih, b_hh)
    return CellWeights(w_ih, w_hh, b_ih + b_hh)


@pytest.mark.parametrize(
    ("kind", "run"),
    [(torch.nn.LSTM, run_lstm), (torch.nn.GRU, run_gru), (torch.nn.RNN, run_rnn)],
)
@given(sizes=SHAPES)
@FEW
def test_both_directions_are_those_of_pytorch(kind, run, sizes):
    layer, inputs = torch_layer(kind, sizes)
    with torch.no_grad():
        expected = layer(torch.from_numpy(inputs)[None])[0][0].numpy()  # (T, 2H)
    forward = run(inputs, weights_of(layer))
    backward = run(inputs, weights_of(layer, "_reverse"), reverse=True)
    found = np.concatenate([forward.hidden_states, backward.hidden_states], axis=1)
    np.testing.assert_allclose(found, expected, **EXACT)


def test_the_cell_state_is_that_of_pytorch():
    layer, inputs = torch_layer(torch.nn.LSTM, (12, 3, 5, 0))
    with torch.no_grad():
        _, (_, last_cells) = layer(torch.from_numpy(inputs)[None])
    forward = run_lstm(inputs, weights_of(layer))
    backward = run_lstm(inputs, weights_of(layer, "_reverse"), reverse=True)
    np.testing.assert_allclose(forward.cell_states[-1], last_cells[0, 0], **EXACT)
    np.testing.assert_allclose(backward.cell_states[0], last_cells[1, 0], **EXACT)


def test_a_step_by_hand():
    """One unit, one input: every gate's sum is 0, so gates are half open and nothing is written."""
    zero = CellWeights(*(np.zeros(shape, np.float32) for shape in ((4, 1), (4, 1), (4,))))
    trace = run_lstm(np.ones((1, 1), np.float32), zero)
    assert [trace.gates[name][0, 0] for name in LSTM_GATES] == [0.5, 0.5, 0, 0.5]
    assert trace.cell_states[0, 0] == trace.hidden_states[0, 0] == 0
    biased = CellWeights(zero.weight_ih, zero.weight_hh, np.array([0, 0, 1, 0], np.float32))
    trace = run_lstm(np.ones((2, 1), np.float32), biased)
    first = 0.5 * np.tanh(1)
    np.testing.assert_allclose(trace.cell_states[:, 0], [first, 0.5 * first + first], **EXACT)
    np.testing.assert_allclose(trace.hidden_states[1, 0], 0.5 * np.tanh(1.5 * first), **EXACT)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("step", [0, 4, 8])
def test_the_terms_of_every_gate_add_up_to_what_the_cell_did(step, reverse):
    layer, inputs = torch_layer(torch.nn.LSTM, (9, 4, 6, 1))
    weights = weights_of(layer, "_reverse" if reverse else "")
    trace = run_lstm(inputs, weights, reverse=reverse)
    for gate in LSTM_GATES:
        for unit in range(6):
            terms = gate_sum(inputs, weights, trace, gate, step=step, unit=unit)
            assert terms.opened == pytest.approx(trace.gates[gate][step, unit], abs=1e-5)
            np.testing.assert_allclose(terms.from_input, terms.weights[0] * terms.values[0])


def test_a_gru_needs_its_second_bias():
    layer, inputs = torch_layer(torch.nn.LSTM, (2, 2, 2, 0))
    with pytest.raises(ValueError, match="hidden_bias"):
        run_gru(inputs, weights_of(layer))


@given(st.floats(-1e30, 1e30))
@FEW
def test_the_sigmoid_never_overflows(value):
    assert 0 <= sigmoid(np.float64(value)) <= 1
    assert sigmoid(np.float64(value)) + sigmoid(-np.float64(value)) == pytest.approx(1)
