"""The translation network in PyTorch: one encoder for English, one decoder for every language.

A bidirectional LSTM reads the English sentence once. An attention LSTM with input feeding writes a
translation; the languages share it and differ in their word embeddings alone, so that the begin
token of a language is all that tells the decoder what to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.vocabulary import Vocabulary

LANGUAGES = ("de", "fr", "es")
"""What English is translated into."""


@dataclass(frozen=True)
class ModelConfig:
    """The sizes that fix the weights."""

    vocab_size: int = 8000
    """Subwords of each language."""
    embedding_dim: int = 256
    hidden_size: int = 512
    """Of the decoder (H); each direction of the encoder has half of it, so D = H."""
    num_layers: int = 2
    """Of the encoder; the decoder has one."""
    dropout: float = 0.2


class Source(NamedTuple):
    """What the decoder keeps of a sentence: read at every step, computed once."""

    keys: Tensor
    """(B, S, H), what a position is found by."""
    encoder_outputs: Tensor
    """(B, S, D), what a position says."""
    hidden: Tensor
    """(B, H), first hidden state."""
    cell: Tensor
    """(B, H), first cell state."""


class State(NamedTuple):
    """What the decoder carries from token to token."""

    hidden: Tensor
    """(B, H)."""
    cell: Tensor
    """(B, H)."""
    attended: Tensor
    """(B, H), what was said last: fed back to the input, so that attention knows where it was."""


class Encoder(nn.Module):
    """LSTMs over a sentence and over its reversal, outputs side by side."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        half, self.dropout = config.hidden_size // 2, nn.Dropout(config.dropout)
        sizes = [config.embedding_dim, *[config.hidden_size] * (config.num_layers - 1)]
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_dim)
        self.forwards = nn.ModuleList(nn.LSTM(size, half, batch_first=True) for size in sizes)
        self.backwards = nn.ModuleList(nn.LSTM(size, half, batch_first=True) for size in sizes)
        nn.init.normal_(self.embedding.weight, std=0.1)

    def forward(self, token_ids: Tensor, lengths: Tensor) -> list[Tensor]:
        """Return word vectors (B, S, E), then the states of every layer (B, S, D).

        Args:
            token_ids: (B, S), padded.
            lengths: (B,), real tokens of each row.
        """
        place = torch.arange(token_ids.shape[1], device=token_ids.device)  # (S,)
        mirrored = torch.where(place < lengths[:, None], lengths[:, None] - 1 - place, place)
        layers = [self._drop(self.embedding(token_ids))]  # (B, S, E)
        for ahead, back in zip(self.forwards, self.backwards, strict=True):
            forward_states, _ = ahead(layers[-1])  # (B, S, D / 2)
            backward_states, _ = back(_reorder(layers[-1], mirrored))
            both = (forward_states, _reorder(backward_states, mirrored))
            layers.append(self._drop(torch.cat(both, dim=-1)))  # (B, S, D)
        return layers

    def _drop(self, states: Tensor) -> Tensor:
        """Drop units of states (B, S, X), the same at every position (Gal & Ghahramani 2016)."""
        return states * self.dropout(torch.ones_like(states[:, :1])) if self.training else states


def _reorder(states: Tensor, order: Tensor) -> Tensor:
    """Return states (B, S, X) with the positions of each row in another order (B, S)."""
    return states.gather(1, order.unsqueeze(-1).expand(-1, -1, states.shape[-1]))


