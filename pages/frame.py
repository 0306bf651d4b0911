"""The frame around every page: the page table, the sidebar, and `except DashboardError`."""

from pathlib import Path

import streamlit as st

from core.errors import DashboardError

LOGO = Path(__file__).with_name("logo.svg")
PAGES = {
    "Start": [st.Page("home.py", title="Home", icon=":material/map:", default=True)],
    "Applications": [
        st.Page(
            "applications/captioning.py",
            title="Captioning",
            icon=":material/photo_camera:",
            url_path="captioning",
        ),
    ],
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
    st.error(str(error), icon=":material/error:")
