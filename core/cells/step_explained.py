"""One step of one LSTM unit, written out with its numbers: formulas, and the terms of a gate."""

from __future__ import annotations

import numpy as np

from core.cells.lstm_cell import CellTrace, GateSum
from core.literature import LSTM
from core.text.typed_text import as_markdown, shortened

SYMBOLS = {"input_gate": "i", "forget_gate": "f", "candidate": "g", "output_gate": "o"}
"""The letters of PyTorch's documentation."""
GATES = {
    "Forget gate": "forget_gate",
    "Input gate": "input_gate",
    "Candidate": "candidate",
    "Output gate": "output_gate",
}
"""What can be taken apart, by the names that people read."""
LINES = (
    "This unit through the text: the dotted lines are its gates (0 is closed, 1 is open), the "
    "others the candidate and the states that they make."
)
TERMS = (
    "The largest products of the sum. “word 12” is one number of the word's embedding, “state 12” "
    "what unit 12 showed a step before."
)
NUM_TERMS = 8
"""Products listed one by one; the others are summed up in one row."""


def title(label: str, unit: int) -> str:
    """Return as Markdown which step is written out; the label may be anything that was typed."""
    return f"Unit {unit} at “{as_markdown(shortened(label))}”"


def state_formulas(trace: CellTrace, *, step: int, unit: int) -> str:
    """Return as Markdown how the gates made the new cell and hidden state of one unit."""
    gate = {letter: trace.gates[name][step, unit] for name, letter in SYMBOLS.items()}
    before = trace.before(trace.cell_states, step)[unit]
    cell, hidden = trace.cell_states[step, unit], trace.hidden_states[step, unit]
    keep, write = _number(gate["f"]), _number(gate["i"])
    new_cell = (
        f"c_t = f\\,c_{{t-1}} + i\\,g = {keep} \\cdot {_factor(before)} + "
        f"{write} \\cdot {_factor(gate['g'])} = {_number(cell)}"
    )
    new_hidden = (
        f"h_t = o\\,\\tanh(c_t) = {_number(gate['o'])} \\cdot "
        f"{_factor(np.tanh(cell))} = {_number(hidden)}"
    )
    return (
        f"It keeps **{gate['f']:.0%}** of its old memory, writes **{gate['i']:.0%}** of the "
        f"candidate and shows **{gate['o']:.0%}**:\n\n${new_cell}$\n\n${new_hidden}$\n\n{LSTM}"
    )


def gate_formula(terms: GateSum) -> str:
    """Return as Markdown how the sum of a gate's terms becomes the gate."""
    squash = "\\tanh" if terms.gate == "candidate" else "\\sigma"
    parts = (terms.from_input.sum(), terms.from_hidden.sum(), terms.bias)
    named = zip(parts, ("the word", "the state before", "the bias"), strict=True)
    summed = " + ".join(f"\\underbrace{{{_factor(p)}}}_{{\\text{{{name}}}}}" for p, name in named)
    return f"${SYMBOLS[terms.gate]} = {squash}({summed}) = {_number(terms.opened)}$"


def term_rows(terms: GateSum, count: int = NUM_TERMS) -> list[dict[str, str]]:
    """Return the products that a gate sums, largest first, under headings for people.

    "word 12" is the twelfth number of the word's embedding, "state 12" what unit 12 showed a
    step before, both counted from 0.
    After `count` products come one row for all others, the bias, and the sum; the column
    "Product" adds up to its last entry.
    """
    products = np.concatenate([terms.from_input, terms.from_hidden])
    weights, values = (np.concatenate(pair) for pair in (terms.weights, terms.values))
    names = [f"word {i}" for i in range(len(terms.from_input))]
    names += [f"state {i}" for i in range(len(terms.from_hidden))]
    largest = np.argsort(-np.abs(products), kind="stable")[:count]
    rows = [_row(names[i], f"{weights[i]:+.2f}", f"{values[i]:+.2f}", products[i]) for i in largest]
    rest = products.sum() - products[largest].sum()
    rows.append(_row(f"{len(products) - len(largest)} others", "", "", rest))
    rows.append(_row("bias", "", "", terms.bias))
    return [*rows, _row("sum", "", "", terms.total)]


def _row(term: str, weight: str, value: str, product: float) -> dict[str, str]:
    return {"Term": term, "Weight": weight, "Value": value, "Product": f"{product:+.3f}"}


def _number(value: float) -> str:
    return f"{value:.2f}"


def _factor(value: float) -> str:
    """Put a negative number into brackets, as a second factor or summand needs them."""
    return f"({value:.2f})" if value < 0 else f"{value:.2f}"
