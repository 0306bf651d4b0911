"""The corpora's layouts, on stand-ins of a few lines."""

from pathlib import Path

import pytest

from core.training.opinions import (
    Text,
    is_dev,
    read_classes,
    read_imdb,
    read_opinion_words,
    read_pros_cons,
    read_snippets,
    read_sst2,
    sentences_of,
)
from tests.fixtures.make_opinions import DEV_SENTENCE, LEAKED_SNIPPET, write_opinions


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_opinions(tmp_path_factory.mktemp("data") / "opinions")


def test_a_treebank_split_keeps_labels_and_order(folder):
    dev = read_sst2(folder, "dev")
    assert dev == [Text(DEV_SENTENCE, 0.0), Text("a lovely story , great music .", 1.0)]


def test_every_node_of_a_tree_is_a_phrase_with_its_class(folder):
    classes = read_classes(folder)
    expected = {"the": 0.5, "story": 0.5, "story is moving": 0.97, "is": 0.5, "moving": 0.97}
    expected |= {"is moving": 0.8, "the story is moving": 0.8}
    expected |= {"just": 0.5, "a": 0.5, "film": 0.5, "a film": 0.5, "just a film": 0.5}
    expected["superb"] = 0.97
    assert classes == pytest.approx(expected)


def test_a_phrase_rated_twice_gets_the_mean(folder, tmp_path):
    (tmp_path / "sst_trees").mkdir()
    (tmp_path / "sst_trees" / "train.txt").write_text(
        "(4 (3 good) (4 fun))\n(1 (1 Good) (1 grief))\n"
    )
    assert read_classes(tmp_path)["good"] == pytest.approx((0.8 + 0.2) / 2)


def test_train_and_dev_part_the_official_training_half(folder):
    train, dev, test = (read_imdb(folder, split) for split in ("train", "dev", "test"))
    assert len(train) + len(dev) == len(test) == 41 and dev
    assert not {t.text for t in train} & {t.text for t in dev}
    assert is_dev("A film.") == is_dev("a  FILM")


def test_the_other_corpora(folder):
    assert Text(LEAKED_SNIPPET, 1.0) in read_snippets(folder)
    assert Text("a boring cast in an awful plot .", 0.0) in read_snippets(folder)
    assert read_pros_cons(folder) == [Text("Great music, lovely", 1.0), Text("Poor & dull", 0.0)]
    assert read_opinion_words(folder) == {"superb", "dreadful"}


def test_sentences_end_at_a_sign_before_a_capital():
    review = 'It was fun.<br /><br />"Really?" Yes! It cost 7.5 dollars, e.g. not much.'
    assert sentences_of(review) == [
        "It was fun.",
        '"Really?',
        "Yes!",
        "It cost 7.5 dollars, e.g. not much.",
    ]
