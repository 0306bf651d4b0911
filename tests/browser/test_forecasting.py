"""The forecasting pages in a browser: a file of one's own, the date by arrow keys, the switches."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.fixtures import make_series as make

PROBE = "/_stcore/"
"""On a deep link Streamlit looks for its server below the page's own path first, and finds none."""
FAN = ".st-key-stocks-fan"


def listen(page: Page) -> list[str]:
    """Return a list that grows with each error that the browser reports."""
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error" and PROBE not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def upload(page: Page, content: bytes, name: str = "mine.csv") -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content}]
    )


def test_a_file_is_forecast_and_the_arrow_keys_walk_through_its_past(open_page, wait_until_idle):
    page = open_page("stocks?stocks_view=Limits")
    errors = listen(page)
    upload(page, make.SOUND)
    last, before = (str(day) for day in make.days()[[-1, -2]])
    date = page.get_by_role("slider", name="Forecast as of")
    expect(date).to_have_attribute("aria-valuetext", last)
    expect(page.get_by_text("What comes is not known yet")).to_be_visible()
    wait_until_idle(page)
    date.press("ArrowLeft")
    expect(date).to_have_attribute("aria-valuetext", before)
    expect(page.get_by_text(f"On {before} it stood at")).to_be_visible()
    for _ in range(20):
        date.press("ArrowLeft")
    expect(page.get_by_text("It was")).to_be_visible()
    assert not errors


def test_an_unusable_file_is_said_in_one_sentence_and_the_page_goes_on(open_page):
    page = open_page("stocks?stocks_view=Limits")
    alert = page.get_by_test_id("stAlertContentError")
    upload(page, make.HOSTILE["below zero"][0], "wti.csv")
    expect(alert).to_contain_text("only prices above zero have one")
    upload(page, make.HOSTILE["formula"][0])
    expect(alert).to_contain_text("“=B2*C2*D2” is a formula")  # and not in italics
    expect(alert).to_have_count(1)
    upload(page, make.SOUND)
    expect(alert).to_have_count(0)
    expect(page.locator(f"{FAN} .main-svg").first).to_be_visible()


def test_the_walk_forward_ends_in_a_table_by_itself(open_page):
    page = open_page("stocks?stocks_span=Seven+years")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_switch_shows_the_mistake_and_the_address_remembers_it(open_page):
    page = open_page("mistakes")
    page.get_by_text("Shuffle the labels").first.click()
    heading = page.get_by_role("heading", name="Shuffle the labels")
    expect(heading).to_be_visible()
    expect(page).to_have_url(re.compile("mistakes_3=true"))
    expect(page.get_by_text("its labels were shuffled")).to_be_visible()


def test_trading_follows_its_sliders(open_page):
    page = open_page("trading?trading_rule=Expected+return+over+risk")  # it trades often
    verdict = page.get_by_text("Sharpe ratio minus that of buy and hold is")
    before = verdict.text_content()
    fee = page.get_by_role("slider", name="Fee, 0.01%")
    fee.press("End")
    expect(fee).to_have_attribute("aria-valuetext", "50")
    expect(verdict).not_to_have_text(before, timeout=30_000)


@pytest.mark.parametrize("path", ["stocks", "trading"])
def test_figures_fit_a_phone_with_readable_text(open_page, path):
    page = open_page(path, width=390, height=844)
    for chart in page.locator("[data-testid=stPlotlyChart] .main-svg:first-child").all():
        box = chart.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390


@pytest.mark.parametrize(
    ("scheme", "color"), [("light", "rgb(38, 39, 48)"), ("dark", "rgb(250, 250, 250)")]
)
def test_what_happened_is_drawn_in_the_strongest_colour_of_the_theme(open_page, scheme, color):
    line = open_page("stocks?stocks_view=Limits", scheme=scheme)
    drawn = line.locator(f"{FAN} .scatterlayer .js-line").last
    expect(drawn).to_have_css("stroke", color)
