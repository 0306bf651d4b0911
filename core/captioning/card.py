"""The model card's numbers: every section here is written from config.json alone."""

from __future__ import annotations

from core.model_card import markdown_table

WRITERS = {
    "the model, beam 3": "",
    "the same, beam 5": "beam_5_",
    "the same, greedy": "greedy_",
    "the caption of the most similar training photo": "nearest_photo_",
    "the most common training caption": "most_common_caption_",
    "one person, held to the other four": "one_person_",
}
"""Who wrote the sentences -> how their metrics' names begin."""


def results(config: dict) -> str:
    """Return the model card's section of numbers: everything in it comes from config.json."""
    parts = []
    keys = ("bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider")
    for split, found in config["metrics"].items():
        rows = [
            [who, *(f"{found[prefix + key]:.1f}" for key in keys)]
            for who, prefix in WRITERS.items()
            if prefix + keys[0] in found
        ]
        header = [f"{split}, {found['n']} photos", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "CIDEr"]
        parts.append(markdown_table(header, rows))
        parts.append(
            f"Of the model's {found['n']} sentences {found['distinct_captions']:.0f} are "
            f"different, {found['share_in_training']:.0%} stand word for word in the training "
            f"captions, and they have {found['words_per_caption']:.1f} words on average."
        )
        if f"{split} in fp32" in config["metrics"]:
            exact = config["metrics"][f"{split} in fp32"]
            parts.append(
                f"On {split} BLEU-4 is {exact['bleu_4']:.2f} in fp32 and {found['bleu_4']:.2f} in "
                "the shipped 8-bit integers."
            )
    return "\n\n".join(parts)


def comparison(config: dict) -> str:
    """Return the model card's section on encoders."""
    rows = config["encoder_comparison"]
    if not rows:
        return "Nothing was measured yet."
    header = ["encoder", "dev BLEU-4", "dev CIDEr", "ms per photo in fp32"]
    told = (
        f"Decoders trained alike, {rows[0]['num_epochs']} epochs of cross-entropy, on what each "
        f"encoder sees with its ImageNet weights in {rows[0]['num_photos']:,} plain photos; greedy "
        "captions. So short a training ranks the encoders and does no more. By "
        "`python -m core.captioning.compare`."
    )
    keys = ("dev_bleu_4", "dev_cider", "encoder_ms")
    lines = [[row["encoder"], *(f"{row[key]:.1f}" for key in keys)] for row in rows]
    return "\n\n".join([told, markdown_table(header, lines)])


SECTIONS = {"Results": results, "Encoders": comparison}
"""By their headings."""
