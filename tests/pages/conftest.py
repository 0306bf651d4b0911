"""What the tests of several pages watch."""

from __future__ import annotations

from collections import Counter

import pytest

from core.onnx_model import OnnxModel


@pytest.fixture
def graph_runs(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each graph of any model ran."""
    runs, run = Counter(), OnnxModel.run

    def counting(model, graph, **inputs):
        runs[graph] += 1
        return run(model, graph, **inputs)

    monkeypatch.setattr(OnnxModel, "run", counting)
    return runs
