"""Write the four trained networks as ONNX, with their word vectors, weights and config.

    python -m core.sentiment.export

Six graphs: `embed` turns words into vectors (one int8 row and one scale per word), one graph per
network turns vectors into a verdict and every hidden state, and `weights` returns the recurrent
weights themselves, for a page that writes a step out with numbers. Each is compared with torch.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from core.onnx_model import MODELS, open_session
from core.sentiment.model import NETWORKS, BiLSTM, Classifier, ModelConfig
from core.training.graphs import check_graph, write_graph
from core.training.loop import load_averaged
from core.training.manifest import OPSET, update_manifest
from core.training.options import from_command_line
from core.training.parity import check_parity
from core.training.quantization import Int8Embedding

COMMAND = "python -m core.sentiment.export"
READER_INPUTS = ("embeddings", "lengths")
READER_OUTPUTS = {
    name: ("logit", "hidden_forward", "hidden_backward")
    if name == "bilstm"
    else ("logit", "hidden_states")
    for name in NETWORKS
}
AXES = {0: "texts", 1: "words"}


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/sentiment/."""

    work: str = ".data/sentiment"
    run_name: str = "run"
    max_tokens: int = 1024
    """Words of a text that are read at most; the rest is left out."""
    tolerance: float = 1e-4


def weight_arrays(readers: dict[str, nn.Module]) -> dict[str, np.ndarray]:
    """Return every recurrent and readout weight by name, gates in PyTorch's order.

    The two biases of an LSTM or a plain network are only ever added, so their sum is given; a GRU
    uses them apart.
    """
    arrays = {}
    for name, reader in readers.items():
        if isinstance(reader, BiLSTM):
            layers = {"_forward": reader.forward_lstm, "_backward": reader.backward_lstm}
        else:
            layers = {"": reader.recurrent}
        for direction, layer in layers.items():
            arrays |= {f"{name}{direction}_{k}": v for k, v in _layer_arrays(layer).items()}
        arrays[f"{name}_readout_weight"] = reader.readout.weight
        arrays[f"{name}_readout_bias"] = reader.readout.bias
    return {name: tensor.detach().numpy() for name, tensor in arrays.items()}


def _layer_arrays(layer: nn.RNNBase) -> dict[str, Tensor]:
    arrays = {"weight_ih": layer.weight_ih_l0, "weight_hh": layer.weight_hh_l0}
    if isinstance(layer, nn.GRU):
        return arrays | {"bias_ih": layer.bias_ih_l0, "bias_hh": layer.bias_hh_l0}
    return arrays | {"bias": layer.bias_ih_l0 + layer.bias_hh_l0}


def write_weights(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write a graph without inputs whose outputs are the arrays."""
    stored = [numpy_helper.from_array(a, f"stored_{name}") for name, a in arrays.items()]
    nodes = [helper.make_node("Identity", [f"stored_{name}"], [name]) for name in arrays]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape)
        for name, array in arrays.items()
    ]
    graph = helper.make_graph(nodes, "weights", [], outputs, stored)
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def write_graphs(embed: nn.Module, readers: dict[str, nn.Module], folder: Path) -> None:
    """Export word vectors and networks; every batch size and length will do."""
    token_ids = torch.zeros(2, 3, dtype=torch.int64)
    example = {"token_ids": token_ids}
    write_graph(embed, example, ("embeddings",), folder / "embed.onnx", axes=AXES)
    example = dict(zip(READER_INPUTS, (embed(token_ids), torch.tensor([3, 2])), strict=True))
    for name, reader in readers.items():
        outputs = READER_OUTPUTS[name]
        axes_of = dict.fromkeys((*READER_INPUTS, *outputs), AXES)
        axes_of |= dict.fromkeys(("lengths", "logit"), {0: "texts"})
        write_graph(reader, example, outputs, folder / f"{name}.onnx", axes_of=axes_of)


def check_graphs(
    embed: nn.Module, readers: dict[str, nn.Module], folder: Path, tolerance: float
) -> float:
    """Return the largest difference between torch and ONNX Runtime; raise above `tolerance`."""
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(0, 30, (3, 40), generator=generator)
    lengths = torch.tensor([40, 1, 17])
    session = open_session((folder / "embed.onnx").read_bytes())
    shown = embed(ids)
    largest = check_parity(session, {"token_ids": ids}, [shown], tolerance=tolerance)
    named = {"embeddings": shown, "lengths": lengths}
    found = (
        check_graph(reader, folder / f"{name}.onnx", [named], tolerance=tolerance)
        for name, reader in readers.items()
    )
    return max(largest, *found)


def write_config(run: dict, arrays: dict, found: dict, folder: Path) -> None:
    """Write config.json: all that inference needs to know."""
    graphs = {
        "embed": {"inputs": ["token_ids"], "outputs": ["embeddings"]},
        **{
            name: {"inputs": list(READER_INPUTS), "outputs": list(outputs)}
            for name, outputs in READER_OUTPUTS.items()
        },
        "weights": {"inputs": [], "outputs": list(arrays)},
    }
    private = ("data", "work", "minilm", "run_name", "resume", "dry_run")
    training = {name: value for name, value in run["options"].items() if name not in private}
    config = {
        "task": "sentiment",
        "network": run["network"],
        "graphs": {name: {"file": f"{name}.onnx", **entry} for name, entry in graphs.items()},
        "training": training,
        **found,
        "metrics": {},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def load_run(options: ExportOptions) -> tuple[Tensor, dict[str, nn.Module], dict]:
    """Return word vectors (V, E), the four readers by name, and how they were trained."""
    folder, readers, run = Path(options.work) / options.run_name, {}, {}
    for name in NETWORKS:
        run = json.loads((folder / name / "run.json").read_text("utf-8"))
        classifier = Classifier(name, ModelConfig(**run["network"]))
        load_averaged(classifier, folder / name / "best.pt")
        readers[name] = classifier.reader.eval()
        if name == "bilstm":
            vectors = classifier.embedding.weight.detach()
    return vectors, readers, run


def write_folder(
    embed: nn.Module, readers: dict[str, nn.Module], run: dict, options: ExportOptions, models: Path
) -> None:
    """Write models/sentiment/ below `models`; what is there and not exported stays."""
    folder = models / "sentiment"
    folder.mkdir(parents=True, exist_ok=True)
    arrays = weight_arrays(readers)
    write_graphs(embed, readers, folder)
    write_weights(arrays, folder / "weights.onnx")
    parity = check_graphs(embed, readers, folder, options.tolerance)
    print(f"largest difference between torch and ONNX: {parity:.2e}")
    found = {
        "max_tokens": options.max_tokens,
        "temperature": 1.0,
        "temperature_exponent": 0.0,
        "leaks": json.loads((Path(options.work) / "prepared.json").read_text("utf-8")),
        "export": {"tolerance": options.tolerance, "parity": parity},
    }
    write_config(run, arrays, found, folder)
    shutil.copy(Path(options.work) / "vocabulary.json", folder / "vocabulary.json")
    update_manifest("sentiment", COMMAND, models=models)


def export(options: ExportOptions, *, models: Path = MODELS) -> None:
    """Write models/sentiment/ from a trained run, and below `work`/fp32 its twin without int8."""
    vectors, readers, run = load_run(options)
    twin = nn.Embedding.from_pretrained(vectors)
    write_folder(twin, readers, run, options, Path(options.work) / "fp32")
    write_folder(Int8Embedding(vectors), readers, run, options, models)


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
