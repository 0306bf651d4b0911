"""Nothing that is tested on reaches training, and targets are what labels and teachers say."""

import json

import numpy as np
import pytest
import torch

from core.sentiment import prepare as preparing
from core.sentiment.prepare import (
    PrepareOptions,
    contrast_texts,
    held_out,
    negated,
    prepare,
    read_training,
    sigmoid,
)
from core.text.tokenization import normalised
from core.training import teacher as teaching
from core.training.leaks import LeakFilter
from core.training.minilm import MiniLM, MiniLMConfig, WordPieces
from core.training.opinions import read_imdb, read_sst2
from core.training.teacher import Teacher
from core.vocabulary import parse_vocabulary
from tests.fixtures.make_opinions import DEV_SENTENCE, LEAKED_REVIEW, LEAKED_SNIPPET


@pytest.fixture(scope="module")
def prepared(opinions, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    prepare(PrepareOptions(data=str(opinions), work=str(work)))
    return work


def test_every_leak_is_removed_and_counted(opinions):
    texts, removed = read_training(PrepareOptions(data=str(opinions), minilm="a teacher"))
    leaked = {"phrases": 1, "neutral": 0, "snippets": 1, "pros_cons": 0}
    assert leaked.items() <= removed.items() and removed["reviews"] == 1
    everything = [normalised(t.text) for found in texts.values() for t in found]
    for text in (DEV_SENTENCE, LEAKED_SNIPPET, LEAKED_REVIEW):
        assert normalised(text) not in everything


def test_no_training_text_holds_a_tested_one(opinions):
    """The same again by a plain search in the joined letters."""
    texts, _ = read_training(PrepareOptions(data=str(opinions), minilm="a teacher"))
    tested = {normalised(text) for text in held_out(opinions)}
    assert len(tested) == len(read_sst2(opinions, "dev") + read_sst2(opinions, "test")) + 41
    assert len(read_imdb(opinions, "test")) == 41
    for found in texts.values():
        for text in found:
            bare = f" {normalised(text.text)} "
            assert not [t for t in tested if f" {t} " in bare]


def test_the_counts_are_printed_and_kept(opinions, tmp_path, capsys, monkeypatch):
    command = ["prepare", "--data", str(opinions), "--work", str(tmp_path)]
    monkeypatch.setattr("sys.argv", command)
    preparing.main()
    printed = json.loads(capsys.readouterr().out)
    assert printed["snippets"] == {"kept": 2, "removed_as_leaks": 1}
    assert printed == json.loads((tmp_path / "prepared.json").read_text())
    preparing.main()
    assert capsys.readouterr().out == ""  # what is prepared is not prepared again


def test_a_negated_word_says_the_opposite_less_strongly(opinions):
    texts, _ = read_training(PrepareOptions(data=str(opinions)))
    targets = {t.text: t.target for t in texts["negations"]}
    assert targets["not superb"] == targets["far from superb"] == pytest.approx(0.218)
    assert "not moving" not in targets  # strong, but on neither list of opinion words


def test_our_own_hard_sentences_are_not_trained_on():
    classes = {"bad": 0.1, "dull": 0.1}
    made = negated(classes, {"bad", "dull"})
    kept, number = LeakFilter(contrast_texts()).keep(made)
    assert "not bad at all" in [t.text for t in made]
    assert "not bad at all" not in [t.text for t in kept] and number >= 1
    assert "not dull at all" in [t.text for t in kept]


def test_token_ids_give_the_words_back(prepared):
    vocabulary = parse_vocabulary((prepared / "vocabulary.json").read_bytes())
    assert {"superb", "dreadful", "film"} <= set(vocabulary.tokens)
    arrays = np.load(prepared / "dev_sst2.npz")
    words = vocabulary.decode(arrays["token_ids"][: arrays["lengths"][0]])
    known = [w if w in vocabulary.token_ids else "<unk>" for w in DEV_SENTENCE.split()]
    assert list(words) == known
    assert arrays["targets"].tolist() == [0.0, 1.0]


def test_targets_lie_between_label_and_teacher(monkeypatch):
    words = {source: [["good"], ["bad"]] for source in ("phrases", "sentences", "reviews")}
    own = {"phrases": np.array([0.97, 0.2]), "reviews": np.array([0.97, 0.03])}
    own["sentences"] = np.array([np.nan, np.nan])
    logits = np.array([2.0, -1.0])
    monkeypatch.setattr(preparing, "TEACHER_SHARES", {"phrases": 0.5, "sentences": 1})
    monkeypatch.setattr(preparing, "label", lambda teacher, texts: logits)
    monkeypatch.setattr(preparing, "out_of_fold_logits", lambda texts, labels: -logits)
    targets = preparing.blend_targets(words, own, teacher=object())
    np.testing.assert_allclose(targets["sentences"], sigmoid(logits))
    np.testing.assert_allclose(targets["phrases"], (own["phrases"] + sigmoid(logits)) / 2)
    np.testing.assert_allclose(targets["reviews"], 0.8 * own["reviews"] + 0.2 * sigmoid(-logits))
    alone = preparing.blend_targets(words, own, teacher=None)
    np.testing.assert_array_equal(alone["phrases"], own["phrases"])


def test_with_a_teacher_sentences_get_targets_and_words_get_vectors(
    opinions, tmp_path, monkeypatch
):
    """MiniLM in small, with weights drawn by chance, goes the whole way."""

    def load(weights):
        torch.manual_seed(0)
        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "film", "story", "lovely", "dull", "the"]
        config = MiniLMConfig(20, hidden_size=12, inner_size=16, num_heads=2, num_positions=200)
        return Teacher(MiniLM(config), WordPieces({p: i for i, p in enumerate(pieces)}))

    monkeypatch.setattr(preparing, "load_teacher", load)
    monkeypatch.setattr(teaching, "load_teacher", load)
    options = PrepareOptions(str(opinions), str(tmp_path), "weights", 50, embedding_size=5)
    prepare(options)
    vocabulary = parse_vocabulary((tmp_path / "vocabulary.json").read_bytes())
    assert np.load(tmp_path / "vectors.npy").shape == (len(vocabulary), 5)
    sentences = np.load(tmp_path / "train_sentences.npz")
    assert 0 < len(sentences["targets"]) <= 50 and np.isfinite(sentences["targets"]).all()
    assert ((sentences["targets"] > 0) & (sentences["targets"] < 1)).all()
