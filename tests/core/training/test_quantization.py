"""A quantised graph that takes bytes as they are answers as the one that scaled them first."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from core.onnx_model import open_session
from core.training.encoders import ImageEncoder
from core.training.graphs import write_graph
from core.training.quantization import quantize_convolutions, quantize_matrices, read_bytes

pytestmark = [
    pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript"),
    pytest.mark.filterwarnings("ignore:The feature will be removed"),
]


def photos(largest: int, count: int = 4) -> list[np.ndarray]:
    chance = np.random.default_rng(largest)
    return [chance.integers(0, largest + 1, (1, 224, 224, 3), np.uint8) for _ in range(count)]


@pytest.fixture
def encoder(tmp_path):
    """Path of a small exported encoder."""
    torch.manual_seed(0)
    cnn = nn.Sequential(nn.Conv2d(3, 20, 32, stride=32), nn.ReLU6())
    network, path = ImageEncoder("efficientnet_lite0", cnn), tmp_path / "encoder.onnx"
    image = torch.zeros(1, 224, 224, 3, dtype=torch.uint8)
    write_graph(network, {"image": image}, ("features",), path)
    return path


def answers(path, images):
    session = open_session(path.read_bytes())
    return [session.run(None, {"image": image})[0] for image in images]


def test_bytes_that_are_read_directly_change_nothing(encoder):
    images = photos(255)
    quantize_convolutions(encoder, ({"image": image} for image in images))
    before = answers(encoder, images)
    read_bytes(encoder)
    for one, other in zip(before, answers(encoder, images), strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.ptp(before[0]) > 0


def test_bytes_of_another_range_are_not_taken_for_quantised(encoder):
    quantize_convolutions(encoder, ({"image": image} for image in photos(100)))
    with pytest.raises(ValueError, match="not the bytes themselves"):
        read_bytes(encoder)


def test_matrices_in_int8_stay_near_and_convolutions_stay_as_they_are(tmp_path):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv1d(4, 8, 3), nn.Flatten(), nn.Linear(8 * 6, 5)).eval()
    values = torch.rand(1, 4, 8)
    path = tmp_path / "graph.onnx"
    write_graph(Tupled(network), {"values": values}, ("out",), path)
    exact = open_session(path.read_bytes()).run(None, {"values": values.numpy()})[0]
    quantize_matrices(path)
    near = open_session(path.read_bytes()).run(None, {"values": values.numpy()})[0]
    assert 0 < np.abs(near - exact).max() < 0.02
    assert b"ConvInteger" not in path.read_bytes() and b"MatMulInteger" in path.read_bytes()


def test_a_matrix_whose_columns_have_one_scale_keeps_one_number(tmp_path):
    chance = torch.Generator().manual_seed(0)
    weight = torch.rand(6, 4, generator=chance)
    inputs, found = torch.rand(3, 4, generator=chance), {}
    for name, rows in (("like", weight / weight.amax(dim=1, keepdim=True)), ("unlike", weight)):
        layer = nn.Linear(4, 6, bias=False)
        layer.load_state_dict({"weight": rows})
        path = tmp_path / f"{name}.onnx"
        write_graph(Tupled(layer), {"inputs": inputs}, ("out",), path)
        quantize_matrices(path)
        stored = {i.name: list(i.dims) for i in onnx.load(str(path)).graph.initializer}
        found[name] = {dims[0] for n, dims in stored.items() if n.endswith(("_scale", "_point"))}
        near = open_session(path.read_bytes()).run(None, {"inputs": inputs.numpy()})[0]
        np.testing.assert_allclose(near, (inputs @ rows.T).numpy(), atol=0.03)
    assert found == {"like": {1}, "unlike": {6}}


class Tupled(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, values):
        return (self.network(values),)
