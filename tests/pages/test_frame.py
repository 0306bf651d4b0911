"""The frame's own elements: below each page, the way on to the pages that belong to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.contents import ENTRIES

FRAME = Path(__file__).resolve().parents[2] / "pages/frame.py"


@pytest.mark.parametrize("file", ENTRIES)
def test_every_page_leads_on_to_another(file):
    app = AppTest.from_file(str(FRAME), default_timeout=60).run().switch_page(file).run()
    led_to = [link.proto.label for link in app.get("page_link")]
    titles = [ENTRIES[other].title for other in ENTRIES[file].related]
    assert led_to and led_to[len(led_to) - len(titles) :] == titles
    assert ENTRIES[file].title not in titles
    linked = {link.proto.page for link in app.get("page_link")}
    elsewhere = {"ideas": "applications", "applications": "ideas"}[Path(file).parts[0]]
    assert linked & {e.path for other, e in ENTRIES.items() if Path(other).parts[0] == elsewhere}


def test_every_page_is_led_to_by_another():
    led_to = set()
    for file in ENTRIES:
        app = AppTest.from_file(str(FRAME), default_timeout=60).run().switch_page(file).run()
        led_to |= {link.proto.page for link in app.get("page_link")} - {ENTRIES[file].path}
    assert led_to >= {entry.path for entry in ENTRIES.values()}
