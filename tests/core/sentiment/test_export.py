"""The exported graphs against torch, for every shape a page may send, and against numpy."""

import json
from copy import deepcopy

import numpy as np
import pytest
import torch

from core.onnx_model import MODELS, load_onnx_model, open_session
from core.sentiment import export as exporting
from core.sentiment.export import check_graphs, weight_arrays, write_graphs
from core.sentiment.model import NETWORKS
from core.training.quantization import Int8Embedding

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Constant folding",
    "ignore:Exporting a model to ONNX with a batch_size other than 1",
    "ignore::torch.jit.TracerWarning",  # nn.LSTM asks in Python whether sizes fit
)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


@pytest.fixture(scope="module")
def exported(classifiers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    embed = Int8Embedding(classifiers["bilstm"].embedding.weight.detach())
    readers = {name: classifier.reader for name, classifier in classifiers.items()}
    write_graphs(embed, readers, folder)
    return folder, embed, readers


@pytest.fixture(scope="module")
def shipped():
    return load_onnx_model("sentiment")


def test_the_export_checks_itself(exported):
    assert check_graphs(exported[1], exported[2], exported[0], 1e-5) <= 1e-5


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("length", [1, 9, 30, 200])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_batch_size_and_length_gives_torchs_numbers(exported, name, length, batch):
    folder, embed, readers = exported
    generator = torch.Generator().manual_seed(length)
    token_ids = torch.randint(0, 30, (batch, length), generator=generator)
    lengths = torch.tensor([length, 1, (length + 1) // 2][:batch])
    session = open_session((folder / "embed.onnx").read_bytes())
    embeddings = session.run(None, {"token_ids": token_ids.numpy()})[0]
    np.testing.assert_array_equal(embeddings, embed(token_ids).numpy())
    reader = open_session((folder / f"{name}.onnx").read_bytes())
    found = reader.run(None, {"embeddings": embeddings, "lengths": lengths.numpy()})
    with torch.no_grad():
        expected = readers[name](torch.from_numpy(embeddings), lengths)
    for array, tensor in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, tensor.numpy(), atol=1e-5)


def test_int8_vectors_are_off_by_half_a_step_at_most(classifiers):
    vectors = classifiers["bilstm"].embedding.weight.detach()
    embed = Int8Embedding(vectors)
    error = (embed(torch.arange(30)) - vectors).abs()
    assert (error <= 0.5001 * embed.scale).all() and error.max() > 0


def test_a_graph_of_other_weights_does_not_pass_the_check(exported):
    folder, embed, readers = exported
    other = deepcopy(readers["gru"])
    other.readout.bias.data += 1
    with pytest.raises(ValueError, match="differs from torch"):
        check_graphs(embed, {"gru": other}, folder, 1e-5)


def test_the_weights_graph_returns_the_weights(exported, tmp_path):
    arrays = weight_arrays(exported[2])
    exporting.write_weights(arrays, tmp_path / "weights.onnx")
    session = open_session((tmp_path / "weights.onnx").read_bytes())
    found = dict(zip(arrays, session.run(list(arrays), {}), strict=True))
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
    lstm = exported[2]["bilstm"].forward_lstm
    total = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach().numpy()
    np.testing.assert_array_equal(found["bilstm_forward_bias"], total)


def test_shipped_weights_recompute_the_shipped_hidden_states(shipped):
    """The forward LSTM in numpy, from the `weights` graph alone, equals its graph."""
    weights = shipped.run("weights")
    ids = np.random.default_rng(0).integers(4, 2000, size=(1, 25))
    embeddings = shipped.run("embed", token_ids=ids)["embeddings"]
    found = shipped.run("bilstm", embeddings=embeddings, lengths=np.array([25]))
    size = shipped.config["network"]["hidden_size"]
    hidden, cell = np.zeros(size), np.zeros(size)
    w_ih, w_hh, bias = (weights[f"bilstm_forward_{p}"] for p in ("weight_ih", "weight_hh", "bias"))
    for step, vector in enumerate(embeddings[0].astype(np.float64)):
        gates = w_ih @ vector + w_hh @ hidden + bias
        opened, forgotten, new, shown = np.split(gates, 4)
        cell = sigmoid(forgotten) * cell + sigmoid(opened) * np.tanh(new)
        hidden = sigmoid(shown) * np.tanh(cell)
        np.testing.assert_allclose(found["hidden_forward"][0, step], hidden, atol=1e-5)


def test_the_shipped_logit_is_a_sum_over_units(shipped):
    weights = shipped.run("weights")
    embeddings = shipped.run("embed", token_ids=np.array([[5, 9, 200, 17]]))["embeddings"]
    found = shipped.run("bilstm", embeddings=embeddings, lengths=np.array([4]))
    hidden = np.concatenate([found["hidden_forward"][0], found["hidden_backward"][0]], axis=-1)
    pooled = np.concatenate([hidden.max(axis=0), hidden.mean(axis=0)])
    logit = weights["bilstm_readout_weight"][0] @ pooled + weights["bilstm_readout_bias"][0]
    np.testing.assert_allclose(found["logit"][0], logit, atol=1e-4)


def test_the_shipped_files_are_small_and_agree(shipped):
    folder = MODELS / "sentiment"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 20_000_000
    words = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    assert len(words) == shipped.config["network"]["vocab_size"]
    assert shipped.config["export"]["parity"] <= 1e-4
