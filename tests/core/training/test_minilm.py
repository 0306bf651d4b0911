"""The transformer against torch's own, the file format and the pieces of words by hand."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from core.training.minilm import (
    MiniLM,
    MiniLMConfig,
    WordPieces,
    load_minilm,
    read_safetensors,
    read_word_pieces,
)

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "do", "n", "'", "t", "creme"]


SMALL = MiniLMConfig(vocab_size=20, hidden_size=24, inner_size=32, num_heads=3, num_positions=16)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return MiniLM(SMALL).eval()


def test_a_layer_is_torchs_encoder_layer(network):
    """nn.TransformerEncoderLayer holds query, key and value in one matrix; else it is the same."""
    layer = network.layers[0]
    oracle = nn.TransformerEncoderLayer(24, 3, 32, activation="gelu", batch_first=True)
    parts = (layer.query, layer.key, layer.value)
    oracle.self_attn.in_proj_weight.data = torch.cat([part.weight for part in parts])
    oracle.self_attn.in_proj_bias.data = torch.cat([part.bias for part in parts])
    pairs = {
        oracle.self_attn.out_proj: layer.mix,
        oracle.linear1: layer.widen,
        oracle.linear2: layer.narrow,
        oracle.norm1: layer.mix_norm,
        oracle.norm2: layer.narrow_norm,
    }
    for theirs, ours in pairs.items():
        theirs.load_state_dict(ours.state_dict())
    hidden = torch.randn(2, 5, 24, generator=torch.Generator().manual_seed(1))
    real = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    with torch.no_grad():
        expected = oracle.eval()(hidden, src_key_padding_mask=~real)
        found = layer(hidden, real[:, None, None, :])
    torch.testing.assert_close(found[real], expected[real], atol=1e-5, rtol=1e-5)


def test_padding_changes_nothing(network):
    alone, padded = torch.tensor([[2, 7, 3]]), torch.tensor([[2, 7, 3, 0, 0]])
    with torch.no_grad():
        for one, other in zip(network(alone), network(padded), strict=True):
            torch.testing.assert_close(one, other)


def test_published_names_become_ours(network, tmp_path):
    """A file written as the package's is must load into every weight."""
    state = {n: w for n, w in network.state_dict().items() if not n.startswith("readout")}
    published = {_published(name): tensor.numpy() for name, tensor in state.items()}
    published |= {
        "embeddings.position_ids": np.arange(16).reshape(1, -1),
        "pooler.dense.weight": np.zeros((24, 24), np.float32),
        "pooler.dense.bias": np.zeros(24, np.float32),
    }
    write_safetensors(tmp_path / "model.safetensors", published)
    loaded = load_minilm(tmp_path, SMALL).state_dict()
    for name, tensor in state.items():
        torch.testing.assert_close(loaded[name], tensor)


def _published(name: str) -> str:
    kinds = {"mix": "attention.output.dense", "mix_norm": "attention.output.LayerNorm"}
    kinds |= {"widen": "intermediate.dense", "narrow": "output.dense"}
    kinds |= {"narrow_norm": "output.LayerNorm"}
    kinds |= {part: f"attention.self.{part}" for part in ("query", "key", "value")}
    first, *rest = name.split(".")
    if first == "layers":
        return f"encoder.layer.{rest[0]}.{kinds[rest[1]]}.{rest[2]}"
    tables = {"words": "word_embeddings", "positions": "position_embeddings"}
    tables |= {"segments": "token_type_embeddings", "norm": "LayerNorm"}
    return f"embeddings.{tables[first]}.{rest[0]}"


def write_safetensors(path, arrays) -> None:
    header, content = {"__metadata__": {"format": "pt"}}, b""
    for name, array in arrays.items():
        kind = {"float32": "F32", "int64": "I64"}[str(array.dtype)]
        offsets = [len(content), len(content) + array.nbytes]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": offsets}
        content += array.tobytes()
    head = json.dumps(header).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + content)


def test_safetensors_are_read_in_shape(tmp_path):
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([7, 8])}
    write_safetensors(tmp_path / "file", arrays)
    for name, array in read_safetensors(tmp_path / "file").items():
        np.testing.assert_array_equal(array, arrays[name])


def test_the_longest_known_beginning_comes_first():
    pieces = WordPieces({piece: number for number, piece in enumerate(PIECES)})
    words = ["unaffable", "do", "n't", "cr\u00e8me", "unknown"]
    assert pieces.encode(words) == [2, 4, 5, 6, 7, 8, 9, 10, 11, 1, 3]
    assert pieces.encode(words, limit=4) == [2, 4, 5, 3]


def test_a_piece_is_numbered_by_its_line(tmp_path):
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES) + "\n", "utf-8")
    assert read_word_pieces(tmp_path / "vocab.txt").piece_ids["##able"] == 6
