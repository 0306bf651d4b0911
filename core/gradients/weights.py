"""The first weights of a network, by the recipes whose effect the playground shows."""

from __future__ import annotations

import numpy as np

from core.gradients.options import AS_DRAWN, Configuration

GATES = {"tanh": 1, "ReLU": 1, "sigmoid": 1, "GRU": 3, "LSTM": 4}
"""Blocks of H columns that a cell computes per step: GRU reset, update, new; LSTM as PyTorch."""
CANDIDATE = {"tanh": 0, "ReLU": 0, "sigmoid": 0, "GRU": 2, "LSTM": 2}
"""The block that writes the new state; the spectral radius is shown of this one."""
FORGET = 1
"""The LSTM's block that keeps the old cell state."""


def first_weights(
    configuration: Configuration, input_size: int, output_size: int, seed: int
) -> dict[str, np.ndarray]:
    """Return every parameter before training; the same seed draws the same input weights.

    Returns:
        input_weight (I, kH), recurrent_weight (H, kH), bias (kH,), readout_weight (H, O) and
        readout_bias (O,), float32; k = GATES.
    """
    size, blocks = configuration.hidden_size, GATES[configuration.cell]
    rngs = [np.random.default_rng([seed, part]) for part in range(3)]
    recurrent = [recurrent_matrix(configuration, rngs[0]) for _ in range(blocks)]
    bias = np.zeros(blocks * size)
    if configuration.cell == "LSTM":
        bias[FORGET * size : (FORGET + 1) * size] = configuration.forget_bias
    inputs = [xavier(input_size, size, rngs[1]) for _ in range(blocks)]
    parameters = {
        "input_weight": np.hstack(inputs),
        "recurrent_weight": np.hstack(recurrent),
        "bias": bias,
        "readout_weight": xavier(size, output_size, rngs[2]),
        "readout_bias": np.zeros(output_size),
    }
    return {name: value.astype(np.float32) for name, value in parameters.items()}


def recurrent_matrix(configuration: Configuration, rng: np.random.Generator) -> np.ndarray:
    """Return (H, H) recurrent weights of one block.

    Source: Gaussian: variance 1 / H. Xavier: Glorot & Bengio (2010), equation 16. Orthogonal:
    Saxe et al. (2014), arXiv:1312.6120. Identity: Le et al. (2015), arXiv:1504.00941.
    """
    size = configuration.hidden_size
    if configuration.initialisation == "identity":
        matrix = np.eye(size)
    elif configuration.initialisation == "Xavier":
        matrix = xavier(size, size, rng)
    else:
        matrix = rng.standard_normal((size, size)) / size**0.5
    if configuration.initialisation == "orthogonal":
        rotation, triangle = np.linalg.qr(matrix)
        matrix = rotation * np.sign(np.diag(triangle))  # without it not every rotation is as likely
    if configuration.spectral_radius == AS_DRAWN:
        return matrix
    return matrix * configuration.spectral_radius / spectral_radius(matrix)


def xavier(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Return uniform weights of variance 2 / (rows + columns)."""
    limit = (6 / (rows + columns)) ** 0.5
    return rng.uniform(-limit, limit, (rows, columns))


def spectral_radius(matrix: np.ndarray) -> float:
    """Return the largest absolute eigenvalue; NaN if the matrix is not finite."""
    if not np.isfinite(matrix).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(matrix)).max())
