"""Exported graphs against torch, for one and for several hypotheses."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from core.captioning import export
from core.captioning.model import CaptionDecoder, Captioner, DecoderConfig
from core.onnx_model import open_session
from core.training.encoders import ImageEncoder


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    torch.manual_seed(0)
    cnn = nn.Sequential(nn.Conv2d(3, 20, 32, stride=32), nn.ReLU6())
    encoder = ImageEncoder("efficientnet_lite0", cnn).eval()
    decoder = CaptionDecoder(DecoderConfig(vocab_size=40, feature_size=20, hidden_size=16)).eval()
    folder = tmp_path_factory.mktemp("graphs")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's exporter announces its own successor
        graphs = export.write_fp32(Captioner(encoder, decoder).eval(), folder)
    return folder, graphs


def unnamed(graph):
    """A network and its inputs in the order of its names."""
    return graph[0], tuple(graph[1].values())


def test_fp32_graphs_equal_torch(exported):
    folder, graphs = exported
    assert export.check_graphs(graphs, folder, tolerance=1e-4) <= 1e-4


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_the_step_takes_any_number_of_hypotheses(exported, rows):
    folder, graphs = exported
    step, (_, regions, keys, overview_gates, _, _) = unnamed(graphs["decoder_step"])
    generator = torch.Generator().manual_seed(rows)
    state = [torch.randn(rows, 16, generator=generator) for _ in range(2)]
    token = torch.randint(4, 40, (rows,), generator=generator)
    inputs = (token, regions, keys, overview_gates, *state)
    session = open_session((folder / "decoder_step.onnx").read_bytes())
    found = session.run(
        None, {n: t.numpy() for n, t in zip(export.STEP_INPUTS, inputs, strict=True)}
    )
    with torch.no_grad():
        expected = step(*inputs)
    for array, tensor in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, tensor.numpy(), atol=1e-5)


def test_graphs_name_their_inputs_and_outputs(exported):
    folder, _ = exported
    session = open_session((folder / "decoder_step.onnx").read_bytes())
    assert [node.name for node in session.get_inputs()] == list(export.STEP_INPUTS)
    assert [node.name for node in session.get_outputs()] == list(export.STEP_OUTPUTS)


def test_int8_stays_close(exported, tmp_path):
    folder, graphs = exported
    path = tmp_path / "decoder_step.onnx"
    path.write_bytes((folder / "decoder_step.onnx").read_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export.quantize_matrices(path)
    step, inputs = unnamed(graphs["decoder_step"])
    session = open_session(path.read_bytes())
    found = session.run(
        None, {n: t.numpy() for n, t in zip(export.STEP_INPUTS, inputs, strict=True)}
    )
    with torch.no_grad():
        expected = step(*inputs)
    assert 0 < np.abs(found[1] - expected[1].numpy()).max() < 0.05
