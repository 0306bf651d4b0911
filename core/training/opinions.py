"""Public corpora of opinions, read in their original layouts; one folder of releases holds them.

- `sst2_glue/` train.tsv, dev.tsv, test.tsv and `sst_trees/` train.txt: Stanford Sentiment Treebank
  (Socher et al. 2013), https://nlp.stanford.edu/sentiment; research use.
- `imdb/` train.jsonl.gz, test.jsonl.gz: Large Movie Review Dataset (Maas et al. 2011),
  https://ai.stanford.edu/~amaas/data/sentiment; research use.
- `rt_polarity/` rt-polarity.pos, rt-polarity.neg (Pang & Lee 2005), CC BY 4.0.
- `pros_cons/` IntegratedPros.txt, IntegratedCons.txt (Ganapathibhotla & Liu 2008), CC BY 4.0.
- `opinion_lexicon/` positive-words.txt, negative-words.txt (Hu & Liu 2004), CC BY 4.0.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.text.tokenization import normalised, words_of

CLASS_TARGETS = (0.03, 0.2, 0.5, 0.8, 0.97)
"""The treebank's five classes, very negative to very positive, as probabilities."""
DEV_SHARE = 0.1
"""Of IMDB's training reviews, chosen by the hash of their text: IMDB has no dev split."""
_TAG = re.compile(r"</?(?:Pros|Cons)>")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[A-Z\"'(])")


class Text(NamedTuple):
    """A text and the probability that it is positive."""

    text: str
    target: float


def read_sst2(folder: Path, split: str) -> list[Text]:
    """Return the phrases (train) or sentences (dev, test) of the binary treebank."""
    lines = (folder / "sst2_glue" / f"{split}.tsv").read_text("utf-8").splitlines()[1:]
    pairs = (line.split("\t", 1) for line in lines)
    return [Text(text.strip(), float(label)) for label, text in pairs]


def read_classes(folder: Path) -> dict[str, float]:
    """Return every phrase of the training trees with its class as a probability.

    A phrase that people rated more than once gets the mean.
    """
    found = defaultdict(list)
    for line in (folder / "sst_trees" / "train.txt").read_text("utf-8").splitlines():
        for label, phrase in _phrases(line):
            found[phrase].append(CLASS_TARGETS[label])
    return {phrase: float(np.mean(targets)) for phrase, targets in found.items()}


def _phrases(tree: str) -> Iterator[tuple[int, str]]:
    """Yield (class, phrase) of each node of a tree in brackets."""
    open_nodes: list[tuple[int, list[str]]] = []
    for token in re.findall(r"\(\d|[^\s()]+|\)", tree):
        if token.startswith("(") and len(token) == 2:
            open_nodes.append((int(token[1]), []))
        elif token == ")":
            label, words = open_nodes.pop()
            yield label, " ".join(words).lower()
            if open_nodes:
                open_nodes[-1][1].extend(words)
        else:
            open_nodes[-1][1].append(token)


def read_imdb(folder: Path, split: str) -> list[Text]:
    """Return whole reviews; `dev` and `train` part the official training half by hash."""
    half = "test" if split == "test" else "train"
    with gzip.open(folder / "imdb" / f"{half}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [Text(row["text"], float(row["label"] == "pos")) for row in rows]
    if split == "test":
        return texts
    return [text for text in texts if is_dev(text.text) == (split == "dev")]


def is_dev(text: str) -> bool:
    """Tell whether a training review belongs to our dev split; copies stay together."""
    digest = hashlib.sha256(normalised(text).encode()).digest()
    return int.from_bytes(digest[:4], "big") < DEV_SHARE * 2**32


def read_snippets(folder: Path) -> list[Text]:
    """Return rt_polarity."""
    read = []
    for name, target in (("rt-polarity.pos", 1.0), ("rt-polarity.neg", 0.0)):
        lines = (folder / "rt_polarity" / name).read_text("utf-8", errors="replace").splitlines()
        read += [Text(line.strip(), target) for line in lines if line.strip()]
    return read


def read_pros_cons(folder: Path) -> list[Text]:
    """Return short product pros and cons."""
    read = []
    for name, target in (("IntegratedPros.txt", 1.0), ("IntegratedCons.txt", 0.0)):
        lines = (folder / "pros_cons" / name).read_text("utf-8", errors="replace").splitlines()
        texts = (html.unescape(_TAG.sub("", line)).strip() for line in lines)
        read += [Text(text, target) for text in texts if text]
    return read


def sentences_of(review: str) -> list[str]:
    """Return the sentences of a review, as far as punctuation tells."""
    return [s.strip() for s in _SENTENCE_END.split(review.replace("<br />", " ")) if s.strip()]


def read_opinion_words(folder: Path) -> set[str]:
    """Return the words of both lists, as `words_of` parts them."""
    words = set()
    for name in ("positive-words.txt", "negative-words.txt"):
        lines = (folder / "opinion_lexicon" / name).read_text("latin-1").splitlines()
        words |= {w for line in lines if not line.startswith(";") for w in words_of(line)}
    return words
