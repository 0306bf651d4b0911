"""Start a training run from the translator in models/translation/, where no checkpoint is left.

The shipped graphs hold their matrices as 8-bit integers with one scale per column; multiplied out,
they are a network that translates as the shipped one does and can be trained further.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from core.onnx_model import MODELS
from core.translation.export import GATE_ORDER, UNSPOKEN, in_order
from core.translation.model import LANGUAGES, Translator
from core.translation.prepare import SOURCE

GATES = (0, 2, 3, 1)
"""Where torch's i, f, g, o stand in ONNX's order of an LSTM's gates: i, o, f, g."""
LSTM_PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class _Graph:
    """The weights of one exported graph, in float32."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.inputs = {node.name: list(node.input) for node in graph.node}

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
        return self.values(self.inputs[f"{node}_quant"][1]).T

    def embedding(self, name: str) -> Tensor:
        """Return the vectors (V, E) of an Int8Embedding."""
        scale = f"{name}.scale"
        kept = scale if scale in self.stored else f"{scale}_quantized"
        return self.values(f"{name}.rows") * self.values(kept)

    def lstm(self, node: str) -> dict[str, dict[str, Tensor]]:
        """Return the parameters of a bidirectional LSTM's two directions."""
        _, *names, bias = self.inputs[f"{node}/LSTM_quant"][:4]
        both = [part.transpose(1, 2) for part in map(self.values, names)]  # (2, 4H, in or H)
        both += self.values(bias).chunk(2, dim=1)  # (2, 4H) each
        return {
            direction: {
                name: in_order(part[place], GATES)
                for name, part in zip(LSTM_PARAMETERS, both, strict=True)
            }
            for place, direction in enumerate(("forwards", "backwards"))
        }


def load_shipped(network: Translator, models: Path = MODELS) -> None:
    """Give the network the weights of the shipped int8 graphs.

    Args:
        network: Of the shipped sizes; changed in place.
        models: Holds translation/.
    """
    encoder = _Graph(models / "translation" / "encoder.onnx")
    found = {"encoder.embedding.weight": encoder.embedding("embedding")}
    for layer in range(network.config.num_layers):
        for direction, parameters in encoder.lstm(f"/layers.{layer}").items():
            name = f"encoder.{direction}.{layer}"
            found |= {f"{name}.{key}": value for key, value in parameters.items()}
    found["key.weight"] = encoder.matrix("/key/MatMul")
    for name in ("first_hidden", "first_cell"):
        found[f"{name}.weight"] = encoder.matrix(f"/{name}/Gemm_MatMul")
        found[f"{name}.bias"] = encoder.values(f"{name}.bias")
    for language in LANGUAGES:
        decoder = _Graph(models / "translation" / f"decoder_{language}.onnx")
        rows = decoder.matrix("/output/linear/MatMul")  # (V, E)
        found[f"embeddings.{language}.weight"] = rows * decoder.values("output.scale")[:, None]
        bias = decoder.values("output.bias")
        bias[list(UNSPOKEN)] = 0.0
        found[f"output_biases.{language}"] = bias
    read = in_order(decoder.matrix("/gates/Gemm_MatMul"), GATE_ORDER)  # swaps o and g back
    size = network.config.embedding_dim
    found["token_gates.weight"], found["state_gates.weight"] = read[:, :size], read[:, size:]
    found["token_gates.bias"] = in_order(decoder.values("gates.bias"), GATE_ORDER)
    for name in ("combine", "project"):
        found[f"{name}.weight"] = decoder.matrix(f"/{name}/Gemm_MatMul")
        found[f"{name}.bias"] = decoder.values(f"{name}.bias")
    network.load_state_dict(found)


def copy_subwords(work: Path, models: Path = MODELS) -> None:
    """Put the shipped subword models into `work`: another run may number its subwords otherwise."""
    work.mkdir(parents=True, exist_ok=True)
    for language in (SOURCE, *LANGUAGES):
        shutil.copy(models / "translation" / f"{language}.model", work)
