"""Both directions in a browser: the arrow keys, and the address."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_arrow_keys_hand_words_from_one_half_to_the_other(open_page):
    page = open_page("bidirectional")
    word = page.get_by_role("slider", name="Word")
    word.press("Home")
    expect(page.get_by_text("the forward half has read 1 of 11")).to_be_visible()
    word.press("ArrowRight")
    expect(page.get_by_text("the forward half has read 2 of 11")).to_be_visible()
    expect(page.get_by_text("The backward half has read 10")).to_be_visible()
    expect(page).to_have_url(re.compile("bidirectional_word=2"))
    row = page.locator(".st-key-bidirectional-plan .textpoint")
    # For a moment the old drawing and the new one are both there.
    expect(row.filter(has_text=re.compile("^was$"))).to_have_count(1)
