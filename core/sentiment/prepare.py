"""Turn public corpora into token ids with targets, leaks removed: what all training reads.

    python -m core.sentiment.prepare --data DIR --minilm FOLDER

`--data` holds the original releases, one folder each; core/training/opinions.py names their
sources and licences. `--minilm` is the unpacked package that core/training/minilm.py names; without
it nothing is distilled and word vectors start at random.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.onnx_model import MODELS
from core.text.tokenization import normalised, words_of
from core.training.baselines import out_of_fold_logits
from core.training.leaks import LeakFilter
from core.training.opinions import (
    Text,
    read_classes,
    read_imdb,
    read_opinion_words,
    read_pros_cons,
    read_snippets,
    read_sst2,
    sentences_of,
)
from core.training.options import from_command_line
from core.training.ragged import write_texts
from core.training.teacher import (
    Labelled,
    Teacher,
    TeacherOptions,
    fine_tune,
    label,
    load_teacher,
    word_vectors,
)
from core.vocabulary import SPECIAL_TOKENS, Vocabulary, write_vocabulary

TEACHER_SHARES = {"phrases": 0.5, "neutral": 0.5, "snippets": 0.5, "pros_cons": 0.0, "sentences": 1}
"""How much of a target is the teacher's opinion; the rest is the corpus's own label."""
LINEAR_SHARE = 0.2
"""The same for whole reviews, whose teacher is a linear model that did not see them."""
DEV_SETS = ("sst2", "imdb")

NEGATIONS = (
    *("not {}", "not {} at all", "it is not {}", "it is n't {}", "this is not a {} film"),
    *("not a {} moment", "there is nothing {} about it", "never {}", "it is never {}"),
    *("it was n't {} at all", "hardly {}", "far from {}", "anything but {}", "not very {}"),
    *("not exactly {}", "i ca n't say that it is {}", "nobody could call it {}"),
)
"""Sentences that turn a word round; the treebank holds few of them."""

Texts = dict[str, list[list[str]]]
"""Words of each text, by source."""


@dataclass(frozen=True)
class PrepareOptions:
    """What to prepare, from where, into which folder."""

    data: str = ""
    """Folder with sst2_glue/, sst_trees/, imdb/, rt_polarity/, pros_cons/, opinion_lexicon/."""
    work: str = ".data/sentiment"
    """Folder for the prepared arrays; not part of the repository."""
    minilm: str = ""
    """Folder with MiniLM's model.safetensors and vocab.txt; empty: no teacher."""
    num_sentences: int = 90_000
    """Sentences of IMDB's training reviews that the teacher labels."""
    embedding_size: int = 256
    max_tokens: int = 512
    seed: int = 0


def held_out(folder: Path) -> list[str]:
    """Return every text of the corpora that is tested or tuned on: SST dev and test, IMDB test."""
    sentences = [t.text for split in ("dev", "test") for t in read_sst2(folder, split)]
    return sentences + [t.text for t in read_imdb(folder, "test")]


def contrast_texts() -> list[str]:
    """Return our own hard sentences."""
    rows = json.loads((MODELS / "sentiment" / "contrast.json").read_text("utf-8"))
    return [row["text"] for row in rows]


def read_training(options: PrepareOptions) -> tuple[dict[str, list[Text]], dict[str, int]]:
    """Return the training texts by source, and how many of each leaked and were left out."""
    folder, rng = Path(options.data), np.random.default_rng(options.seed)
    classes = read_classes(folder)
    phrases = [
        Text(t.text, classes.get(t.text, t.target)) for t in soften(read_sst2(folder, "train"), 0.1)
    ]
    known = {normalised(t.text) for t in phrases}
    neutral = [Text(p, c) for p, c in classes.items() if 0.4 < c < 0.6 and len(p.split()) > 1]
    reviews = read_imdb(folder, "train")
    sentences = [Text(s, np.nan) for t in reviews for s in sentences_of(t.text)]
    sentences = [s for s in sentences if 3 <= len(s.text.split()) <= 60]
    chosen = rng.permutation(len(sentences))[: options.num_sentences if options.minilm else 0]
    texts = {
        "phrases": phrases,
        "neutral": neutral,
        "negations": negated(classes, read_opinion_words(folder)),
        "snippets": [
            t for t in soften(read_snippets(folder), 0.1) if normalised(t.text) not in known
        ],
        "pros_cons": soften(read_pros_cons(folder), 0.1),
        "sentences": [sentences[i] for i in chosen],
        "reviews": soften(reviews, 0.03),
    }
    leaks, removed = LeakFilter([*held_out(folder), *contrast_texts()]), {}
    for source in texts:
        texts[source], removed[source] = leaks.keep(texts[source])
    return texts, removed


