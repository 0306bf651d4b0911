"""The frame in a browser: links from outside, course pages that embed it, phones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.contents import SECTIONS

PATHS = {"": "Unrolled"} | {e.path: e.title for entries in SECTIONS.values() for e in entries}
DIALOG = "[role=dialog]"
SIDEWAYS = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    return Math.max(
        document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
}"""
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll(".main-svg text")]
    .filter((text) => text.textContent.trim())
    .map((text) => parseFloat(getComputedStyle(text).fontSize)
        * text.getCTM().a / (text.ownerSVGElement.getCTM()?.a ?? 1)))"""


def sees_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(DIALOG)).to_have_count(0)


def test_the_paths_are_those_of_the_sidebar(open_page):
    links = open_page("").get_by_test_id("stSidebarNavLink").all()
    assert [link.get_attribute("href").rpartition("/")[2] for link in links] == list(PATHS)


def test_the_first_link_after_a_start_opens_its_page(
    start_server: Callable, tmp_path: Path, browser: Browser, wait_until_idle: Callable
):
    with start_server(tmp_path / "server.log") as fresh:
        page = browser.new_page()
        page.goto(f"{fresh.base}/captioning", wait_until="domcontentloaded")
        sees_title(wait_until_idle(page), "Captioning")
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(PATHS))
        expect(page).to_have_title("Captioning · Unrolled")
        page.close()


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_quietly(open_page, path):
    page = open_page(path)
    sees_title(page, PATHS[path])
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_the_card_on_the_map_leads_to_its_page(open_page):
    page = open_page("")
    page.get_by_test_id("stMain").get_by_role("link", name="Give it a photo").click()
    sees_title(page, "Captioning")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_fetched_from_elsewhere(
    server: str, browser: Browser, wait_until_idle: Callable, path: str
):
    page, urls = browser.new_page(), []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(f"{server}/{path}", wait_until="domcontentloaded")
    wait_until_idle(page).close()
    local = (f"{server}/", "data:", "blob:")
    assert urls and [url for url in urls if not url.startswith(local)] == []


@pytest.fixture
def course_page(server: str, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """`course_page(path)`: the URL of another site's page that shows ours in a frame."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = threading.Thread(target=site.serve_forever)
    thread.start()

    def write(path: str) -> str:
        frame = f'<iframe title="ours" width="900" height="700" src="{server}/{path}"></iframe>'
        page = f'<!doctype html><html lang="en"><title>Course</title>{frame}</html>'
        (tmp_path / "course.html").write_text(page, "utf-8")
        return f"http://127.0.0.1:{site.server_port}/course.html"

    yield write
    site.shutdown()
    thread.join()
    site.server_close()


def test_a_page_works_inside_a_course_page(course_page, browser):
    page = browser.new_page()
    page.goto(course_page("?embed=true"))
    ours = page.frame_locator("iframe")
    words = ours.get_by_label("Your words")
    expect(words).to_be_visible(timeout=60_000)
    words.fill("rivers run")
    drawn = ours.get_by_test_id("stPlotlyChart").nth(1).locator(".textpoint")
    expect(drawn).to_have_text(["rivers", "run"], timeout=60_000)
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_need_not_scroll_sideways(open_page, path):
    page = open_page(path, width=390, height=844)
    assert page.evaluate(SIDEWAYS) <= 0


def test_text_in_figures_does_not_shrink_on_a_phone(open_page):
    assert open_page("", width=390, height=844).evaluate(SMALLEST_TEXT) >= 12


def test_words_appear_in_the_drawing_while_they_are_typed(open_page):
    page = open_page("")
    page.get_by_label("Your words").fill("rivers run")
    drawn = page.get_by_test_id("stPlotlyChart").nth(1).locator(".textpoint")
    expect(drawn).to_have_text(["rivers", "run"], timeout=30_000)


@pytest.mark.parametrize(
    ("scheme", "color"), [("light", "rgb(38, 39, 48)"), ("dark", "rgb(250, 250, 250)")]
)
def test_text_in_figures_has_the_themes_strongest_colour(open_page, scheme, color):
    text = open_page("", scheme=scheme).locator(".textpoint text").first
    expect(text).to_have_css("fill", color)
