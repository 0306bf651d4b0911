"""The three recurrent cells in numpy, with every gate of every step in the open.

ONNX Runtime's LSTM returns what the cell shows and none of its gates. Here the same weights make
the same steps, and all that happens on the way is kept; one unit's step can be taken apart into
the products that it sums. Weights have PyTorch's layout: gates stacked along the first axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LSTM_GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
"""PyTorch's order of the four blocks of an LSTM's weights."""
GRU_GATES = ("reset_gate", "update_gate", "candidate")
"""PyTorch's order of the three blocks of a GRU's weights."""


@dataclass(frozen=True)
class CellWeights:
    """One direction of one layer. G = 4 for an LSTM, 3 for a GRU, 1 for a vanilla RNN."""

    weight_ih: np.ndarray
    """(G*H, E): what reads the input."""
    weight_hh: np.ndarray
    """(G*H, H): what reads the state before."""
    bias: np.ndarray
    """(G*H,): PyTorch's bias_ih + bias_hh; of a GRU bias_ih alone."""
    hidden_bias: np.ndarray | None = None
    """(3*H,): a GRU's bias_hh, which its reset gate acts on; other cells have none."""

    @property
    def hidden_size(self) -> int:
        """H."""
        return self.weight_hh.shape[1]

    def row(self, block: int, unit: int) -> int:
        """Return the row of one unit in one block of stacked gates."""
        return block * self.hidden_size + unit


@dataclass(frozen=True)
class CellTrace:
    """All that a cell computed over a sequence; row t belongs to input t, also backwards."""

    hidden_states: np.ndarray
    """(T, H) float32 in [-1, 1]: what the cell shows after input t."""
    cell_states: np.ndarray | None
    """(T, H) float32: what an LSTM keeps to itself; None for the other cells."""
    gates: dict[str, np.ndarray]
    """(T, H) each, by the names in LSTM_GATES or GRU_GATES; empty for a vanilla RNN."""
    reverse: bool
    """True: the sequence was read from its end."""

    def before(self, states: np.ndarray, step: int) -> np.ndarray:
        """Return the row of `states` that step `step` started from; zeros at the first."""
        earlier = step + 1 if self.reverse else step - 1
        return states[earlier] if 0 <= earlier < len(states) else np.zeros_like(states[0])

    def busiest_units(self) -> list[int]:
        """Return all H units, those whose state changes most over the sequence first."""
        return np.argsort(-self._memory.std(axis=0), kind="stable").tolist()

    def liveliest_step(self) -> int:
        """Return the step at which the state of the busiest unit changes most."""
        memory = self._memory[:, self.busiest_units()[0]]
        return int(np.abs(np.diff(memory, prepend=memory[:1])).argmax())

    @property
    def _memory(self) -> np.ndarray:
        """(T, H) in [-1, 1]: what the cell keeps, as its output gate reads it."""
        return self.hidden_states if self.cell_states is None else np.tanh(self.cell_states)


@dataclass(frozen=True)
class GateSum:
    """What one unit adds up before one gate opens: weight times value, term by term."""

    gate: str
    from_input: np.ndarray
    """(E,): weight times input, one product per number of the word's embedding."""
    from_hidden: np.ndarray
    """(H,): weight times the hidden state before, one product per unit."""
    weights: tuple[np.ndarray, np.ndarray]
    """(E,) and (H,): the weights of those products."""
    values: tuple[np.ndarray, np.ndarray]
    """(E,) and (H,): the numbers that they were multiplied with."""
    bias: float

    @property
    def total(self) -> float:
        """The sum of all terms, before the sigmoid (or, for the candidate, tanh)."""
        return float(self.from_input.sum() + self.from_hidden.sum() + self.bias)

    @property
    def opened(self) -> float:
        """What the sum becomes: in [0, 1] for a gate, in [-1, 1] for the candidate."""
        squash = np.tanh if self.gate == "candidate" else sigmoid
        return float(squash(np.float64(self.total)))


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * values))


