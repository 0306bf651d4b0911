"""The numbers written out are those of the step, and the terms add up."""

from __future__ import annotations

import numpy as np
import pytest

from core.cells import step_explained
from core.cells.lstm_cell import CellWeights, gate_sum, run_lstm

GATES = {"input_gate": 0.62, "forget_gate": 0.73, "candidate": 0.46, "output_gate": 0.88}
"""sigmoid or tanh of 0.5, 1, 0.5 and 2."""


@pytest.fixture
def trace():
    """One unit whose gates depend on nothing but their biases."""
    bias = np.array([0.5, 1.0, 0.5, 2.0], np.float32)
    weights = CellWeights(np.zeros((4, 2), np.float32), np.zeros((4, 1), np.float32), bias)
    return run_lstm(np.ones((2, 2), np.float32), weights)


def test_the_second_step_by_hand(trace):
    first = 0.6225 * 0.4621
    second = 0.7311 * first + first
    told = step_explained.state_formulas(trace, step=1, unit=0)
    assert "keeps **73%**" in told and "writes **62%**" in told and "shows **88%**" in told
    assert f"0.73 \\cdot {first:.2f} + 0.62 \\cdot 0.46 = {second:.2f}" in told
    assert f"0.88 \\cdot {np.tanh(second):.2f} = {0.8808 * np.tanh(second):.2f}" in told


def test_negative_factors_stand_in_brackets():
    bias = np.array([0.0, 0.0, -9.0, 0.0], np.float32)
    weights = CellWeights(np.zeros((4, 1), np.float32), np.zeros((4, 1), np.float32), bias)
    trace = run_lstm(np.ones((1, 1), np.float32), weights)
    assert "0.50 \\cdot (-1.00) = -0.50" in step_explained.state_formulas(trace, step=0, unit=0)


def terms(seed: int = 0):
    rng = np.random.default_rng(seed)
    weights = CellWeights(*(rng.normal(size=s).astype(np.float32) for s in ((20, 7), (20, 5), 20)))
    inputs = rng.normal(size=(4, 7)).astype(np.float32)
    trace = run_lstm(inputs, weights)
    return gate_sum(inputs, weights, trace, "forget_gate", step=2, unit=3), trace


def test_the_listed_products_are_the_largest_and_add_up_to_the_sum():
    found, _ = terms()
    rows = step_explained.term_rows(found, count=4)
    numbers = [float(row["Product"]) for row in rows]
    sizes = np.abs(numbers[:4])
    every = np.abs(np.concatenate([found.from_input, found.from_hidden]))
    np.testing.assert_allclose(sizes, sorted(every, reverse=True)[:4], atol=5e-4)
    assert [row["Term"] for row in rows[4:]] == ["8 others", "bias", "sum"]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.005)
    assert numbers[-1] == pytest.approx(found.total, abs=5e-4)


def test_a_term_is_its_weight_times_its_value():
    for row in step_explained.term_rows(terms()[0])[:8]:
        product = float(row["Weight"]) * float(row["Value"])
        assert product == pytest.approx(float(row["Product"]), abs=0.03)


def test_the_formula_of_a_gate_names_its_three_parts_and_its_value():
    found, trace = terms()
    told = step_explained.gate_formula(found)
    for part in (found.from_input.sum(), found.from_hidden.sum(), found.bias):
        assert f"{part:.2f}" in told
    assert told.startswith("$f = \\sigma(") and told.endswith(f"= {found.opened:.2f}$")
    assert found.opened == pytest.approx(trace.gates["forget_gate"][2, 3], abs=1e-5)


def test_the_title_shows_a_word_and_obeys_nothing_in_it():
    assert step_explained.title("3 [x](y)", 7) == "Unit 7 at “3 \\[x\\]\\(y\\)”"
