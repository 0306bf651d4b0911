"""Start a training run from the captioner in models/captioning/, where no checkpoint is left."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Tensor

from core.captioning.graphs import in_network_order
from core.captioning.model import UNSPOKEN, Captioner
from core.onnx_model import MODELS
from core.training.shipped import ShippedGraph

_NORM_OF = {
    "_conv_stem": "_bn0",
    "_conv_head": "_bn1",
    "_expand_conv": "_bn0",
    "_depthwise_conv": "_bn1",
    "_project_conv": "_bn2",
}
"""EfficientNet-Lite's batch normalisation after each of its convolutions."""
_ONCE = {
    "region": "/region/MatMul/MatMulAddFusion_MatMul",
    "overview": "/overview/Gemm_MatMul",
    "first_hidden": "/first_hidden/Gemm_MatMul",
    "first_cell": "/first_cell/Gemm_MatMul",
}
"""Layers that the encoder's graph computes once per photo, and their nodes."""


def load_shipped(network: Captioner, models: Path = MODELS) -> None:
    """Give the network the weights of the shipped int8 graphs.

    Args:
        network: Of the shipped sizes, its CNN an EfficientNet-Lite; changed in place.
        models: Holds captioning/.
    """
    encoder = ShippedGraph("captioning", "encoder", models)
    step = ShippedGraph("captioning", "decoder_step", models)
    found = {f"encoder.{name}": value for name, value in _cnn(network, encoder).items()}
    decoder = _said_once(encoder) | _said_every_word(step)
    found |= {f"decoder.{name}": value for name, value in decoder.items()}
    network.load_state_dict(found)


def _said_once(graph: ShippedGraph) -> dict[str, Tensor]:
    """Return the decoder's weights that the encoder's graph holds."""
    kept = "network.decoder."
    found = {f"{layer}.weight": graph.matrix(node) for layer, node in _ONCE.items()}
    found |= {f"{layer}.bias": graph.values(f"{kept}{layer}.bias") for layer in _ONCE}
    norm = ("region_norm.weight", "region_norm.bias")
    found |= {name: graph.values(kept + name) for name in norm}
    gates = graph.matrix("/overview_gates/MatMul")
    return found | {"overview_gates.weight": in_network_order(gates)}


def _said_every_word(graph: ShippedGraph) -> dict[str, Tensor]:
    """Return the decoder's weights that the step's graph holds, or weights that do the same.

    A key is the region itself here. What words add to the gates is a table of (V, 5H); the layer
    that made it from the embeddings (V, H) is found by least squares.
    """
    rows = graph.matrix("/words/linear/MatMul")
    embeddings = rows * graph.values("words.scale")[:, None]  # (V, H)
    with_one = torch.cat([embeddings, torch.ones(len(embeddings), 1)], dim=1).double()
    table = in_network_order(graph.embedding("word_gates").T).T.double()  # (V, 5H)
    read = torch.linalg.lstsq(with_one, table).solution.float()  # (H + 1, 5H)
    bias = graph.values("words.bias")
    bias[list(UNSPOKEN)] = 0.0
    size = embeddings.shape[1]
    return {
        "embedding.weight": embeddings,
        "output_bias": bias,
        "word_gates.weight": read[:-1].T,
        "word_gates.bias": read[-1],
        "hidden_gates.weight": in_network_order(graph.matrix("/hidden_gates/MatMul")),
        "key.weight": torch.eye(size),
        "query.weight": graph.matrix("/search/Gemm_MatMul") * size**0.5,
        "query.bias": graph.values("search.bias") * size**0.5,
        "output.weight": graph.matrix("/output/Gemm_MatMul"),
        "output.bias": graph.values("output.bias"),
    }


def _cnn(network: Captioner, graph: ShippedGraph) -> dict[str, Tensor]:
    """Return the encoder's state with the graph's convolutions.

    A graph holds a convolution and its normalisation as one; here the convolution has all of it and
    the normalisation adds its bias only.
    """
    state = dict(network.encoder.state_dict())
    for name, (weight, bias) in graph.convolutions().items():
        *before, layer = name.removeprefix("/encoder/cnn/").removesuffix("/Conv").split("/")
        place = ".".join(("cnn.network", *before))
        norm = f"{place}.{_NORM_OF[layer]}"
        epsilon = network.get_submodule(f"encoder.{norm}").eps
        state[f"{place}.{layer}.weight"] = weight
        state |= {f"{norm}.bias": bias, f"{norm}.weight": torch.ones_like(bias)}
        state |= {f"{norm}.running_mean": torch.zeros_like(bias)}
        state |= {f"{norm}.running_var": torch.full_like(bias, 1 - epsilon)}
    return state


def copy_vocabulary(work: Path, models: Path = MODELS) -> None:
    """Put the shipped vocabulary into `work`: another run may number its words otherwise."""
    work.mkdir(parents=True, exist_ok=True)
    shutil.copy(models / "captioning" / "vocabulary.json", work)
