"""An exported ensemble against torch, and the file that says what it is."""

import json
import warnings

import numpy as np
import pytest
import torch

from core.forecasting import export, train
from core.forecasting.export import ExportOptions, write_ensemble
from core.forecasting.inference import load_model
from core.forecasting.model import Ensemble, Forecaster, ForecasterConfig, to_parts
from core.onnx_model import MODELS, open_session

pytestmark = pytest.mark.filterwarnings(  # torch's exporter announces its own successor
    "ignore:You are using the legacy TorchScript",
    "ignore:The feature will be removed",
    "ignore:Exporting a model to ONNX with a batch_size",
)
CONFIG = ForecasterConfig(input_size=6, num_horizons=20, window_length=15, hidden_size=8)


@pytest.fixture(scope="module")
def graph():
    torch.manual_seed(0)
    members = [Forecaster(CONFIG) for _ in range(3)]
    for member in members:
        torch.nn.init.normal_(member.head.weight, std=0.1)
    return Ensemble(members).eval()


@pytest.fixture(scope="module")
def path(graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("graphs") / "stocks.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert write_ensemble(graph, path, tolerance=1e-4) <= 1e-4
    return path


@pytest.mark.parametrize("num_windows", [1, 2, 7])
def test_onnx_equals_torch_for_any_number_of_windows(graph, path, num_windows):
    inputs = torch.randn(num_windows, CONFIG.window_length, 6)
    found = open_session(path.read_bytes()).run(None, {"inputs": inputs.numpy()})
    with torch.no_grad():
        expected = graph(inputs)
    for array, tensor in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, tensor.numpy(), atol=1e-5)


def test_an_ensemble_averages_raw_answers_and_keeps_every_state(graph):
    inputs = torch.randn(2, 15, 6)
    with torch.no_grad():
        raws, states = zip(*(member(inputs) for member in graph.members), strict=True)
        *parts, hidden_states = graph(inputs)
    for found, expected in zip(parts, to_parts(sum(raws) / 3), strict=True):
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(hidden_states, torch.cat(states, dim=-1))


def test_the_command_writes_a_folder_that_opens(data, tmp_path):
    options = {"data": str(data), "work": str(tmp_path / "work"), "num_epochs": 1}
    for kind in ("stocks", "weather"):
        small = {"batches_per_epoch": 2, "num_members": 2, "batch_size": 8, "hidden_size": 4}
        train.train(train.TrainOptions(kind=kind, **options, **small))
    models = tmp_path / "models"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export.export(ExportOptions(work=options["work"]), models=models)
    config = load_model(models=models).config
    assert config["stocks"]["num_members"] == 2 and config["weather"]["num_horizons"] == 7
    assert "data" not in config["stocks"]["training"] and config["metrics"] == {}


def test_the_shipped_graphs_were_equal_to_torch_and_are_small():
    config = json.loads((MODELS / "forecasting" / "config.json").read_text("utf-8"))
    for kind in ("stocks", "weather"):
        assert config[kind]["parity_fp32"] <= 1e-4
        assert (MODELS / "forecasting" / f"{kind}.onnx").stat().st_size < 5_000_000


def test_a_run_without_members_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no trained member"):
        export.load_run(tmp_path)
