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
