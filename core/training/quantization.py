"""int8 copies of exported graphs, and what one run of a graph costs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from core.onnx_model import open_session

Inputs = dict[str, np.ndarray]


class Int8Embedding(nn.Module):
    """token_ids (...) -> embeddings (..., E), from one int8 row and one scale per token."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        scale = vectors.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127  # (V, 1)
        self.register_buffer("scale", scale)
        self.register_buffer("rows", (vectors / scale).round().to(torch.int8))

    def forward(self, token_ids: Tensor) -> Tensor:
        """Return the vectors of the tokens."""
        return self.rows[token_ids].float() * self.scale[token_ids]


class ScaledLinear(nn.Module):
    """A linear layer, its rows stretched to [-127, 127] and what comes out shrunk again.

    In 8-bit integers all rows then have the same scale, with which ONNX Runtime is faster.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=1) / 127  # (out,)
        self.linear = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        self.linear.load_state_dict({"weight": weight / scale.unsqueeze(1)})
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return (..., out) for inputs (..., in)."""
        return self.linear(inputs) * self.scale + self.bias


def quantize_convolutions(path: Path, examples: Iterable[Inputs]) -> None:
    """Replace a graph by one whose convolutions run in int8, one scale per channel.

    Args:
        path: The fp32 graph; overwritten.
        examples: Real inputs, from which the ranges of the activations are measured.
    """
    prepared = path.with_suffix(".prepared.onnx")
    quant_pre_process(path, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        path,
        _Examples(examples),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Clip", "Add"],  # ReLU6 is a Clip; sums join the branches
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )
    prepared.unlink()


def quantize_matrices(path: Path) -> None:
    """Replace a graph by one whose matrix products with weights, and LSTMs, run in int8."""
    quantize_dynamic(
        path,
        path,
        op_types_to_quantize=["MatMul", "LSTM"],  # a Gemm counts as MatMul
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    _keep_one_scale(path)


def _keep_one_scale(path: Path) -> None:
    """Keep a single number where all columns of a matrix have the same scale: that runs faster."""
    model = onnx.load(str(path))
    stored = {i.name: i for i in model.graph.initializer}
    for name, scales in stored.items():
        values = numpy_helper.to_array(scales)
        zero_points = stored.get(f"{name.removesuffix('_scale')}_zero_point")
        if not name.endswith("_scale") or zero_points is None or values.ndim != 1:
            continue
        if np.allclose(values, values[0], rtol=1e-5):
            for tensor in (scales, zero_points):
                first = numpy_helper.to_array(tensor)[:1]
                tensor.CopyFrom(numpy_helper.from_array(first, tensor.name))
    onnx.save(model, path)


def read_bytes(path: Path) -> None:
    """Let a quantised graph take its uint8 input for what it is: quantised already.

    Shifting and scaling bytes and then quantising them gives the same bytes wherever the measured
    range is that of all bytes; the arithmetic between is left out.

    Raises:
        ValueError: If any byte would become another.
    """
    model = onnx.load(str(path))
    graph = model.graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    (first,) = (n for n in graph.node if graph.input[0].name in n.input)  # channels to the front
    chain, name = [], first.output[0]
    while not chain or chain[-1].op_type != "QuantizeLinear":
        (node,) = (n for n in graph.node if name in n.input)
        chain.append(node)
        name = node.output[0]
    _, shift, scaling, quantize = chain
    values = np.arange(256, dtype=np.float32)
    scale, zero_point = (stored[n] for n in quantize.input[1:])
    for mean, divisor in zip(
        stored[shift.input[1]].ravel(), stored[scaling.input[1]].ravel(), strict=True
    ):
        found = np.clip(np.rint((values - mean) / divisor / scale) + zero_point, 0, 255)
        if (found != values).any():
            raise ValueError(f"{path.name}: quantised bytes are not the bytes themselves")
    for node in chain:
        graph.node.remove(node)
    for node in graph.node:
        node.input[:] = [first.output[0] if n == name else n for n in node.input]
    onnx.save(model, path)


def measure_ms(path: Path, inputs: Inputs, *, repeats: int = 30) -> float:
    """Return the median milliseconds of one run on one thread."""
    session = open_session(path.read_bytes())
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        session.run(None, inputs)
        seconds.append(time.perf_counter() - start)
    return 1000 * float(np.median(seconds))


class _Examples(CalibrationDataReader):
    """Hands the examples over one by one, as ONNX Runtime asks."""

    def __init__(self, examples: Iterable[Inputs]) -> None:
        self.examples: Iterator[Inputs] = iter(examples)

    def get_next(self) -> Inputs | None:
        return next(self.examples, None)
