"""Pixels and bars: what is drawn are the given numbers, on a range that never follows them."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme
from core.figures.pixels import label_bars, pixels

SHARES = np.array([0.001, 0.25, 0.749])


def test_an_image_stands_upright_and_its_squares_are_square():
    image = np.arange(64.0).reshape(8, 8) / 4
    figure = pixels(image, 16)
    np.testing.assert_array_equal(figure.data[0].z, image)
    assert figure.layout.yaxis.autorange == "reversed" and figure.layout.yaxis.scaleanchor == "x"


def test_the_same_ink_has_the_same_colour_in_every_image():
    faint, strong = (pixels(np.full((8, 8), value), 16).data[0] for value in (1, 16))
    assert (faint.zmin, faint.zmax) == (strong.zmin, strong.zmax) == (0, 16)


@pytest.mark.parametrize("image", [np.zeros(64), np.full((8, 8), 17), np.full((8, 8), -1)])
def test_what_is_no_image_is_refused(image):
    with pytest.raises(ValueError, match="no image"):
        pixels(image, 16)


def test_every_label_has_its_bar_in_order_and_its_percentage():
    figure = label_bars(["a", "b", "c"], SHARES)
    (bars,) = figure.data
    np.testing.assert_array_equal(bars.y, SHARES)
    assert list(bars.text) == ["", "25%", "75%"] and bars.marker.color == theme.PROBABILITY
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]
    assert figure.layout.yaxis.range == label_bars(["a"], np.array([0.1])).layout.yaxis.range


@pytest.mark.parametrize("shares", [SHARES[:2], SHARES + 0.5, SHARES - 0.5])
def test_unusable_probabilities_are_refused(shares):
    with pytest.raises(ValueError, match="3 labels"):
        label_bars(["a", "b", "c"], shares)
