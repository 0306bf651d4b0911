"""Every page shows its first picture within a second of the click that opens it."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from pages.contents import ENTRIES

VISITS = 3
CHARTS = "[...document.querySelectorAll('[data-testid=stPlotlyChart] .main-svg')]"
REMEMBER = f"() => {{ window.charts = new Set({CHARTS}); return window.charts.size; }}"
NEW_ONE = f"() => {CHARTS}.some((chart) => !window.charts.has(chart) && chart.checkVisibility())"


def seconds_to_the_picture(page: Page, entry) -> float:
    """Return how long it takes from the click in the sidebar to the page's own first chart."""
    assert page.evaluate(REMEMBER) > 0  # the map's
    start = time.perf_counter()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title, exact=True).click()
    expect(page).to_have_url(re.compile(rf"/{entry.path}\b"))
    expect(page.get_by_role("heading", name=entry.title, level=1)).to_be_visible()
    page.wait_for_function(NEW_ONE)
    return time.perf_counter() - start


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.path)
def test_the_first_picture_comes_within_a_second(open_page, entry):
    """The least of a few visits: what the page needs, whoever else is busy on the machine."""
    open_page(entry.path)  # what a visitor before may have loaded
    needed = []
    while len(needed) < VISITS and (not needed or min(needed) >= 1):
        page = open_page("")
        needed.append(seconds_to_the_picture(page, entry))
        page.close()
    print(f"\n{entry.path}: {', '.join(f'{seconds:.2f}' for seconds in needed)} s")
    assert min(needed) < 1
