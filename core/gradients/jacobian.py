"""How a small change of the first state reaches the last: the Jacobian dh_T/dh_0."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.gradients.network import Parameters, unroll


def first_to_last(cell: str, parameters: Parameters, inputs: Tensor) -> np.ndarray:
    """Return dh_T/dh_0, the product of the Jacobians of all T steps, for one sequence.

    The sequence is run H times side by side, and the gradient of unit i is asked of copy i: one
    pass forward and one back give all H rows.

    Args:
        cell: One of `core.gradients.network.STEPS`.
        parameters: As trained.
        inputs: (1, T, I).

    Returns:
        (H, H) float64; row i is the gradient of unit i of the last hidden state.
    """
    parameters = {name: value.detach().double() for name, value in parameters.items()}
    size = parameters["readout_weight"].shape[0]
    states = unroll(cell, parameters, inputs.double().expand(size, -1, -1))
    first, last = states[0][0], states[-1][0]  # (H, H) each: copy, unit
    (jacobian,) = torch.autograd.grad(last.diagonal().sum(), first)
    return jacobian.numpy()


def singular_values(cell: str, parameters: Parameters, inputs: Tensor) -> np.ndarray:
    """Return the singular values of dh_T/dh_0, largest first; NaN if it is not finite.

    Args:
        cell: One of `core.gradients.network.STEPS`.
        parameters: As trained.
        inputs: (1, T, I).

    Returns:
        (H,) float64. Below 1e-16 of the largest they are rounding, not measurement.
    """
    jacobian = first_to_last(cell, parameters, inputs)
    if not np.isfinite(jacobian).all():
        return np.full(len(jacobian), np.nan)
    return np.linalg.svd(jacobian, compute_uv=False)
