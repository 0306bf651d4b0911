"""The weights of a shipped int8 graph as a network can be trained on from them.

A shipped graph holds its matrices and convolutions as 8-bit integers with a scale per column or
channel; multiplied out, they are a network that answers as the shipped one does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from core.onnx_model import MODELS
from core.training.graphs import in_order

GATES = (0, 2, 3, 1)
"""Where torch's i, f, g, o stand in ONNX's order of an LSTM's gates: i, o, f, g."""
LSTM_PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class ShippedGraph:
    """The weights of one exported graph, in float32.

    Args:
        task: The folder below `models`.
        name: Of the file, without its ending.
        models: Holds the folder.
    """

    def __init__(self, task: str, name: str, models: Path = MODELS) -> None:
        graph = onnx.load(str(models / task / f"{name}.onnx")).graph
        self.stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.nodes = {node.name: node for node in graph.node}
        self.made_by = {name: node for node in graph.node for name in node.output}

    def values(self, name: str) -> Tensor:
        """Return a weight; int8 ones are multiplied out."""
        base = name.removesuffix("_quantized")
        stored = self.stored[name].astype(np.float32)
        if name != base:
            steps = [self.stored[f"{base}_{part}"] for part in ("zero_point", "scale")]
            if stored.ndim == 3:  # an LSTM's: one row per direction, one scale per column
                steps = [part[:, None] for part in steps]
            stored = (stored - steps[0].astype(np.float32)) * steps[1]
        return torch.from_numpy(stored)

    def matrix(self, node: str) -> Tensor:
        """Return the weight (out, in) of a linear layer."""
        return self.values(self.nodes[f"{node}_quant"].input[1]).T

    def embedding(self, name: str) -> Tensor:
        """Return the vectors (V, E) of an Int8Embedding."""
        scale = f"{name}.scale"
        kept = scale if scale in self.stored else f"{scale}_quantized"
        return self.values(f"{name}.rows") * self.values(kept)

    def convolutions(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return weight (out, in, k, k) and bias (out,) of every convolution by its node's name."""
        return {
            name: tuple(self._channels(part) for part in node.input[1:])
            for name, node in self.nodes.items()
            if node.op_type == "Conv"
        }

    def _channels(self, name: str) -> Tensor:
        """Return what a DequantizeLinear gives, one scale per first axis."""
        stored, scale, zero_point = (self.stored[n] for n in self.made_by[name].input)
        shape = (-1,) + (1,) * (stored.ndim - 1)
        shifted = stored.astype(np.float64) - zero_point.reshape(shape)
        return torch.from_numpy((shifted * scale.reshape(shape)).astype(np.float32))

    def lstm(self, node: str) -> dict[str, dict[str, Tensor]]:
        """Return the parameters of a bidirectional LSTM's two directions."""
        _, *names, bias = self.nodes[f"{node}/LSTM_quant"].input[:4]
        both = [part.transpose(1, 2) for part in map(self.values, names)]  # (2, 4H, in or H)
        both += self.values(bias).chunk(2, dim=1)  # (2, 4H) each
        return {
            direction: {
                name: in_order(part[place], GATES)
                for name, part in zip(LSTM_PARAMETERS, both, strict=True)
            }
            for place, direction in enumerate(("forwards", "backwards"))
        }
