"""Packing by hand-worked example."""

import numpy as np

from core.training.packed import Target, pack, pad


def test_targets_are_packed_by_time_step_longest_first():
    targets = [Target(0, 2, [7, 2]), Target(1, 0, [8, 9, 2]), Target(0, 1, [2])]
    batch = pack([[5, 6, 2], [4, 2]], targets)
    assert batch.source_ids.tolist() == [[5, 6, 2], [4, 2, 0]]
    assert batch.lengths.tolist() == [3, 2]
    assert batch.source_rows.tolist() == [1, 0, 0]
    assert batch.rows_per_step == [3, 2, 1]
    assert batch.read_ids.tolist() == [1, 1, 1, 8, 7, 9]
    assert batch.target_ids.tolist() == [8, 7, 2, 9, 2, 2]
    assert batch.kinds.tolist() == [0, 2, 1, 0, 2, 0]
    assert batch.mask.tolist() == [[True, True, False], [True] * 3, [True] * 3]


def test_padding_is_the_padding_token():
    np.testing.assert_array_equal(pad([[3], [4, 5, 6]]), [[3, 0, 0], [4, 5, 6]])
