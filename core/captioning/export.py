"""Write the trained captioner as ONNX: an encoder, one decoder step, and their config.

    python -m core.captioning.export --data DIR

The encoder graph holds the CNN and everything that the decoder computes once per photo. The step
graph writes the LSTM cell out, so that every gate is an output with a name. Both are compared with
torch in fp32, then quantised to int8.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import skimage.data
import torch
from PIL import Image
from torch import Tensor

from core.captioning.graphs import (
    ENCODER_OUTPUTS,
    GROWING,
    STEP_INPUTS,
    STEP_OUTPUTS,
    EncoderGraph,
    StepGraph,
    shrink,
)
from core.captioning.inference import caption, load_model, open_photo
from core.captioning.model import CaptionDecoder, Captioner, DecoderConfig
from core.captioning.prepare import PHOTO_SIZE, calibration, read_flickr8k
from core.onnx_model import MODELS
from core.training.encoders import ENCODERS, load_encoder
from core.training.graphs import check_graph, write_graph
from core.training.loop import load_averaged
from core.training.manifest import update_manifest
from core.training.options import from_command_line
from core.training.quantization import quantize_convolutions, quantize_matrices, read_bytes

COMMAND = "python -m core.captioning.export"
PRIVATE = (
    *("data", "work", "mobilenet_weights", "num_workers"),
    *("run_name", "begin_with", "resume", "dry_run"),
)
"""Options that say nothing about the network."""


@dataclass(frozen=True)
class ExportOptions:
    """Which trained run becomes models/captioning/."""

    data: str = ""
    """Folder of the Flickr8k release: training photos calibrate the int8 encoder."""
    work: str = ".data/captioning"
    run_name: str = "run"
    phase: str = "self_critical"
    """Or cross_entropy."""
    int8_encoder: bool = True
    int8_decoder: bool = True
    tolerance: float = 1e-4


def load_run(options: ExportOptions) -> tuple[Captioner, dict]:
    """Return the trained network and how it was trained."""
    folder = Path(options.work) / options.run_name / options.phase
    run = json.loads((folder / "run.json").read_text("utf-8"))
    trained = run["options"]
    encoder = load_encoder(trained["encoder"], trained["mobilenet_weights"])
    network = Captioner(encoder, CaptionDecoder(DecoderConfig(**run["decoder"])))
    load_averaged(network, folder / "best.pt")
    return network.eval(), run


def write_step(step: StepGraph, named: dict[str, Tensor], folder: Path) -> None:
    """Write decoder_step.onnx for example inputs."""
    path, axes_of = folder / "decoder_step.onnx", dict.fromkeys(GROWING, {0: "hypotheses"})
    write_graph(step, named, STEP_OUTPUTS, path, axes_of=axes_of)


def write_fp32(network: Captioner, folder: Path) -> dict[str, tuple]:
    """Export both graphs in fp32; return their example inputs for the parity check."""
    size = network.encoder.config.image_size
    generator = torch.Generator().manual_seed(0)
    image = torch.randint(0, 256, (1, size, size, 3), dtype=torch.uint8, generator=generator)
    graph = EncoderGraph(network).eval()
    with torch.no_grad():
        *seen, hidden, cell = graph(image)
    rows = torch.rand(3, hidden.shape[1], generator=generator)
    step_inputs = (torch.tensor([1, 5, 9]), *seen, hidden + rows, cell + rows)
    write_graph(graph, {"image": image}, ENCODER_OUTPUTS, folder / "encoder.onnx")
    step = StepGraph(network.decoder).eval()
    named = dict(zip(STEP_INPUTS, step_inputs, strict=True))
    write_step(step, named, folder)
    return {"encoder": (graph, {"image": image}), "decoder_step": (step, named)}


def check_graphs(graphs: dict[str, tuple], folder: Path, tolerance: float) -> float:
    """Return the largest difference between torch and fp32 ONNX; raise above `tolerance`."""
    largest = 0.0
    for name, (graph, named) in graphs.items():
        found = check_graph(graph, folder / f"{name}.onnx", [named], tolerance=tolerance)
        largest = max(largest, found)
    return largest


def quantize(options: ExportOptions, graphs: dict, image_size: int, folder: Path) -> None:
    """Replace the fp32 graphs in `folder` by int8 ones, as the options say."""
    if options.int8_encoder:
        photos = calibration(read_flickr8k(options.data), image_size)
        quantize_convolutions(folder / "encoder.onnx", photos)
        read_bytes(folder / "encoder.onnx")
        quantize_matrices(folder / "encoder.onnx")
    if options.int8_decoder:
        step, named = graphs["decoder_step"]
        write_step(shrink(step), named, folder)
        quantize_matrices(folder / "decoder_step.onnx")


def write_config(run: dict, parity: float, options: ExportOptions, folder: Path) -> None:
    """Write config.json: all that inference needs to know."""
    encoder = ENCODERS[run["options"]["encoder"]]
    graphs = {
        "encoder": {"inputs": ["image"], "outputs": list(ENCODER_OUTPUTS)},
        "decoder_step": {"inputs": list(STEP_INPUTS), "outputs": list(STEP_OUTPUTS)},
    }
    config = {
        "task": "captioning",
        "photo_size": PHOTO_SIZE,
        "image_size": encoder.image_size,
        "grid_size": encoder.grid_size,
        "encoder": run["options"]["encoder"],
        "decoder": run["decoder"],
        "graphs": {name: {"file": f"{name}.onnx", **entry} for name, entry in graphs.items()},
        "training": run["options"],
        "export": {**asdict(options), "parity_fp32": parity},
        "encoder_comparison": [],
        "metrics": {},
    }
    for private in PRIVATE:
        config["training"].pop(private, None)
        config["export"].pop(private, None)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


SAMPLES = {
    "photographer": ("camera", "A photographer", "Lav Varshney, CC0, from scikit-image"),
    "astronaut": ("astronaut", "An astronaut", "NASA, public domain, from scikit-image"),
    "cat": ("chelsea", "A cat", "Stéfan van der Walt, CC0, from scikit-image"),
    "coffee": ("coffee", "A cup of coffee", "Rachel Michetti, CC0, from scikit-image"),
    "rocket": ("rocket", "A rocket", "SpaceX, public domain, from scikit-image"),
    "text": ("text", "Handwriting", "Wikipedia, public domain, from scikit-image"),
}
"""Name for the URL -> scikit-image's name, title, credit."""


