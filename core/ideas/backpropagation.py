"""Backpropagation through three time steps, every number of it: two hidden units, eight weights.

    a_t = w x_t + U h_{t-1},  h_t = tanh(a_t),  y = v h_3,  L = (y - target)^2 / 2

Source: Rumelhart, Hinton & Williams (1986), doi:10.1038/323533a0; through time: Werbos (1990),
doi:10.1109/5.58337.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from core.literature import cite

INPUTS, TARGET = (1.0, -0.5, 0.25), 0.9
NAMES = ("w1", "w2", "u11", "u12", "u21", "u22", "v1", "v2")
FIRST = (0.5, -0.4, 0.6, 0.3, -0.2, 0.7, 0.8, -0.6)
"""The weights before the first update, in the order of NAMES."""
RATES = {"too small": 0.02, "right": 0.5, "too large": 3.0}
"""Learning rates that show what a learning rate does."""
MAX_UPDATES = 30
REACH = 2.0
"""How far to both sides the loss along one weight is drawn."""
STAGES = (
    *(f"forward, t = {t}" for t in (1, 2, 3)),
    "output and loss",
    "backward: output",
    *(f"backward, t = {t}" for t in (3, 2, 1)),
    "update",
)
"""The parts of one update, in order."""
INTRODUCTION = (
    "A network of two hidden units reads three numbers and should answer "
    f"{TARGET}. It has eight weights. **Forward**: each state is computed from the one before. "
    "**Backward**: the chain rule carries the error from the end to the beginning, derivative by "
    "derivative. **Update**: $w \\leftarrow w - \\text{learning rate} \\cdot \\partial L / "
    f"\\partial w$. ({cite('Rumelhart, Hinton & Williams 1986')}; through time: "
    f"{cite('Werbos 1990')})"
)


@dataclass(frozen=True)
class Pass:
    """Everything computed on the way forward and back with one set of weights."""

    weights: np.ndarray
    """(8,) in the order of NAMES."""
    raw: np.ndarray
    """(3, 2) a_t."""
    hidden: np.ndarray
    """(4, 2) h_0 to h_3; h_0 is zero."""
    output: float
    loss: float
    output_gradient: float
    """dL/dy."""
    hidden_gradients: np.ndarray
    """(4, 2) dL/dh_0 to dL/dh_3."""
    raw_gradients: np.ndarray
    """(3, 2) dL/da_t."""
    gradient: np.ndarray
    """(8,) dL/dweight, in the order of NAMES."""


def run(weights: np.ndarray) -> Pass:
    """Compute one pass forward and back."""
    into, back, out = weights[:2], weights[2:6].reshape(2, 2), weights[6:]
    raw, hidden = np.zeros((3, 2)), np.zeros((4, 2))
    for t, value in enumerate(INPUTS):
        raw[t] = into * value + back @ hidden[t]
        hidden[t + 1] = np.tanh(raw[t])
    output = float(out @ hidden[3])
    error = output - TARGET
    hidden_gradients, raw_gradients = np.zeros((4, 2)), np.zeros((3, 2))
    hidden_gradients[3] = error * out
    for t in (2, 1, 0):
        raw_gradients[t] = hidden_gradients[t + 1] * (1 - hidden[t + 1] ** 2)
        hidden_gradients[t] = back.T @ raw_gradients[t]
    into_gradient = np.array(INPUTS) @ raw_gradients
    back_gradient = raw_gradients.T @ hidden[:3]
    gradient = np.concatenate([into_gradient, back_gradient.ravel(), error * hidden[3]])
    loss = error**2 / 2
    found = (output, loss, error, hidden_gradients, raw_gradients, gradient)
    return Pass(weights, raw, hidden, *found)


def train(learning_rate: float, num_updates: int) -> list[Pass]:
    """Return the passes before and after each of `num_updates` updates.

    Args:
        learning_rate: w <- w - learning_rate * dL/dw.
        num_updates: At least 0.
    """
    passes = [run(np.array(FIRST))]
    for _ in range(num_updates):
        passes.append(run(passes[-1].weights - learning_rate * passes[-1].gradient))
    return passes


def loss_along(weights: np.ndarray, name: str, values: np.ndarray) -> np.ndarray:
    """Return the loss if one weight had each of `values` and the others stayed."""
    losses = np.empty(len(values))
    for place, value in enumerate(values):
        moved = weights.copy()
        moved[NAMES.index(name)] = value
        losses[place] = run(moved).loss
    return losses


def along(
    done: Pass, name: str, learning_rate: float
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[float, float, float], float]:
    """Return the curve of the loss along one weight, where the weight stands, and where it goes.

    Returns:
        (weights, losses), (weight, loss, slope), and the weight after the update.
    """
    place = NAMES.index(name)
    weight, slope = float(done.weights[place]), float(done.gradient[place])
    values = np.linspace(weight - REACH, weight + REACH, 81)
    curve = (values, loss_along(done.weights, name, values))
    return curve, (weight, done.loss, slope), weight - learning_rate * slope


def known(done: Pass, stage: str) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """Return what has been computed by the end of a stage; NaN is what has not.

    Returns:
        (3, 2) states h_1 to h_3, (3, 2) gradients of them, and (output, loss).
    """
    place, hidden, back = STAGES.index(stage), done.hidden[1:].copy(), np.full((3, 2), np.nan)
    hidden[place + 1 :] = np.nan
    output = (done.output, done.loss) if place >= 3 else (np.nan, np.nan)
    if place >= 4:  # the output's stage gives dL/dh_3, and each time step that of the one before
        first = max(0, 6 - place)
        back[first:] = done.hidden_gradients[1 + first :]
    return hidden, back, output


def lines(done: Pass, stage: str, learning_rate: float) -> list[str]:
    """Return the formulas of one stage as LaTeX, with the numbers that they take and give.

    A negative number stands in brackets where a sign precedes it, and only there.
    """
    return [
        re.sub(r"(= |\\tanh\()\((-[^()]*)\)(\)?)", r"\1\2\3", line)
        for line in _lines(done, stage, learning_rate)
    ]


def _lines(done: Pass, stage: str, learning_rate: float) -> list[str]:
    place = STAGES.index(stage)
    if place < 3:
        return _forward(done, place)
    if place == 3:
        y, loss = _number(done.output), _number(done.loss)
        v1, v2 = map(_number, done.weights[6:])
        h1, h2 = map(_number, done.hidden[3])
        return [
            rf"y = v_1 h_{{3,1}} + v_2 h_{{3,2}} = {v1} \cdot {h1} + {v2} \cdot {h2} = {y}",
            rf"L = \tfrac12 (y - {TARGET})^2 = {loss}",
        ]
    if place == 4:
        return _output(done)
    if place < 8:
        return _backward(done, 7 - place)
    return [
        rf"{_symbol(name)} \leftarrow {_number(weight)} - {learning_rate:g} \cdot "
        rf"{_number(slope)} = {_number(weight - learning_rate * slope)}"
        for name, weight, slope in zip(NAMES, done.weights, done.gradient, strict=True)
    ]


def _forward(done: Pass, t: int) -> list[str]:
    found = []
    for unit in (0, 1):
        w, (u1, u2) = _number(done.weights[unit]), map(_number, done.weights[2 + 2 * unit :][:2])
        h1, h2 = map(_number, done.hidden[t])
        raw, hidden = _number(done.raw[t, unit]), _number(done.hidden[t + 1, unit])
        found.append(
            rf"a_{{{t + 1},{unit + 1}}} = {w} \cdot {_number(INPUTS[t])} + {u1} \cdot {h1} + "
            rf"{u2} \cdot {h2} = {raw}"
        )
        found.append(rf"h_{{{t + 1},{unit + 1}}} = \tanh({raw}) = {hidden}")
    return found


def _output(done: Pass) -> list[str]:
    error = _number(done.output_gradient)
    found = [rf"\frac{{\partial L}}{{\partial y}} = y - {TARGET} = {error}"]
    for unit in (0, 1):
        v, h = _number(done.weights[6 + unit]), _number(done.hidden[3, unit])
        slope, back = _number(done.gradient[6 + unit]), _number(done.hidden_gradients[3, unit])
        name = unit + 1
        found.append(rf"\frac{{\partial L}}{{\partial v_{name}}} = {error} \cdot {h} = {slope}")
        found.append(
            rf"\frac{{\partial L}}{{\partial h_{{3,{name}}}}} = {error} \cdot {v} = {back}"
        )
    return found


def _backward(done: Pass, t: int) -> list[str]:
    """Return the derivatives at time step t + 1: of a, of what came before, of the weights."""
    found = []
    for unit in (0, 1):
        name, h = f"{t + 1},{unit + 1}", _number(done.hidden[t + 1, unit])
        slope, raw = done.hidden_gradients[t + 1, unit], _number(done.raw_gradients[t, unit])
        found.append(
            rf"\frac{{\partial L}}{{\partial a_{{{name}}}}} = {_number(slope)} \cdot (1 - {h}^2) "
            rf"= {raw}"
        )
    d1, d2 = map(_number, done.raw_gradients[t])
    back = done.weights[2:6].reshape(2, 2)
    for unit in (0, 1):
        u1, u2 = map(_number, back[:, unit])
        given = _number(done.hidden_gradients[t, unit])
        found.append(
            rf"\frac{{\partial L}}{{\partial h_{{{t},{unit + 1}}}}} = {u1} \cdot {d1} + "
            rf"{u2} \cdot {d2} = {given}"
        )
    for unit, d in enumerate((d1, d2)):
        share = _number(done.raw_gradients[t, unit] * INPUTS[t])
        found.append(
            rf"\text{{to }} \frac{{\partial L}}{{\partial w_{unit + 1}}}: "
            rf"{d} \cdot {_number(INPUTS[t])} = {share}"
        )
    for unit, before in np.ndindex(2, 2):
        d, h = done.raw_gradients[t, unit], done.hidden[t, before]
        found.append(
            rf"\text{{to }} \frac{{\partial L}}{{\partial u_{{{unit + 1}{before + 1}}}}}: "
            rf"{_number(d)} \cdot {_number(h)} = {_number(d * h)}"
        )
    return found


def _symbol(name: str) -> str:
    return rf"{name[0]}_{{{name[1:]}}}"


def _number(value: float) -> str:
    """Return three digits behind the point; a negative number in brackets, as after a sign."""
    text = f"{value:.3f}" if abs(value) < 1000 else f"{value:.3g}"
    return f"({text})" if value < 0 else text
