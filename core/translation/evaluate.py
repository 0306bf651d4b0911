"""Score the shipped files against people's translations, beside baselines.

    python -m core.translation.evaluate --data DIR --split test_2016_flickr [--to de]

Splits: val, test_2016_flickr and test_2017_flickr of Multi30k; dev and test of Tatoeba, whose
sentences are held against all of their translations. `--data` is what prepare.py describes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.ideas.contexts import judge_contexts, load_pairs
from core.onnx_model import MODELS
from core.text.copies import needs_no_translation
from core.training.baselines import nearest_texts
from core.training.manifest import record_change
from core.training.options import from_command_line
from core.training.parallel import Example, letters
from core.training.text_scores import score, score_by_length
from core.translation.card import SECTIONS
from core.translation.inference import (
    LANGUAGES,
    TranslationModel,
    best_of,
    encode_sentence,
    load_model,
    search,
    translate_piece,
    translate_text,
)
from core.translation.prepare import read_split, read_training
from core.translation.results import TranslationOptions

COMMAND = "python -m core.translation.evaluate"
PENALTIES = (0.0, 0.6, 1.0, 1.4, 1.8)
"""Length penalties that `tune` compares."""


@dataclass(frozen=True)
class EvaluateOptions:
    """What to score."""

    data: str = ""
    """Folder with multi30k/ and tatoeba/."""
    split: str = "test_2016_flickr"
    to: str = ""
    """de, fr or es; empty: every language that the split has."""
    limit: int = 0
    """Sentences; 0 takes all of them."""
    work: str = ".data/translation"
    fp32: bool = False
    """Score the fp32 twin below `work` in place of the shipped files."""
    baselines: bool = True
    tune: bool = False
    """Print BLEU per beam size and length penalty, and nothing else."""
    record: bool = False
    """Write what was found into config.json and the model card."""


def known_in(examples: Sequence[Example], language: str) -> list[Example]:
    """Return the sentences that have a translation into a language."""
    return [example for example in examples if example.targets.get(language)]


def translate_all(
    model: TranslationModel,
    examples: Sequence[Example],
    language: str,
    options: TranslationOptions | None = None,
) -> list[str]:
    """Return a translation of every English side."""
    return [translate_piece(model, example.source, language, options) for example in examples]


def nearest_translations(
    examples: Sequence[Example], training: Sequence[Example], language: str
) -> list[str]:
    """Return, for each sentence, the translation of the most similar training sentence."""
    known = known_in(training, language)
    places = nearest_texts([e.source for e in examples], [e.source for e in known])
    return [known[place].targets[language][0] for place in places]


def score_language(
    model: TranslationModel,
    examples: Sequence[Example],
    language: str,
    training: Sequence[Example],
) -> tuple[dict[str, float | str], list[dict]]:
    """Return every metric of one language, and BLEU by length."""
    references = [example.targets[language] for example in examples]
    written = translate_all(model, examples, language)
    greedy = translate_all(model, examples, language, TranslationOptions(beam_size=1))
    found = score(written, references)
    metrics = {
        "n": len(examples),
        "bleu": found.bleu,
        "chrf": found.chrf,
        "greedy_bleu": score(greedy, references).bleu,
        "untranslated_bleu": score([e.source for e in examples], references).bleu,
        "signature": found.signature,
        "chrf_signature": found.chrf_signature,
    }
    if training:
        nearest = nearest_translations(examples, training, language)
        metrics["nearest_bleu"] = score(nearest, references).bleu
    return metrics, score_by_length([e.source for e in examples], written, references)


def evaluate(options: EvaluateOptions) -> dict:
    """Return metrics and BLEU by length of every language asked for."""
    model = load_model(models=Path(options.work) / "fp32" if options.fp32 else MODELS)
    examples = read_split(options.data, options.split)[: options.limit or None]
    training = []
    if options.baselines:
        corpora, _ = read_training(options.data)
        training = [example for corpus in corpora.values() for example in corpus]
    found = {}
    for language in [options.to] if options.to else LANGUAGES:
        known = known_in(examples, language)
        if known:
            found[language] = score_language(model, known, language, training)
    return found


def tune(options: EvaluateOptions, show: Callable[[str], None] = print) -> None:
    """Print mean BLEU per beam size and length penalty: one search serves all penalties."""
    model = load_model(models=Path(options.work) / "fp32" if options.fp32 else MODELS)
    examples = read_split(options.data, options.split)[: options.limit or None]
    show("beam  " + "  ".join(f"{penalty:5.1f}" for penalty in PENALTIES))
    for beam_size in (1, 3, 4, 6):
        scores = []
        for language in LANGUAGES:
            if known := known_in(examples, language):
                ranked = [_by_penalty(model, e.source, language, beam_size) for e in known]
                references = [e.targets[language] for e in known]
                scores.append(
                    [score(texts, references).bleu for texts in zip(*ranked, strict=True)]
                )
        means = np.mean(scores, axis=0)
        show(f"{beam_size:4}  " + "  ".join(f"{mean:5.2f}" for mean in means))


def _by_penalty(model: TranslationModel, sentence: str, language: str, beam_size: int) -> list[str]:
    """Return what each of PENALTIES chooses from one search."""
    if needs_no_translation(sentence):
        return [sentence] * len(PENALTIES)
    found = search(model, encode_sentence(model, sentence), language, beam_size)
    return [best_of(model, found, penalty).text for penalty in PENALTIES]


def record(change: dict) -> None:
    """Merge `change` into config.json, write the model card's numbers, renew the manifest."""
    record_change("translation", change, SECTIONS, COMMAND, models=MODELS)


