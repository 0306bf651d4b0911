"""How much each earlier word still matters to a network's state now: the norm of dh_t/dx_s.

The state now is differentiated by every earlier input at once, backwards through time, with the
derivatives of each cell written out; the tests compare them with automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.cells.lstm_cell import CellTrace, CellWeights, run_gru, run_lstm, run_rnn
from core.literature import cite
from core.sentiment.inference import SentimentModel, SentimentResult
from core.text.typed_text import quoted

CELLS: dict[str, Callable[..., CellTrace]] = {"RNN": run_rnn, "GRU": run_gru, "LSTM": run_lstm}
"""The small networks that differ in nothing but their cell; they keep one state each."""
STILL_FELT = 0.01
"""A word is forgotten when it moves the state less than this share of what the newest word does."""
METHOD = (
    "If a word were a little different, how far would the state **now** move? That is the size of "
    r"a derivative, $\lVert \partial h_t / \partial x_s \rVert$, a product with one factor for "
    "each step between: where the factors are small, the word is soon forgotten "
    f"({cite('Werbos 1990')}; {cite('Pascanu et al. 2013', 'equation 5')}). Three networks "
    "with as many units, trained alike on the same texts, differ in their cell alone:"
)

Derivative = tuple[np.ndarray, np.ndarray | None]
"""(H, H) of the state now by an earlier hidden state and, of an LSTM, by its cell state."""


def read_with(model: SentimentModel, result: SentimentResult, cell: str) -> CellTrace:
    """Run one of CELLS over a text in numpy, with its deployed weights."""
    return CELLS[cell](result.embeddings, model.cell(cell.lower()))


def sensitivity(weights: CellWeights, trace: CellTrace, now: int) -> np.ndarray:
    """Return how far a small change of each input moves the state after input `now`.

    Args:
        weights: Of an RNN, a GRU or an LSTM; told apart by their number of blocks.
        trace: What the cell computed over its inputs, forwards.
        now: t, below T.

    Returns:
        (t + 1,) float64: the Frobenius norm of dh_t/dx_s, s from 0 to t.

    Source: back-propagation through time, Werbos (1990), doi:10.1109/5.58337; the product of
    Jacobians is that of Pascanu et al. (2013), arXiv:1211.5063, equation 5.
    """
    back = {1: _back_rnn, 3: _back_gru, 4: _back_lstm}[len(weights.bias) // weights.hidden_size]
    state: Derivative = np.eye(weights.hidden_size), None
    norms = np.zeros(now + 1)
    for step in range(now, -1, -1):
        by_sums, state = back(state, weights, trace, step)
        norms[step] = np.linalg.norm(by_sums @ weights.weight_ih)
    return norms


def by_network(model: SentimentModel, result: SentimentResult, now: int) -> dict[str, np.ndarray]:
    """Return for each of CELLS the sensitivity to each word up to `now`, the newest word's = 1."""
    shares = {}
    for cell in CELLS:
        trace = read_with(model, result, cell)
        norms = sensitivity(model.cell(cell.lower()), trace, now)
        shares[cell] = norms / max(norms[-1], np.finfo(float).tiny)
    return shares


def reach(shares: np.ndarray) -> int:
    """Return how many words back, the newest being 0, the farthest one is that is still felt."""
    return len(shares) - 1 - int(np.flatnonzero(shares >= STILL_FELT)[0])


def told(shares: Mapping[str, np.ndarray], tokens: Sequence[str]) -> str:
    """Say as Markdown how far back each network still feels a word."""
    backs = {cell: reach(values) for cell, values in shares.items()}
    newest = len(next(iter(shares.values()))) - 1
    words = [
        f"the **{cell}** {back} back, “{quoted(tokens[newest - back])}”"
        for cell, back in backs.items()
    ]
    return (
        f"At “{quoted(tokens[newest])}”, the farthest word that still moves the state by at least "
        f"{STILL_FELT:.0%} of what this newest word does: {'; '.join(words)}."
    )


def _back_rnn(state: Derivative, weights: CellWeights, trace: CellTrace, step: int):
    """h = tanh(W x + U h' + b): dh/dsum = 1 - h^2."""
    by_sums = state[0] * (1 - trace.hidden_states[step] ** 2)
    return by_sums, (by_sums @ weights.weight_hh, None)


def _back_gru(state: Derivative, weights: CellWeights, trace: CellTrace, step: int):
    """h = (1 - z) n + z h', n = tanh(W x + b + r (U h' + b')): by r, z and n."""
    by_hidden, size = state[0], weights.hidden_size
    before = trace.before(trace.hidden_states, step)
    reset, update, candidate = (gate[step] for gate in trace.gates.values())
    held = weights.weight_hh[2 * size :] @ before + weights.hidden_bias[2 * size :]
    by_candidate = by_hidden * (1 - update) * (1 - candidate**2)
    by_update = by_hidden * (before - candidate) * update * (1 - update)
    by_reset = by_candidate * held * reset * (1 - reset)
    by_held = np.concatenate([by_reset, by_update, by_candidate * reset], axis=1)
    by_sums = np.concatenate([by_reset, by_update, by_candidate], axis=1)
    return by_sums, (by_held @ weights.weight_hh + by_hidden * update, None)


def _back_lstm(state: Derivative, weights: CellWeights, trace: CellTrace, step: int):
    """c = f c' + i g, h = o tanh(c): by i, f, g and o."""
    by_hidden, by_cell = state
    write, keep, candidate, show = (gate[step] for gate in trace.gates.values())
    before, shown = trace.before(trace.cell_states, step), np.tanh(trace.cell_states[step])
    by_cell = by_hidden * show * (1 - shown**2) + (0 if by_cell is None else by_cell)
    blocks = (
        by_cell * candidate * write * (1 - write),
        by_cell * before * keep * (1 - keep),
        by_cell * write * (1 - candidate**2),
        by_hidden * shown * show * (1 - show),
    )
    by_sums = np.concatenate(blocks, axis=1)
    return by_sums, (by_sums @ weights.weight_hh, by_cell * keep)
