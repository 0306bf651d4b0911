"""Write the trained digit classifier as ONNX with its config, and images to try.

python -m core.digits.export [--data DIR]
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from core.digits.inference import load_model, recognise
from core.digits.model import Classifier, ModelConfig
from core.digits.prepare import read_split
from core.onnx_model import MODELS
from core.training.graphs import check_graph, write_graph
from core.training.loop import load_averaged
from core.training.manifest import update_manifest
from core.training.options import from_command_line

COMMAND = "python -m core.digits.export"
OUTPUTS = ("hidden", "logits")
NUM_HARD = 2


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/digits/."""

    data: str = ""
    """Folder of the images, see prepare.py; empty: scikit-learn's copy."""
    work: str = ".data/digits"
    run_name: str = "run"
    tolerance: float = 1e-4


def choose_samples(models: Path, data: str) -> list[dict]:
    """Return the first dev image of every digit and the ones that the network is worst at."""
    model, dev = load_model(models=models), read_split(data, "dev")
    found = [recognise(model, image) for image in dev.images]
    first = [int((dev.labels == digit).argmax()) for digit in range(10)]
    given = [result.probabilities[label] for result, label in zip(found, dev.labels, strict=True)]
    hard = sorted(range(len(found)), key=given.__getitem__)[:NUM_HARD]
    titles = {row: str(dev.labels[row]) for row in first}
    titles |= {row: f"A hard {dev.labels[row]}" for row in hard}
    return [
        {
            "title": title,
            "image": dev.images[row].astype(int).tolist(),
            "digit": int(dev.labels[row]),
            "answer": found[row].digit,
            "probability": round(found[row].probability, 4),
        }
        for row, title in titles.items()
    ]


def write_config(run: dict, found: dict, folder: Path) -> None:
    """Write config.json: all that inference needs to know."""
    graph = {"file": "classifier.onnx", "inputs": ["pixels"], "outputs": list(OUTPUTS)}
    private = ("data", "work", "run_name", "resume", "dry_run")
    config = {
        "task": "digits",
        "network": run["network"],
        "graphs": {"classifier": graph},
        "training": {name: v for name, v in run["options"].items() if name not in private},
        "export": found,
        "metrics": {},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def export(options: ExportOptions, *, models: Path = MODELS) -> None:
    """Write models/digits/ below `models`; the model card that lies there stays."""
    folder, work = models / "digits", Path(options.work) / options.run_name
    folder.mkdir(parents=True, exist_ok=True)
    run = json.loads((work / "run.json").read_text("utf-8"))
    classifier = Classifier(ModelConfig(**run["network"]))
    load_averaged(classifier, work / "best.pt")
    write_graph(
        classifier,
        {"pixels": torch.zeros(2, run["network"]["num_pixels"])},
        OUTPUTS,
        folder / "classifier.onnx",
        axes={0: "images"},
    )
    examples = [{"pixels": torch.rand(batch, run["network"]["num_pixels"])} for batch in (1, 3, 50)]
    parity = check_graph(
        classifier, folder / "classifier.onnx", examples, tolerance=options.tolerance
    )
    found = {"tolerance": options.tolerance, "parity": parity}
    write_config(run, found, folder)
    update_manifest("digits", COMMAND, models=models)
    samples = choose_samples(models, options.data)
    rows = ",\n".join(json.dumps(sample) for sample in samples)
    (folder / "samples.json").write_text(f"[\n{rows}\n]\n", "utf-8")
    update_manifest("digits", COMMAND, models=models)
    print(f"largest difference between torch and ONNX: {parity:.2e}")


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
