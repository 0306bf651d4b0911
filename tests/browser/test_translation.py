"""The translation page in a browser: typed, streamed, opened, forced."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core import translation

TYPED = "A dog is sleeping."


def test_typing_writes_three_languages_and_the_arrow_keys_walk_along_one(
    open_page, wait_until_idle
):
    page = open_page("translation")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_label("Your text").press("Control+a")
    page.get_by_label("Your text").press_sequentially(TYPED, delay=10)
    model = translation.load_model()
    shown = page.get_by_test_id("stText")
    for place, language in enumerate(translation.LANGUAGES):
        expected = translation.translate_text(model, TYPED, language)
        expect(shown.nth(place)).to_have_text(expected, timeout=20_000)
    wait_until_idle(page)
    word = page.get_by_role("slider", name="Word")
    before = word.get_attribute("aria-valuetext")
    word.press("ArrowRight")
    expect(word).to_have_attribute("aria-valuetext", re.compile("^2 "))
    assert before.startswith("1 ") and not errors


def test_a_forced_word_is_clicked_and_the_network_goes_on(open_page):
    page = open_page("translation?translation_text=A+dog+is+sleeping.&translation_to=French")
    others = page.get_by_role("radiogroup", name="Force another word")
    others.get_by_role("radio").first.click()
    expect(page.get_by_text("there, it goes on:")).to_be_visible(timeout=20_000)


def test_the_address_opens_the_beam_in_french(open_page):
    page = open_page("translation?translation_view=Beam+search&translation_to=French")
    expect(page.get_by_role("slider", name="Beam size")).to_be_visible()
    expect(page.get_by_role("radio", name="French")).to_be_checked()
