"""A network that begins with the shipped weights sees and says what the shipped graphs do."""

import numpy as np
import pytest
import torch

from core.captioning import load_model, load_samples, open_photo
from core.captioning.export import EncoderGraph, StepGraph
from core.captioning.graphs import STEP_INPUTS, STEP_OUTPUTS
from core.captioning.train import TrainOptions, new_captioner
from core.captioning.warm_start import copy_vocabulary, load_shipped
from core.onnx_model import MODELS


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    network = new_captioner(TrainOptions(), len(load_model().vocabulary)).eval()
    load_shipped(network)
    return network


def alike(ours, theirs):
    """Return the cosine of two arrays."""
    ours, theirs = ours.ravel(), theirs.ravel()
    return float(ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs))


def test_it_sees_what_the_shipped_encoder_sees(network):
    model = load_model()
    for sample in load_samples()[:3]:
        _, encoded = open_photo(model, sample.image)
        with torch.no_grad():
            seen = EncoderGraph(network)(torch.from_numpy(encoded.image.copy())[None])
        for name, ours in zip(STEP_INPUTS[1:], seen, strict=True):
            assert alike(ours.numpy(), encoded.states[name]) > 0.98, name


def test_it_says_what_the_shipped_decoder_says(network):
    model = load_model()
    _, encoded = open_photo(model, load_samples()[1].image)
    token = np.array([model.vocabulary.token_ids["dog"]])
    shipped = model.onnx.run("decoder_step", token=token, **encoded.states)
    inputs = [token, *(encoded.states[name] for name in STEP_INPUTS[1:])]
    with torch.no_grad():
        ours = StepGraph(network.decoder).eval()(*map(torch.from_numpy, inputs))
    for name, array in zip(STEP_OUTPUTS, ours, strict=True):
        if name == "log_probs":
            likely = shipped[name] > np.log(0.01)
            assert np.abs(array.numpy() - shipped[name])[likely].max() < 0.1
        else:
            assert np.abs(array.numpy() - shipped[name]).max() < 0.05, name


def test_the_vocabulary_comes_along(tmp_path):
    copy_vocabulary(tmp_path / "new")
    copied = (tmp_path / "new" / "vocabulary.json").read_bytes()
    assert copied == (MODELS / "captioning" / "vocabulary.json").read_bytes()
