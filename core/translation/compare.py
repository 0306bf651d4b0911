"""One network for all languages, or one for each? Dev BLEU per megabyte, at a smaller size.

    for languages in de,fr,es de fr es; do
        python -m core.translation.train --data DIR --run-name small_$languages \\
            --languages $languages --hidden-size 128 --embedding-dim 64 --num-epochs 4 \\
            --multi30k-share 0.5 --tatoeba-share 0.2 --copies-share 0 --everyday-share 0 \\
            --learning-rate 3e-3 --ema-decay 0.99 --sentences-per-batch 64
    done
    python -m core.translation.compare --record

Every network sees the same sentences as often; one for all sees each with all its translations.
The scores are those of greedy translations that training itself writes down after an epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from core.training.options import from_command_line, read_run
from core.translation.card import comparison
from core.translation.evaluate import record
from core.translation.model import LANGUAGES, ModelConfig, Translator

TOGETHER, APART = "one for all", "one per language"


@dataclass(frozen=True)
class CompareOptions:
    """Which runs to compare: `prefix` and the languages of each."""

    work: str = ".data/translation"
    prefix: str = "small_"
    record: bool = False
    """Write what was found into config.json and the model card."""


def megabytes(config: ModelConfig, languages: Sequence[str]) -> float:
    """Return a network's size in 8-bit weights, without the embeddings of other languages."""
    with torch.device("meta"):
        network = Translator(config)
    others = tuple(
        f"{kind}.{name}"
        for kind in ("embeddings", "output_biases")
        for name in LANGUAGES
        if name not in languages
    )
    kept = [w.numel() for name, w in network.named_parameters() if not name.startswith(others)]
    return sum(kept) / 1e6


def dev_scores(epoch: dict[str, float]) -> dict[str, float]:
    """Return an epoch's dev scores alone, by split and language."""
    sets = tuple(f"_{language}" for language in LANGUAGES)
    return {name: score for name, score in epoch.items() if name.endswith(sets)}


def compare(options: CompareOptions) -> list[dict]:
    """Return a row for one network and a row for three: scores, megabytes, BLEU per megabyte.

    Raises:
        FileNotFoundError: If one of the runs is missing.
    """
    rows = []
    for name, groups in ((TOGETHER, [LANGUAGES]), (APART, [(n,) for n in LANGUAGES])):
        scores, size = {}, 0.0
        for languages in groups:
            folder = Path(options.work) / f"{options.prefix}{','.join(languages)}"
            run, best = read_run(folder, "dev_bleu")
            scores |= dev_scores(best)
            size += megabytes(ModelConfig(**run["network"]), languages)
        mean = float(np.mean(list(scores.values())))
        row = {"networks": name, "dev_bleu": mean, "megabytes": size, "per_megabyte": mean / size}
        rows.append({**row, "scores": scores, **_told(run)})
    return rows


def _told(run: dict) -> dict:
    """Return what the card must say of how these networks were trained."""
    names = ("num_epochs", "multi30k_share", "tatoeba_share")
    told = {name: run["options"][name] for name in names}
    return told | {"hidden_size": run["network"]["hidden_size"]}


def main() -> None:
    """Compare as the command line asks."""
    options = from_command_line(CompareOptions)
    rows = compare(options)
    print(comparison({"comparison": rows}))
    if options.record:
        record({"comparison": rows})


if __name__ == "__main__":
    main()
