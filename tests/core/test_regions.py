"""Regions counted by hand: which were looked at most, and which pixels hiding them paints."""

from __future__ import annotations

import numpy as np
import pytest

from core.regions import least_attended, mask_regions, most_attended

WEIGHTS = np.array([0.05, 0.3, 0.1, 0.02, 0.2, 0.08, 0.04, 0.15, 0.06])


@pytest.mark.parametrize(
    ("share", "most", "least"),
    [(0.01, [1], [3]), (0.33, [1, 4, 7], [0, 3, 6]), (1.0, range(9), range(9))],
)
def test_the_share_picks_as_many_regions_on_both_sides(share, most, least):
    assert list(np.flatnonzero(most_attended(WEIGHTS, share))) == list(most)
    assert list(np.flatnonzero(least_attended(WEIGHTS, share))) == list(least)


def test_half_the_regions_most_and_least_attended_do_not_meet():
    weights = np.random.default_rng(0).permutation(16) / 120
    most, least = most_attended(weights, 0.5), least_attended(weights, 0.5)
    np.testing.assert_array_equal(most, ~least)


def test_hidden_pixels_have_the_mean_colour_and_the_image_itself_is_kept():
    image = np.random.default_rng(0).integers(0, 256, (10, 14, 3), dtype=np.uint8)
    original = image.copy()
    masked = np.array([False, True, False, False])
    painted = mask_regions(image, masked)
    np.testing.assert_array_equal(
        painted[:5, 7:], np.broadcast_to(image.mean(axis=(0, 1)).astype(np.uint8), (5, 7, 3))
    )
    np.testing.assert_array_equal(painted[5:], original[5:])
    np.testing.assert_array_equal(painted[:5, :7], original[:5, :7])
    np.testing.assert_array_equal(image, original)
