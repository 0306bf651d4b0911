"""The update of a recurrent network: what comes from the present and what from the recent past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.cells.lstm_cell import CellTrace, CellWeights
from core.literature import cite
from core.text.typed_text import quoted

SAMPLES = {
    "Short": "A slow film, but what an ending!",
    "Far apart": (
        "Not that anyone in this crowded, cheerful little town by the sea would ever have called "
        "the long evening in the old cinema a good one."
    ),
    "One word": "Wonderful",
}
"""Texts to try, by the words of their buttons."""
INTRODUCTION = (
    "A recurrent network has **two inputs: the present**, the word that it reads now, **and the "
    "recent past**, its own state after the word before. It mixes them into a new state, again "
    "and again with the same weights. Move along your text with the arrow keys."
)
FORMULA = (
    r"$h_t = \tanh(\underbrace{W x_t}_{\text{present}} + "
    r"\underbrace{U h_{t-1}}_{\text{recent past}} + b)$, a vanilla RNN "
    f"({cite('Elman 1990')})."
)
MEANING = "The state h after each word, one column per unit: orange is plus, blue is minus."
NUM_UNITS = 8
"""Units whose sums are drawn."""


@dataclass(frozen=True)
class Update:
    """One step of a vanilla RNN, term by term: after = tanh(present + past + bias). U = units."""

    units: np.ndarray
    """(U,) their numbers."""
    present: np.ndarray
    """(U,): W x_t, what the word brings."""
    past: np.ndarray
    """(U,): U h_(t-1), what the state before brings."""
    bias: np.ndarray
    """(U,)."""
    after: np.ndarray
    """(U,) in (-1, 1): the new state."""

    @property
    def sums(self) -> np.ndarray:
        """(U,): what tanh is applied to."""
        return self.present + self.past + self.bias


def update(weights: CellWeights, trace: CellTrace, inputs: np.ndarray, step: int) -> Update:
    """Take one step of a vanilla RNN apart, all of its units.

    Args:
        weights: Those that made `trace`.
        trace: From `run_rnn`, forwards.
        inputs: (T, E), what it read.
        step: t, below T.

    Source: Elman (1990), doi:10.1207/s15516709cog1402_1.
    """
    return Update(
        units=np.arange(weights.hidden_size),
        present=weights.weight_ih @ inputs[step],
        past=weights.weight_hh @ trace.before(trace.hidden_states, step),
        bias=weights.bias,
        after=trace.hidden_states[step],
    )


def strongest(whole: Update, count: int = NUM_UNITS) -> Update:
    """Keep the `count` units with the largest terms, in the order of their numbers."""
    size = np.abs(whole.present) + np.abs(whole.past)
    kept = np.sort(np.argsort(-size, kind="stable")[:count])
    return Update(*(values[kept] for values in vars(whole).values()))


def balance(weights: CellWeights, trace: CellTrace, inputs: np.ndarray) -> np.ndarray:
    """Return (T,) in [0, 1]: the present's share of |present| + |past|, summed over all units."""
    present = np.abs(inputs @ weights.weight_ih.T).sum(axis=1)
    before = np.stack([trace.before(trace.hidden_states, t) for t in range(len(inputs))])
    past = np.abs(before @ weights.weight_hh.T).sum(axis=1)
    return present / np.maximum(present + past, np.finfo(np.float32).tiny)


def told(shown: Update, share: float, word: str) -> str:
    """Say as Markdown what the first unit drawn adds up, and how the whole step is mixed."""
    present, past, bias, after = (
        v[0] for v in (shown.present, shown.past, shown.bias, shown.after)
    )
    return (
        f"At “{quoted(word)}” the present is **{share:.0%}** of what all units add up, the recent "
        f"past {1 - share:.0%}. Unit {shown.units[0]}: {present:.2f} from the word, {past:+.2f} "
        f"from the state before, {bias:+.2f} of its own: "
        f"tanh({shown.sums[0]:.2f}) = **{after:.2f}**."
    )


def so_far(states: np.ndarray, step: int) -> np.ndarray:
    """Return (T, H) states with those of words that are not yet read as NaN."""
    return np.where(np.arange(len(states))[:, None] > step, np.nan, states)


def same_weights(weights: CellWeights, num_words: int, max_tokens: int) -> str:
    """Say as Markdown that the length does not change the network."""
    count = weights.weight_ih.size + weights.weight_hh.size + weights.bias.size
    return (
        f"**Any length:** the same {count:,} weights made each of these {num_words} steps. Type "
        f"on and there are more; this page reads up to {max_tokens} words and signs."
    )


def window(tokens: tuple[str, ...], step: int, most: int = 6) -> tuple[list[str], int]:
    """Return the words to draw around a step and its place among them; "…" is all before them."""
    if step < most - 1:
        return list(tokens[:most]), step
    last = min(len(tokens), step + 2)
    first = max(0, last - most + 1)
    return ["…", *tokens[first:last]], step - first + 1


def around(tokens: tuple[str, ...], step: int, most: int = 5) -> tuple[list[str], int]:
    """Return the at most `most` words around a step, and its place; "…" is all that is left out."""
    first = max(0, min(step - most // 2, len(tokens) - most))
    words = list(tokens[first : first + most])
    if first > 0:
        words[0] = "…"
    if first + most < len(tokens):
        words[-1] = "…"
    return words, step - first
