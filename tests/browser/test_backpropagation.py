"""The page on learning in a browser: it plays by itself, holds when paused, and resets."""

from __future__ import annotations

from playwright.sync_api import expect

SLIDER = "Part of the next update"


def test_playing_moves_on_by_itself_a_pause_holds_and_reset_restores(open_page):
    page = open_page("backpropagation")
    stage = page.get_by_role("slider", name=SLIDER)
    expect(stage).to_have_attribute("aria-valuetext", "forward, t = 1")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(stage).to_have_attribute("aria-valuetext", "output and loss", timeout=30_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    held = stage.get_attribute("aria-valuetext")
    page.wait_for_timeout(2000)
    expect(stage).to_have_attribute("aria-valuetext", held)
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(stage).to_have_attribute("aria-valuetext", "forward, t = 1")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_arrow_keys_walk_through_the_parts(open_page):
    page = open_page("backpropagation")
    stage = page.get_by_role("slider", name=SLIDER)
    stage.press("ArrowRight")
    expect(stage).to_have_attribute("aria-valuetext", "forward, t = 2")
    expect(page.get_by_text("a_{2,1}", exact=False).first).to_be_attached()
