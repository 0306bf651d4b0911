"""The gradient playground in a browser: five seconds of play, a pause that holds, a reset."""

from __future__ import annotations

import csv
import re
import time

from playwright.sync_api import Page, expect

SMALL = "gradients?gradients_lstm_seq_len=20&gradients_lstm_a_hidden_size=8"
RIVER = ".st-key-gradients-river .scatterlayer .js-line"


def steps_done(page: Page) -> int:
    told = page.get_by_text(re.compile(r"^Your run: \d+ training steps"))
    return int(told.text_content().split()[2]) if told.count() else 0


def drawn(page: Page) -> list[str]:
    return [line.get_attribute("d") for line in page.locator(RIVER).all()]


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def test_five_seconds_of_play_change_the_river_a_pause_holds_it_and_reset_restores(open_page):
    page = open_page(SMALL)
    expect(page.get_by_text("Nothing has been trained yet.")).to_be_visible()
    press(page, "Play")
    expect(page.get_by_text(re.compile("^Your run"))).to_be_visible(timeout=60_000)
    first, river = steps_done(page), drawn(page)
    page.wait_for_timeout(5000)
    assert steps_done(page) > first
    assert drawn(page) != river
    press(page, "Pause")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.get_by_text("River at training step")).to_be_visible()
    held = steps_done(page), drawn(page)
    page.wait_for_timeout(2000)
    assert (steps_done(page), drawn(page)) == held
    press(page, "Reset")
    expect(page.get_by_text("Nothing has been trained yet.")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_address_remembers_what_was_chosen(open_page):
    page = open_page("gradients")
    page.get_by_role("radio", name="Exploding").or_(
        page.get_by_role("button", name="Exploding", exact=True)
    ).first.click()
    expect(page).to_have_url(re.compile("gradients_problem=Exploding"))
    expect(page.get_by_text("copies its state from step to step")).to_be_visible()


def answer_seconds(page: Page, number: int) -> list[float]:
    """Return how long the other visitor waits for the picture of each of a few typed texts."""
    shown, waited = page.get_by_test_id("stPlotlyChart").nth(1).locator(".textpoint"), []
    for turn in range(number):
        words = [f"river{turn}", f"run{number}"]
        start = time.perf_counter()
        page.get_by_label("Your words").fill(" ".join(words))
        expect(shown).to_have_text(words, timeout=10_000)
        waited.append(time.perf_counter() - start)
    return waited


def test_another_visitor_waits_less_than_a_second_longer_while_one_plays(
    start_server, tmp_path, open_page
):
    """From the first press on a new server: PyTorch's import is among what is waited for."""
    with start_server(tmp_path / "server.log") as running:
        running.wait_until(running.has_tried_every_model)
        playing, other = open_page(f"{running.base}/gradients"), open_page(running.base)
        alone = answer_seconds(other, 5)
        press(playing, "Play")
        beside = answer_seconds(other, 12)
        expect(playing.get_by_text(re.compile("^Your run"))).to_be_visible(timeout=60_000)
        beside += answer_seconds(other, 6)
        begun = steps_done(playing)
        expect(playing.get_by_text(f"Your run: {begun} training steps")).to_have_count(0)
        press(playing, "Pause")
    print(f"\nalone {max(alone):.2f} s, beside a playground {max(beside):.2f} s at most")
    assert max(beside) - min(alone) < 1


def test_the_keyboard_alone_chooses_a_lesson_trains_it_and_looks_back(open_page):
    page = open_page("gradients")
    lesson = page.get_by_role("radio", name="Activation").or_(
        page.get_by_role("button", name="Activation", exact=True)
    )
    lesson.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("the gradient is multiplied by the activation's slope")).to_be_visible()
    step = page.get_by_role("button", name="One step", exact=True)
    step.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your run: 1 training steps")).to_be_visible(timeout=60_000)
    step.press("Enter")
    expect(page.get_by_text("Your run: 2 training steps")).to_be_visible()
    moment = page.get_by_role("slider", name="River at training step").last
    expect(moment).to_have_attribute("aria-valuetext", "now")
    moment.press("ArrowLeft")
    expect(moment).to_have_attribute("aria-valuetext", "2")


def test_the_log_that_is_taken_home_holds_every_step_of_every_network(open_page):
    page = open_page(SMALL)
    for number in (1, 2):
        press(page, "One step")
        told = page.get_by_text(f"Your run: {number} training steps")
        expect(told).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        press(page, "Log (CSV)")
    rows = list(csv.DictReader(download.value.path().read_text("utf-8").splitlines()))
    steps = [(row["network"], row["step"]) for row in rows]
    names = ["tanh, changed", "LSTM"]
    assert steps == [(name, step) for name in names for step in ("1", "2")]


def test_the_river_fits_a_phone(open_page):
    page = open_page("gradients", width=390, height=844)
    box = page.locator(".st-key-gradients-river .main-svg").first.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
