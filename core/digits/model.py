"""A feed-forward network with one hidden layer: no loop, no memory."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class ModelConfig:
    """The sizes that fix the weights."""

    num_pixels: int = 64
    hidden_size: int = 32
    """Units between image and answer (H)."""
    num_digits: int = 10
    dropout: float = 0.2


class Classifier(nn.Module):
    """Pixels to hidden units to logits, once.

    Source: Rumelhart, Hinton & Williams (1986), doi:10.1038/323533a0; rectified units as in
    Glorot, Bordes & Bengio (2011), https://proceedings.mlr.press/v15/glorot11a.html.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.reader = nn.Linear(config.num_pixels, config.hidden_size)
        self.dropout = nn.Dropout(config.dropout)
        self.readout = nn.Linear(config.hidden_size, config.num_digits)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return hidden (B, H) and logits (B, 10) of pixels (B, 64) in [0, 1]."""
        hidden = self.reader(pixels).relu()  # (B, H)
        return hidden, self.readout(self.dropout(hidden))
