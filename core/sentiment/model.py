"""Four recurrent networks that read a text's words and return one number: how positive it is.

The bidirectional LSTM is the one that answers. Its three small siblings read in one direction and
answer from their last hidden state alone, so what they have forgotten they cannot use: pages
compare their memories. All four read the same word vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

SIBLINGS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
"""One-directional networks by name."""
NETWORKS = ("bilstm", *SIBLINGS)


@dataclass(frozen=True)
class ModelConfig:
    """The sizes that fix the weights."""

    vocab_size: int
    embedding_size: int = 256
    """Numbers per word (E)."""
    hidden_size: int = 160
    """Units per direction of the bidirectional LSTM (H)."""
    sibling_size: int = 64
    """Units of each sibling."""
    embedding_dropout: float = 0.3
    readout_dropout: float = 0.5


class BiLSTM(nn.Module):
    """One LSTM from the first word on, one from the last word back, pooled over time.

    The logit is linear in the largest and the mean hidden state of every unit, so every unit's
    part of the verdict can be written out.

    Source: Graves & Schmidhuber (2005), doi:10.1016/j.neunet.2005.06.042; pooling over time as in
    Johnson & Zhang (2016), arXiv:1602.02373.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        sizes = (config.embedding_size, config.hidden_size)
        self.forward_lstm = nn.LSTM(*sizes, batch_first=True)
        self.backward_lstm = nn.LSTM(*sizes, batch_first=True)
        self.dropout = nn.Dropout(config.readout_dropout)
        self.readout = nn.Linear(4 * config.hidden_size, 1)

    def forward(self, embeddings: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read embeddings (B, S, E), of which lengths (B,) are real.

        Returns:
            logit (B,), hidden_forward (B, S, H) and hidden_backward (B, S, H): at a word, what
            each direction holds once it has read that word; past a text's length meaningless.
        """
        hidden_forward, _ = self.forward_lstm(embeddings)
        from_the_end, _ = self.backward_lstm(turn_round(embeddings, lengths))
        hidden_backward = turn_round(from_the_end, lengths)
        pooled = pool(torch.cat([hidden_forward, hidden_backward], dim=-1), lengths)  # (B, 4H)
        logit = self.readout(self.dropout(pooled)).squeeze(-1)
        return logit, hidden_forward, hidden_backward


class Sibling(nn.Module):
    """A small network of one direction that answers from its last hidden state."""

    def __init__(self, kind: str, config: ModelConfig) -> None:
        super().__init__()
        layer = SIBLINGS[kind]
        self.recurrent = layer(config.embedding_size, config.sibling_size, batch_first=True)
        self.dropout = nn.Dropout(config.readout_dropout / 2)
        self.readout = nn.Linear(config.sibling_size, 1)

    def forward(self, embeddings: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return logit (B,) and hidden_states (B, S, H) of embeddings (B, S, E)."""
        hidden_states, _ = self.recurrent(embeddings)
        last = (lengths - 1).view(-1, 1, 1).expand(-1, 1, hidden_states.shape[-1])
        final = hidden_states.gather(1, last).squeeze(1)  # (B, H)
        return self.readout(self.dropout(final)).squeeze(-1), hidden_states


class Classifier(nn.Module):
    """Word vectors and one of the four networks: what is trained."""

    def __init__(self, name: str, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_size)
        self.dropout = nn.Dropout(config.embedding_dropout)
        self.reader = BiLSTM(config) if name == "bilstm" else Sibling(name, config)

    def forward(self, token_ids: Tensor, lengths: Tensor) -> Tensor:
        """Return logit (B,) of token_ids (B, S)."""
        return self.reader(self.dropout(self.embedding(token_ids)), lengths)[0]


def turn_round(sequence: Tensor, lengths: Tensor) -> Tensor:
    """Reverse the real part of each row of `sequence` (B, S, D); what follows stays in place."""
    place = torch.arange(sequence.shape[1], device=sequence.device)  # (S,)
    mirrored = lengths.unsqueeze(1) - 1 - place  # (B, S)
    order = torch.where(mirrored >= 0, mirrored, place)
    return sequence.gather(1, order.unsqueeze(-1).expand(-1, -1, sequence.shape[2]))


def pool(hidden: Tensor, lengths: Tensor) -> Tensor:
    """Return the largest and the mean value of each unit over the real words: (B, S, D) -> (B, 2D).

    Hidden states lie in (-1, 1), so -2 never is the largest.
    """
    place = torch.arange(hidden.shape[1], device=hidden.device)
    real = (place < lengths.unsqueeze(1)).unsqueeze(-1)  # (B, S, 1)
    largest = hidden.masked_fill(~real, -2.0).amax(dim=1)
    mean = (hidden * real).sum(dim=1) / lengths.unsqueeze(1)
    return torch.cat([largest, mean], dim=-1)
