"""The curves are the functions, the tangents have their slope, and the marks stand on them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.figures import theme
from core.figures.activations import SIGMOID, STRETCH, TANH, Mark, activation

BOTH = pytest.mark.parametrize(
    ("curve", "function"), [(SIGMOID, torch.sigmoid), (TANH, torch.tanh)], ids=("sigmoid", "tanh")
)


@BOTH
def test_a_curve_is_torchs(curve, function):
    drawn = activation(curve, []).data[0]
    np.testing.assert_allclose(drawn.y, function(torch.tensor(drawn.x)), atol=1e-12)


@BOTH
def test_a_tangent_has_the_slope_that_torch_derives(curve, function):
    total = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    function(total).backward()
    _, tangent, dot = activation(curve, [Mark("here", 0.7, theme.CELL)]).data
    slope = (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0])
    assert slope == pytest.approx(total.grad.item())
    assert dot.y[0] == pytest.approx(function(total).item())
    assert f"slope {slope:.3f}" in dot.hovertemplate


def test_a_mark_beyond_the_stretch_stands_at_the_edge_with_its_own_value():
    dot = activation(SIGMOID, [Mark("far", 40.0, theme.CELL)]).data[2]
    assert dot.x[0] == STRETCH and dot.y[0] == pytest.approx(1)
    assert "sum 40.00" in dot.hovertemplate
