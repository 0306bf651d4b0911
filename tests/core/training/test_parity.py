"""The parity check must pass equal graphs and refuse unequal ones."""

import warnings

import pytest
import torch
from torch import nn

from core.onnx_model import open_session
from core.training.parity import check_parity


@pytest.fixture
def exported(tmp_path):
    torch.manual_seed(0)
    network = nn.Linear(3, 2).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's exporter announces its own successor
        torch.onnx.export(
            network,
            (torch.zeros(1, 3),),
            tmp_path / "linear.onnx",
            input_names=["x"],
            output_names=["y"],
            dynamo=False,
        )
    return network, open_session((tmp_path / "linear.onnx").read_bytes())


def test_equal_graphs_pass(exported):
    network, session = exported
    x = torch.randn(1, 3)
    assert check_parity(session, {"x": x}, [network(x)], tolerance=1e-5) <= 1e-5


def test_different_numbers_are_refused(exported):
    network, session = exported
    x = torch.randn(1, 3)
    with pytest.raises(ValueError, match="y: differs from torch"):
        check_parity(session, {"x": x}, [network(x) + 0.01], tolerance=1e-4)


def test_nan_and_other_shapes_are_refused(exported):
    network, session = exported
    x = torch.randn(1, 3)
    with pytest.raises(ValueError, match="differs"):
        check_parity(session, {"x": x}, [network(x) * torch.nan], tolerance=1e-4)
    with pytest.raises(ValueError, match="ONNX gives"):
        check_parity(session, {"x": x}, [network(x)[0]], tolerance=1e-4)
