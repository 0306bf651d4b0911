"""One memory cell in a browser: operations by keyboard, a slider by arrow keys, the address."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core.ideas import gates


def test_a_memory_is_stored_and_kept_by_keyboard(open_page):
    page = open_page("memory_cell")
    stored = gates.step(gates.OPERATIONS["Store"], 0.8)
    page.get_by_role("button", name="Store").press("Enter")
    expect(page.get_by_text(f"the memory is now {stored.cell:.2f}")).to_be_visible()
    page.get_by_role("button", name="Next time step").press("Enter")
    before = gates.on_slider(stored.cell)
    page.get_by_role("button", name="Keep").press("Enter")
    kept = gates.step(gates.OPERATIONS["Keep"], before)
    expect(page.get_by_text(f"the memory is now {kept.cell:.2f}")).to_be_visible()
    plan = page.locator(".st-key-memory_cell-plan .textpoint")
    expect(plan.filter(has_text=re.compile(f"^{kept.cell:.2f}$")).first).to_be_visible()


def test_an_arrow_key_opens_a_gate_and_the_address_remembers_it(open_page):
    page = open_page("memory_cell")
    slider = page.get_by_role("slider", name="Sum at the forget gate")
    slider.press("ArrowRight")
    now = gates.step(gates.GateSums(forget_gate=gates.GateSums().forget_gate + 0.5), 0.8)
    expect(page.get_by_text(f"keeps {now.forget_gate:.0%}")).to_be_visible()
    expect(page).to_have_url(re.compile("memory_cell_forget_gate=3.5"))
