"""A network and its ONNX file: every free size works, other weights are noticed."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.onnx_model import open_session
from core.training.graphs import check_graph, write_graph

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
)


class Doubler(nn.Module):
    def __init__(self, factor: float = 2.0) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, values):
        return values * self.factor, values.sum(dim=-1)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "doubler.onnx"
    write_graph(
        Doubler(), {"values": torch.ones(2, 3, 4)}, ("twice", "sum"), path, axes={0: "texts"}
    )
    return path


def test_names_and_free_sizes_are_those_that_were_asked_for(path):
    session = open_session(path.read_bytes())
    assert [(n.name, n.shape) for n in session.get_inputs()] == [("values", ["texts", 3, 4])]
    assert [n.name for n in session.get_outputs()] == ["twice", "sum"]


def test_the_largest_difference_of_all_examples_is_returned(path):
    examples = [{"values": torch.ones(batch, 3, 4)} for batch in (1, 5)]
    assert check_graph(Doubler(), path, examples, tolerance=1e-6) == 0
    near = check_graph(Doubler(2.001), path, examples, tolerance=0.1)
    assert near == pytest.approx(0.001, rel=1e-2)


def test_other_weights_are_noticed(path):
    with pytest.raises(ValueError, match="twice: differs from torch"):
        check_graph(Doubler(3.0), path, [{"values": torch.ones(1, 3, 4)}], tolerance=1e-4)
