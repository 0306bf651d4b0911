"""Columns are networks, rows are words, and each frame begins at the network's horizon."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import horizon

LABELS = ("not", "so", "<b>", "bad")
EFFECTS = {
    "RNN": np.array([0.0, 0.01, 0.0, -0.4]),
    "LSTM": np.array([-0.3, 0.0, 0.02, 0.5]),
    "GRU": np.zeros(4),
}


def test_cells_are_the_sizes_of_the_effects():
    figure = horizon.memory_map(LABELS, EFFECTS, 0.05)
    cells = figure.data[0]
    np.testing.assert_allclose(cells.z, np.abs(np.stack(list(EFFECTS.values()), axis=1)))
    assert (cells.zmin, cells.zmax) == (0, horizon.STRONGEST)
    assert list(figure.layout.xaxis.ticktext) == ["RNN", "LSTM", "GRU"]
    assert list(figure.layout.yaxis.ticktext) == ["not", "so", "&lt;b&gt;", "bad"]


@pytest.mark.parametrize(
    ("epsilon", "tops"), [(0.05, {0: 2.5, 1: -0.5}), (0.005, {0: 0.5, 1: -0.5}), (0.6, {})]
)
def test_frames_reach_back_to_the_farthest_word_that_moves_the_result(epsilon, tops):
    shapes = horizon.memory_map(LABELS, EFFECTS, epsilon).layout.shapes
    assert {round((s.x0 + s.x1) / 2): s.y0 for s in shapes} == tops
    assert all(shape.y1 == 3.5 for shape in shapes)


def test_another_number_of_effects_is_refused():
    with pytest.raises(ValueError, match="of RNN for 2 words"):
        horizon.memory_map(LABELS[:2], EFFECTS, 0.1)
