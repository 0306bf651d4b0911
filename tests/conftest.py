"""A server in a process of its own, for the tests that ask it as a browser or a monitor would."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STREAMLIT = ("streamlit", "run", "app.py")
START_SECONDS = 90


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: str

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass(frozen=True)
class Server:
    """A running app."""

    base: str
    """Its URL without a slash at the end."""
    log: Path
    """What it printed."""
    process: subprocess.Popen

    def ask(self, path: str) -> Answer:
        """Return the answer to a GET, whatever its status."""
        try:
            response = urllib.request.urlopen(f"{self.base}/{path}", timeout=10)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, response.read().decode())

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Return as soon as `happened`; fail with the log if the server ends or takes too long."""
        end = time.monotonic() + START_SECONDS
        while not happened():
            if self.process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"{self.base} is not what it should be:\n{self.log.read_text()}")
            time.sleep(0.1)

    def is_healthy(self) -> bool:
        """Return whether anybody answers there yet."""
        try:
            return self.ask("_stcore/health").status == 200
        except OSError:
            return False

    def has_tried_every_model(self) -> bool:
        """Return whether nothing is being loaded any more."""
        return not self.ask("api/ready").json["loading"]


StartServer = Callable[..., AbstractContextManager[Server]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _start_server(
    log: Path, *, root: Path = ROOT, module: Sequence[str] = STREAMLIT
) -> Iterator[Server]:
    port = str(free_port())
    ports = {"STREAMLIT_SERVER_PORT": port, "UVICORN_PORT": port}
    command = [sys.executable, "-m", *module]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, **ports, "STREAMLIT_SERVER_HEADLESS": "true"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        server = Server(f"http://localhost:{port}", log, process)
        server.wait_until(server.is_healthy)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def start_server() -> StartServer:
    """`with start_server(log, root=..., module=...) as server`: healthy, models maybe loading.

    log: a file for what it prints; root: the project or a copy of it; module: what follows
    `python -m`, as `streamlit run app.py`.
    """
    return _start_server
