"""Write the trained translator as ONNX: an encoder, one decoder step per language, their config.

    python -m core.translation.export

A language's graph holds the decoder and that language's word embeddings, so it is complete. Every
graph is compared with torch in fp32, then its matrices become 8-bit integers.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from core.onnx_model import MODELS, open_session
from core.training.loop import load_averaged
from core.training.manifest import OPSET, update_manifest
from core.training.options import from_command_line
from core.training.parity import check_parity
from core.training.quantization import Int8Embedding, quantize_matrices
from core.translation.model import LANGUAGES, ModelConfig, Source, State, Translator
from core.translation.prepare import SOURCE
from core.vocabulary import Vocabulary

COMMAND = "python -m core.translation.export"
ENCODER_OUTPUTS = (*Source._fields, "word_vectors", "first_states")
STEP_INPUTS = ("token", *State._fields, "keys", "encoder_outputs")
STEP_OUTPUTS = ("log_probs", *(f"next_{name}" for name in State._fields), "attention_weights")
AXES = {
    **dict.fromkeys(("token", *State._fields, *STEP_OUTPUTS), {0: "hypotheses"}),
    **dict.fromkeys(("token_ids", "keys", "encoder_outputs"), {1: "source_tokens"}),
    **dict.fromkeys(("word_vectors", "first_states"), {1: "source_tokens"}),
    "attention_weights": {0: "hypotheses", 1: "source_tokens"},
}
UNSPOKEN = (Vocabulary.pad_id, Vocabulary.bos_id, Vocabulary.unk_id)


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/translation/."""

    work: str = ".data/translation"
    run_name: str = "run"
    tolerance: float = 1e-4


class EncoderGraph(nn.Module):
    """token_ids (1, S) -> ENCODER_OUTPUTS."""

    def __init__(self, network: Translator) -> None:
        super().__init__()
        self.network = network

    def forward(self, token_ids: Tensor) -> tuple[Tensor, ...]:
        """Return what the decoders need, and the states below."""
        lengths = torch.ones_like(token_ids).sum(dim=1)
        word_vectors, first_states, *_, encoder_outputs = self.network.encoder(token_ids, lengths)
        source = self.network.summarise(encoder_outputs, lengths)
        return *source, word_vectors, first_states


