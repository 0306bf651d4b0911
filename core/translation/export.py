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

import torch
from torch import Tensor, nn

from core.onnx_model import MODELS
from core.training.graphs import check_graph, in_order, write_graph
from core.training.loop import load_averaged
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.quantization import Int8Embedding, ScaledLinear, quantize_matrices
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
GATE_ORDER = (0, 1, 3, 2)
"""Of the step graph: i, f, o, g, so that one sigmoid opens three gates."""
UNSPOKEN = (Vocabulary.pad_id, Vocabulary.bos_id, Vocabulary.unk_id)


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/translation/."""

    work: str = ".data/translation"
    run_name: str = "run"
    checkpoint: str = "best.pt"
    """Or last.pt, the last epoch's weights."""
    tolerance: float = 1e-4


class EncoderGraph(nn.Module):
    """token_ids (1, S) -> ENCODER_OUTPUTS.

    A sentence alone has no padding, so both directions of a layer are one bidirectional LSTM.
    """

    def __init__(self, network: Translator) -> None:
        super().__init__()
        encoder = network.encoder
        self.embedding = nn.Embedding.from_pretrained(encoder.embedding.weight.detach())
        directions = zip(encoder.forwards, encoder.backwards, strict=True)
        self.layers = nn.ModuleList(bidirectional(*pair) for pair in directions)
        self.key, self.first_hidden = network.key, network.first_hidden
        self.first_cell = network.first_cell

    def forward(self, token_ids: Tensor) -> tuple[Tensor, ...]:
        """Return what the decoders need, and the states below."""
        layers = [self.embedding(token_ids)]  # (1, S, E)
        for layer in self.layers:
            layers.append(layer(layers[-1])[0])  # (1, S, D)
        mean = layers[-1].mean(dim=1)  # (1, D)
        first = self.first_hidden(mean).tanh(), self.first_cell(mean)
        return self.key(layers[-1]), layers[-1], *first, *layers[:2]


class StepGraph(nn.Module):
    """One token in one language: STEP_INPUTS -> STEP_OUTPUTS; the source has one row for any K.

    The network's own step in fewer and larger products: what the gates take from the token and from
    the states is one matrix, and tokens that are never written are ruled out by their bias.
    """

    def __init__(self, network: Translator, language: str) -> None:
        super().__init__()
        self.combine, self.project = network.combine, network.project
        weight, bias = (part.detach() for part in network.output_of(language))
        self.embedding = nn.Embedding.from_pretrained(weight)
        unspoken = torch.zeros_like(bias)
        unspoken[list(UNSPOKEN)] = -1e4
        self.output = ScaledLinear(weight, bias + unspoken)
        read = torch.cat([network.token_gates.weight, network.state_gates.weight], dim=1).detach()
        self.gates = nn.Linear(read.shape[1], read.shape[0])
        parts = {"weight": read, "bias": network.token_gates.bias.detach()}
        self.gates.load_state_dict({n: in_order(part, GATE_ORDER) for n, part in parts.items()})

    def forward(self, token: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Return STEP_OUTPUTS for token (K,), a State of K rows and one source."""
        state, (keys, encoder_outputs) = State(*states[:3]), (s.squeeze(0) for s in states[3:])
        size = self.combine.out_features  # H
        read = torch.cat([self.embedding(token), state.hidden, state.attended], dim=-1)
        opening, candidate = self.gates(read).split([3 * size, size], dim=-1)
        input_gate, forget_gate, output_gate = opening.sigmoid().split(size, dim=-1)  # (K, H)
        cell = forget_gate * state.cell + input_gate * candidate.tanh()
        hidden = output_gate * cell.tanh()  # (K, H)
        attention_weights = (hidden @ keys.T).softmax(dim=-1)  # (K, S), rows sum to 1
        said = torch.cat([hidden, attention_weights @ encoder_outputs], dim=-1)  # (K, H + D)
        attended = self.combine(said).tanh()  # (K, H)
        log_probs = self.output(self.project(attended)).log_softmax(dim=-1)  # (K, V)
        return log_probs, hidden, cell, attended, attention_weights


def bidirectional(ahead: nn.LSTM, back: nn.LSTM) -> nn.LSTM:
    """Return one LSTM that reads both ways, with the weights of two that read one."""
    sizes = (ahead.input_size, ahead.hidden_size)
    both = nn.LSTM(*sizes, batch_first=True, bidirectional=True)
    backwards = {f"{name}_reverse": part for name, part in back.state_dict().items()}
    both.load_state_dict({**ahead.state_dict(), **backwards})
    return both


def load_run(options: ExportOptions) -> tuple[Translator, dict]:
    """Return the trained network and how it was trained."""
    folder = Path(options.work) / options.run_name
    run = json.loads((folder / "run.json").read_text("utf-8"))
    network = Translator(ModelConfig(**run["network"]))
    load_averaged(network, folder / options.checkpoint)
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


def shrink(graph: nn.Module) -> nn.Module:
    """Put int8 rows in the place of a graph's word embeddings."""
    graph.embedding = Int8Embedding(graph.embedding.weight.detach())
    return graph


def write_config(run: dict, parity: float, folder: Path) -> None:
    """Write config.json: all that inference needs to know; what it said of other runs stays."""
    path = folder / "config.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    named = {name: names_of(name) for name in ("encoder", *(f"decoder_{n}" for n in LANGUAGES))}
    training = {
        name: value
        for name, value in run["options"].items()
        if name not in ("data", "work", "num_workers", "run_name", "resume", "dry_run")
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
        "comparison": before.get("comparison", []),
        "by_length": {},
        "metrics": {},
    }
    path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def write_folder(options: ExportOptions, models: Path, *, int8: bool) -> None:
    """Write models/translation/ below `models`; what is there and not exported stays."""
    network, run = load_run(options)
    folder, work = models / "translation", Path(options.work)
    folder.mkdir(parents=True, exist_ok=True)
    largest = 0.0
    for name, (graph, inputs) in graphs_of(network).items():
        path = folder / f"{name}.onnx"
        input_names, output_names = names_of(name)
        named = dict(zip(input_names, inputs, strict=True))
        write_graph(graph, named, output_names, path, axes_of=AXES)
        parity = check_graph(graph, path, [named], tolerance=options.tolerance)
        largest = max(largest, parity)
        if int8:
            write_graph(shrink(graph), named, output_names, path, axes_of=AXES)
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
