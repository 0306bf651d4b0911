"""int8 copies of exported graphs, and what one run of a graph costs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
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
    """Replace a graph by one whose matrix products with weights run in int8."""
    quantize_dynamic(path, path, per_channel=True, weight_type=QuantType.QInt8)


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
