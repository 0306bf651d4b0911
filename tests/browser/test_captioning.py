"""The captioning page in a browser: a photo of one's own, the arrow keys, upright phones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, expect

from core import captioning
from core.explanations import readable
from core.uploads import read_image
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


def test_a_sentence_grows_word_by_word(open_page):
    """Of another sample too; what is seen on the way are beginnings of what is seen at last."""
    page = open_page("captioning")
    page.evaluate(
        """() => { window.seen = [];
                   const look = () => { const heading = document.querySelector("h2");
                                        if (heading) window.seen.push(heading.innerText.trim()); };
                   const all = {subtree: true, childList: true, characterData: true};
                   new MutationObserver(look).observe(document.body, all); }"""
    )
    page.get_by_text("A rocket", exact=True).first.click()
    (rocket,) = (s for s in captioning.load_samples() if s.title == "A rocket")
    whole = " ".join(map(readable, rocket.caption.split()))
    expect(page.get_by_role("heading", level=2).first).to_have_text(whole, timeout=20_000)
    page.wait_for_timeout(1500)
    seen = [
        text for text in page.evaluate("window.seen") if text and whole.startswith(text.strip())
    ]
    assert len({len(text.split()) for text in seen}) >= 3


def test_the_numbers_and_the_picture_can_be_downloaded(open_page):
    page = open_page("captioning")
    with page.expect_download() as numbers:
        page.get_by_role("button", name="Numbers (JSON)").click()
    record = json.loads(Path(numbers.value.path()).read_text("utf-8"))
    assert record["caption"] == captioning.load_samples()[0].caption
    assert abs(sum(record["tokens"][0]["attention_weights"]) - 1) < 1e-3
    with page.expect_download() as picture:
        page.get_by_role("button", name="Picture (PNG)").click()
    photo = read_image(captioning.load_samples()[0].image)
    with Image.open(picture.value.path()) as lit:
        assert lit.format == "PNG" and lit.size == photo.size


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("big.jpg", make.encoded(make.photo(), "JPEG") + bytes(11 * 2**20), "or smaller"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not allowed"),
        ("text.txt", b"no photo", "not allowed"),
    ],
)
def test_the_uploader_itself_says_what_it_does_not_take(open_page, name, content, told):
    page = open_page("captioning")
    upload(page, name, content, "application/octet-stream")
    expect(page.get_by_test_id("stFileUploader")).to_contain_text(told)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()  # the sample stays


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
