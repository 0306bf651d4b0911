"""The captioning network in PyTorch: an attention LSTM over the regions that a CNN saw.

The CNN is one of core/training/encoders.py. The decoder is the adaptive-attention LSTM of Lu et
al. (2017), "Knowing When to Look": the LSTM reads the previous word and the whole image, then looks
back at the image's regions with its new hidden state, and a sentinel gate decides how much of the
next word comes from looking at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.vocabulary import Vocabulary

GATES = ("input_gate", "forget_gate", "candidate", "output_gate", "sentinel_gate")
"""PyTorch's order, then the gate that decides what the sentinel may show."""
UNSPOKEN = (Vocabulary.pad_id, Vocabulary.bos_id, Vocabulary.unk_id)
"""No words of a sentence."""


@dataclass(frozen=True)
class DecoderConfig:
    """The sizes that fix the decoder's weights."""

    vocab_size: int
    feature_size: int = 1280
    """Channels of the image features (D)."""
    hidden_size: int = 512
    """Of the LSTM, the word embeddings and the attention (H): tied embeddings need one size."""
    dropout: float = 0.5


class Photo(NamedTuple):
    """What the decoder keeps of a photo: read at every word, computed once."""

    regions: Tensor
    """(B, R, H), what a region says."""
    keys: Tensor
    """(B, R, H), what a region is found by."""
    overview_gates: Tensor
    """(B, 5H), what the whole photo adds to the LSTM's gates at every word."""
    hidden: Tensor
    """(B, H), first hidden state."""
    cell: Tensor
    """(B, H), first cell state."""


class State(NamedTuple):
    """The LSTM's state between two words."""

    hidden: Tensor
    """(B, H)."""
    cell: Tensor
    """(B, H)."""


class Looked(NamedTuple):
    """How the decoder looked before each of T words."""

    output: Tensor
    """(B, T, H), what `CaptionDecoder.log_probs` turns into words."""
    attention_weights: Tensor
    """(B, T, R), over the regions; rows sum to 1."""
    sentinel_weight: Tensor
    """(B, T) in [0, 1], share of the context that came from the LSTM's own memory."""


class CaptionDecoder(nn.Module):
    """An LSTM that looks at the photo's regions, or at its own memory, before each word.

    Source: Lu et al. (2017), arXiv:1612.01887, sections 2.2 and 2.3, with scaled dot products for
    the attention scores and tied word embeddings.
    """

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        size, self.config = config.hidden_size, config
        self.dropout = nn.Dropout(config.dropout)
        self.embedding = nn.Embedding(config.vocab_size, size)
        self.region = nn.Linear(config.feature_size, size)
        self.region_norm = nn.LayerNorm(size)
        self.key = nn.Linear(size, size, bias=False)
        self.overview = nn.Linear(config.feature_size, size)
        self.first_hidden = nn.Linear(size, size)
        self.first_cell = nn.Linear(size, size)
        self.word_gates = nn.Linear(size, len(GATES) * size)
        self.overview_gates = nn.Linear(size, len(GATES) * size, bias=False)
        self.hidden_gates = nn.Linear(size, len(GATES) * size, bias=False)
        self.query = nn.Linear(size, size)
        self.output = nn.Linear(2 * size, size)
        self.output_bias = nn.Parameter(torch.zeros(config.vocab_size))
        unspoken = torch.zeros(config.vocab_size)
        unspoken[list(UNSPOKEN)] = -1e4
        self.register_buffer("unspoken", unspoken, persistent=False)
        nn.init.normal_(self.embedding.weight, std=0.05)
        with torch.no_grad():  # a new LSTM remembers: forget gate bias 1
            self.word_gates.bias[size : 2 * size] = 1.0

    def look(self, image_features: Tensor) -> Photo:
        """Project image_features (B, R, D) once per photo."""
        regions, overview = self.see_regions(image_features), self.summarise(image_features)
        overview_gates = self.overview_gates(self.dropout(overview))  # (B, 5H)
        return Photo(regions, self.key(regions), overview_gates, *self.first_state(overview))

    def see_regions(self, image_features: Tensor) -> Tensor:
        """Return (B, R, H), what the regions of image_features (B, R, D) say."""
        return self.dropout(torch.relu(self.region_norm(self.region(image_features))))

    def summarise(self, image_features: Tensor) -> Tensor:
        """Return (B, H), the whole photo of image_features (B, R, D)."""
        return torch.relu(self.overview(image_features.mean(dim=1)))

    def first_state(self, overview: Tensor) -> State:
        """Return the LSTM's state before the first word."""
        return State(torch.tanh(self.first_hidden(overview)), self.first_cell(overview))

    def forward(self, photo: Photo, token_ids: Tensor) -> Looked:
        """Read token_ids (B, T), the begin token first, and look after each of them."""
        read = self.word_gates(self.dropout(self.embedding(token_ids)))  # (B, T, 5H)
        read = read + photo.overview_gates.unsqueeze(1)
        state = State(photo.hidden, photo.cell)
        hidden_states, sentinels = [], []
        for gates in read.unbind(dim=1):  # (B, 5H), one time step
            state, opened = self.cell_step(gates, state)
            hidden_states.append(state.hidden)
            sentinels.append(opened["sentinel"])
        return self.attend(photo, torch.stack(hidden_states, 1), torch.stack(sentinels, 1))

    def read_token(
        self, overview_gates: Tensor, token: Tensor, state: State
    ) -> tuple[State, dict[str, Tensor]]:
        """Advance by token (B,); see `cell_step` for what returns."""
        read = self.word_gates(self.dropout(self.embedding(token))) + overview_gates
        return self.cell_step(read, state)

    def cell_step(self, read: Tensor, state: State) -> tuple[State, dict[str, Tensor]]:
        """Advance the LSTM by one word.

        Args:
            read: (B, 5H), what word and overview add to the gates, before any sigmoid.
            state: Hidden and cell state before the word.

        Returns:
            The state after it, and every gate and the sentinel (B, H) by name.

        Source: Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000); the
        fifth gate is Lu et al. (2017), equation 9.
        """
        parts = (read + self.hidden_gates(state.hidden)).chunk(len(GATES), dim=-1)
        opened = {
            name: torch.tanh(part) if name == "candidate" else torch.sigmoid(part)
            for name, part in zip(GATES, parts, strict=True)
        }
        cell = opened["forget_gate"] * state.cell + opened["input_gate"] * opened["candidate"]
        memory = torch.tanh(cell)
        opened["sentinel"] = opened["sentinel_gate"] * memory
        return State(opened["output_gate"] * memory, cell), opened

    def attend(self, photo: Photo, hidden: Tensor, sentinel: Tensor) -> Looked:
        """Look back at the photo with T hidden states (B, T, H) and their sentinels."""
        query = self.query(hidden) * self.config.hidden_size**-0.5  # (B, T, H)
        scores = query @ photo.keys.transpose(1, 2)  # (B, T, R)
        own_score = (query * self.key(sentinel)).sum(dim=-1, keepdim=True)  # (B, T, 1)
        attention_weights = scores.softmax(dim=-1)  # rows sum to 1
        with_sentinel = torch.cat([scores, own_score], dim=-1).softmax(dim=-1)
        share = with_sentinel[..., -1:]  # (B, T, 1)
        context = share * sentinel + (1 - share) * (attention_weights @ photo.regions)
        output = torch.tanh(self.output(torch.cat([hidden, context], dim=-1)))  # (B, T, H)
        return Looked(output, attention_weights, share.squeeze(-1))

    def log_probs(self, output: Tensor) -> Tensor:
        """Return natural logarithms of the next word's probabilities (..., V)."""
        return self._logits(output).log_softmax(dim=-1)

    def spoken_log_probs(self, output: Tensor) -> Tensor:
        """Return the same for writing: what is no word of a sentence gets no probability."""
        return (self._logits(output) + self.unspoken).log_softmax(dim=-1)

    def _logits(self, output: Tensor) -> Tensor:
        weight = self.embedding.weight
        return F.linear(self.dropout(output), weight, self.output_bias).float()


