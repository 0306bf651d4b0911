"""Turn Flickr8k into arrays: token ids, a vocabulary, and the encoder's features of every photo.

    python -m core.captioning.prepare --data DIR --work .data/captioning

`--data` is the folder of the original release (Hodosh, Young & Hockenmaier 2013; the photos are
for non-commercial research and education): `Flickr8k.token.txt`, the three lists
`Flickr_8k.{train,dev,test}Images.txt` and the photos, in one folder or in the release's own
`Flickr8k_text/` and `Flicker8k_Dataset/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import v2
from tqdm import tqdm

from core.captioning.inference import fit_photo
from core.onnx_model import open_session
from core.training.encoders import ENCODERS, load_encoder
from core.training.graphs import write_graph
from core.training.options import from_command_line
from core.training.quantization import measure_ms
from core.vocabulary import build_vocabulary, write_vocabulary

SPLITS = ("train", "dev", "test")
PHOTO_SIZE = 224
"""Every photo is first squeezed to this square, whatever its shape, then scaled to the encoder."""


@dataclass(frozen=True)
class PrepareOptions:
    """What to prepare, from where, into which folder."""

    data: str = ""
    """Folder of the Flickr8k release."""
    work: str = ".data/captioning"
    """Folder for the prepared arrays; not part of the repository."""
    encoder: str = "efficientnet_lite2"
    """One of core.training.encoders.ENCODERS."""
    mobilenet_weights: str = ""
    """State dict for mobilenet_v2; empty: torchvision downloads it."""
    num_views: int = 1
    """Views of each training photo; the first is plain, the others are cropped and mirrored."""
    min_count: int = 5
    """A word enters the vocabulary when the training captions hold it this often."""
    max_photos: int = 0
    """Photos of each split; 0 takes all of them."""


@dataclass(frozen=True)
class Flickr8k:
    """Where the release's files lie, and what its text says."""

    image_folder: Path
    image_names: dict[str, list[str]]
    """Per split, file names in the order of the official list."""
    captions: dict[str, list[list[str]]]
    """Per file name, its five captions as lower-case words without punctuation."""


class Split(NamedTuple):
    """One prepared split. N = photos."""

    views: list[np.ndarray]
    """Each (N, R, D) float16, in memory: every epoch reads them in another order."""
    references: list[list[list[str]]]
    """N times five captions of words."""


def tokenize(caption: str) -> list[str]:
    """Return the lower-case words of a caption; punctuation is dropped, as the metrics drop it."""
    return re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", caption.lower())


def read_flickr8k(data: str) -> Flickr8k:
    """Read the captions and the official split.

    Raises:
        FileNotFoundError: If `data` holds no Flickr8k release.
    """
    root = Path(data)
    if (root / "captioning").is_dir():
        root = root / "captioning"
    text = next(
        (p for p in (root, root / "Flickr8k_text") if (p / "Flickr8k.token.txt").exists()), None
    )
    folders = [root / name for name in ("images", "Images", "Flicker8k_Dataset")]
    images = next((folder for folder in folders if folder.is_dir()), None)
    if text is None or images is None:
        raise FileNotFoundError(f"{data!r} holds no Flickr8k.token.txt with a folder of photos")
    captions: dict[str, list[list[str]]] = {}
    for line in (text / "Flickr8k.token.txt").read_text("utf-8").splitlines():
        key, caption = line.split("\t")
        captions.setdefault(key.split("#")[0], []).append(tokenize(caption))
    names = {s: (text / f"Flickr_8k.{s}Images.txt").read_text("utf-8").split() for s in SPLITS}
    return Flickr8k(images, names, captions)


def read_photo(path: Path, image_size: int) -> np.ndarray:
    """Return the photo as the encoder sees it, (image_size, image_size, 3) uint8."""
    with Image.open(path) as photo:
        return fit_photo(photo.convert("RGB"), photo_size=PHOTO_SIZE, image_size=image_size)


def augmentation(image_size: int) -> v2.Transform:
    """Return a random mild crop, mirror image and change of light."""
    return v2.Compose(
        [
            v2.RandomResizedCrop(
                image_size,
                scale=(0.65, 1.0),
                ratio=(0.85, 1.18),
                interpolation=v2.InterpolationMode.BICUBIC,
            ),
            v2.RandomHorizontalFlip(),
            v2.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2),
        ]
    )


