"""The model card's numbers: every section here is written from config.json alone."""

from __future__ import annotations

import numpy as np

from core.model_card import markdown_table
from core.translation.inference import LANGUAGES


def _cell(found: dict, key: str) -> str:
    return f"{found[key]:.1f}" if key in found else ""


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    if not config["metrics"]:
        return "Nothing was measured yet."
    header = ["split, language", "n", "BLEU", "chrF", "greedy", "nearest sentence", "English as is"]
    keys = ("bleu", "chrf", "greedy_bleu", "nearest_bleu", "untranslated_bleu")
    rows, signatures = [], {}
    for split, languages in config["metrics"].items():
        for language, found in languages.items():
            name = f"{split}, {LANGUAGES[language]}"
            rows.append([name, str(found["n"]), *(_cell(found, key) for key in keys)])
            signatures[found["signature"]] = None
            signatures[found.get("chrf_signature", "")] = None
    listed = ", ".join(f"`{signature}`" for signature in signatures if signature)
    told = f"All but chrF are BLEU; signatures: {listed}."
    return "\n\n".join([markdown_table(header, rows), told])


def contexts(config: dict) -> str:
    """Return the model card's section on words whose translation depends on their neighbours."""
    if not config.get("contexts"):
        return "Nothing was measured yet."
    rows = [
        [LANGUAGES[language], str(found["right"]), str(found["n"])]
        for language, found in config["contexts"].items()
    ]
    first = next(iter(config["contexts"].values()))
    told = (
        f"Of the {2 * first['n']} English sentences {first['sentences_in_training']} stand, "
        "capitals and signs aside, among the training sentences: the table shows what the network "
        "has learnt, not what it makes of sentences that are new."
    )
    return "\n\n".join([markdown_table(["both sentences right", "pairs", "of"], rows), told])


def comparison(config: dict) -> str:
    """Return the model card's section on one network for all languages against one for each."""
    if not config["comparison"]:
        return "Nothing was measured yet."
    header = ["networks", "mean dev BLEU", "German", "French", "Spanish", "MB", "BLEU per MB"]
    rows, first = [], config["comparison"][0]
    for found in config["comparison"]:
        scores = found["scores"]
        means = [np.mean([v for k, v in scores.items() if k.endswith(n)]) for n in LANGUAGES]
        numbers = [found["dev_bleu"], *means, found["megabytes"], found["per_megabyte"]]
        rows.append([found["networks"], *(f"{number:.1f}" for number in numbers)])
    told = (
        f"Networks of {first['hidden_size']} units, trained alike from nothing for "
        f"{first['num_epochs']} epochs of {first['multi30k_share']:.0%} of Multi30k and "
        f"{first['tatoeba_share']:.0%} of Tatoeba; greedy translations of 500 sentences of each "
        "dev split; megabytes in 8-bit weights. By `python -m core.translation.compare`."
    )
    return "\n\n".join([told, markdown_table(header, rows)])


SECTIONS = {"Results": results, "Context": contexts, "One network or three": comparison}
"""By their headings."""
