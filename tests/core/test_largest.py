"""Against a full sort."""

import numpy as np
import pytest

from core.largest import places_within, shortlist


@pytest.mark.parametrize("width", [3, 64, 700, 8000, 8001])
@pytest.mark.parametrize("count", [1, 3])
def test_the_largest_of_every_row_are_on_the_shortlist(width, count):
    values = np.random.default_rng(width).normal(size=(4, width)).astype(np.float32)
    values[0, -1], values[1, 0] = 9, 9  # at either end
    values[2, : width // 2] = -np.inf
    places = shortlist(values, count)
    assert places.tolist() == sorted(set(places.tolist()))
    for row in range(4):
        found = values.ravel()[places[places // width == row]]
        expected = np.sort(values[row])[::-1][:count]
        np.testing.assert_array_equal(np.sort(found)[::-1][:count], expected)


def test_a_shortlist_is_short():
    values = np.random.default_rng(0).normal(size=(4, 8000))
    assert 4 * 8 <= len(shortlist(values, 8)) <= 4 * 12


def test_equal_values_are_all_on_it():
    assert len(shortlist(np.zeros((2, 640)), 3)) == 2 * 640


def test_places_are_counted_within_each_group():
    groups = [3, 1, 3, -1, 1, 3]
    expected = [groups[:place].count(group) for place, group in enumerate(groups)]
    assert places_within(np.array(groups)).tolist() == expected
