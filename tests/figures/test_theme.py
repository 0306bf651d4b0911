"""The colours measured: against both pages, and as colour-blind eyes see them."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.elements.lib import streamlit_plotly_theme

from core.figures import theme

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]
QUANTITIES = {
    name: value
    for name, value in vars(theme).items()
    if name.isupper() and isinstance(value, str) and name != "TEXT"
}

# Linear RGB as seen with normal vision, without long-, medium- or short-wave cones.
# Source: Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear_rgb(color: str) -> np.ndarray:
    """Return (3,) light intensities in [0, 1] of an sRGB colour."""
    values = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    light = sorted(linear_rgb(color) @ (0.2126, 0.7152, 0.0722) for color in (first, second))
    return (light[1] + 0.05) / (light[0] + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE 1976 L*a*b* of linear sRGB under D65."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / (0.9505, 1.0, 1.0890)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_contrast_knows_black_on_white():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # the known AA grey


def test_lab_knows_white_and_red():
    np.testing.assert_allclose(lab(linear_rgb("#FFFFFF")), (100, 0, 0), atol=0.05)
    np.testing.assert_allclose(lab(linear_rgb("#FF0000")), (53.24, 80.09, 67.20), atol=0.1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_stands_out_from_the_page(name, scheme):
    assert contrast(QUANTITIES[name], CONFIG[scheme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("group", theme.COMPARED, ids=lambda group: "-".join(group))
def test_compared_quantities_stay_apart(group, vision):
    seen = [lab(VISION[vision] @ linear_rgb(color)) for color in group]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("text", ["textColor", "linkColor"])
def test_text_can_be_read_on_the_page(scheme, background, text):
    assert contrast(CONFIG[scheme][text], CONFIG[scheme][background]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_captions_can_be_read(scheme, background):
    """Streamlit draws st.caption in the text colour at an opacity of 60 %."""
    colors = [CONFIG[scheme][key] for key in ("textColor", background)]
    text, page = ([int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors)
    caption = [round(0.6 * t + 0.4 * p) for t, p in zip(text, page, strict=True)]
    assert contrast("#{:02X}{:02X}{:02X}".format(*caption), colors[1]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_selected_tab_can_be_read(scheme):
    assert contrast(CONFIG[scheme]["primaryColor"], CONFIG[scheme]["backgroundColor"]) >= 4.5


def test_streamlit_charts_use_the_same_colours():
    assert CONFIG["chartCategoricalColors"] == list(QUANTITIES.values())


def test_text_is_the_mark_that_streamlit_replaces():
    assert theme.TEXT == streamlit_plotly_theme.GRAY_90


def test_translucent_keeps_the_colour():
    assert theme.translucent("#0A10FF", 0.5) == "rgba(10,16,255,0.5)"


@pytest.mark.parametrize("scale", [theme.SIGNED, theme.SHARE, theme.ATTENTION_OVERLAY])
def test_scales_span_the_whole_range_and_let_the_page_through_at_zero(scale):
    places = [place for place, _ in scale]
    assert places == sorted(places) and places[0] == 0 and places[-1] == 1
    zero = [color for place, color in scale if place == (0.5 if scale is theme.SIGNED else 0)]
    assert all(float(color.rstrip(")").split(",")[-1]) <= 0.05 for color in zero)
    go.Heatmap(colorscale=scale)  # Plotly refuses what is no scale


def test_every_figure_gets_readable_text_and_lets_the_finger_scroll():
    heatmap = go.Figure(go.Heatmap(z=[[0.0, 1.0]]))
    assert theme.apply(heatmap, height=123) is heatmap
    assert heatmap.layout.height == 123
    assert heatmap.layout.dragmode is False
    fonts = (heatmap.layout.font, heatmap.layout.xaxis.tickfont, heatmap.layout.yaxis.title.font)
    assert {font.color for font in (*fonts, heatmap.data[0].colorbar.tickfont)} == {theme.TEXT}
