"""Texts come back from the file as they went in."""

import numpy as np

from core.training.ragged import Texts, write_texts
from core.vocabulary import SPECIAL_TOKENS, Vocabulary


def test_written_texts_come_back_padded(tmp_path):
    vocabulary = Vocabulary((*SPECIAL_TOKENS, "a", "good", "film"))
    words = [["a", "film"], [], ["good"], ["a", "good", "odd", "film"]]
    write_texts(tmp_path / "texts.npz", words, np.array([0.2, 0.5, 0.9, 1.0]), vocabulary)
    batch = Texts(tmp_path / "texts.npz").batch(np.array([2, 0, 1]))
    assert batch.token_ids.tolist() == [[4, 5, 3, 6], [4, 6, 0, 0], [5, 0, 0, 0]]
    assert batch.lengths.tolist() == [4, 2, 1]
    np.testing.assert_allclose(batch.targets, [1.0, 0.2, 0.9])
