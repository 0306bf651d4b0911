"""Turn a treebank into feature ids with tags, sentences end to end: what training reads.

    python -m core.tagging.prepare --data DIR

`--data` is a clone or a release of Universal Dependencies English EWT (Silveira et al. 2014, CC
BY-SA 4.0, https://github.com/UniversalDependencies/UD_English-EWT): en_ewt-ud-train.conllu,
-dev.conllu and -test.conllu, gzipped or not. Its own splits are kept, and its own words.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.tagging.inference import TAGS, encode, features_of
from core.training.options import from_command_line
from core.vocabulary import Vocabulary, build_vocabulary, write_vocabulary

SPLITS = ("train", "dev", "test")


class Sentence(NamedTuple):
    """The words of a sentence and what people, or their rules, said each is."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class PrepareOptions:
    """What to prepare, from where, into which folder."""

    data: str = ""
    """Folder of the treebank."""
    work: str = ".data/tagging"
    """Folder for the prepared arrays; not part of the repository."""
    min_count: int = 2
    """A word, an end, a beginning or a shape that is rarer in training is unknown."""


def read_split(data: str, split: str) -> list[Sentence]:
    """Return one split of the treebank.

    Raises:
        FileNotFoundError: If neither NAME.conllu nor NAME.conllu.gz lies in `data`.
    """
    path = Path(data) / f"en_ewt-ud-{split}.conllu"
    zipped = path.with_name(f"{path.name}.gz")
    if zipped.exists():
        return parse_conllu(gzip.decompress(zipped.read_bytes()).decode("utf-8"))
    return parse_conllu(path.read_text("utf-8"))


def parse_conllu(content: str) -> list[Sentence]:
    """Return the sentences of a CoNLL-U file.

    Lines with a range (2-3, a contraction before it is parted) or a decimal (2.1, a word that was
    left out) as their number are no words.

    Source: https://universaldependencies.org/format.html.
    """
    sentences = []
    for block in content.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if not line.startswith("#")]
        words = [row for row in rows if row[0].isdigit()]
        sentences.append(Sentence(tuple(r[1] for r in words), tuple(r[3] for r in words)))
    return sentences


def write_sentences(path: Path, sentences: Iterable[Sentence], vocabulary: Vocabulary) -> None:
    """Write feature ids (N, F) and tags (N,) of all words end to end, with sentence lengths."""
    sentences = list(sentences)
    places = {tag: place for place, tag in enumerate(TAGS)}
    np.savez(
        path,
        feature_ids=np.concatenate([encode(vocabulary, s.tokens) for s in sentences]),
        tags=np.array([places[tag] for s in sentences for tag in s.tags]),
        lengths=np.array([len(s.tokens) for s in sentences]),
    )


def prepare(options: PrepareOptions) -> None:
    """Write the vocabulary and both splits that training sees; does nothing where that is done."""
    work = Path(options.work)
    if (work / "dev.npz").exists():
        return
    work.mkdir(parents=True, exist_ok=True)
    train = read_split(options.data, "train")
    features = ([f for token in s.tokens for f in features_of(token)] for s in train)
    vocabulary = build_vocabulary(features, min_count=options.min_count)
    write_vocabulary(vocabulary, work / "vocabulary.json")
    write_sentences(work / "train.npz", train, vocabulary)
    write_sentences(work / "dev.npz", read_split(options.data, "dev"), vocabulary)
    print(f"{len(train):,} training sentences, {len(vocabulary):,} features of words")


def main() -> None:
    """Prepare as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
