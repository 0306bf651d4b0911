"""Which CNN should read the photos? Dev BLEU-4 of each beside the milliseconds that it takes.

    python -m core.captioning.compare --data DIR --record

Each stays as ImageNet taught it and sees each training photo once, as it is; what it saw is
stored, and a decoder learns from that by cross-entropy. So the encoders are held to each other
quickly and alike; what can be gained by training along and by self-criticism is left out.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from tqdm import tqdm

from core.captioning.card import comparison
from core.captioning.evaluate import record
from core.captioning.prepare import Flickr8k, Photos, PrepareOptions, photo_batches, prepare
from core.captioning.train import CaptionTask, TrainOptions, new_captioner, run_phase
from core.training.encoders import ENCODERS, load_encoder
from core.training.graphs import write_graph
from core.training.loop import pick_device
from core.training.options import from_command_line, read_run
from core.training.quantization import measure_ms
from core.vocabulary import parse_vocabulary


@dataclass(frozen=True)
class CompareOptions:
    """How to train for the comparison; runs that are there already are not made again."""

    data: str = ""
    """Folder of the Flickr8k release; empty: only runs that are there are compared."""
    work: str = ".data/captioning"
    prefix: str = "compare_"
    """Of the runs' folders below `work`, before the encoder's name."""
    num_photos: int = 3_000
    """The first of the training split; the dev split is whole."""
    num_epochs: int = 6
    ema_decay: float = 0.98
    """A short training leaves no time for a long memory."""
    photos_at_once: int = 50
    """While the encoder sees them."""
    mobilenet_weights: str = ""
    """State dict for mobilenet_v2; empty: torchvision downloads it."""
    record: bool = False
    """Write what was found into config.json and the model card."""


class StoredFeatures(Dataset):
    """What an encoder saw in the photos of a split; an item is asked for as in `Photos`."""

    def __init__(self, features: Tensor) -> None:
        self.features = features
        """(N, R, D) float16."""

    def __getitem__(self, place: tuple[int, int]) -> Tensor:
        """Return (R, D); all views are the plain photo's."""
        return self.features[place[0]]


class _Reader(nn.Module):
    """In the encoder's place: stored features (B, R, D) in float32."""

    def forward(self, features: Tensor) -> Tensor:
        return features.float()


def store_features(encoder: nn.Module, photos: Photos, at_once: int) -> StoredFeatures:
    """Show a split's photos to the encoder, `at_once` in a batch."""
    device = pick_device()
    rows = [(row, 0) for row in range(len(photos.paths))]
    batches = [rows[i : i + at_once] for i in range(0, len(rows), at_once)]
    seen = []
    for images in tqdm(photo_batches(photos, batches), total=len(batches), mininterval=10):
        with torch.inference_mode():
            seen.append(encoder(images.to(device)).half().cpu())
    return StoredFeatures(torch.cat(seen))


def train_decoder(name: str, options: CompareOptions, dataset: Flickr8k) -> None:
    """Train a decoder that reads the encoder `name`, into a run of its own."""
    run = TrainOptions(
        data=options.data,
        work=options.work,
        encoder=name,
        mobilenet_weights=options.mobilenet_weights,
        encoder_share=0.0,
        num_workers=0,
        num_epochs=options.num_epochs,
        ema_decay=options.ema_decay,
        reward_epochs=0,
        run_name=f"{options.prefix}{name}",
    )
    vocabulary = parse_vocabulary((Path(options.work) / "vocabulary.json").read_bytes())
    torch.manual_seed(run.seed)
    network = new_captioner(run, len(vocabulary)).to(pick_device())
    task = CaptionTask(run, dataset, vocabulary)
    task.photos = {
        split: store_features(network.encoder, photos, options.photos_at_once)
        for split, photos in task.photos.items()
    }
    network.encoder = _Reader()
    run_phase(network, task, "cross_entropy", run)


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
        folder = _folder(options, name)
        if (folder / "log.jsonl").exists():
            run, best = read_run(folder, "bleu_4")
            scores = {"dev_bleu_4": best["bleu_4"], "dev_cider": best["cider"]}
            cost = {"encoder_ms": encoder_ms(name, options.mobilenet_weights)}
            amount = {"num_epochs": run["options"]["num_epochs"], "num_photos": options.num_photos}
            rows.append({"encoder": name, **scores, **cost, **amount})
    return rows


def _folder(options: CompareOptions, name: str) -> Path:
    return Path(options.work) / f"{options.prefix}{name}" / "cross_entropy"


def main() -> None:
    """Compare as the command line asks."""
    options = from_command_line(CompareOptions)
    missing = [name for name in ENCODERS if not (_folder(options, name) / "log.jsonl").exists()]
    if options.data and missing:
        dataset = prepare(PrepareOptions(options.data, options.work)).first(options.num_photos)
        for name in missing:
            train_decoder(name, options, dataset)
    rows = compare(options)
    print(comparison({"encoder_comparison": rows}))
    if options.record:
        record({"encoder_comparison": rows})


if __name__ == "__main__":
    main()