def negated(classes: dict[str, float], opinions: set[str]) -> list[Text]:
    """Return NEGATIONS of strong opinion words of the treebank, targets mirrored and weakened."""
    strong = {w: c for w, c in classes.items() if abs(c - 0.5) > 0.25 and w in opinions}
    return [Text(n.format(w), 0.5 - 0.6 * (c - 0.5)) for w, c in strong.items() for n in NEGATIONS]


def soften(texts: Sequence[Text], doubt: float) -> list[Text]:
    """Return the texts with targets of 0 and 1 moved inwards: a label may be wrong."""
    return [Text(t.text, doubt + (1 - 2 * doubt) * t.target) for t in texts]


def choose_vocabulary(words: Texts, folder: Path) -> Vocabulary:
    """Return the words worth a vector: those of the treebank, common ones, known opinion words."""
    phrases, reviews, products = (
        Counter(w for text in words[source] for w in text)
        for source in ("phrases", "reviews", "pros_cons")
    )
    kept = {w for w in phrases if phrases[w] + reviews[w] >= 3}
    kept |= {w for w in reviews if reviews[w] >= 4} | {w for w in products if products[w] >= 5}
    kept |= read_opinion_words(folder)
    counts = phrases + reviews + products
    ordered = sorted(kept - set(SPECIAL_TOKENS), key=lambda w: (-counts[w], w))
    return Vocabulary((*SPECIAL_TOKENS, *ordered))


def make_teacher(words: Texts, own: dict[str, np.ndarray], options: PrepareOptions) -> Teacher:
    """Return MiniLM fine-tuned on the treebank and the snippets, not too many neutral phrases."""
    rng = np.random.default_rng(options.seed)
    few = rng.permutation(len(words["neutral"]))[:8000]
    texts = [*words["phrases"], *words["snippets"], *(words["neutral"][i] for i in few)]
    targets = np.concatenate([own["phrases"], own["snippets"], own["neutral"][few]])
    dev = read_sst2(Path(options.data), "dev")
    held = Labelled([words_of(t.text) for t in dev], np.array([t.target for t in dev]))
    folder = Path(options.work) / "teacher"
    return fine_tune(Path(options.minilm), Labelled(texts, targets), held, TeacherOptions(), folder)


def blend_targets(
    words: Texts, own: dict[str, np.ndarray], teacher: Teacher | None
) -> dict[str, np.ndarray]:
    """Return every text's target: its label and what a teacher thinks of it."""
    targets = dict(own)
    linear = out_of_fold_logits(words["reviews"], own["reviews"] > 0.5)
    targets["reviews"] = (1 - LINEAR_SHARE) * own["reviews"] + LINEAR_SHARE * sigmoid(linear)
    for source, share in TEACHER_SHARES.items() if teacher else ():
        if share:
            opinion = sigmoid(label(teacher, words[source]))
            targets[source] = share * opinion + (1 - share) * np.nan_to_num(own[source])
    return targets


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return probabilities of logits."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def prepare(options: PrepareOptions) -> None:
    """Write everything that training needs into `work`; does nothing where that is done."""
    work, folder = Path(options.work), Path(options.data)
    if (work / "prepared.json").exists():
        return
    work.mkdir(parents=True, exist_ok=True)
    texts, removed = read_training(options)
    words = {
        source: [words_of(t.text)[: options.max_tokens] for t in found]
        for source, found in texts.items()
    }
    vocabulary = choose_vocabulary(words, folder)
    write_vocabulary(vocabulary, work / "vocabulary.json")
    own = {source: np.array([t.target for t in found]) for source, found in texts.items()}
    teacher = make_teacher(words, own, options) if options.minilm else None
    if teacher:
        teachers = [load_teacher(Path(options.minilm)), teacher]
        np.save(
            work / "vectors.npy", word_vectors(teachers, vocabulary.tokens, options.embedding_size)
        )
    targets = blend_targets(words, own, teacher)
    for source in texts:
        write_texts(work / f"train_{source}.npz", words[source], targets[source], vocabulary)
    for name, found in zip(DEV_SETS, (read_sst2, read_imdb), strict=True):
        dev = found(folder, "dev")
        shown = [words_of(t.text)[: options.max_tokens] for t in dev]
        write_texts(work / f"dev_{name}.npz", shown, [t.target for t in dev], vocabulary)
    counts = {s: {"kept": len(texts[s]), "removed_as_leaks": removed[s]} for s in texts}
    print(json.dumps(counts, indent=1))
    (work / "prepared.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")


def main() -> None:
    """Prepare as the command line asks."""
    prepare(from_command_line(PrepareOptions))


if __name__ == "__main__":
    main()
