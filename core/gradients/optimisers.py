"""Gradient descent, plain and Adam: written out, since torch.optim loads a compiler for it."""

from __future__ import annotations

import torch
from torch import Tensor


class SGD:
    """w <- w - learning rate * gradient."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def update(self, parameters: list[Tensor], gradients: list[Tensor]) -> None:
        """Change the parameters in place."""
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= self.learning_rate * gradient


class Adam:
    """Steps of about one learning rate along the mean gradient over its own mean size.

    Source: Kingma & Ba (2015), arXiv:1412.6980, algorithm 1.
    """

    DECAY_MEAN, DECAY_SQUARE, EPSILON = 0.9, 0.999, 1e-8

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate, self.num_updates = learning_rate, 0
        self.means: list[Tensor] = []
        self.squares: list[Tensor] = []

    def update(self, parameters: list[Tensor], gradients: list[Tensor]) -> None:
        """Change the parameters in place."""
        if not self.means:
            self.means = [torch.zeros_like(p) for p in parameters]
            self.squares = [torch.zeros_like(p) for p in parameters]
        self.num_updates += 1
        correct_mean = 1 - self.DECAY_MEAN**self.num_updates
        correct_square = 1 - self.DECAY_SQUARE**self.num_updates
        together = zip(parameters, gradients, self.means, self.squares, strict=True)
        with torch.no_grad():
            for parameter, gradient, mean, square in together:
                mean.lerp_(gradient, 1 - self.DECAY_MEAN)
                square.lerp_(gradient * gradient, 1 - self.DECAY_SQUARE)
                size = (square / correct_square).sqrt_() + self.EPSILON
                parameter -= self.learning_rate / correct_mean * mean / size


OPTIMISERS = {"SGD": SGD, "Adam": Adam}
