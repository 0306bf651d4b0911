"""models/manifest.json: what each shipped file is, and which command made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from core.model_card import replace_section
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


def record_change(
    task: str,
    change: dict,
    sections: Mapping[str, Callable[[dict], str]],
    command: str,
    *,
    models: Path = MODELS,
) -> None:
    """Merge `change` into a task's config.json; renew its model card and the manifest.

    Args:
        task: The folder's name below `models`.
        change: New entries of config.json; metrics of other splits stay.
        sections: Title of a section -> what writes it from the config.
        command: What the manifest names.
        models: The folder with manifest.json.
    """
    path, card = (models / task / name for name in ("config.json", "MODEL_CARD.md"))
    config = json.loads(path.read_text("utf-8"))
    config |= change | {"metrics": config["metrics"] | change.get("metrics", {})}
    path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    text = card.read_text("utf-8")
    for title, write in sections.items():
        text = replace_section(text, title, write(config))
    card.write_text(text, "utf-8")
    update_manifest(task, command, models=models)


def describe(file: Path, command: str) -> dict:
    """Return one file's entry."""
    content = file.read_bytes()
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    if file.suffix == ".onnx":
        entry["opset"] = OPSET
    return {**entry, "command": command}
