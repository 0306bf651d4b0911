"""What a state follows is found, in its order; how long a shock lasts is read off rightly."""

from __future__ import annotations

import numpy as np
import pytest

from core.cells.remembered import NUM_UNITS, Reach, memory_of

RNG = np.random.default_rng(1)
DAYS = np.datetime64("2020-01-01") + np.arange(400)
VOLATILITY = 10 + RNG.normal(size=400).cumsum() / 5


def test_units_stand_from_those_that_rise_with_the_volatility_to_those_that_fall():
    states = RNG.uniform(-1, 1, size=(400, 40))
    scaled = (VOLATILITY - VOLATILITY.mean()) / np.abs(VOLATILITY - VOLATILITY.mean()).max()
    states[:, 7], states[:, 30] = 0.5 * scaled, -0.9 * scaled + 0.01 * RNG.normal(size=400)
    memory = memory_of(DAYS, np.clip(states, -1, 1), VOLATILITY, slice(340, 400))
    assert memory.units[0] == 7 and memory.units[-1] == 30 and len(memory.units) == NUM_UNITS
    assert memory.strongest_unit == 7
    assert memory.strongest.estimate == pytest.approx(1)
    assert memory.states.shape == (60, NUM_UNITS) and memory.dates[-1] == DAYS[-1]
    np.testing.assert_array_equal(memory.states[:, 0], states[340:, 7])
    assert (
        "how restless it is" in memory.told
        and "unit **7**" in memory.told
        and "400 days" in memory.told
    )


def test_states_that_never_move_follow_nothing():
    memory = memory_of(DAYS, np.zeros((400, 3)), VOLATILITY, slice(0, 5))
    assert memory.strongest.estimate == 0 and memory.states.shape == (5, 3)
    assert "No single unit follows it closely" in memory.told


def test_the_day_is_told_on_which_half_of_a_shock_is_gone():
    days_back = np.arange(1, 60, 2)
    wider = np.stack([0.4 * np.exp(-days_back / 10), np.full(30, 0.1)], axis=1)
    told = Reach(0.05, days_back, wider).told
    assert (
        "half of that is gone when it was **9 days** ago" in told
    )  # exp(-8/10) < 1/2 < exp(-6/10)
    assert "loss of 5%" in told and "59 days ago" in told
    lasting = Reach(0.05, days_back, np.full((30, 2), 0.2)).told
    assert "less than half of that ever fades" in lasting
