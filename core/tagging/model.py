"""A bidirectional LSTM that gives every word of a sentence one of 17 parts of speech."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class ModelConfig:
    """The sizes that fix the weights."""

    vocab_size: int
    """Features of words, all kinds together (V)."""
    num_features: int
    """Features of one word (F)."""
    num_tags: int
    """K."""
    embedding_dim: int = 48
    """Numbers per feature (E)."""
    hidden_size: int = 128
    """Units per direction (H)."""
    dropout: float = 0.4


class Tagger(nn.Module):
    """The vectors of a word's features, an LSTM from either end, one linear layer per word.

    Source: Plank et al. (2016), doi:10.18653/v1/P16-2067, with affixes in place of characters.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_dim)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.dropout = nn.Dropout(config.dropout)
        self.lstm = nn.LSTM(
            config.num_features * config.embedding_dim,
            config.hidden_size,
            batch_first=True,
            bidirectional=True,
        )
        self.readout = nn.Linear(2 * config.hidden_size, config.num_tags)

    def forward(self, feature_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read feature_ids (B, S, F) of sentences that are equally long.

        Returns:
            embeddings (B, S, F * E), hidden_states (B, S, 2H) and logits (B, S, K).
        """
        embeddings = self.embedding(feature_ids).flatten(start_dim=2)  # (B, S, F * E)
        hidden_states, _ = self.lstm(self.dropout(embeddings))  # (B, S, 2H)
        return embeddings, hidden_states, self.readout(self.dropout(hidden_states))