class Translator(nn.Module):
    """An attention LSTM that writes in the language of its embeddings.

    Source: Luong et al. (2015), arXiv:1508.04025, sections 3.1 ("general" score) and 3.3 (input
    feeding), over a bidirectional encoder (Bahdanau et al. 2015, arXiv:1409.0473); output tied to
    the embeddings (Press & Wolf 2017, arXiv:1608.05859).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        size, self.config = config.hidden_size, config
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = Encoder(config)
        self.embeddings = nn.ModuleDict(
            {name: nn.Embedding(config.vocab_size, config.embedding_dim) for name in LANGUAGES}
        )
        self.output_biases = nn.ParameterDict(
            {name: nn.Parameter(torch.zeros(config.vocab_size)) for name in LANGUAGES}
        )
        self.key = nn.Linear(size, size, bias=False)
        self.first_hidden = nn.Linear(size, size)
        self.first_cell = nn.Linear(size, size)
        self.token_gates = nn.Linear(config.embedding_dim, 4 * size)
        self.state_gates = nn.Linear(2 * size, 4 * size, bias=False)
        self.combine = nn.Linear(2 * size, size)
        self.project = nn.Linear(size, config.embedding_dim)
        for embedding in self.embeddings.values():
            nn.init.normal_(embedding.weight, std=0.1)
        with torch.no_grad():  # a new LSTM remembers: forget gate bias 1
            self.token_gates.bias[size : 2 * size] = 1.0

    def read(self, token_ids: Tensor, lengths: Tensor) -> Source:
        """Encode token_ids (B, S) with real lengths (B,)."""
        return self.summarise(self.encoder(token_ids, lengths)[-1], lengths)

    def summarise(self, encoder_outputs: Tensor, lengths: Tensor) -> Source:
        """Prepare encoder_outputs (B, S, D) for the decoder."""
        real = torch.arange(encoder_outputs.shape[1], device=lengths.device) < lengths[:, None]
        share = (real / lengths[:, None]).to(encoder_outputs.dtype)  # (B, S)
        mean = (share.unsqueeze(1) @ encoder_outputs).squeeze(1)  # (B, D)
        hidden, cell = torch.tanh(self.first_hidden(mean)), self.first_cell(mean)
        return Source(self.key(encoder_outputs), encoder_outputs, hidden, cell)

    def embed(self, language: str, token_ids: Tensor) -> Tensor:
        """Return what tokens of a language add to the LSTM's gates, (..., 4H)."""
        return self.token_gates(self.dropout(self.embeddings[language](token_ids)))

    def embed_mixed(self, token_ids: Tensor, language_of: Tensor) -> Tensor:
        """Return the same for tokens (N,) of several languages, by place in LANGUAGES (N,)."""
        places = [(language_of == place).nonzero().squeeze(1) for place in range(len(LANGUAGES))]
        parts = [
            self.embeddings[name](token_ids[place])
            for name, place in zip(LANGUAGES, places, strict=True)
        ]
        together = torch.cat(parts)[torch.cat(places).argsort()]  # (N, E)
        return self.token_gates(self.dropout(together))

    def output_of(self, language: str) -> tuple[Tensor, Tensor]:
        """Return weight (V, E) and bias (V,) that turn a projected state into logits."""
        return self.embeddings[language].weight, self.output_biases[language]

    def step(
        self, gates: Tensor, state: State, source: Source, mask: Tensor | None
    ) -> tuple[State, Tensor]:
        """Read one token and look at the source.

        Args:
            gates: (B, 4H), from `embed`; i, f, g, o as in nn.LSTM.
            state: Before the token.
            source: Of each row, or one row that all share.
            mask: (B, S) bool, True = real token; None: all are.

        Returns:
            The state after it, and attention_weights (B, S) whose rows sum to 1.
        """
        carried = torch.cat([state.hidden, state.attended], dim=-1)  # (B, 2H)
        parts = (gates + self.state_gates(carried)).chunk(4, dim=-1)
        input_gate, forget_gate, output_gate = (parts[i].sigmoid() for i in (0, 1, 3))
        cell = forget_gate * state.cell + input_gate * parts[2].tanh()
        hidden = output_gate * cell.tanh()  # (B, H)
        scores = (hidden.unsqueeze(1) @ source.keys.transpose(1, 2)).squeeze(1)  # (B, S)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        attention_weights = scores.softmax(dim=-1)  # rows sum to 1
        context = (attention_weights.unsqueeze(1) @ source.encoder_outputs).squeeze(1)  # (B, D)
        said = torch.cat([hidden, context], dim=-1)  # (B, H + D)
        attended = self.dropout(self.combine(said).tanh())  # (B, H)
        return State(hidden, cell, attended), attention_weights

    def log_probs(self, language: str, attended: Tensor) -> Tensor:
        """Return natural logarithms of the next token's probabilities (..., V)."""
        logits = F.linear(self.project(attended), *self.output_of(language))
        return logits.float().log_softmax(dim=-1)


def first_state(source: Source) -> State:
    """Return the state before the begin token."""
    return State(source.hidden, source.cell, torch.zeros_like(source.hidden))


def write(
    network: Translator, source: Source, mask: Tensor, language: str, *, limit: int = 60
) -> list[list[int]]:
    """Translate a batch greedily: the tokens of each row, without the end token."""
    state = first_state(source)
    token = torch.full((len(mask),), Vocabulary.bos_id, device=mask.device)
    ended, token_ids = torch.zeros_like(token, dtype=torch.bool), []
    for _ in range(limit):
        gates = network.embed(language, token)
        state, _ = network.step(gates, state, source, mask)
        token = network.log_probs(language, state.attended).argmax(dim=-1)
        token = token.masked_fill(ended, Vocabulary.eos_id)
        token_ids.append(token)
        ended = ended | (token == Vocabulary.eos_id)
        if ended.all():
            break
    rows = torch.stack(token_ids, dim=1).tolist()
    return [row[: row.index(Vocabulary.eos_id)] if ended[i] else row for i, row in enumerate(rows)]
