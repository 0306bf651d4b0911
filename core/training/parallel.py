"""Parallel corpora in their original layouts, and a split of sentences that never moves.

Multi30k (Elliott et al. 2016, WMT16 multimodal task; https://github.com/multi30k/dataset): one
sentence a line, `SPLIT.LANGUAGE`, lines of two languages aligned. Tatoeba (https://tatoeba.org,
CC BY 2.0 France; as sentence pairs from https://www.manythings.org/anki): `fra.txt`, `deu.txt`
and `spa.txt`, English and translation separated by a tab. Each file may be gzipped.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

TATOEBA_FILES = {"de": "deu", "fr": "fra", "es": "spa"}
MULTI30K_TARGETS = ("de", "fr")
NUM_HELD_OUT = 5000
"""English sentences of Tatoeba in its test split, and as many in its dev split."""


class Example(NamedTuple):
    """One English sentence with all that is known of its translations."""

    source: str
    targets: dict[str, list[str]]
    """Per language, one translation or more."""


def read_lines(folder: Path, name: str) -> list[str]:
    """Return the lines of `name`, or of `name`.gz, in `folder`.

    Raises:
        FileNotFoundError: If neither is there.
    """
    plain, packed = folder / name, folder / f"{name}.gz"
    if not plain.exists() and not packed.exists():
        raise FileNotFoundError(f"{folder} holds neither {name} nor {name}.gz")
    content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    return content.decode("utf-8").splitlines()


def read_multi30k(folder: Path, split: str, targets: Iterable[str]) -> list[Example]:
    """Return one split of Multi30k, in the order of its lines.

    Args:
        folder: With `train.en`, `train.de` and so on.
        split: train, val, test_2016_flickr or test_2017_flickr.
        targets: Languages to read.
    """
    sources = read_lines(folder, f"{split}.en")
    translated = {language: read_lines(folder, f"{split}.{language}") for language in targets}
    rows = zip(sources, *translated.values(), strict=True)
    return [
        Example(source, {name: [t] for name, t in zip(translated, texts, strict=True)})
        for source, *texts in rows
    ]


def read_tatoeba(folder: Path) -> list[Example]:
    """Return every English sentence once, with its distinct translations into every language."""
    found: dict[str, dict[str, list[str]]] = {}
    for language, name in TATOEBA_FILES.items():
        for line in read_lines(folder, f"{name}.txt"):
            english, other = line.split("\t")[:2]
            translations = found.setdefault(english, {}).setdefault(language, [])
            if other not in translations:
                translations.append(other)
    return [Example(source, targets) for source, targets in found.items()]


def letters(sentence: str) -> str:
    """Return what two sentences share that differ in case, spaces and punctuation alone."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def split_by_source(
    examples: Iterable[Example], num_held_out: int = NUM_HELD_OUT
) -> dict[str, list[Example]]:
    """Split into train, dev and test by a hash of the English side, so that no split ever moves.

    A training sentence that differs from a held-out one in case or punctuation alone is left out.

    Args:
        examples: Every source once.
        num_held_out: Sources in test, and as many in dev.
    """
    ordered = sorted(examples, key=lambda example: _place(example.source))
    test, dev = ordered[:num_held_out], ordered[num_held_out : 2 * num_held_out]
    seen = {letters(example.source) for example in (*test, *dev)}
    rest = ordered[2 * num_held_out :]
    train = [example for example in rest if letters(example.source) not in seen]
    return {"train": train, "dev": dev, "test": test}


def _place(source: str) -> tuple[str, str]:
    return hashlib.sha256(letters(source).encode()).hexdigest(), source
