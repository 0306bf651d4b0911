"""Exported graphs against torch, for one and for several hypotheses."""

import copy
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from core.captioning import export
from core.captioning.graphs import (
    STEP_INPUTS,
    STEP_OUTPUTS,
    in_network_order,
    in_step_order,
    shrink,
)
from core.captioning.model import GATES, CaptionDecoder, Captioner, DecoderConfig, State
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
    step, (_, regions, overview_gates, _, _) = unnamed(graphs["decoder_step"])
    generator = torch.Generator().manual_seed(rows)
    state = [torch.randn(rows, 16, generator=generator) for _ in range(2)]
    token = torch.randint(4, 40, (rows,), generator=generator)
    inputs = (token, regions, overview_gates, *state)
    session = open_session((folder / "decoder_step.onnx").read_bytes())
    found = session.run(None, {n: t.numpy() for n, t in zip(STEP_INPUTS, inputs, strict=True)})
    with torch.no_grad():
        expected = step(*inputs)
    for array, tensor in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, tensor.numpy(), atol=1e-5)


def test_the_graphs_compute_what_the_network_computes(exported):
    """The step leaves keys and the query's own matrix out, and looks up what words add."""
    _, graphs = exported
    encoder, (image,) = unnamed(graphs["encoder"])
    step, (token, _, _, hidden, cell) = unnamed(graphs["decoder_step"])
    network = encoder.network
    with torch.no_grad():
        photo = network.look(image)
        regions, overview_gates, *first = encoder(image)
        found = dict(zip(STEP_OUTPUTS, step(*unnamed(graphs["decoder_step"])[1]), strict=True))
        state, opened = network.decoder.read_token(photo.overview_gates, token, State(hidden, cell))
        looked = network.decoder.attend(photo, state.hidden[None], opened["sentinel"][None])
        log_probs = network.decoder.spoken_log_probs(looked.output[0])
    wanted = {
        "next_hidden": state.hidden,
        "next_cell": state.cell,
        "attention_weights": looked.attention_weights[0],
        "sentinel_weight": looked.sentinel_weight[0],
        **{name: opened[name] for name in GATES[:4]},
    }
    for name, own in wanted.items():
        torch.testing.assert_close(found[name], own, atol=1e-5, rtol=0)
    spoken = log_probs > -1000  # what is no word has about minus ten thousand
    torch.testing.assert_close(found["log_probs"][spoken], log_probs[spoken], atol=1e-5, rtol=0)
    assert spoken.any() and not spoken.all()
    torch.testing.assert_close(regions, photo.regions)
    torch.testing.assert_close(in_network_order(overview_gates[0]), photo.overview_gates[0])
    for own, theirs in zip(first, (photo.hidden, photo.cell), strict=True):
        torch.testing.assert_close(own, theirs)


def test_gates_in_the_order_of_the_step_come_back():
    rows = torch.arange(10).view(10, 1)
    assert in_step_order(rows).flatten().tolist() == [0, 1, 2, 3, 6, 7, 8, 9, 4, 5]
    assert torch.equal(in_network_order(in_step_order(rows)), rows)


def test_graphs_name_their_inputs_and_outputs(exported):
    folder, _ = exported
    session = open_session((folder / "decoder_step.onnx").read_bytes())
    assert [node.name for node in session.get_inputs()] == list(STEP_INPUTS)
    assert [node.name for node in session.get_outputs()] == list(STEP_OUTPUTS)


def test_int8_stays_close(exported, tmp_path):
    _, graphs = exported
    step, named = graphs["decoder_step"]
    with torch.no_grad():
        expected = step(*named.values())
    small = shrink(copy.deepcopy(step))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export.write_step(small, named, tmp_path)
        export.quantize_matrices(tmp_path / "decoder_step.onnx")
    session = open_session((tmp_path / "decoder_step.onnx").read_bytes())
    found = session.run(None, {name: tensor.numpy() for name, tensor in named.items()})
    for place in (1, 2):  # hidden state and cell state
        assert 0 < np.abs(found[place] - expected[place].numpy()).max() < 0.05
