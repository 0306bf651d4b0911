"""The forecaster: an LSTM over a window of days, then a mixture of Gaussians for every horizon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

_SPREAD = (0.6, 1.0, 1.7)
_SHARES = (0.4, 0.45, 0.15)
"""A new network's mixture: the standard deviation is 1 and the tails are a little heavy."""


@dataclass(frozen=True)
class ForecasterConfig:
    """The sizes of a network."""

    input_size: int
    num_horizons: int
    window_length: int
    """Days that it reads (T)."""
    hidden_size: int = 32
    num_layers: int = 1
    dropout: float = 0.2
    num_curves: int = 4
    """Curves over the horizons that the answer is made of; 0: every horizon has its own weights."""


class Parts(NamedTuple):
    """Mixtures of K Gaussians for B windows and Z horizons, in units of location and scale."""

    weights: Tensor
    """(B, Z, K), the last axis sums to 1."""
    means: Tensor
    """(B, Z, K)."""
    scales: Tensor
    """(B, Z, K) > 0."""


class Forecaster(nn.Module):
    """Read a window, answer with 3K numbers for each horizon."""

    def __init__(self, config: ForecasterConfig) -> None:
        super().__init__()
        self.config = config
        self.lstm = nn.LSTM(
            config.input_size, config.hidden_size, config.num_layers, batch_first=True
        )
        self.dropout = nn.Dropout(config.dropout)
        size = config.hidden_size + config.input_size
        curves = horizon_curves(config.num_horizons, config.num_curves)
        self.register_buffer("curves", curves)  # (C, Z)
        self.head = nn.Linear(size, 3 * len(_SHARES) * len(curves))
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("first", _first_answer())  # (3, 1, K)
        with torch.no_grad():  # a new LSTM remembers: forget gate bias 1
            for layer in range(config.num_layers):
                bias = getattr(self.lstm, f"bias_ih_l{layer}")
                bias[config.hidden_size : 2 * config.hidden_size] = 1.0

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return raw answers (B, 3, Z, K) and hidden_states (B, T, H) for inputs (B, T, F)."""
        hidden_states, _ = self.lstm(inputs)  # (B, T, H)
        read = torch.cat([self.dropout(hidden_states[:, -1]), inputs[:, -1]], dim=-1)
        answers = self.head(read).view(-1, 3, len(_SHARES), len(self.curves))  # (B, 3, K, C)
        return self.first + (answers @ self.curves).transpose(2, 3), hidden_states

    @torch.no_grad()
    def start_from(self, weights: Tensor, errors: Tensor) -> None:
        """Begin as a linear forecaster of the last day's inputs, and learn only what it misses.

        Args:
            weights: (F, Z) of the expected outcome, in units of location and scale.
            errors: (Z,) standard deviations of what is left.
        """
        onto_curves = torch.linalg.pinv(self.curves)  # (Z, C)
        size, shape = self.config.hidden_size, (3, len(_SHARES), len(self.curves), -1)
        head = self.head.weight[:, size:].view(shape)  # (3, K, C, F): a view into the weights
        head[1] += (weights @ onto_curves).T  # the same mean for every part
        self.head.bias.view(shape[:3])[2] += errors.log() @ onto_curves


def to_parts(raw: Tensor) -> Parts:
    """Turn raw answers (B, 3, Z, K) into mixtures."""
    logits, means, log_scales = raw.unbind(dim=1)
    return Parts(logits.softmax(dim=-1), means, log_scales.exp())


class Ensemble(nn.Module):
    """Several networks as one: the mean of their raw answers, and every hidden state."""

    def __init__(self, members: list[Forecaster]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """Return mixtures (B, Z, K) in units of location and scale, and hidden_states (B, T, U)."""
        answers = [member(inputs) for member in self.members]
        raw = torch.stack([answer for answer, _ in answers]).mean(dim=0)  # (B, 3, Z, K)
        return (*to_parts(raw), torch.cat([states for _, states in answers], dim=-1))


def horizon_curves(num_horizons: int, num_curves: int) -> Tensor:
    """Return (C, Z): smooth curves over the horizons, or the unit matrix for 0 curves."""
    if num_curves == 0:
        return torch.eye(num_horizons)
    position = torch.linspace(0, 1, num_horizons).sqrt()  # near horizons differ the most
    return torch.stack([torch.cos(math.pi * k * position) for k in range(num_curves)])


def _first_answer() -> Tensor:
    rows = [torch.tensor(_SHARES).log(), torch.zeros(len(_SHARES)), torch.tensor(_SPREAD).log()]
    return torch.stack(rows).unsqueeze(1)  # (3, 1, K)


def crps(parts: Parts, outcomes: Tensor) -> Tensor:
    """Return the continuous ranked probability score (B, Z) of `outcomes` (B, Z).

    Source: Grimit et al. (2006), doi:10.1256/qj.05.235, equation 5.
    """
    weights, means, scales = parts
    distance = _expected_distance(outcomes.unsqueeze(-1) - means, scales)  # (B, Z, K)
    apart = means.unsqueeze(-1) - means.unsqueeze(-2)  # (B, Z, K, K)
    spread = torch.sqrt(scales.square().unsqueeze(-1) + scales.square().unsqueeze(-2))
    pairs = _expected_distance(apart, spread)
    both = weights.unsqueeze(-1) * weights.unsqueeze(-2)
    return (weights * distance).sum(-1) - 0.5 * (both * pairs).sum((-1, -2))


def negative_log_likelihood(parts: Parts, outcomes: Tensor) -> Tensor:
    """Return minus the natural logarithm of the density (B, Z) at `outcomes` (B, Z)."""
    z = (outcomes.unsqueeze(-1) - parts.means) / parts.scales
    log_density = -0.5 * (z.square() + math.log(2 * math.pi)) - parts.scales.log()
    return -torch.logsumexp(parts.weights.log() + log_density, dim=-1)


def _expected_distance(mean: Tensor, scale: Tensor) -> Tensor:
    """Return E|X| for X normal with this mean and standard deviation."""
    z = mean / scale
    density = torch.exp(-0.5 * z.square()) / math.sqrt(2 * math.pi)
    return 2 * scale * density + mean * torch.erf(z / math.sqrt(2))
