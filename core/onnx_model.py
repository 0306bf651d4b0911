"""ONNX files and their config, opened safely: the only import of onnxruntime in the project.

A model is a folder below models/: *.onnx beside a config.json that names each graph's inputs and
outputs. models/manifest.json holds the SHA-256 of every file; nothing is opened that differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from core.errors import ModelFileError

Session = onnxruntime.InferenceSession

MODELS = Path(__file__).resolve().parent.parent / "models"

_CONFIG_KEYS = {"file": str, "inputs": list, "outputs": list}
"""What config.json says of each graph."""
_runtime = onnxruntime.capi.onnxruntime_pybind11_state
_OPENING_ERRORS = (
    _runtime.Fail,
    _runtime.InvalidArgument,
    _runtime.InvalidGraph,
    _runtime.InvalidProtobuf,
    _runtime.NotImplemented,
    _runtime.RuntimeException,
    UnicodeDecodeError,
)
"""What ONNX Runtime raises for bytes that it cannot run; found by damaging a graph's bytes."""
_REPAIR = "A fresh copy of models/ puts it right."


@dataclass(frozen=True)
class OnnxModel:
    """The graphs of one task and what is known about them; safe to share between threads."""

    config: Mapping
    """config.json: sizes, graph inputs and outputs, metrics with their split."""
    sessions: Mapping[str, Session]
    """One session per graph, by its name in the config."""

    def run(self, graph: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Run one graph and return its outputs by name.

        Raises:
            ValueError: If the inputs are not exactly those that the config names.
        """
        expected = self.config["graphs"][graph]["inputs"]
        if set(inputs) != set(expected):
            raise ValueError(f"{graph} takes {sorted(expected)}, got {sorted(inputs)}")
        names = self.config["graphs"][graph]["outputs"]
        return dict(zip(names, self.sessions[graph].run(names, inputs), strict=True))


def open_session(model: bytes, *, num_threads: int = 1, name: str = "A model file") -> Session:
    """Return a CPU session with `num_threads` threads that do not spin while they wait.

    Args:
        model: The bytes of an ONNX file.
        num_threads: Threads of one run; the app shares two cores among its visitors.
        name: What the error message calls the model.

    Raises:
        ModelFileError: If the bytes are not a model that this ONNX Runtime can run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = num_threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return Session(model, options, providers=["CPUExecutionProvider"])
    except _OPENING_ERRORS as error:
        raise ModelFileError(f"{name} is no ONNX graph that can be run here. {_REPAIR}") from error


def load_onnx_model(task: str, *, models: Path = MODELS) -> OnnxModel:
    """Open every graph of `task`, after checking each file against the manifest.

    Args:
        task: The folder's name below `models`.
        models: The folder with manifest.json.

    Raises:
        ModelFileError: If a file is missing, altered, or disagrees with its config.json.
    """
    config = _read_config(f"{task}/config.json", models=models)
    sessions = {}
    for graph, entry in config["graphs"].items():
        name = f"{task}/{entry['file']}"
        session = open_session(read_checked(name, models=models), name=f"The model file {name}")
        _check_names(graph, entry, session)
        sessions[graph] = session
    return OnnxModel(config, sessions)


def read_checked(name: str, *, models: Path = MODELS) -> bytes:
    """Return the bytes of a file below models/ once their SHA-256 agrees with the manifest.

    Raises:
        ModelFileError: If the file or the manifest is missing, or the file was altered.
    """
    try:
        manifest = json.loads((models / "manifest.json").read_text("utf-8"))
        expected = manifest[name]["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"models/manifest.json does not list {name}.") from error
    try:
        content = (models / name).read_bytes()
    except OSError as error:
        raise ModelFileError(f"The model file {name} is missing from models/. {_REPAIR}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelFileError(
            f"The model file {name} was altered: its SHA-256 is not the one in the manifest. "
            f"{_REPAIR}"
        )
    return content


def _read_config(name: str, *, models: Path) -> Mapping:
    try:
        config = json.loads(read_checked(name, models=models))
    except ValueError as error:
        raise ModelFileError(f"The model file {name} is no JSON. {_REPAIR}") from error
    if not _names_graphs(config):
        raise ModelFileError(
            f"The model file {name} does not say under 'graphs' which file, inputs and outputs "
            f"each graph has. {_REPAIR}"
        )
    return config


def _names_graphs(config: object) -> bool:
    graphs = config.get("graphs") if isinstance(config, dict) else None
    return isinstance(graphs, dict) and all(
        isinstance(entry, dict)
        and all(isinstance(entry.get(key), kind) for key, kind in _CONFIG_KEYS.items())
        for entry in graphs.values()
    )


def _check_names(graph: str, entry: Mapping, session: Session) -> None:
    for side, nodes in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
        if [node.name for node in nodes] != list(entry[side]):
            raise ModelFileError(
                f"The graph {entry['file']} does not have the {side} that config.json names for "
                f"{graph!r}; both must come from the same export."
            )
