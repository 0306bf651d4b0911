"""Translations against references, as sacrebleu counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sacrebleu.metrics import BLEU, CHRF


@dataclass(frozen=True)
class Score:
    """How close translations are to their references, and how that was counted."""

    bleu: float
    """Corpus BLEU in percent, case and punctuation counted."""
    chrf: float
    """chrF2 in percent."""
    signature: str
    """sacrebleu's, of BLEU."""
    chrf_signature: str
    """sacrebleu's, of chrF."""


def score(written: Sequence[str], references: Sequence[Sequence[str]]) -> Score:
    """Compare detokenised texts with all of their references; their number may differ.

    Source: Post (2018), arXiv:1804.08771; Popovic (2015), doi:10.18653/v1/W15-3049.
    """
    most = max(map(len, references))
    streams = [[r[i] if i < len(r) else None for r in references] for i in range(most)]
    bleu, chrf = BLEU(), CHRF()
    found = bleu.corpus_score(list(written), streams)
    other = chrf.corpus_score(list(written), streams)
    signatures = (str(metric.get_signature()) for metric in (bleu, chrf))
    return Score(found.score, other.score, *signatures)


LONGEST = 999
LENGTHS = ((1, 5), (6, 10), (11, 15), (16, 20), (21, LONGEST))
"""Words of a source sentence, from and to."""
FEWEST = 20
"""Sentences of a length below which no score is given."""


def score_by_length(
    sources: Sequence[str], written: Sequence[str], references: Sequence[Sequence[str]]
) -> list[dict]:
    """Return BLEU for sources of each length; the longest join the shorter if they are few."""
    lengths, rows = np.array([len(source.split()) for source in sources]), []
    for first, last in _classes(lengths):
        places = np.flatnonzero((lengths >= first) & (lengths <= last))
        if len(places) >= FEWEST:
            found = score([written[i] for i in places], [references[i] for i in places])
            label = f"{first}–{last}" if last < LONGEST else f"{first} and more"
            rows.append({"words": label, "n": len(places), "bleu": found.bleu})
    return rows


def _classes(lengths: np.ndarray) -> list[tuple[int, int]]:
    """Return LENGTHS, classes at the end put together until the last is large enough."""
    classes = list(LENGTHS)
    while len(classes) > 1 and (lengths >= classes[-1][0]).sum() < FEWEST:
        _, last = classes.pop()
        classes[-1] = (classes[-1][0], last)
    return classes
