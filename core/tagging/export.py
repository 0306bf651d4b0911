"""Write the trained tagger as ONNX with its vocabulary and config.

    python -m core.tagging.export

The vectors of the features become one int8 row and one scale each; all else stays fp32. A twin that
is fp32 throughout goes below `work`, so that the evaluation can say what int8 costs.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from core.onnx_model import MODELS
from core.tagging.inference import TAGS, load_model, tag
from core.tagging.model import ModelConfig, Tagger
from core.training.graphs import check_graph, write_graph
from core.training.loop import load_averaged
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.quantization import Int8Embedding

COMMAND = "python -m core.tagging.export"
OUTPUTS = ("embeddings", "hidden_states", "logits")
SAMPLES = {
    "One word twice": "She can open the can with her left hand.",
    "In the park": "A little dog runs happily through the beautiful park.",
    "Not bad": "The food was not bad, and I love this old city.",
}
"""Sentences to try, by their titles."""


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/tagging/."""

    work: str = ".data/tagging"
    run_name: str = "run"
    max_tokens: int = 256
    """Words of a text that are read at most; the rest is left out."""
    tolerance: float = 1e-4


def examples(config: ModelConfig) -> Iterator[dict[str, Tensor]]:
    """Yield feature ids of every kind of text: one word, many words, one text, several."""
    generator = torch.Generator().manual_seed(0)
    for batch, length in ((1, 1), (3, 1), (1, 9), (3, 30), (1, 200)):
        shape = (batch, length, config.num_features)
        yield {"feature_ids": torch.randint(0, config.vocab_size, shape, generator=generator)}


def write_config(run: dict, found: dict, folder: Path) -> None:
    """Write config.json: all that inference needs to know."""
    graph = {"file": "tagger.onnx", "inputs": ["feature_ids"], "outputs": list(OUTPUTS)}
    private = ("data", "work", "run_name", "resume", "dry_run")
    config = {
        "task": "tagging",
        "network": run["network"],
        "graphs": {"tagger": graph},
        "tags": list(TAGS),
        "training": {name: v for name, v in run["options"].items() if name not in private},
        **found,
        "metrics": {},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def write_folder(tagger: Tagger, run: dict, options: ExportOptions, models: Path) -> None:
    """Write models/tagging/ below `models`; the model card that lies there stays."""
    folder, config = models / "tagging", ModelConfig(**run["network"])
    folder.mkdir(parents=True, exist_ok=True)
    path, axes = folder / "tagger.onnx", {0: "texts", 1: "words"}
    write_graph(tagger, list(examples(config))[3], OUTPUTS, path, axes=axes)
    parity = check_graph(tagger, path, examples(config), tolerance=options.tolerance)
    print(f"largest difference between torch and ONNX: {parity:.2e}")
    found = {
        "max_tokens": options.max_tokens,
        "export": {"tolerance": options.tolerance, "parity": parity},
    }
    write_config(run, found, folder)
    shutil.copy(Path(options.work) / "vocabulary.json", folder / "vocabulary.json")
    update_manifest("tagging", COMMAND, models=models)
    write_samples(folder, models)
    update_manifest("tagging", COMMAND, models=models)


def write_samples(folder: Path, models: Path) -> None:
    """Write the sentences to try with what the network that was just written says of them."""
    model = load_model(models=models)
    rows = [
        {"title": title, "text": text, "tags": tag(model, text).tags}
        for title, text in SAMPLES.items()
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "samples.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def load_run(options: ExportOptions) -> tuple[Tagger, dict]:
    """Return the trained network and how it was trained."""
    folder = Path(options.work) / options.run_name
    run = json.loads((folder / "run.json").read_text("utf-8"))
    tagger = Tagger(ModelConfig(**run["network"]))
    load_averaged(tagger, folder / "best.pt")
    return tagger.eval(), run


def export(options: ExportOptions, *, models: Path = MODELS) -> None:
    """Write the twin below `work`/fp32, then models/tagging/ from the same trained run."""
    tagger, run = load_run(options)
    write_folder(tagger, run, options, Path(options.work) / "fp32")
    tagger.embedding = Int8Embedding(tagger.embedding.weight.detach())
    write_folder(tagger, run, options, models)


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
