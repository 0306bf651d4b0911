"""The heat map's cells are the given states, in a range that never changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.figures import states

TOKENS = ("a", "dog", "and", "a", "dog")
GATES = ("input_gate", "forget_gate", "candidate", "output_gate")


def some_views(num_units: int = 6) -> dict[str, states.StateView]:
    rng = np.random.default_rng(0)
    shape = (len(TOKENS), num_units)
    hidden_states, cell_states = rng.uniform(-1, 1, shape), rng.normal(0, 3, shape)
    return states.views(hidden_states, cell_states, {name: rng.random(shape) for name in GATES})


def test_every_quantity_is_offered_and_the_cell_is_drawn_through_tanh():
    rng = np.random.default_rng(1)
    cell_states, hidden_states = rng.normal(0, 3, (5, 6)), rng.uniform(-1, 1, (5, 6))
    gates = {name: rng.random((5, 6)) for name in GATES}
    views = states.views(hidden_states, cell_states, gates)
    expected = {"Cell state": np.tanh(cell_states), "Hidden state": hidden_states}
    expected |= {name.replace("_", " ").capitalize(): gates[name] for name in GATES}
    assert set(views) == set(expected)
    for name, view in views.items():
        np.testing.assert_array_equal(view.values, expected[name][:, view.units])


def test_a_large_network_is_shown_by_its_busiest_units():
    cell_states = np.zeros((3, 200))
    cell_states[1, 50:98] = 1.0
    gates = dict.fromkeys(GATES, np.zeros((3, 200)))
    view = states.views(np.zeros((3, 200)), cell_states, gates)["Cell state"]
    assert sorted(view.units) == list(range(50, 98))


def test_units_stand_in_the_order_in_which_they_speak():
    cell_states = np.zeros((4, 5))
    for unit, speaks_at in enumerate([3, 0, 2, 1]):
        cell_states[speaks_at, unit] = 1 + unit
    assert list(states.most_varying(cell_states, 4)) == [1, 3, 2, 0]


@pytest.mark.parametrize(
    ("name", "lowest"), [("Cell state", -1), ("Candidate", -1), ("Forget gate", 0)]
)
def test_cells_hold_the_states_in_a_fixed_range(name, lowest):
    view = some_views()[name]
    cells = states.heatmap(view, TOKENS).data[0]
    np.testing.assert_array_equal(cells.z, view.values.T)
    assert (cells.zmin, cells.zmax) == (lowest, 1)


def test_repeated_tokens_keep_their_own_column():
    axis = states.heatmap(some_views()["Cell state"], TOKENS).layout.xaxis
    assert list(axis.tickvals) == [0, 1, 2, 3, 4]
    assert list(axis.ticktext) == list(TOKENS)


def test_unusable_states_are_refused():
    view = some_views()["Forget gate"]
    with pytest.raises(ValueError, match="5 states for 2 tokens"):
        states.heatmap(view, TOKENS[:2])
    with pytest.raises(ValueError, match="between 0 and 1"):
        states.heatmap(replace(view, values=view.values - 0.5), TOKENS)
