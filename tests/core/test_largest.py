"""Against a full sort."""

import numpy as np
import pytest

from core.largest import largest_columns


@pytest.mark.parametrize("width", [3, 64, 700, 8000, 8001])
@pytest.mark.parametrize("count", [1, 3])
def test_the_largest_columns_are_those_of_a_full_sort(width, count):
    values = np.random.default_rng(width).normal(size=(4, width)).astype(np.float32)
    values[0, -1], values[1, 0] = 9, 9  # at either end
    values[2, : width // 2] = -np.inf
    found = largest_columns(values, count)
    expected = np.sort(values, axis=1)[:, ::-1][:, :count]
    assert all(len(set(row)) == count for row in found.tolist())
    np.testing.assert_array_equal(
        np.sort(np.take_along_axis(values, found, axis=1), axis=1)[:, ::-1], expected
    )
