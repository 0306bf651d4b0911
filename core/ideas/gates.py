"""One unit of an LSTM by hand: four sums become three gates and a candidate, and memory moves on.

core/cells/lstm_cell.py computes the same for all units of a trained network; here a person sets
the sums.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from core.cells.lstm_cell import sigmoid
from core.literature import LSTM, cite

FAR = 6.0
"""How far a sum can be moved to either side; there a sigmoid is within 0.003 of its end."""
NUM_STEPS = 30
"""How long the memory is watched."""


@dataclass(frozen=True)
class GateSums:
    """What reaches the four squashing functions of one unit: W x + b + U h, unbounded."""

    input_gate: float = 2.0
    forget_gate: float = 3.0
    candidate: float = 1.0
    output_gate: float = 1.0


OPERATIONS = {
    "Store": GateSums(input_gate=4.0, forget_gate=-4.0, candidate=1.5, output_gate=-4.0),
    "Keep": GateSums(input_gate=-4.0, forget_gate=4.0, candidate=1.5, output_gate=-4.0),
    "Read": GateSums(input_gate=-4.0, forget_gate=4.0, candidate=1.5, output_gate=4.0),
    "Delete": GateSums(input_gate=-4.0, forget_gate=-4.0, candidate=1.5, output_gate=-4.0),
}
"""What a memory cell can be asked to do, and sums that ask it."""


INTRODUCTION = (
    "An LSTM carries a **memory** from step to step, and three **gates** decide about it, as a "
    "computer stores, reads and deletes: the *input gate* what is written, the "
    "*forget gate* what is kept, the *output gate* what is shown. Each gate is a "
    "number between 0, shut, and 1, open, and the network sets it anew at every word."
)
SENTENCES = {
    "Not good, never dull": "The film (made in two weeks) is not good, but it is never dull.",
    "A quotation": 'They call it "a masterpiece", and I have no idea why.',
    "Turned around": "It begins slowly and looks cheap, but the ending is wonderful.",
}
"""Texts to try, by the words of their buttons."""
ANALOG = (
    "A gate is **analog**: σ(sum) = 1 / (1 + exp(−sum)), anything between 0 and 1, never quite "
    "either. The candidate goes through tanh, from −1 to 1, so that a memory can also be counted "
    "down. Both curves are smooth, so each has a slope everywhere: σ′ = σ (1 − σ) and "
    "tanh′ = 1 − tanh². That makes a gate **differentiable**, and what is differentiable can be "
    "learned. Far out the curves are flat: a gate that is wide open or shut hardly learns."
)


@dataclass(frozen=True)
class CellStep:
    """One step of one unit: what stood in the cell, what the gates did, what stands in it now."""

    previous_cell: float
    input_gate: float
    """In (0, 1), as the other gates."""
    forget_gate: float
    candidate: float
    """In (-1, 1)."""
    output_gate: float

    @property
    def cell(self) -> float:
        """c' = f c + i g, unbounded."""
        return self.forget_gate * self.previous_cell + self.input_gate * self.candidate

    @property
    def hidden(self) -> float:
        """h' = o tanh(c'), in (-1, 1)."""
        return self.output_gate * float(np.tanh(self.cell))


def step(sums: GateSums, previous_cell: float) -> CellStep:
    """Squash the four sums and move the memory on by one time step.

    Source: Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, with the forget gate
    of Gers, Schmidhuber & Cummins (2000), doi:10.1162/089976600300015015.
    """
    squashed = {name: float(sigmoid(np.float64(value))) for name, value in asdict(sums).items()}
    squashed["candidate"] = float(np.tanh(sums.candidate))
    return CellStep(previous_cell, **squashed)


def over_time(now: CellStep, *, forget_gate: float, write: bool) -> np.ndarray:
    """Return the cell state at step 0 and after each of NUM_STEPS more with a fixed forget gate.

    Args:
        now: Its cell state is where time begins.
        forget_gate: In [0, 1], the share that each step keeps.
        write: True: each step also writes, as `now` did. False: nothing more comes in.

    Returns:
        (NUM_STEPS + 1,) float64: c' = f c + i g, again and again.
    """
    states = [now.cell]
    for _ in range(NUM_STEPS):
        written = now.input_gate * now.candidate if write else 0.0
        states.append(forget_gate * states[-1] + written)
    return np.array(states)


def futures(now: CellStep, *, write: bool) -> dict[str, np.ndarray]:
    """Return the memory over time with the forget gate at 1, as it is, and at 0, by name."""
    gates = (("at 1", 1.0), (f"as it is, {now.forget_gate:.2f}", now.forget_gate), ("at 0", 0.0))
    return {
        f"forget gate {name}": over_time(now, forget_gate=gate, write=write) for name, gate in gates
    }


def on_slider(cell: float) -> float:
    """Return the nearest memory that the page's slider can hold, in [-2, 2] by tenths."""
    return round(float(np.clip(cell, -2, 2)), 1)


def half_life(forget_gate: float) -> float:
    """Return after how many steps half of a memory is left: ln(1/2) / ln(f); inf at f = 1."""
    if not 0 < forget_gate < 1:
        return float("inf") if forget_gate == 1 else 0.0
    return float(np.log(0.5) / np.log(forget_gate))


def told(now: CellStep) -> str:
    """Say as Markdown what one step did to the memory."""
    return (
        f"It **keeps {now.forget_gate:.0%}** of {now.previous_cell:.2f}, **writes "
        f"{now.input_gate:.0%}** of {now.candidate:.2f}: the memory is now **{now.cell:.2f}**. "
        f"It **shows {now.output_gate:.0%}** of tanh({now.cell:.2f}): the others see "
        f"**{now.hidden:.2f}**."
    )


def with_numbers(now: CellStep) -> str:
    """Return the two lines of the update as a formula in Markdown, with this step's numbers."""
    kept, written = now.forget_gate * now.previous_cell, now.input_gate * now.candidate
    return (
        "\n\n$$\n"
        r"\begin{aligned}"
        rf"c' &= f\,c + i\,g = {kept:.2f} {written:+.2f} = {now.cell:.2f}\\"
        rf"h' &= o\,\tanh(c') = {now.output_gate:.2f}\cdot{np.tanh(now.cell):.2f} "
        rf"= {now.hidden:.2f}"
        r"\end{aligned}"
        f"\n$$\n\n{LSTM}"
    )


def told_of_time(now: CellStep) -> str:
    """Say as Markdown how long the memory lasts, and the gradient with it."""
    left = now.forget_gate**NUM_STEPS
    return (
        f"With its forget gate at {now.forget_gate:.2f}, half of a memory is gone after "
        f"**{half_life(now.forget_gate):.1f} steps**, and **{left:.2g}** of it is left after "
        f"{NUM_STEPS}. The same share of a gradient comes back through the cell: "
        rf"$\partial c_{{{NUM_STEPS}}}/\partial c_0 = f^{{{NUM_STEPS}}}$. **At 1 nothing is ever "
        f"lost**, which is how the first LSTM ({cite('Hochreiter & Schmidhuber 1997')}) stopped "
        "gradients from vanishing. But if it goes on writing, such a memory grows without bound: "
        f"that is why the forget gate was added ({cite('Gers et al. 2000')})."
    )