class Captioner(nn.Module):
    """A CNN and the decoder that reads it, trained together."""

    def __init__(self, encoder: nn.Module, decoder: CaptionDecoder) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def look(self, images: Tensor) -> Photo:
        """Return what the decoder keeps of images (B, S, S, 3) uint8."""
        return self.decoder.look(self.encoder(images))


def repeat_photo(photo: Photo, times: int) -> Photo:
    """Repeat each row `times` times in place: five captions read one photo."""
    return Photo(*(part.repeat_interleave(times, dim=0) for part in photo))


def write(
    network: CaptionDecoder, photo: Photo, vocabulary: Vocabulary, *, sample: bool, limit: int = 20
) -> tuple[Tensor, Tensor]:
    """Write a sentence for every photo of a batch, by sampling or greedily.

    Returns:
        (B, T) token ids, padding after the end token, and (B, T) their log-probabilities.
    """
    token = torch.full((len(photo.hidden),), vocabulary.bos_id, device=photo.hidden.device)
    state, ended = State(photo.hidden, photo.cell), torch.zeros_like(token, dtype=torch.bool)
    token_ids, chosen = [], []
    for _ in range(limit):
        state, opened = network.read_token(photo.overview_gates, token, state)
        looked = network.attend(photo, state.hidden.unsqueeze(1), opened["sentinel"].unsqueeze(1))
        log_probs = network.spoken_log_probs(looked.output[:, 0])  # (B, V)
        token = draw(log_probs) if sample else log_probs.argmax(-1)
        chosen.append(log_probs.gather(-1, token.unsqueeze(-1))[:, 0])
        token = token.masked_fill(ended, vocabulary.pad_id)
        token_ids.append(token)
        ended = ended | (token == vocabulary.eos_id)
        if ended.all():
            break
    return torch.stack(token_ids, 1), torch.stack(chosen, 1)


def draw(log_probs: Tensor) -> Tensor:
    """Return one token per row of log_probs (B, V), drawn by its probability.

    A uniform number looked up in the cumulative distribution: on the CPU several times faster than
    `torch.multinomial`, which draws a random number for every word of the vocabulary.
    """
    cumulative = log_probs.detach().exp().cumsum(dim=-1)  # (B, V)
    level = 1 - torch.rand(len(log_probs), 1, device=log_probs.device)  # in (0, 1]
    return (cumulative < level).sum(dim=-1).clamp_max(log_probs.shape[1] - 1)


def sentences(token_ids: Tensor, vocabulary: Vocabulary) -> list[list[int]]:
    """Return each row's tokens before its end token or padding."""
    ends = {vocabulary.eos_id, vocabulary.pad_id}
    rows = []
    for row in token_ids.tolist():
        length = next((i for i, token_id in enumerate(row) if token_id in ends), len(row))
        rows.append(row[:length])
    return rows
