"""The frame around every page: the page table, the sidebar, and `except DashboardError`."""

from pathlib import Path

import streamlit as st

from core.errors import DashboardError
from pages.contents import ENTRIES, SECTIONS

# An error may repeat what a visitor wrote, such as =A1*B1*C1; it is shown as it was written.
MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]$~<>#|"})
LOGO = Path(__file__).with_name("logo.svg")
PAGES = {"Start": [st.Page("home.py", title="Home", icon=":material/map:", default=True)]} | {
    section: [st.Page(e.file, title=e.title, icon=e.icon, url_path=e.path) for e in entries]
    for section, entries in SECTIONS.items()
}

# The icon is set before the navigation: it would take a page's own, which the browser would
# have to fetch from another site.
st.set_page_config(page_icon=LOGO, layout="wide")
page = st.navigation(PAGES)
st.set_page_config(page_title=f"{page.title} · Unrolled")
st.logo(LOGO, size="large")
try:
    page.run()
except DashboardError as error:
    st.error(str(error).translate(MARKDOWN), icon=":material/error:")

related = [ENTRIES[f] for e in ENTRIES.values() if e.path == page.url_path for f in e.related]
with st.container(horizontal=True):
    for entry in related:
        st.page_link(entry.file, label=entry.title, icon=entry.icon, width="content")