def write_samples(folder: Path) -> None:
    """Write the sample photos as JPEG, and samples.json with what the shipped model says."""
    (folder / "samples").mkdir(exist_ok=True)
    rows = []
    for name, (source, title, credit) in SAMPLES.items():
        photo = Image.fromarray(getattr(skimage.data, source)()).convert("RGB")
        photo.save(folder / "samples" / f"{name}.jpg", quality=90)
        rows.append({"name": name, "title": title, "credit": credit})
    update_manifest("captioning", COMMAND)
    model = load_model()
    for row in rows:
        _, encoded = open_photo(model, (folder / "samples" / f"{row['name']}.jpg").read_bytes())
        result = caption(model, encoded)
        row |= {"caption": result.caption, "log_prob": result.log_prob}
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    (folder / "samples.json").write_text(text + "\n", "utf-8")
    update_manifest("captioning", COMMAND)


def export(options: ExportOptions) -> None:
    """Write models/captioning/ from a trained run, and its fp32 twin below `work`/fp32."""
    network, run = load_run(options)
    exact, shipped = (root / "captioning" for root in (Path(options.work) / "fp32", MODELS))
    for folder in (exact, shipped):
        folder.mkdir(parents=True, exist_ok=True)
    graphs = write_fp32(network, exact)
    parity = check_graphs(graphs, exact, options.tolerance)
    print(f"largest difference between torch and fp32 ONNX: {parity:.2e}")
    for graph in graphs:
        shutil.copy(exact / f"{graph}.onnx", shipped / f"{graph}.onnx")
    quantize(options, graphs, network.encoder.config.image_size, shipped)
    for folder in (exact, shipped):
        write_config(run, parity, options, folder)
        shutil.copy(Path(options.work) / "vocabulary.json", folder / "vocabulary.json")
        update_manifest("captioning", COMMAND, models=folder.parent)
    write_samples(shipped)


def main() -> None:
    """Export as the command line asks."""
    export(from_command_line(ExportOptions))


if __name__ == "__main__":
    main()
