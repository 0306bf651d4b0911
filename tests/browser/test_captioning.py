"""The captioning page in a browser: a photo of one's own, the arrow keys, upright phones."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from core import captioning
from core.explanations import readable
from tests.fixtures import make_images as make

PROBE = "/_stcore/"
"""On a deep link Streamlit looks for its server below the page's own path first, and finds none."""
PORTRAIT = make.photo_pixels(200, 300)


def listen(page: Page) -> list[str]:
    """Return a list that grows with each error that the browser reports."""
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error" and PROBE not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def upload(page: Page, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content}]
    )


def written_about(content: bytes) -> str:
    """Return what the shipped model writes, as a page shows it."""
    model = captioning.load_model()
    _, encoded = captioning.open_photo(model, content)
    return " ".join(map(readable, captioning.caption(model, encoded).tokens))


def test_a_photo_becomes_a_sentence_that_the_arrow_keys_walk_along(open_page, wait_until_idle):
    page, content = open_page("captioning"), make.encoded(make.photo(300, 200), "JPEG")
    errors = listen(page)
    upload(page, "mine.jpg", content)
    expect(page.get_by_role("heading", level=2).first).to_have_text(written_about(content))
    wait_until_idle(page)
    word = page.get_by_role("slider", name="Word")
    expect(word).to_have_attribute("aria-valuetext", re.compile("^2 "))
    picture = page.get_by_alt_text(re.compile("^The photo, lit"))
    before = picture.get_attribute("src")
    word.press("ArrowRight")
    expect(word).to_have_attribute("aria-valuetext", re.compile("^3 "))
    expect(page.get_by_alt_text(re.compile("looked for 3 "))).to_be_visible()
    assert picture.get_attribute("src") != before
    assert not errors


@pytest.mark.parametrize("orientation", [6, 8])
def test_a_photo_from_a_phone_held_upright_is_shown_upright(open_page, orientation):
    page = open_page("captioning", width=390, height=844)
    upload(page, "phone.jpg", make.rotated_file(PORTRAIT, orientation, "JPEG"))
    page.wait_for_function(
        """() => { const shown = document.querySelector("[alt^='The photo, lit']");
                   return shown && shown.naturalHeight > shown.naturalWidth; }"""
    )


def test_what_is_no_photo_is_said_in_one_sentence_beside_the_uploader(open_page):
    page = open_page("captioning")
    upload(page, "photo.jpg", b"text that calls itself a photo")
    alert = page.get_by_test_id("stAlertContentError")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("JPEG, PNG or WebP")
    upload(page, "photo.png", make.encoded(make.photo(), "PNG"), "image/png")
    expect(alert).to_have_count(0)


def test_the_search_fits_a_phone(open_page):
    page = open_page("captioning?captioning_view=Beam+search&captioning_beam=5", width=390)
    chart = page.locator(".st-key-captioning-tree .main-svg").first
    box = chart.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_address_remembers_what_was_chosen(open_page):
    page = open_page("captioning")
    page.get_by_role("button", name="Memory").or_(
        page.get_by_role("radio", name="Memory")
    ).first.click()
    expect(page).to_have_url(re.compile("captioning_view=Memory"))
    expect(page.locator(".st-key-captioning-states .main-svg").first).to_be_visible()
