"""Corpora read as published, and a split that never moves and never leaks."""

import random

import pytest

from core.training.parallel import (
    Example,
    letters,
    read_multi30k,
    read_tatoeba,
    split_by_source,
)
from tests.fixtures.make_parallel import sentences, write_parallel


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    return write_parallel(tmp_path_factory.mktemp("corpora"))


def test_lines_of_multi30k_stay_together(corpora):
    train = read_multi30k(corpora / "multi30k", "train", ("de", "fr"))
    first = sentences()[0]
    assert train[0] == Example(
        f"A photo: {first[0]}", {"de": [f"A photo: {first[1]}"], "fr": [f"A photo: {first[2]}"]}
    )
    assert len(train) == len(sentences()) // 4


def test_an_english_sentence_stands_once_with_all_its_translations(tmp_path):
    for name, text in {
        "deu": "Go.\tGeh.\nGo.\tGeht.\nGo.\tGeh.\n",
        "fra": "Go.\tVa !\tCC-BY\nHi.\tSalut.\n",
        "spa": "Hi.\tHola.\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    assert read_tatoeba(tmp_path) == [
        Example("Go.", {"de": ["Geh.", "Geht."], "fr": ["Va !"]}),
        Example("Hi.", {"fr": ["Salut."], "es": ["Hola."]}),
    ]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"deu\.txt"):
        read_tatoeba(tmp_path)


def test_the_split_does_not_depend_on_the_order_and_nothing_leaks():
    examples = [Example(f"Sentence number {i}.", {"de": [str(i)]}) for i in range(300)]
    examples += [Example(f"sentence NUMBER {i}!", {"de": [str(i)]}) for i in range(0, 300, 3)]
    shuffled = random.Random(0).sample(examples, len(examples))
    split = split_by_source(examples, 40)
    assert split == split_by_source(shuffled, 40)
    assert len(split["test"]) == len(split["dev"]) == 40
    train = {letters(example.source) for example in split["train"]}
    held_out = [letters(e.source) for name in ("dev", "test") for e in split[name]]
    assert not train & set(held_out)
    assert len(split["train"]) < len(examples) - 80  # some differed in case and signs alone


def test_a_new_sentence_moves_hardly_anything():
    """Those that were test and dev stay held out, whatever else is added."""
    examples = [Example(f"Sentence number {i}.", {}) for i in range(300)]
    before = split_by_source(examples, 40)
    after = split_by_source([*examples, Example("A sentence that is new.", {})], 40)
    moved = {e.source for e in before["test"]} - {e.source for e in after["test"]}
    assert len(moved) <= 1
    trained = {e.source for e in after["train"]}
    assert len(trained & {e.source for e in (*before["test"], *before["dev"])}) <= 1
