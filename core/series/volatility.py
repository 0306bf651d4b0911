"""How much a price moves: log returns and their size over short and long memories. Numpy only.

Every value at position t is made from returns up to t and from none after it.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np

_BLOCK = 64


def log_returns(prices: np.ndarray) -> np.ndarray:
    """Return (N - 1,) natural logarithms of tomorrow's price over today's."""
    return np.diff(np.log(prices))


def weighted_mean(values: np.ndarray, half_life: float) -> np.ndarray:
    """Return (N,) means of all values so far; a weight halves every `half_life` steps.

    The sum is carried from block to block; inside a block it is one product of matrices.
    """
    decay = 0.5 ** (1 / half_life)
    steps = np.arange(_BLOCK)
    weights = np.tril(decay ** np.maximum(steps[:, None] - steps, 0))
    padded = np.zeros(-(-len(values) // _BLOCK) * _BLOCK)
    padded[: len(values)] = values
    inside = padded.reshape(-1, _BLOCK) @ weights.T  # (blocks, steps)
    carry = accumulate(inside[:, -1].tolist(), lambda kept, new: decay**_BLOCK * kept + new)
    before = np.array([0.0, *carry])[: len(inside), None]
    total = (inside + before * decay ** (steps + 1)).ravel()[: len(values)]
    return total * (1 - decay) / (1 - decay ** np.arange(1, len(values) + 1))


def ewma_volatility(returns: np.ndarray, half_life: float) -> np.ndarray:
    """Return (N,) root mean squares of the returns so far, recent ones weighing more.

    Source: J.P. Morgan/Reuters (1996), RiskMetrics Technical Document, section 5.2.
    """
    return np.sqrt(weighted_mean(np.square(returns), half_life))


def rolling_volatility(returns: np.ndarray, window_length: int) -> np.ndarray:
    """Return (N,) root mean squares of the last `window_length` returns, fewer at the start."""
    total = np.concatenate([[0.0], np.cumsum(np.square(returns))])
    last = np.arange(1, len(returns) + 1)
    first = np.maximum(last - window_length, 0)
    return np.sqrt(np.maximum(total[last] - total[first], 0) / (last - first))


def expanding_mean(values: np.ndarray) -> np.ndarray:
    """Return (N,) means of all values so far, all with the same weight."""
    return np.cumsum(values) / np.arange(1, len(values) + 1)


def expanding_volatility(returns: np.ndarray) -> np.ndarray:
    """Return (N,) root mean squares of all returns so far."""
    return np.sqrt(expanding_mean(np.square(returns)))