def _recorded(options: EvaluateOptions, metrics: dict, lengths: dict) -> None:
    split = f"{options.split} in fp32" if options.fp32 else options.split
    config = json.loads((MODELS / "translation" / "config.json").read_text("utf-8"))
    merged = {**config["metrics"].get(split, {}), **metrics}
    by_split = config["by_length"] if options.fp32 else {**config["by_length"], split: lengths}
    judged = judge_contexts(load_model(), load_pairs())
    corpora, _ = read_training(options.data)
    known = {letters(example.source) for corpus in corpora.values() for example in corpus}
    counts = {
        "n": len(judged),
        "sentences_in_training": sum(letters(s) in known for p in judged for s in p.sentences),
    }
    pairs = {
        name: {"right": sum(pair.right[name] for pair in judged), **counts} for name in LANGUAGES
    }
    write_samples(load_model())
    record({"metrics": {split: merged}, "by_length": by_split, "contexts": pairs})


def write_samples(model: TranslationModel) -> None:
    """Write what the shipped files say of each sample into samples.json."""
    path = MODELS / "translation" / "samples.json"
    rows = json.loads(path.read_text("utf-8"))
    for row in rows:
        row["translations"] = {n: translate_text(model, row["text"], n) for n in LANGUAGES}
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def rounded(found: dict) -> dict:
    """Return metrics with four digits behind the point."""
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}


def main() -> None:
    """Evaluate as the command line asks."""
    options = from_command_line(EvaluateOptions)
    if options.tune:
        return tune(options)
    found = evaluate(options)
    metrics = {language: rounded(numbers) for language, (numbers, _) in found.items()}
    if options.record:
        lengths = {name: [rounded(row) for row in rows] for name, (_, rows) in found.items()}
        _recorded(options, metrics, lengths)
    number = sum(numbers.pop("n") for numbers in metrics.values())
    if options.to:
        metrics = metrics[options.to]
    else:
        metrics = {f"{n}_{k}": v for n, numbers in metrics.items() for k, v in numbers.items()}
    answer = {"task": "translation", "split": options.split, "n": number, "metrics": metrics}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
