"""Turn Tatoeba and Multi30k into training sentences and subword models, splits kept apart.

    python -m core.translation.prepare --data DIR --work .data/translation

`--data` holds `multi30k/` and `tatoeba/`; core/training/parallel.py names their sources.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from core.text.copies import COPY
from core.text.sentences import spaced, tidy
from core.training.options import from_command_line
from core.training.parallel import (
    MULTI30K_TARGETS,
    Example,
    letters,
    read_multi30k,
    read_tatoeba,
    split_by_source,
)
from core.translation.model import LANGUAGES

SOURCE = "en"
MULTI30K_SPLITS = ("val", "test_2016_flickr", "test_2017_flickr")
SPLITS = (*MULTI30K_SPLITS, "dev", "test")
"""What can be evaluated; dev and test are Tatoeba's."""
WORD = re.compile(r"\w[\w'-]*")
EVERYDAY = Path(__file__).with_name("everyday.tsv")
"""Written for this project: words between different neighbours, words alone, what visitors try."""


@dataclass(frozen=True)
class PrepareOptions:
    """What to prepare, from where, into which folder."""

    data: str = ""
    """Folder with multi30k/ and tatoeba/."""
    work: str = ".data/translation"
    """Folder for the prepared files; not part of the repository."""
    vocab_size: int = 8000
    """Subwords of each language."""
    copy_share: float = 0.2
    """Of Tatoeba's sentences with a name on both sides, so many are shown again without it."""
    seed: int = 0


def read_split(data: str, split: str) -> list[Example]:
    """Return one of SPLITS as it was published: English with every reference.

    Raises:
        ValueError: If there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"there is no split {split!r}, but {', '.join(SPLITS)}")
    folder = _corpora(data)
    if split in MULTI30K_SPLITS:
        return read_multi30k(folder / "multi30k", split, MULTI30K_TARGETS)
    return split_by_source(read_tatoeba(folder / "tatoeba"))[split]


def _corpora(data: str) -> Path:
    """Return the folder that holds both corpora."""
    folder = Path(data)
    return folder / "translation" if (folder / "translation").is_dir() else folder


def read_training(data: str) -> tuple[dict[str, list[Example]], int]:
    """Return the training sentences of each corpus, and how many leaked and were left out.

    Left out is every sentence whose English has the letters of a held-out sentence of another
    corpus; `split_by_source` did the same within Tatoeba.
    """
    folder = _corpora(data)
    corpora = {
        "multi30k": read_multi30k(folder / "multi30k", "train", MULTI30K_TARGETS),
        "tatoeba": split_by_source(read_tatoeba(folder / "tatoeba"))["train"],
        "everyday": read_everyday(),
    }
    held_out = {letters(e.source) for split in SPLITS for e in read_split(data, split)}
    kept = {
        name: [e for e in examples if letters(e.source) not in held_out]
        for name, examples in corpora.items()
    }
    leaks = sum(len(corpora[name]) - len(kept[name]) for name in corpora)
    return {name: [plain(e) for e in examples] for name, examples in kept.items()}, leaks


def read_everyday(path: Path = EVERYDAY) -> list[Example]:
    """Return our own sentences: lines of English and its translations, in LANGUAGES' order."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [
        Example(source, {n: [text] for n, text in zip(LANGUAGES, texts, strict=True)})
        for source, *texts in rows
    ]


def plain(example: Example) -> Example:
    """Return an example as the network reads and writes it."""
    targets = {name: [spaced(text) for text in texts] for name, texts in example.targets.items()}
    return Example(tidy(example.source), targets)


def names_of(sources: Iterable[str]) -> set[str]:
    """Return words that stand capitalised within sentences, and so may be names."""
    counts = Counter(
        word for source in sources for word in WORD.findall(source)[1:] if word[:1].isupper()
    )
    return {word for word, count in counts.items() if count >= 3 and len(word) > 2}


def without_names(examples: Iterable[Example], names: set[str]) -> Iterator[Example]:
    """Yield sentences with the names and numbers that both sides share replaced by COPY.

    From them the network learns to leave a gap where a word is to be copied.
    """
    for source, targets in examples:
        words = [w for w in WORD.findall(source) if w in names or w.isdigit()]
        for word in dict.fromkeys(words):
            gap = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            if len(gap.findall(source)) != 1:
                continue
            fitting = {
                name: [gap.sub(COPY, text) for text in texts if len(gap.findall(text)) == 1]
                for name, texts in targets.items()
            }
            if any(fitting.values()):
                yield Example(gap.sub(COPY, source), {n: t for n, t in fitting.items() if t})
                break


def write_examples(examples: Iterable[Example], path: Path) -> None:
    """Write one JSON list a line: the English sentence and its translations by language."""
    lines = (json.dumps(example, ensure_ascii=False) + "\n" for example in examples)
    path.write_text("".join(lines), "utf-8")


def read_examples(path: Path) -> list[Example]:
    """Read what `write_examples` wrote."""
    return [Example(*json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def train_subwords(sentences: Iterable[str], path: Path, vocab_size: int) -> None:
    """Write a subword model that begins with the house's four special tokens and COPY.

    Source: Kudo (2018), arXiv:1804.10959: a unigram language model of subwords.
    """
    with path.open("wb") as model:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_writer=model,
            model_type="unigram",
            vocab_size=vocab_size,
            character_coverage=0.9999,
            normalization_rule_name="identity",
            split_digits=True,
            user_defined_symbols=[COPY],
            pad_id=0,
            bos_id=1,
            eos_id=2,
            unk_id=3,
            hard_vocab_limit=False,
            minloglevel=2,
        )


def prepare(options: PrepareOptions) -> None:
    """Write the training sentences of each corpus and a subword model per language."""
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    if (work / "prepared.json").exists():
        return
    corpora, leaks = read_training(options.data)
    chosen = np.random.default_rng(options.seed).random(len(corpora["tatoeba"]))
    shown_again = [
        e for e, share in zip(corpora["tatoeba"], chosen, strict=True) if share < options.copy_share
    ]
    published = [*corpora["multi30k"], *corpora["tatoeba"]]
    for language in (SOURCE, *LANGUAGES):
        texts = [text for example in published for text in _in(example, language)]
        train_subwords(texts, work / f"{language}.model", options.vocab_size)
    names = names_of(e.source for e in corpora["tatoeba"])
    corpora["copies"] = list(without_names(shown_again, names))
    for name, examples in corpora.items():
        write_examples(examples, work / f"{name}.jsonl")
    found = {"leaks": leaks, **{name: len(examples) for name, examples in corpora.items()}}
    (work / "prepared.json").write_text(json.dumps(found) + "\n", "utf-8")
    print(json.dumps(found))


def _in(example: Example, language: str) -> list[str]:
    return [example.source] if language == SOURCE else example.targets.get(language, [])


def main() -> None:
    """Prepare as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
