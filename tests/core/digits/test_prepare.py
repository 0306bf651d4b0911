"""The splits of the digits: whole, apart, alike, and the same whatever the order of the file."""

from __future__ import annotations

import numpy as np
import pytest

from core.digits.prepare import (
    SHARES,
    PrepareOptions,
    fingerprint,
    prepare,
    read_digits,
    read_split,
)


def fingerprints(split: str) -> list[str]:
    return [fingerprint(image) for image in read_split("", split).images]


def test_every_image_is_in_one_split():
    found = [name for split in SHARES for name in fingerprints(split)]
    assert sorted(found) == sorted(fingerprint(image) for image in read_digits().images)
    assert len(found) == 1797


def test_no_image_is_in_two_splits():
    train, dev, test = (set(fingerprints(split)) for split in SHARES)
    assert not train & dev and not train & test and not dev & test


@pytest.mark.parametrize("split", SHARES)
def test_every_split_has_its_share_of_every_digit(split):
    whole = np.bincount(read_digits().labels)
    part = np.bincount(read_split("", split).labels)
    np.testing.assert_allclose(part, whole * SHARES[split], atol=1)


def test_the_order_of_the_file_moves_nothing(tmp_path):
    digits = read_digits()
    order = np.random.default_rng(0).permutation(len(digits.labels))
    rows = np.column_stack([digits.images.reshape(-1, 64), digits.labels])[order]
    np.savetxt(tmp_path / "optdigits.tes", rows, fmt="%d", delimiter=",")
    for split in SHARES:
        ours, other = read_split("", split), read_split(str(tmp_path), split)
        np.testing.assert_array_equal(ours.images, other.images)
        np.testing.assert_array_equal(ours.labels, other.labels)


def test_pixels_count_the_dots_of_a_square():
    images = read_digits().images
    assert images.shape[1:] == (8, 8) and images.min() == 0 and images.max() == 16


def test_a_split_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="none of train, dev, test"):
        read_split("", "validation")


def test_training_never_sees_the_test_split(tmp_path):
    prepare(PrepareOptions(work=str(tmp_path)))
    assert {path.name for path in tmp_path.iterdir()} == {"train.npz", "dev.npz"}
