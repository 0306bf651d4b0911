"""Which CNN should read the photos? Dev BLEU-4 of each beside the milliseconds that it takes.

    for encoder in mobilenet_v2 efficientnet_lite0 efficientnet_lite1 efficientnet_lite2; do
        python -m core.captioning.train --data DIR --run-name compare_$encoder \\
            --encoder $encoder --num-epochs 6 --reward-epochs 0
    done
    python -m core.captioning.compare --record

The scores are those of greedy captions that training itself writes down after an epoch of
cross-entropy; what can be gained by self-criticism is left out.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from core.captioning.evaluate import comparison, record
from core.training.encoders import ENCODERS, load_encoder
from core.training.graphs import write_graph
from core.training.options import from_command_line, read_run
from core.training.quantization import measure_ms


@dataclass(frozen=True)
class CompareOptions:
    """Which runs to compare: `prefix` and the encoder of each."""

    work: str = ".data/captioning"
    prefix: str = "compare_"
    mobilenet_weights: str = ""
    """State dict for mobilenet_v2; empty: torchvision downloads it."""
    record: bool = False
    """Write what was found into config.json and the model card."""


def encoder_ms(name: str, mobilenet_weights: str = "") -> float:
    """Return the median milliseconds of one photo through a CNN in fp32, one thread."""
    encoder = load_encoder(name, mobilenet_weights)
    size = encoder.config.image_size
    image = torch.zeros(1, size, size, 3, dtype=torch.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encoder.onnx"
        write_graph(encoder, {"image": image}, ("image_features",), path)
        return measure_ms(path, {"image": np.zeros(image.shape, np.uint8)})


def compare(options: CompareOptions) -> list[dict]:
    """Return a row for each encoder that has a run: its best dev scores and its milliseconds."""
    rows = []
    for name in ENCODERS:
        folder = Path(options.work) / f"{options.prefix}{name}" / "cross_entropy"
        if (folder / "log.jsonl").exists():
            run, best = read_run(folder, "bleu_4")
            scores = {"dev_bleu_4": best["bleu_4"], "dev_cider": best["cider"]}
            cost = {"encoder_ms": encoder_ms(name, options.mobilenet_weights)}
            epochs = {"num_epochs": run["options"]["num_epochs"]}
            rows.append({"encoder": name, **scores, **cost, **epochs})
    return rows


def main() -> None:
    """Compare as the command line asks."""
    options = from_command_line(CompareOptions)
    rows = compare(options)
    print(comparison({"encoder_comparison": rows}))
    if options.record:
        record({"encoder_comparison": rows})


if __name__ == "__main__":
    main()