class StepGraph(nn.Module):
    """One token in one language: STEP_INPUTS -> STEP_OUTPUTS; the source has one row for any K."""

    def __init__(self, network: Translator, language: str) -> None:
        super().__init__()
        self.network, self.language = network, language
        weight, bias = network.output_of(language)
        self.embedding = nn.Embedding.from_pretrained(weight.detach())
        self.output = nn.Linear(weight.shape[1], weight.shape[0])
        self.output.load_state_dict({"weight": weight.detach(), "bias": bias.detach()})
        unspoken = torch.zeros(len(weight))
        unspoken[list(UNSPOKEN)] = -1e4
        self.register_buffer("unspoken", unspoken)

    def forward(self, token: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Return STEP_OUTPUTS for token (K,), a State of K rows and one source."""
        state, source = State(*states[:3]), Source(*states[3:], states[0], states[1])
        gates = self.network.token_gates(self.embedding(token))  # (K, 4H)
        after, attention_weights = self.network.step(gates, state, source, mask=None)
        logits = self.output(self.network.project(after.attended)) + self.unspoken
        return logits.log_softmax(dim=-1), *after, attention_weights


def load_run(options: ExportOptions) -> tuple[Translator, dict]:
    """Return the trained network and how it was trained."""
    folder = Path(options.work) / options.run_name
    run = json.loads((folder / "run.json").read_text("utf-8"))
    network = Translator(ModelConfig(**run["network"]))
    load_averaged(network, folder / "best.pt")
    return network.eval(), run


def graphs_of(network: Translator) -> dict[str, tuple[nn.Module, tuple[Tensor, ...]]]:
    """Return every graph by name with example inputs for its parity check."""
    generator = torch.Generator().manual_seed(0)
    token_ids = torch.randint(4, network.config.vocab_size, (1, 9), generator=generator)
    encoder = EncoderGraph(network)
    with torch.no_grad():
        keys, encoder_outputs, hidden, cell, *_ = encoder(token_ids)
    noise = [0.1 * torch.randn(3, hidden.shape[1], generator=generator) for _ in range(3)]
    states = (hidden + noise[0], cell + noise[1], noise[2], keys, encoder_outputs)
    steps = {
        f"decoder_{name}": (StepGraph(network, name), (torch.tensor([1, 5, 9]), *states))
        for name in LANGUAGES
    }
    return {"encoder": (encoder, (token_ids,)), **steps}


def names_of(graph: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a graph's inputs and outputs."""
    return (("token_ids",), ENCODER_OUTPUTS) if graph == "encoder" else (STEP_INPUTS, STEP_OUTPUTS)


def write_graph(graph: nn.Module, inputs: tuple[Tensor, ...], path: Path) -> None:
    """Export one graph with named axes: any number of hypotheses, any length of source."""
    names = names_of(path.stem)
    torch.onnx.export(
        graph.eval(),
        inputs,
        path,
        input_names=list(names[0]),
        output_names=list(names[1]),
        dynamic_axes={name: AXES[name] for side in names for name in side if name in AXES},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.checker.check_model(str(path), full_check=True)


def parity_of(graph: nn.Module, inputs: tuple[Tensor, ...], path: Path, tolerance: float) -> float:
    """Return the largest difference between torch and ONNX; raise above `tolerance`."""
    named = dict(zip(names_of(path.stem)[0], inputs, strict=True))
    with torch.no_grad():
        expected = graph(*inputs)
    session = open_session(path.read_bytes())
    return check_parity(session, named, expected, tolerance=tolerance)


def shrink(graph: nn.Module) -> nn.Module:
    """Put int8 rows in the place of a graph's word embeddings."""
    holder = graph.network.encoder if isinstance(graph, EncoderGraph) else graph
    holder.embedding = Int8Embedding(holder.embedding.weight.detach())
    return graph


def write_config(run: dict, parity: float, folder: Path) -> None:
    """Write config.json: all that inference needs to know."""
    named = {name: names_of(name) for name in ("encoder", *(f"decoder_{n}" for n in LANGUAGES))}
    training = {
        name: value
        for name, value in run["options"].items()
        if name not in ("data", "work", "run_name", "resume", "dry_run")
    }
    config = {
        "task": "translation",
        "network": run["network"],
        "graphs": {
            name: {"file": f"{name}.onnx", "inputs": list(inputs), "outputs": list(outputs)}
            for name, (inputs, outputs) in named.items()
        },
        "training": training,
        "export": {"parity_fp32": parity},
        "comparison": [],
        "by_length": {},
        "metrics": {},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def write_folder(options: ExportOptions, models: Path, *, int8: bool) -> None:
    """Write models/translation/ below `models`; what is there and not exported stays."""
    network, run = load_run(options)
    folder, work = models / "translation", Path(options.work)
    folder.mkdir(parents=True, exist_ok=True)
    largest = 0.0
    for name, (graph, inputs) in graphs_of(network).items():
        path = folder / f"{name}.onnx"
        write_graph(graph, inputs, path)
        largest = max(largest, parity_of(graph, inputs, path, options.tolerance))
        if int8:
            write_graph(shrink(graph), inputs, path)
            quantize_matrices(path)
    print(f"largest difference between torch and ONNX in fp32: {largest:.2e}")
    write_config(run, largest, folder)
    for language in (SOURCE, *LANGUAGES):
        shutil.copy(work / f"{language}.model", folder / f"{language}.model")
    update_manifest("translation", COMMAND, models=models)


def export(options: ExportOptions, *, models: Path = MODELS) -> None:
    """Write models/translation/ from a trained run, and below `work`/fp32 its fp32 twin."""
    write_folder(options, Path(options.work) / "fp32", int8=False)
    write_folder(options, models, int8=True)


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
