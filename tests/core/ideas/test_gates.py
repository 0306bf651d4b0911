"""One unit by hand, against PyTorch's own cell and by the laws of a memory."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from core.ideas import gates

totals = st.floats(-gates.FAR, gates.FAR)
some_sums = st.builds(gates.GateSums, totals, totals, totals, totals)
memories = st.floats(-2, 2)


def torch_step(sums: gates.GateSums, previous_cell: float) -> tuple[float, float]:
    """Return hidden and cell of an nn.LSTMCell that reads nothing and has the sums as its bias."""
    lstm = torch.nn.LSTMCell(1, 1).double()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
        lstm.bias_ih.copy_(torch.tensor(astuple(sums), dtype=torch.float64))
        zero = torch.zeros(1, 1, dtype=torch.float64)
        hidden, cell = lstm(zero, (zero, zero + previous_cell))
    return hidden.item(), cell.item()


@given(some_sums, memories)
def test_a_step_is_that_of_torch(sums, previous_cell):
    now = gates.step(sums, previous_cell)
    assert (now.hidden, now.cell) == pytest.approx(torch_step(sums, previous_cell), abs=1e-12)


@given(some_sums, memories)
def test_what_is_shown_stays_within_one(sums, previous_cell):
    assert abs(gates.step(sums, previous_cell).hidden) < 1


def test_each_operation_does_what_it_is_called():
    done = {name: gates.step(sums, 0.8) for name, sums in gates.OPERATIONS.items()}
    candidate = done["Store"].candidate
    assert done["Store"].cell == pytest.approx(candidate, abs=0.05)
    assert done["Keep"].cell == pytest.approx(0.8, abs=0.05)
    assert done["Keep"].hidden == pytest.approx(0, abs=0.05)
    assert done["Read"].cell == done["Keep"].cell
    assert done["Read"].hidden == pytest.approx(np.tanh(0.8), abs=0.05)
    assert done["Delete"].cell == pytest.approx(0, abs=0.05)


@given(some_sums, memories)
def test_a_forget_gate_at_one_loses_nothing_and_one_at_zero_everything(sums, previous_cell):
    now = gates.step(sums, previous_cell)
    kept, fading, gone = gates.futures(now, write=False).values()
    assert set(kept) == {now.cell}
    assert not gone[1:].any()
    assert fading[-1] == pytest.approx(now.cell * now.forget_gate**gates.NUM_STEPS)
    counting = gates.over_time(now, forget_gate=1.0, write=True)
    np.testing.assert_allclose(np.diff(counting), now.input_gate * now.candidate, atol=1e-9)


def test_the_share_of_a_memory_is_the_share_of_its_gradient():
    cell = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    now = gates.step(gates.GateSums(), 0.7)
    later = cell
    for _ in range(gates.NUM_STEPS):
        later = now.forget_gate * later + now.input_gate * now.candidate
    later.backward()
    assert cell.grad.item() == pytest.approx(now.forget_gate**gates.NUM_STEPS)
    assert f"**{cell.grad.item():.2g}**" in gates.told_of_time(now)


@given(st.floats(0.01, 0.999))
def test_half_is_left_after_the_half_life(forget_gate):
    assert forget_gate ** gates.half_life(forget_gate) == pytest.approx(0.5)
    assert gates.half_life(1.0) == float("inf")


def test_the_sentence_and_the_formula_have_the_numbers_of_a_hand_worked_step():
    now = gates.CellStep(0.5, input_gate=0.5, forget_gate=0.8, candidate=-0.6, output_gate=1.0)
    assert now.cell == pytest.approx(0.8 * 0.5 - 0.5 * 0.6)
    assert "keeps 80%** of 0.50" in gates.told(now) and "now **0.10**" in gates.told(now)
    assert "0.40 -0.30 = 0.10" in gates.with_numbers(now)
