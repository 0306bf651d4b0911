"""Shapes in a browser: one sentence through all of them, the keyboard, a phone, nothing obeyed."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core import tagging, translation
from core.ideas import shapes_explained as say
from tests.browser.test_accessibility import grave
from tests.browser.test_frame import SIDEWAYS

TEXT = "The painter paints a beautiful river."


def test_typing_changes_every_shape_that_takes_text(open_page):
    page = open_page("sequence_types")
    page.get_by_label("Your text").fill(TEXT)
    tags = page.locator(".st-key-sequence_types-tags")
    for token in tagging.tag(tagging.load_model(), TEXT).tokens:
        expect(tags.get_by_text(token).first).to_be_visible()
    model = translation.load_model()
    for code in translation.LANGUAGES:
        written = translation.translate(model, TEXT, code).text
        expect(page.get_by_text(written.removesuffix("."))).to_be_visible()
    expect(page).to_have_url(re.compile("sentiment_text=The"))


def test_a_digit_is_chosen_with_the_keyboard_and_stands_in_the_address(open_page):
    page = open_page("sequence_types")
    digits = page.get_by_role("radiogroup", name="A digit")
    digits.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sequence_types_digit=1"))
    expect(
        page.get_by_text(re.compile("which is what its writer meant|but . is what"))
    ).to_be_visible()


def test_markup_is_shown_as_it_was_typed(open_page):
    page = open_page("sequence_types")
    text = "<b>not</b> [bad](https://a.bc) $all$ :smile:"
    page.get_by_label("Your text").fill(text)
    tags = page.locator(".st-key-sequence_types-tags")
    expect(tags.get_by_text("smile")).to_be_visible()
    assert tags.locator("a, b, code, .katex").count() == 0


def test_a_hundred_kilobytes_are_said_to_be_cut_and_stay_in_the_box(open_page):
    page, text = open_page("sequence_types"), "not bad " * 12_500
    page.get_by_label("Your text").fill(text)
    expect(page.get_by_text("The rest stays in the box")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value(text)


def test_nothing_typed_is_one_sentence(open_page):
    page = open_page("sequence_types")
    page.get_by_label("Your text").fill("")
    expect(page.get_by_text(say.NOTHING)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing_grave(open_page, scheme):
    page = open_page("sequence_types", scheme=scheme, width=390, height=844)
    assert page.evaluate(SIDEWAYS) <= 0
    rules = {"list": {"enabled": False}, "listitem": {"enabled": False}}
    assert not grave(Axe().run(page, options={"rules": rules}))
