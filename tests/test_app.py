"""The server as a monitor sees it: readiness, headers, and what it does while models load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

# The app with one loader of the test's own: what it loads is not what is tested here.
MODULE = """
import sys
import time
from pathlib import Path

sys.path.insert(0, {root!r})
from core.errors import ModelFileError

def load_model():
    {loader}

from app import LOADERS, app
LOADERS.clear()
LOADERS["captioning"] = load_model
"""
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def app_with_loader(
    start_server: Callable, tmp_path: Path
) -> Callable[[str], AbstractContextManager]:
    """`app_with_loader(statement)`: the app, its model loaded by this one Python statement."""

    def start(loader: str) -> AbstractContextManager:
        path = tmp_path / "with_loader.py"
        path.write_text(MODULE.format(root=str(ROOT), loader=loader), "utf-8")
        module = ("uvicorn", "--app-dir", str(tmp_path), "with_loader:app")
        return start_server(tmp_path / "server.log", module=module)

    return start


@pytest.fixture(scope="module")
def server(start_server: Callable, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    with start_server(tmp_path_factory.mktemp("server") / "server.log") as running:
        running.wait_until(running.has_tried_every_model)
        yield running


def test_the_shipped_models_make_the_server_ready(server):
    answer = server.ask("api/ready")
    assert (answer.status, answer.json) == (200, {"ready": True, "loading": [], "unusable": {}})


def test_the_server_prints_no_warning(server):
    server.ask("")
    log = server.log.read_text().lower()
    assert "local url" in log
    assert "warning" not in log and "traceback" not in log and "scriptruncontext" not in log


@pytest.mark.parametrize("path", ["", "captioning", "_stcore/health", "api/ready", "no/such/page"])
def test_every_answer_carries_the_security_headers(server, path):
    headers = server.ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors *" in headers["content-security-policy"]
    assert "x-frame-options" not in headers  # it would forbid what frame-ancestors allows


def test_the_server_answers_while_a_model_loads(app_with_loader, tmp_path):
    gate = tmp_path / "loaded"
    waiting = f"while not Path({str(gate)!r}).exists(): time.sleep(0.05)"
    with app_with_loader(waiting) as server:
        answer = server.ask("api/ready")
        assert answer.status == 503
        assert answer.json == {"ready": False, "loading": ["captioning"], "unusable": {}}
        assert server.ask("_stcore/health").status == 200
        assert server.ask("").status == 200
        gate.touch()
        server.wait_until(server.has_tried_every_model)
        assert server.ask("api/ready").status == 200


def test_a_model_that_cannot_be_used_is_named_and_does_not_stop_the_server(app_with_loader):
    with app_with_loader("raise ModelFileError('It was altered.')") as server:
        server.wait_until(server.has_tried_every_model)
        answer = server.ask("api/ready")
        assert answer.status == 503
        assert answer.json["unusable"] == {"captioning": "It was altered."}
        assert server.ask("_stcore/health").status == 200
        assert server.ask("").status == 200


def test_a_programming_mistake_while_loading_is_not_hidden(app_with_loader):
    with app_with_loader("raise KeyError('no such graph')") as server:
        server.wait_until(lambda: server.ask("api/ready").status == 500)
        server.wait_until(lambda: "KeyError: 'no such graph'" in server.log.read_text())


loads = []


def load_something() -> object:
    """Stand for a task's load_model."""
    loads.append(object())
    return loads[-1]


def test_what_the_server_warms_is_what_a_page_finds():
    def page():
        import streamlit as st

        from tests.test_app import load_something

        st.session_state["found"] = st.cache_resource(load_something)()

    from tests.test_app import load_something, loads

    warmed = st.cache_resource(load_something, show_spinner=False)()
    found = AppTest.from_function(page).run().session_state["found"]
    assert found is warmed
    assert loads == [warmed]