def photo_batches(
    dataset: Flickr8k, split: str, image_size: int, view: int, batch_size: int = 16
) -> Iterator[np.ndarray]:
    """Yield (B, image_size, image_size, 3) uint8; view 0 is plain, others are augmented."""
    augment = augmentation(image_size)
    torch.manual_seed(view)
    names = dataset.image_names[split]
    for start in tqdm(range(0, len(names), batch_size), desc=f"{split} view {view}", mininterval=5):
        images = []
        for name in names[start : start + batch_size]:
            image = read_photo(dataset.image_folder / name, image_size)
            if view > 0:
                pixels = torch.from_numpy(image.copy()).permute(2, 0, 1)
                image = augment(pixels).permute(1, 2, 0).numpy()
            images.append(image)
        yield np.stack(images)


def write_captions(dataset: Flickr8k, options: PrepareOptions) -> None:
    """Write vocabulary.json, and per split captions and photo names as JSON."""
    work = Path(options.work)
    train = [c for name in dataset.image_names["train"] for c in dataset.captions[name]]
    write_vocabulary(build_vocabulary(train, min_count=options.min_count), work / "vocabulary.json")
    for split in SPLITS:
        rows = [{"image": n, "captions": dataset.captions[n]} for n in dataset.image_names[split]]
        (work / f"{split}.json").write_text(json.dumps(rows), "utf-8")


def write_features(dataset: Flickr8k, options: PrepareOptions) -> None:
    """Run the encoder over every photo; write float16 arrays (N, R, D) per split and view."""
    config = ENCODERS[options.encoder]
    folder = Path(options.work) / options.encoder
    folder.mkdir(parents=True, exist_ok=True)
    graph = folder / "encoder.onnx"
    if not graph.exists():
        export_encoder(options, graph)
    session = open_session(graph.read_bytes(), num_threads=torch.get_num_threads())
    views = [(s, 0) for s in SPLITS] + [("train", v) for v in range(1, options.num_views)]
    for split, view in views:
        path = folder / f"{split}.{view}.npy"
        if path.exists():
            continue
        shape = (len(dataset.image_names[split]), config.grid_size**2, config.feature_size)
        partial = path.with_suffix(".partial")
        features = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
        row = 0
        for images in photo_batches(dataset, split, config.image_size, view):
            features[row : row + len(images)] = session.run(None, {"image": images})[0]
            row += len(images)
        features.flush()
        partial.rename(path)


def calibration(
    dataset: Flickr8k, image_size: int, num_photos: int = 96
) -> Iterator[dict[str, np.ndarray]]:
    """Yield training photos, evenly spread, from which int8 ranges are measured."""
    names = dataset.image_names["train"]
    few = {"train": names[:: max(1, len(names) // num_photos)]}
    photos = photo_batches(replace(dataset, image_names=few), "train", image_size, 0, batch_size=1)
    return ({"image": photo} for photo in photos)


def export_encoder(options: PrepareOptions, path: Path) -> None:
    """Write the pretrained CNN alone as ONNX: several times faster here than eager PyTorch."""
    encoder = load_encoder(options.encoder, options.mobilenet_weights)
    size = encoder.config.image_size
    image = torch.zeros(1, size, size, 3, dtype=torch.uint8)
    write_graph(encoder, {"image": image}, ("image_features",), path, axes={0: "images"})


def read_split(work: Path, split: str, encoder: str, num_views: int) -> Split:
    """Read the captions and the first `num_views` views that `prepare` wrote."""
    rows = json.loads((work / f"{split}.json").read_text("utf-8"))
    views = [np.load(work / encoder / f"{split}.{view}.npy") for view in range(num_views)]
    return Split(views, [row["captions"] for row in rows])


def compare_encoders(work: Path) -> list[dict]:
    """Return dev BLEU-4 and milliseconds of each encoder that has a run `compare_<name>`."""
    rows = []
    for name, config in ENCODERS.items():
        log = work / f"compare_{name}" / "cross_entropy" / "log.jsonl"
        if log.exists():
            best = max(json.loads(line)["bleu_4"] for line in log.read_text("utf-8").splitlines())
            image = np.zeros((1, config.image_size, config.image_size, 3), np.uint8)
            ms = measure_ms(work / name / "encoder.onnx", {"image": image})
            rows.append({"encoder": name, "dev_bleu_4": best, "encoder_ms": ms})
    return rows


def prepare(options: PrepareOptions) -> None:
    """Write captions, vocabulary and features below `options.work`; what is there is kept."""
    dataset = read_flickr8k(options.data)
    if options.max_photos:
        names = {s: n[: options.max_photos] for s, n in dataset.image_names.items()}
        dataset = replace(dataset, image_names=names)
    Path(options.work).mkdir(parents=True, exist_ok=True)
    write_captions(dataset, options)
    write_features(dataset, options)


def main() -> None:
    """Prepare captions and features as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
