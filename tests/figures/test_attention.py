"""The light falls where the weights are, in pixels that can be counted."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.figures import attention

GREY = 200


def grey_photo(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), (GREY, GREY, GREY))


def some_weights(seed: int, grid_size: int = 9) -> np.ndarray:
    weights = np.random.default_rng(seed).dirichlet(np.full(grid_size**2, 0.5))
    return weights.astype(np.float32)


def one_region(place: int, weight: float, regions: int = 81) -> np.ndarray:
    weights = np.full(regions, (1 - weight) / (regions - 1), dtype=np.float32)
    weights[place] = weight
    return weights


@pytest.mark.parametrize("seed", range(20))
def test_the_brightest_pixel_lies_in_the_region_with_the_largest_weight(seed):
    weights = some_weights(seed)
    surface = attention.spread(weights, height=301, width=452)
    row, column = np.unravel_index(surface.argmax(), surface.shape)
    assert (row * 9 // 301) * 9 + column * 9 // 452 == weights.argmax()


def test_the_centre_of_each_region_keeps_its_weight_and_nothing_lies_beyond():
    weights = some_weights(1)
    surface = attention.spread(weights, height=9 * 5, width=9 * 7)
    np.testing.assert_allclose(surface[2::5, 3::7], weights.reshape(9, 9), rtol=1e-6)
    assert weights.min() * 0.999 <= surface.min() <= surface.max() <= weights.max() * 1.001


def test_an_overlay_is_lit_where_the_network_looked():
    lit = np.asarray(attention.overlay(grey_photo(540, 360), one_region(0, 0.9)))
    assert lit.shape == (360, 540, 3)
    assert lit[20, 30].min() >= GREY
    np.testing.assert_array_equal(lit[200:, 300:], int(GREY * attention.DIMMED))


def test_equal_weights_are_equally_bright_whatever_else_is_in_the_picture():
    calm = one_region(40, 2 / 81)
    beside_more = calm.copy()
    beside_more[:9] = 0
    beside_more[4] = calm[:9].sum()
    brightness = [
        int(np.asarray(attention.overlay(grey_photo(513, 513), weights))[256, 256, 0])
        for weights in (calm, beside_more)
    ]
    assert brightness[0] == brightness[1]
    assert GREY * attention.DIMMED < brightness[0] < GREY


def test_a_small_photo_is_enlarged_in_its_own_shape():
    lit = attention.overlay(grey_photo(96, 48), some_weights(2))
    assert lit.size == (attention.LONGER_SIDE, attention.LONGER_SIDE // 2)


@pytest.mark.parametrize(
    ("photo", "weights", "problem"),
    [
        (Image.new("L", (90, 90)), one_region(0, 0.5), "RGB"),
        (grey_photo(90, 90), np.full(81, 0.5, dtype=np.float32), "sum to 1"),
        (grey_photo(90, 90), one_region(0, 2.0), "not negative"),
        (grey_photo(90, 90), np.full(80, 1 / 80, dtype=np.float32), "square grid"),
    ],
)
def test_unusable_input_is_refused(photo, weights, problem):
    with pytest.raises(ValueError, match=problem):
        attention.overlay(photo, weights)


def test_covered_regions_have_the_mean_colour_and_the_rest_is_untouched():
    pixels = np.random.default_rng(0).integers(0, 256, (300, 512, 3), dtype=np.uint8)
    masked = np.zeros(9, dtype=bool)
    masked[[1, 8]] = True
    covered = np.asarray(attention.cover(Image.fromarray(pixels), masked))
    mean = pixels.reshape(-1, 3).mean(axis=0).astype(np.uint8)
    for row in range(0, 300, 7):
        for column in range(0, 512, 5):
            hidden = (row * 3 // 300, column * 3 // 512) in ((0, 1), (2, 2))
            expected = mean if hidden else pixels[row, column]
            np.testing.assert_array_equal(covered[row, column], expected)


def test_a_png_holds_the_picture():
    picture = attention.overlay(grey_photo(512, 300), some_weights(3))
    with Image.open(BytesIO(attention.to_png(picture))) as read:
        assert read.format == "PNG"
        np.testing.assert_array_equal(np.asarray(read), np.asarray(picture))
