"""Read Flickr8k: a vocabulary, and photos in views that differ every time they are seen.

    python -m core.captioning.prepare --data DIR --work .data/captioning

`--data` is the folder of the original release (Hodosh, Young & Hockenmaier 2013; the photos are
for non-commercial research and education): `Flickr8k.token.txt`, the three lists
`Flickr_8k.{train,dev,test}Images.txt` and the photos, in one folder or in the release's own
`Flickr8k_text/` and `Flicker8k_Dataset/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from core.captioning.inference import fit_photo
from core.training.options import from_command_line
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
    """Folder for the vocabulary; not part of the repository."""
    min_count: int = 5
    """A word enters the vocabulary when the training captions hold it this often."""


@dataclass(frozen=True)
class Flickr8k:
    """Where the release's files lie, and what its text says."""

    image_folder: Path
    image_names: dict[str, list[str]]
    """Per split, file names in the order of the official list."""
    captions: dict[str, list[list[str]]]
    """Per file name, its five captions as lower-case words without punctuation."""

    def captions_of(self, split: str) -> list[list[list[str]]]:
        """Return the five captions of each photo of a split, in the split's order."""
        return [self.captions[name] for name in self.image_names[split]]

    def first(self, number: int) -> Flickr8k:
        """Return the same with so many photos of each split."""
        names = {split: found[:number] for split, found in self.image_names.items()}
        return replace(self, image_names=names)


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


@cache
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


class Photos(Dataset):
    """The photos of a split as the encoder reads them; an item is asked for as (row, view)."""

    def __init__(self, dataset: Flickr8k, split: str, image_size: int) -> None:
        self.paths = [dataset.image_folder / name for name in dataset.image_names[split]]
        self.image_size = image_size

    def __getitem__(self, place: tuple[int, int]) -> Tensor:
        """Return (S, S, 3) uint8; view 0 is the plain photo, any other number one of its own."""
        row, view = place
        pixels = torch.from_numpy(read_photo(self.paths[row], self.image_size).copy())
        if view == 0:
            return pixels
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(view)
            seen = augmentation(self.image_size)(pixels.permute(2, 0, 1))
        return seen.permute(1, 2, 0).contiguous()


def photo_batches(
    photos: Photos, batches: Sequence[Sequence[tuple[int, int]]], num_workers: int = 0
) -> Iterator[Tensor]:
    """Yield (B, S, S, 3) uint8 for each batch of (row, view).

    Args:
        photos: Of one split.
        batches: What to read.
        num_workers: Processes that read ahead; 0 reads here.
    """
    yield from DataLoader(photos, batch_sampler=batches, num_workers=num_workers)


def calibration(
    dataset: Flickr8k, image_size: int, num_photos: int = 96
) -> Iterator[dict[str, np.ndarray]]:
    """Yield training photos, evenly spread, from which int8 ranges are measured."""
    photos = Photos(dataset, "train", image_size)
    step = max(1, len(photos.paths) // num_photos)
    return ({"image": photos[row, 0].numpy()[None]} for row in range(0, len(photos.paths), step))


def prepare(options: PrepareOptions) -> Flickr8k:
    """Write vocabulary.json below `options.work` and return the data set."""
    dataset, work = read_flickr8k(options.data), Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    train = [caption for group in dataset.captions_of("train") for caption in group]
    write_vocabulary(build_vocabulary(train, min_count=options.min_count), work / "vocabulary.json")
    return dataset


def main() -> None:
    """Prepare the vocabulary as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
