"""Proof that an exported graph computes what the network computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from core.onnx_model import Session


def check_parity(
    session: Session,
    inputs: Mapping[str, Tensor],
    expected: Sequence[Tensor],
    *,
    tolerance: float,
) -> float:
    """Compare every output of an ONNX graph with torch's.

    Args:
        session: The exported graph.
        inputs: By the graph's input names.
        expected: What torch returned, in the order of the graph's outputs.
        tolerance: Largest absolute difference allowed.

    Returns:
        The largest absolute difference found.

    Raises:
        ValueError: If a shape differs or a difference is larger than `tolerance`.
    """
    outputs = session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})
    largest = 0.0
    for node, array, tensor in zip(session.get_outputs(), outputs, expected, strict=True):
        if array.shape != tuple(tensor.shape):
            raise ValueError(f"{node.name}: ONNX gives {array.shape}, torch {tuple(tensor.shape)}")
        difference = float(np.abs(array - tensor.detach().numpy()).max())
        if not difference <= tolerance:
            raise ValueError(f"{node.name}: differs from torch by {difference} > {tolerance}")
        largest = max(largest, difference)
    return largest
