"""A network becomes one ONNX file with named inputs and outputs, and is compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from core.onnx_model import open_session
from core.training.manifest import OPSET
from core.training.parity import check_parity

Inputs = Mapping[str, Tensor]


def write_graph(
    network: nn.Module,
    example: Inputs,
    output_names: Sequence[str],
    path: Path,
    *,
    axes: Mapping[int, str] | None = None,
    axes_of: Mapping[str, Mapping[int, str]] | None = None,
) -> None:
    """Export a network with named inputs and outputs, and check that the file is whole.

    Args:
        network: Returns its outputs as a tuple.
        example: Inputs by name, in the order of `forward`.
        output_names: In the order of what `forward` returns.
        path: Of the ONNX file.
        axes: Axes of any size and what they count, such as {0: "texts", 1: "words"}, where all
            inputs and outputs share them.
        axes_of: The same for some by name, where they differ; in place of `axes`.
    """
    names = (*example, *output_names)
    own = {name: axes or {} for name in names} if axes_of is None else axes_of
    torch.onnx.export(
        network.eval(),
        tuple(example.values()),
        path,
        input_names=list(example),
        output_names=list(output_names),
        dynamic_axes={name: dict(own[name]) for name in names if own.get(name)},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.checker.check_model(str(path), full_check=True)


def in_order(rows: Tensor, order: Sequence[int]) -> Tensor:
    """Return the equal parts of rows, such as an LSTM's gates of (4H, ...), in another order."""
    parts = rows.chunk(len(order))
    return torch.cat([parts[place] for place in order])


def check_graph(
    network: nn.Module, path: Path, examples: Iterable[Inputs], *, tolerance: float
) -> float:
    """Return the largest difference between a network and its ONNX file over all examples.

    Raises:
        ValueError: If a shape differs or a difference is larger than `tolerance`.
    """
    session, largest = open_session(path.read_bytes()), 0.0
    for inputs in examples:
        with torch.no_grad():
            expected = network.eval()(*inputs.values())
        largest = max(largest, check_parity(session, inputs, expected, tolerance=tolerance))
    return largest
