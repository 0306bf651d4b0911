"""The scrubber by arrow keys, and typing on."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_arrow_keys_walk_back_through_the_text(open_page):
    page = open_page("memory?memory_view=What+still+matters")
    word = page.get_by_role("slider", name="Word")
    expect(word).to_have_attribute("aria-valuetext", "9 !")
    word.press("ArrowLeft")
    expect(word).to_have_attribute("aria-valuetext", "8 ending")
    expect(page.get_by_text(re.compile("^At “ending”"))).to_be_visible()
    expect(page).to_have_url(re.compile("memory_word=8"))
    rows = page.locator(
        ".st-key-memory-recency .yaxislayer-above text, .st-key-memory-recency .ytick text"
    )
    expect(rows.last).to_have_text("ending")


def test_typing_on_makes_more_steps_of_the_same_weights(open_page):
    page = open_page("memory")
    expect(page.get_by_text("each of these 9 steps")).to_be_visible()
    text = page.get_by_label("Your text")
    text.press("End")
    text.press_sequentially(" And again")
    expect(page.get_by_text("each of these 11 steps")).to_be_visible()
