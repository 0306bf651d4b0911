"""Recurrent cells written out, so that the gradient of every state can be asked for."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from core.gradients.options import ALL

Parameters = dict[str, Tensor]
"""As `core.gradients.weights.first_weights` names them."""
State = tuple[Tensor, ...]
"""(hidden,), and for the LSTM (hidden, cell); each (B, H)."""
Step = Callable[[Tensor, State, Tensor], State]
"""What the input adds (B, kH), the state before, recurrent weights (H, kH) -> the state after."""


def vanilla(activation: Callable[[Tensor], Tensor]) -> Step:
    """Return h_t = activation(x_t W + b + h_{t-1} U).

    Source: Elman (1990), doi:10.1207/s15516709cog1402_1.
    """

    def step(added: Tensor, state: State, recurrent: Tensor) -> State:
        return (activation(torch.addmm(added, state[0], recurrent)),)

    return step


def gru(added: Tensor, state: State, recurrent: Tensor) -> State:
    """Return h_t = (1 - z) n + z h_{t-1}, with the reset gate inside n as PyTorch has it.

    Source: Cho et al. (2014), arXiv:1406.1078.
    """
    (hidden,) = state
    added_gates, added_new = added.tensor_split([2 * hidden.shape[1]], dim=1)  # (B, 2H), (B, H)
    back_gates, back_new = (hidden @ recurrent).tensor_split([2 * hidden.shape[1]], dim=1)
    reset, update = torch.sigmoid(added_gates + back_gates).chunk(2, dim=1)
    new = torch.tanh(added_new + reset * back_new)
    return (torch.lerp(new, hidden, update),)


def lstm(added: Tensor, state: State, recurrent: Tensor) -> State:
    """Return c_t = f c_{t-1} + i g and h_t = o tanh(c_t), in PyTorch's order i, f, g, o.

    Source: Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000).
    """
    hidden, cell = state
    size = hidden.shape[1]
    gates = torch.addmm(added, hidden, recurrent)  # (B, 4H)
    input_gate, forget_gate = torch.sigmoid(gates[:, : 2 * size]).chunk(2, dim=1)
    candidate = torch.tanh(gates[:, 2 * size : 3 * size])
    output_gate = torch.sigmoid(gates[:, 3 * size :])
    cell = forget_gate * cell + input_gate * candidate
    return output_gate * torch.tanh(cell), cell


STEPS: dict[str, Step] = {
    "tanh": vanilla(torch.tanh),
    "ReLU": vanilla(torch.relu),
    "sigmoid": vanilla(torch.sigmoid),
    "GRU": gru,
    "LSTM": lstm,
}


def unroll(cell: str, parameters: Parameters, inputs: Tensor, bptt_steps: int = ALL) -> list[State]:
    """Return the states 0 to T.

    With `bptt_steps` = k the state is detached every k steps, counted from the end, so that the
    gradient of the last answer goes back exactly k steps.

    Args:
        cell: One of STEPS.
        parameters: Tensors of one dtype.
        inputs: (B, T, I).
        bptt_steps: ALL, or the steps between two cuts.
    """
    batch_size, seq_len, _ = inputs.shape
    recurrent = parameters["recurrent_weight"]
    step, added = STEPS[cell], project(parameters, inputs)
    first = torch.zeros(batch_size, recurrent.shape[0], dtype=inputs.dtype, requires_grad=True)
    state = (first, torch.zeros_like(first, requires_grad=True)) if cell == "LSTM" else (first,)
    states = [state]
    for time_step in range(seq_len):
        if bptt_steps != ALL and (seq_len - time_step) % bptt_steps == 0:
            state = tuple(part.detach() for part in state)
        state = step(added[time_step], state, recurrent)
        states.append(state)
    return states


def project(parameters: Parameters, inputs: Tensor) -> tuple[Tensor, ...]:
    """Return x_t W + b for every time step at once: T tensors (B, kH)."""
    flat = inputs.transpose(0, 1).reshape(-1, inputs.shape[2])  # (T B, I)
    added = torch.addmm(parameters["bias"], flat, parameters["input_weight"])  # (T B, kH)
    return added.view(inputs.shape[1], inputs.shape[0], -1).unbind(0)


def read_out(parameters: Parameters, hidden: Tensor) -> Tensor:
    """Return (..., O) answers from hidden states (..., H)."""
    return hidden @ parameters["readout_weight"] + parameters["readout_bias"]
