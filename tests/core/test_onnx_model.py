"""ONNX models: a graph runs as numpy says, and nothing that was altered is ever opened."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings, strategies as st
from onnx import TensorProto, helper, numpy_helper

from core.errors import ModelFileError
from core.onnx_model import OnnxModel, load_onnx_model, open_session, read_checked

WEIGHT = np.arange(6, dtype=np.float32).reshape(3, 2) / 10
BIAS = np.array([0.5, -0.5], dtype=np.float32)
CONFIG = {
    "hidden_size": 2,
    "graphs": {
        "step": {
            "file": "step.onnx",
            "inputs": ["image_features", "hidden"],
            "outputs": ["next_hidden", "logits"],
        }
    },
}


def step_graph() -> onnx.ModelProto:
    """next_hidden = tanh(image_features @ W + hidden); logits = next_hidden + b."""

    def rows(name: str, width: int):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["B", width])

    nodes = [
        helper.make_node("MatMul", ["image_features", "W"], ["projected"]),
        helper.make_node("Add", ["projected", "hidden"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["next_hidden"]),
        helper.make_node("Add", ["next_hidden", "b"], ["logits"]),
    ]
    weights = [numpy_helper.from_array(WEIGHT, "W"), numpy_helper.from_array(BIAS, "b")]
    inputs = [rows("image_features", 3), rows("hidden", 2)]
    outputs = [rows("next_hidden", 2), rows("logits", 2)]
    graph = helper.make_graph(nodes, "step", inputs, outputs, weights)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.checker.check_model(model)
    return model


STEP = step_graph().SerializeToString()


@pytest.fixture
def models(tmp_path) -> Path:
    """A models/ folder with one task, "toy"."""
    write_models(tmp_path, config=json.dumps(CONFIG).encode(), step=STEP)
    return tmp_path


def write_models(folder: Path, *, config: bytes, step: bytes) -> None:
    """Write both files and a manifest that agrees with them."""
    (folder / "toy").mkdir(exist_ok=True)
    manifest = {}
    for name, content in (("toy/config.json", config), ("toy/step.onnx", step)):
        (folder / name).write_bytes(content)
        manifest[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def assert_refused(models: Path, *words: str) -> None:
    """Loading fails with a sentence that holds the words."""
    with pytest.raises(ModelFileError) as refusal:
        load_onnx_model("toy", models=models)
    message = str(refusal.value)
    assert message[0].isupper() or message.startswith("models/")
    assert message.endswith(".") and "ONNXRuntimeError" not in message
    assert str(models) not in message
    for word in words:
        assert word in message


def random_inputs(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"image_features": (4, 3), "hidden": (4, 2)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def run_in_numpy(image_features: np.ndarray, hidden: np.ndarray) -> dict[str, np.ndarray]:
    next_hidden = np.tanh(image_features @ WEIGHT + hidden)
    return {"next_hidden": next_hidden, "logits": next_hidden + BIAS}


def assert_runs_as_numpy(model: OnnxModel, seed: int) -> None:
    inputs = random_inputs(seed)
    outputs, expected = model.run("step", **inputs), run_in_numpy(**inputs)
    assert list(outputs) == ["next_hidden", "logits"]
    for name, array in expected.items():
        assert outputs[name].dtype == np.float32
        np.testing.assert_allclose(outputs[name], array, atol=1e-6)


def test_a_loaded_graph_runs_as_numpy_says(models):
    model = load_onnx_model("toy", models=models)
    assert model.config == CONFIG
    assert_runs_as_numpy(model, seed=0)


def test_one_session_serves_eight_threads(models):
    model = load_onnx_model("toy", models=models)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seed: assert_runs_as_numpy(model, seed), range(400)))


@pytest.mark.parametrize("num_threads", [1, 2])
def test_a_session_takes_no_more_threads_than_it_is_given(num_threads):
    session = open_session(STEP, num_threads=num_threads)
    options = session.get_session_options()
    assert options.intra_op_num_threads == num_threads
    assert options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_a_loaded_session_has_one_thread(models):
    session = load_onnx_model("toy", models=models).sessions["step"]
    assert session.get_session_options().intra_op_num_threads == 1


@pytest.mark.parametrize(
    "names",
    [["image_features"], ["image_features", "hidden", "cell"], ["image_features", "cell"], []],
)
def test_other_inputs_than_the_config_names_are_a_mistake(models, names):
    model = load_onnx_model("toy", models=models)
    inputs = {name: np.zeros((1, 2), dtype=np.float32) for name in names}
    with pytest.raises(ValueError, match=r"step takes \['hidden', 'image_features'\], got"):
        model.run("step", **inputs)


@pytest.mark.parametrize("name", ["toy/config.json", "toy/step.onnx"])
def test_a_missing_file_is_named(models, name):
    (models / name).unlink()
    assert_refused(models, name, "is missing", "fresh copy of models/")


@pytest.mark.parametrize("name", ["toy/config.json", "toy/step.onnx"])
@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_file_of_which_one_byte_was_altered_is_not_opened(models, name, place):
    content = bytearray((models / name).read_bytes())
    content[place] ^= 1
    (models / name).write_bytes(content)
    assert_refused(models, name, "was altered", "fresh copy of models/")


def test_a_missing_manifest_is_noticed(models):
    (models / "manifest.json").unlink()
    assert_refused(models, "models/manifest.json does not list toy/config.json")


@pytest.mark.parametrize("content", [b"", b"not JSON", b"\xff\xff"])
def test_a_manifest_that_is_no_json_lists_nothing(models, content):
    (models / "manifest.json").write_bytes(content)
    assert_refused(models, "models/manifest.json does not list toy/config.json")


@pytest.mark.parametrize(
    "manifest", [{}, [], 7, None, {"toy/config.json": "abc"}, {"toy/config.json": {"bytes": 3}}]
)
def test_a_file_that_the_manifest_does_not_list_is_not_read(models, manifest):
    (models / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert_refused(models, "models/manifest.json does not list toy/config.json")


def test_a_graph_that_the_manifest_does_not_list_is_not_read(models):
    config = CONFIG | {"graphs": {"step": CONFIG["graphs"]["step"] | {"file": "../other.onnx"}}}
    (models / "other.onnx").write_bytes(STEP)
    write_models(models, config=json.dumps(config).encode(), step=STEP)
    assert_refused(models, "does not list toy/../other.onnx")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'{"graphs": ]}'])
def test_a_config_that_is_no_json_is_noticed(models, content):
    write_models(models, config=content, step=STEP)
    assert_refused(models, "toy/config.json is no JSON")


@pytest.mark.parametrize(
    "config",
    [
        [],
        "graphs",
        {},
        {"graphs": None},
        {"graphs": ["step"]},
        {"graphs": {"step": "step.onnx"}},
        {"graphs": {"step": {"inputs": [], "outputs": []}}},
        {"graphs": {"step": {"file": "step.onnx", "outputs": []}}},
        {"graphs": {"step": {"file": "step.onnx", "inputs": []}}},
        {"graphs": {"step": {"file": 7, "inputs": [], "outputs": []}}},
        {"graphs": {"step": {"file": "step.onnx", "inputs": None, "outputs": []}}},
    ],
)
def test_a_config_that_does_not_describe_its_graphs_is_noticed(models, config):
    write_models(models, config=json.dumps(config).encode(), step=STEP)
    assert_refused(models, "toy/config.json does not say", "'graphs'", "inputs and outputs")


@pytest.mark.parametrize(
    ("side", "names"),
    [
        ("inputs", ["hidden", "image_features"]),
        ("inputs", ["image_features"]),
        ("inputs", ["image_features", "cell"]),
        ("outputs", ["next_hidden"]),
        ("outputs", ["next_hidden", "logits", "forget_gate"]),
    ],
)
def test_a_config_of_another_export_is_noticed(models, side, names):
    config = {"graphs": {"step": CONFIG["graphs"]["step"] | {side: names}}}
    write_models(models, config=json.dumps(config).encode(), step=STEP)
    assert_refused(models, "step.onnx", side, "same export")


@pytest.mark.parametrize(
    "step",
    [b"", b"garbage", bytes(100), STEP[:-10], STEP.replace(b"MatMul", b"MatMu\xff")],
    ids=["empty", "text", "zeros", "cut off", "name that is no UTF-8"],
)
def test_garbage_is_noticed_even_if_the_manifest_lists_it(models, step):
    write_models(models, config=json.dumps(CONFIG).encode(), step=step)
    assert_refused(models, "toy/step.onnx is no ONNX graph that can be run here")


def altered_graph(change) -> bytes:
    model = step_graph()
    change(model)
    return model.SerializeToString()


def weights_elsewhere(model: onnx.ModelProto) -> None:
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="weights.bin")


@pytest.mark.parametrize(
    "change",
    [
        lambda model: setattr(model.graph.node[2], "op_type", "NoSuchOperator"),
        lambda model: setattr(model.graph.node[2], "domain", "unknown.domain"),
        lambda model: setattr(model.opset_import[0], "version", 999),
        lambda model: model.graph.initializer[0].CopyFrom(numpy_helper.from_array(BIAS[:1], "W")),
        weights_elsewhere,
    ],
    ids=["operator", "domain", "opset", "shape", "external data"],
)
def test_a_graph_that_cannot_run_here_is_noticed(models, change):
    write_models(models, config=json.dumps(CONFIG).encode(), step=altered_graph(change))
    assert_refused(models, "toy/step.onnx is no ONNX graph that can be run here")


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(0, len(STEP) - 1), st.integers(0, 255)), max_size=4))
def test_damaged_bytes_open_or_are_a_model_file_error(changes):
    content = bytearray(STEP)
    for place, value in changes:
        content[place] = value
    try:
        open_session(bytes(content))
    except ModelFileError as refusal:
        assert str(refusal).startswith("A model file is no ONNX graph")


def test_read_checked_returns_the_very_bytes(models):
    assert read_checked("toy/step.onnx", models=models) == STEP
