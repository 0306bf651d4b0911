"""Reading the release's own layout."""

import numpy as np
import pytest
import torch

from core.captioning.prepare import Photos, photo_batches, read_flickr8k, tokenize
from core.training.encoders import ENCODERS


def test_captions_become_lower_case_words_without_punctuation():
    assert tokenize("A black-and-white dog's ball, on grass .") == [
        *("a", "black-and-white", "dog's", "ball", "on", "grass")
    ]


def test_the_release_is_read_with_its_split(flickr8k):
    dataset = read_flickr8k(str(flickr8k))
    assert [len(dataset.image_names[s]) for s in ("train", "dev", "test")] == [8, 8, 8]
    assert dataset.captions["dev_0.jpg"][0] == ["a", "dog", "runs", "on", "the", "grass"]
    assert all(len(group) == 5 for group in dataset.captions.values())


def test_the_original_folders_are_found_too(flickr8k, tmp_path):
    (tmp_path / "Flickr8k_text").mkdir()
    for file in flickr8k.glob("*.txt"):
        (tmp_path / "Flickr8k_text" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "Flicker8k_Dataset").symlink_to(flickr8k / "images")
    assert read_flickr8k(str(tmp_path)).captions == read_flickr8k(str(flickr8k)).captions


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"Flickr8k\.token\.txt"):
        read_flickr8k(str(tmp_path))


def test_views_differ_from_the_plain_photo_and_repeat_with_their_number(flickr8k):
    photos = Photos(read_flickr8k(str(flickr8k)), "train", 64)
    plain, view, again, other = (photos[2, number].numpy() for number in (0, 3, 3, 4))
    assert plain.shape == (64, 64, 3) and plain.dtype == np.uint8
    np.testing.assert_array_equal(view, again)
    for one, another in ((view, plain), (view, other)):
        assert np.abs(one.astype(int) - another).mean() > 5


def test_a_batch_holds_the_views_that_were_asked_for_whoever_reads_them(flickr8k):
    photos, places = Photos(read_flickr8k(str(flickr8k)), "dev", 64), [[(1, 0), (0, 7)], [(2, 5)]]
    for num_workers in (0, 2):
        batches = list(photo_batches(photos, places, num_workers))
        assert [len(batch) for batch in batches] == [2, 1]
        for batch, asked in zip(batches, places, strict=True):
            for image, place in zip(batch, asked, strict=True):
                np.testing.assert_array_equal(image.numpy(), photos[place].numpy())


def test_lite_encoders_scale_pixels_as_their_makers_say():
    """(x - 127) / 128; ImageNet's usual numbers would cost eleven points of top-1 accuracy."""
    config = ENCODERS["efficientnet_lite2"]
    white = (torch.tensor(255.0) - config.mean[0]) / config.scale[0]
    assert white == 1.0
