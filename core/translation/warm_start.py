"""Start a training run from the translator in models/translation/, where no checkpoint is left."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.onnx_model import MODELS
from core.training.graphs import in_order
from core.training.shipped import ShippedGraph
from core.translation.export import GATE_ORDER, UNSPOKEN
from core.translation.model import LANGUAGES, Translator
from core.translation.prepare import SOURCE


def load_shipped(network: Translator, models: Path = MODELS) -> None:
    """Give the network the weights of the shipped int8 graphs.

    Args:
        network: Of the shipped sizes; changed in place.
        models: Holds translation/.
    """
    encoder = ShippedGraph("translation", "encoder", models)
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
        decoder = ShippedGraph("translation", f"decoder_{language}", models)
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