def run_lstm(inputs: np.ndarray, weights: CellWeights, *, reverse: bool = False) -> CellTrace:
    """Run an LSTM over one sequence and keep every gate.

    Args:
        inputs: (T, E) float32.
        weights: One direction, blocks in the order of LSTM_GATES.
        reverse: Read from the end; row t still belongs to input t.

    Source: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000).
    """
    size = weights.hidden_size
    from_inputs = inputs @ weights.weight_ih.T + weights.bias  # (T, 4H)
    kept = {name: np.zeros((len(inputs), size), np.float32) for name in LSTM_GATES}
    hidden_states, cell_states = (np.zeros((len(inputs), size), np.float32) for _ in range(2))
    hidden = cell = np.zeros(size, np.float32)
    for t in _order(len(inputs), reverse):
        sums = (from_inputs[t] + weights.weight_hh @ hidden).reshape(4, size)
        write, keep, show = sigmoid(sums[0]), sigmoid(sums[1]), sigmoid(sums[3])
        candidate = np.tanh(sums[2])
        cell = keep * cell + write * candidate  # (H,)
        hidden = show * np.tanh(cell)  # (H,)
        hidden_states[t], cell_states[t] = hidden, cell
        for name, values in zip(LSTM_GATES, (write, keep, candidate, show), strict=True):
            kept[name][t] = values
    return CellTrace(hidden_states, cell_states, kept, reverse)


def run_gru(inputs: np.ndarray, weights: CellWeights, *, reverse: bool = False) -> CellTrace:
    """Run a GRU over one sequence and keep every gate.

    Args:
        inputs: (T, E) float32.
        weights: One direction with `hidden_bias`, blocks in the order of GRU_GATES.
        reverse: Read from the end; row t still belongs to input t.

    Source: Cho et al. (2014), arXiv:1406.1078, in PyTorch's form: the reset gate acts after W_hn h.
    """
    if weights.hidden_bias is None:
        raise ValueError("a GRU has a hidden_bias")
    size = weights.hidden_size
    from_inputs = inputs @ weights.weight_ih.T + weights.bias  # (T, 3H)
    kept = {name: np.zeros((len(inputs), size), np.float32) for name in GRU_GATES}
    hidden_states = np.zeros((len(inputs), size), np.float32)
    hidden = np.zeros(size, np.float32)
    for t in _order(len(inputs), reverse):
        read = from_inputs[t].reshape(3, size)
        held = (weights.weight_hh @ hidden + weights.hidden_bias).reshape(3, size)
        reset, update = sigmoid(read[0] + held[0]), sigmoid(read[1] + held[1])
        candidate = np.tanh(read[2] + reset * held[2])
        hidden = (1 - update) * candidate + update * hidden  # (H,)
        hidden_states[t] = hidden
        for name, values in zip(GRU_GATES, (reset, update, candidate), strict=True):
            kept[name][t] = values
    return CellTrace(hidden_states, None, kept, reverse)


def run_rnn(inputs: np.ndarray, weights: CellWeights, *, reverse: bool = False) -> CellTrace:
    """Run a vanilla RNN with tanh over one sequence.

    Args:
        inputs: (T, E) float32.
        weights: One direction, a single block.
        reverse: Read from the end; row t still belongs to input t.

    Source: Elman (1990), doi:10.1207/s15516709cog1402_1.
    """
    from_inputs = inputs @ weights.weight_ih.T + weights.bias  # (T, H)
    hidden_states = np.zeros((len(inputs), weights.hidden_size), np.float32)
    hidden = np.zeros(weights.hidden_size, np.float32)
    for t in _order(len(inputs), reverse):
        hidden = np.tanh(from_inputs[t] + weights.weight_hh @ hidden)  # (H,)
        hidden_states[t] = hidden
    return CellTrace(hidden_states, None, {}, reverse)


def _order(length: int, reverse: bool) -> range:
    return range(length - 1, -1, -1) if reverse else range(length)


def gate_sum(
    inputs: np.ndarray, weights: CellWeights, trace: CellTrace, gate: str, *, step: int, unit: int
) -> GateSum:
    """Take one gate of one LSTM unit at one step apart into its products.

    Args:
        inputs: (T, E), those that `trace` read.
        weights: Those that made `trace`.
        trace: From `run_lstm`.
        gate: One of LSTM_GATES.
        step: t, below T.
        unit: Below H.
    """
    row = weights.row(LSTM_GATES.index(gate), unit)
    values = inputs[step], trace.before(trace.hidden_states, step)
    used = weights.weight_ih[row], weights.weight_hh[row]
    products = [w * v for w, v in zip(used, values, strict=True)]
    return GateSum(gate, *products, used, values, float(weights.bias[row]))
