"""The sentiment pages in a browser: typing moves the verdict, and nothing typed is obeyed."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from core import sentiment
from core.text import verdict_sentences as say
from tests.browser.test_accessibility import grave
from tests.browser.test_frame import SIDEWAYS

VIEWS = ("Over time", "Words", "What if", "Memory", "Limits")
GOOD, BAD = "A wonderful film, I loved it.", "A terrible film, boring and far too long."


def headline(text: str) -> str:
    """Return what the page writes about a text, without its markup."""
    probability = sentiment.classify(sentiment.load_model(), text).probability
    return re.sub(r":\w+\[|\*\*|\]", "", say.verdict(probability))


def verdict(page: Page):
    return page.get_by_role("heading", level=3).first


def test_typing_moves_the_verdict(open_page):
    page = open_page("sentiment")
    box = page.get_by_label("Your text")
    box.fill("")
    expect(page.get_by_text("There is no word to read yet")).to_be_visible()
    box.press_sequentially(GOOD, delay=10)
    expect(verdict(page)).to_have_text(headline(GOOD))
    expect(page).to_have_url(re.compile("sentiment_text=A"))
    box.fill(BAD)
    expect(verdict(page)).to_have_text(headline(BAD))
    expect(box).to_have_value(BAD)  # the page never writes over what is being typed
    rows = page.locator(".st-key-sentiment-journey .ytick text")
    expect(rows.nth(1)).to_have_text("terrible")


def test_a_link_opens_the_text_and_the_view_that_it_names(open_page):
    page = open_page("sentiment?sentiment_text=not+bad&sentiment_view=Words")
    expect(page.get_by_label("Your text")).to_have_value("not bad")
    expect(verdict(page)).to_have_text(headline("not bad"))
    page.get_by_label("Your text").fill("not bad either")
    expect(page).to_have_url(re.compile("sentiment_text=not(%20|\\+)bad(%20|\\+)either"))
    expect(page).to_have_url(re.compile("sentiment_view=Words"))


def test_a_sample_is_one_click_away_and_several_lines_keep_it(open_page):
    page, sample = open_page("sentiment"), sentiment.load_samples()[2]
    page.get_by_role("button", name=sample.title, exact=True).click()
    expect(page.get_by_label("Your text")).to_have_value(sample.text)
    expect(verdict(page)).to_have_text(headline(sample.text))
    page.get_by_text("Several lines").click()
    expect(page.locator("textarea")).to_have_value(sample.text)
    page.get_by_text("Several lines").click()
    expect(page.locator("input[type=text]").first).to_have_value(sample.text)


def test_the_text_follows_to_the_microscope(open_page):
    page = open_page("sentiment")
    page.get_by_label("Your text").fill("carried along")
    expect(verdict(page)).to_have_text(headline("carried along"))
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="LSTM gates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LSTM gates")
    expect(page.get_by_label("Your text")).to_have_value("carried along")
    expect(page.get_by_role("heading", level=3)).to_have_text(re.compile("carried|along"))


def test_markup_is_shown_as_it_was_typed(open_page):
    page = open_page("sentiment?sentiment_view=Words")
    text = "<b>not</b> [bad](https://a.bc) **at** $all$ :smile: :material/home: --> www.d.ef `x`"
    page.get_by_label("Your text").fill(text)
    expect(verdict(page)).to_have_text(headline(text))
    shown = page.locator(".stMarkdown p", has_text="material")
    expect(shown).to_be_visible()
    assert "".join(shown.inner_text().replace("\u2060", "").split()) == "".join(text.split())
    assert shown.locator("a, b, strong, code, .katex").count() == 0, shown.inner_html()


def test_a_hundred_kilobytes_are_said_to_be_cut_and_stay_in_the_box(open_page):
    page, text = open_page("sentiment"), "not bad " * 12_500
    page.get_by_label("Your text").fill(text)
    expect(page.get_by_text("It read the first")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value(text)
    assert len(page.url) < 500


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_a_phone_and_axe_finds_nothing_grave(open_page, view):
    query = f"sentiment?sentiment_view={view.replace(' ', '+')}"
    page = open_page(query, scheme="dark", width=390, height=844)
    assert page.evaluate(SIDEWAYS) <= 0
    rules = {"list": {"enabled": False}, "listitem": {"enabled": False}}
    assert not grave(Axe().run(page, options={"rules": rules}))


def test_a_step_of_the_microscope_follows_the_word(open_page):
    page = open_page("lstm_gates?sentiment_text=not+a+bad+film")
    page.get_by_role("slider", name="Word").press("Home")
    expect(page.get_by_role("heading", level=3)).to_have_text(re.compile("at “1 not”"))
    page.get_by_role("slider", name="Word").press("ArrowRight")
    expect(page.get_by_role("heading", level=3)).to_have_text(re.compile("at “2 a”"))
    expect(page.locator(".katex").first).to_be_visible()


def test_ten_thousand_rows_become_a_table_to_take_home(open_page, wait_until_idle):
    page = open_page("reviews")
    lines = "\n".join(f'{n},"film {n}, not bad"' for n in range(10_000))
    content = f"id,review\n{lines}\n".encode()
    files = [{"name": "mine.csv", "mimeType": "text/csv", "buffer": content}]
    page.locator("input[type=file]").set_input_files(files)
    model = sentiment.load_model()
    texts = [f"film {n}, not bad" for n in range(10_000)]
    positive = int((sentiment.classify_many(model, texts) >= 0.5).sum())
    told = f"{positive:,} positive, {10_000 - positive:,} negative"
    expect(page.get_by_text(told)).to_be_visible(timeout=60_000)
    wait_until_idle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(rows) == 10_001 and rows[0] == "id,review,verdict,probability"
