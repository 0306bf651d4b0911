"""One network in training: a step forward, a step back, and the gradient of every state."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.gradients.history import MAX_STEPS, History
from core.gradients.jacobian import singular_values
from core.gradients.network import Parameters, State, read_out, unroll
from core.gradients.optimisers import OPTIMISERS
from core.gradients.options import OFF, Configuration, Setting
from core.gradients.tasks import TOLERANCE, Batch, make_batch, task_info
from core.gradients.weights import CANDIDATE, first_weights, spectral_radius


class Experiment:
    """Train one network step by step; what it went through stands in `history`."""

    def __init__(self, setting: Setting, configuration: Configuration) -> None:
        torch.set_num_threads(1)  # two threads on two busy cores are slower than one
        task = task_info(setting.task)
        weights = first_weights(configuration, task.input_size, task.output_size, setting.seed)
        self.setting, self.configuration, self.history = setting, configuration, History()
        self.parameters: Parameters = {
            name: torch.from_numpy(value).requires_grad_() for name, value in weights.items()
        }
        self.optimiser = OPTIMISERS[configuration.optimiser](configuration.learning_rate)

    @property
    def is_over(self) -> bool:
        """Whether the run exploded or is as long as a run may be."""
        return self.history.exploded_at is not None or self.history.num_steps >= MAX_STEPS

    def step(self) -> None:
        """Do one training step on new sequences, unless the run is over."""
        if self.is_over:
            return
        start = time.perf_counter()
        batch = make_batch(self.setting, self.history.num_steps)
        measured = measure(self.configuration, self.parameters, batch)
        norm = gradient_norm(measured.gradients)
        finite = np.isfinite(measured.loss) and np.isfinite(norm)
        clipped = clip(measured.gradients, self.configuration)
        if finite:
            self.optimiser.update(list(self.parameters.values()), clipped)
        row = {
            "loss": measured.loss,
            "accuracy": measured.accuracy,
            "gradient_norm": norm,
            "clipped_norm": gradient_norm(clipped),
            "seconds": time.perf_counter() - start,
            "spectral_radius": self.spectral_radius(),
        }
        self.history.add(row, measured.river, measured.cell_river)
        if not finite:
            self.history.exploded_at = self.history.num_steps

    def spectral_radius(self) -> float:
        """Return that of the block of recurrent weights that writes the new state."""
        size = self.configuration.hidden_size
        start = CANDIDATE[self.configuration.cell] * size
        weight = self.parameters["recurrent_weight"].detach().numpy()
        return spectral_radius(weight[:, start : start + size])

    def measure_jacobian(self) -> None:
        """Put the singular values of dh_T/dh_0 for the first sequence into the history."""
        inputs = torch.from_numpy(make_batch(self.setting, 0).inputs[:1])
        found = singular_values(self.configuration.cell, self.parameters, inputs)
        self.history.singular_values = found
        if self.history.num_steps == 0:
            self.history.first_values = found


class Measured:
    """What one batch says about a network before it is changed."""

    def __init__(self, loss: Tensor, accuracy: float, states: list[State], kept: list[Tensor]):
        hidden = [state[0] for state in states]
        cells = [state[1] for state in states if len(state) > 1]
        wanted = [*kept, *hidden, *cells]
        found = torch.autograd.grad(loss, wanted, allow_unused=True)
        self.loss, self.accuracy = float(loss.detach()), accuracy
        self.gradients = [
            torch.zeros_like(w) if g is None else g for g, w in zip(found, kept, strict=False)
        ]
        later = found[len(kept) :]
        self.river = _norms(later[: len(hidden)])
        self.cell_river = _norms(later[len(hidden) :])


def measure(configuration: Configuration, parameters: Parameters, batch: Batch) -> Measured:
    """Return loss, accuracy, the gradients of all parameters and the norm of every state's."""
    inputs, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
    states = unroll(configuration.cell, parameters, inputs, configuration.bptt_steps)
    num_answers = targets.shape[1]
    hidden = torch.stack([state[0] for state in states[-num_answers:]], dim=1)  # (B, n, H)
    answers = read_out(parameters, hidden)  # (B, n, O)
    if targets.is_floating_point():
        sums = answers[..., 0]  # (B, n)
        loss, right = functional.mse_loss(sums, targets), (sums - targets).abs() < TOLERANCE
    else:
        loss = functional.cross_entropy(answers.flatten(0, 1), targets.flatten())
        right = answers.argmax(dim=-1) == targets
    return Measured(loss, float(right.float().mean()), states, list(parameters.values()))


def gradient_norm(gradients: list[Tensor]) -> float:
    """Return the Euclidean norm of all gradients together, in float64."""
    return float(sum(gradient.double().square().sum() for gradient in gradients)) ** 0.5


def clip(gradients: list[Tensor], configuration: Configuration) -> list[Tensor]:
    """Return the gradients after clipping each value, then the norm of all together.

    Source: by norm: Pascanu et al. (2013), arXiv:1211.5063, algorithm 1.
    """
    if configuration.clip_value != OFF:
        limit = configuration.clip_value
        gradients = [gradient.clamp(-limit, limit) for gradient in gradients]
    if configuration.clip_norm != OFF:
        norm = gradient_norm(gradients)
        if norm > configuration.clip_norm:
            gradients = [gradient * (configuration.clip_norm / norm) for gradient in gradients]
    return gradients


def _norms(gradients: tuple[Tensor | None, ...]) -> np.ndarray:
    """Return one norm per state over batch and units; a state that no gradient reaches has 0."""
    if not gradients:
        return np.empty(0, np.float32)
    blank = torch.zeros_like(next(g for g in gradients if g is not None))
    whole = torch.stack([blank if g is None else g for g in gradients]).double()  # (T + 1, B, H)
    return whole.square().sum(dim=(1, 2)).sqrt().float().numpy()
