"""The teacher on a few words, with a network of random weights in place of MiniLM's."""

import numpy as np
import pytest
import torch

from core.training import teacher as teaching
from core.training.minilm import MiniLM, MiniLMConfig, WordPieces
from core.training.teacher import Labelled, Teacher, TeacherOptions, fine_tune, label, word_vectors

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "film", "very"]


SMALL = MiniLMConfig(vocab_size=20, hidden_size=24, inner_size=32, num_heads=3, num_positions=16)


@pytest.fixture
def untaught():
    torch.manual_seed(0)
    return Teacher(MiniLM(SMALL), WordPieces({piece: i for i, piece in enumerate(PIECES)}))


def test_labels_come_in_the_order_of_the_texts(untaught):
    texts = [["very", "very", "bad", "film"], ["good"], ["bad", "film"]]
    together = label(untaught, texts, batch_size=2)
    alone = [label(untaught, [text])[0] for text in texts]
    np.testing.assert_allclose(together, alone, atol=2e-2)  # bf16: three digits
    assert len(set(together.tolist())) == 3


def test_it_learns_which_word_is_good_and_finds_its_run_again(untaught, monkeypatch, tmp_path):
    monkeypatch.setattr(teaching, "load_teacher", lambda weights: untaught)
    texts = [["very"] * n + [word, "film"] for n in range(4) for word in ("good", "bad")]
    targets = np.array([0.9, 0.1] * 4, np.float32)
    known = Labelled(texts, targets)
    options = TeacherOptions(num_epochs=40, learning_rate=2e-3, batch_size=4, ema_decay=0.5)
    taught = fine_tune(tmp_path, known, known, options, tmp_path / "run")
    logits = label(taught, texts)
    assert ((logits > 0) == (targets > 0.5)).all()
    torch.manual_seed(1)
    monkeypatch.setattr(teaching, "load_teacher", lambda w: Teacher(MiniLM(SMALL), untaught.pieces))
    again = fine_tune(tmp_path, known, known, options, tmp_path / "run")
    np.testing.assert_array_equal(label(again, texts), logits)


def test_word_vectors_keep_what_sets_words_apart(untaught):
    """All components of a small vocabulary: distances are those of the unit vectors."""
    words = PIECES[4:]
    vectors = word_vectors([untaught], words, size=4)
    assert vectors.shape == (4, 4) and vectors.dtype == np.float32
    assert vectors.std() == pytest.approx(0.4, rel=1e-4)
    means = teaching._run(untaught, [[word] for word in words], 512)[1]
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    pairs = [(0, 1), (0, 2), (1, 3), (2, 3)]
    full = np.array([np.linalg.norm(unit[a] - unit[b]) for a, b in pairs])
    kept = np.array([np.linalg.norm(vectors[a] - vectors[b]) for a, b in pairs])
    np.testing.assert_allclose(kept / full, (kept / full)[0], rtol=1e-3)
