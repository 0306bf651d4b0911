"""models/manifest.json: what each shipped file is, and which command made it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from core.onnx_model import MODELS

OPSET = 17
"""Of every exported graph."""


def update_manifest(task: str, command: str, *, models: Path = MODELS) -> None:
    """List every file below models/`task` with its SHA-256; other tasks' entries stay.

    Args:
        task: The folder's name.
        command: What produced the files that changed; unchanged files keep theirs.
        models: The folder with manifest.json.
    """
    path = models / "manifest.json"
    old = json.loads(path.read_text("utf-8")) if path.exists() else {}
    entries = {name: entry for name, entry in old.items() if not name.startswith(f"{task}/")}
    for file in sorted(p for p in (models / task).rglob("*") if p.is_file()):
        name = file.relative_to(models).as_posix()
        entry = describe(file, command)
        same = old.get(name, {}).get("sha256") == entry["sha256"]
        entries[name] = old[name] if same else entry
    text = json.dumps(dict(sorted(entries.items())), indent=1)
    path.write_text(text + "\n", "utf-8")


def describe(file: Path, command: str) -> dict:
    """Return one file's entry."""
    content = file.read_bytes()
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    if file.suffix == ".onnx":
        entry["opset"] = OPSET
    return {**entry, "command": command}
