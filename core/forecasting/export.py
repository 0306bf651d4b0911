"""Write both trained forecasters as ONNX, proved equal to torch, and their config.

    python -m core.forecasting.export

Each graph holds all members of a run and averages their raw answers.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from core.forecasting.inference import KINDS
from core.forecasting.model import Ensemble, Forecaster, ForecasterConfig
from core.forecasting.prepare import STOCK_SPLITS, TEST_YEARS
from core.onnx_model import MODELS
from core.training.graphs import check_graph, write_graph
from core.training.loop import load_averaged
from core.training.manifest import update_manifest
from core.training.options import from_command_line

COMMAND = "python -m core.forecasting.export"
SPLIT_DAYS = {
    "stocks": STOCK_SPLITS,
    "weather": {
        "test": f"the last {TEST_YEARS} full years of a place, 1 of 4",
        "dev": "the year before",
    },
}
"""What config.json says about which days were seen."""
OUTPUTS = ("weights", "means", "scales", "hidden_states")
PRIVATE = ("data", "work", "run_name", "resume", "dry_run")
"""Options that say nothing about the model."""


@dataclass(frozen=True)
class ExportOptions:
    """Which trained runs become models/forecasting/."""

    work: str = ".data/forecasting"
    run_name: str = "run"
    tolerance: float = 1e-4


def load_run(folder: Path) -> tuple[Ensemble, dict]:
    """Return the trained members of a run and how they were trained."""
    members = []
    for member in sorted(folder.glob("member_*")):
        run = json.loads((member / "run.json").read_text("utf-8"))
        network = Forecaster(ForecasterConfig(**run["network"]))
        load_averaged(network, member / "best.pt")
        members.append(network)
    if not members:
        raise FileNotFoundError(f"{folder} holds no trained member")
    return Ensemble(members).eval(), run


def write_ensemble(graph: Ensemble, path: Path, tolerance: float) -> float:
    """Export one graph; return the largest difference from torch, for one window and for five."""
    config = graph.members[0].config
    generator = torch.Generator().manual_seed(0)
    shape = (config.window_length, config.input_size)
    five = torch.randn(5, *shape, generator=generator)
    write_graph(graph, {"inputs": five}, OUTPUTS, path, axes={0: "windows"})
    examples = ({"inputs": inputs} for inputs in (five, five[:1]))
    return check_graph(graph, path, examples, tolerance=tolerance)


def describe_run(graph: Ensemble, run: dict, parity: float) -> dict:
    """Return one kind's part of config.json."""
    trained = {name: value for name, value in run["options"].items() if name not in PRIVATE}
    return {
        **run["network"],
        "num_members": len(graph.members),
        "training": trained,
        "parity_fp32": parity,
    }


def export(options: ExportOptions, *, models: Path = MODELS) -> None:
    """Write models/forecasting/ from trained runs; metrics that were recorded are dropped."""
    folder = models / "forecasting"
    folder.mkdir(parents=True, exist_ok=True)
    config: dict = {"task": "forecasting", "graphs": {}, "metrics": {}}
    for kind in KINDS:
        graph, run = load_run(Path(options.work) / kind / options.run_name)
        parity = write_ensemble(graph, folder / f"{kind}.onnx", options.tolerance)
        print(f"{kind}: largest difference between torch and ONNX: {parity:.2e}")
        config[kind] = describe_run(graph, run, parity)
        config[kind]["splits"] = SPLIT_DAYS[kind]
        config["graphs"][kind] = {
            "file": f"{kind}.onnx",
            "inputs": ["inputs"],
            "outputs": list(OUTPUTS),
        }
    exported = {n: v for n, v in asdict(options).items() if n not in PRIVATE}
    config["export"] = exported
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    update_manifest("forecasting", COMMAND, models=models)


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
