"""A running server and a browser, for every test in this folder.

def test_something(open_page):
    page = open_page("captioning", scheme="dark", width=390, height=844)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
IDLE = (
    "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
)
DRAWN = """() => !document.querySelector("[data-testid=stSkeleton]") &&
    [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
        .every((chart) => chart.querySelector(".main-svg"))"""
PATIENCE_MS = 60_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def server(start_server: Callable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server that all tests share, once its models are loaded."""
    with start_server(tmp_path_factory.mktemp("server") / "server.log") as running:
        running.wait_until(running.has_tried_every_model)
        yield running.base


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def wait_until_idle() -> Callable[[Page], Page]:
    """`wait_until_idle(page)`: return the page once its script has run and its charts are drawn.

    For a fresh page. After an interaction wait for what should then be seen, as `expect` does:
    the script may not have begun yet, and the page would look idle.
    """

    def wait(page: Page) -> Page:
        page.wait_for_selector(IDLE, timeout=PATIENCE_MS)
        page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
        return page

    return wait


@pytest.fixture
def open_page(server: str, browser: Browser, wait_until_idle: Callable) -> Iterator[OpenPage]:
    """`open_page(path, scheme="light", width=1280, height=800)`: an idle page, closed afterwards.

    `path` is what follows the host, query included: "", "captioning", "captioning?embed=true";
    or a whole URL.
    """
    contexts = []

    def open_path(
        path: str, *, scheme: str = "light", width: int = 1280, height: int = 800
    ) -> Page:
        viewport = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=viewport, color_scheme=scheme))
        page = contexts[-1].new_page()
        url = path if "://" in path else f"{server}/{path.lstrip('/')}"
        page.goto(url, wait_until="domcontentloaded")
        return wait_until_idle(page)

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """`screenshot(page, "name")`: save a picture of what the visitor sees; return its path."""

    def save(page: Page, name: str) -> Path:
        path = tmp_path / f"{name}.png"
        page.screenshot(path=path)
        return path

    return save
