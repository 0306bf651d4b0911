"""Corpora become training sentences: nothing held out is among them, names become gaps."""

import json

import pytest

from core.onnx_model import MODELS
from core.text.copies import COPY
from core.text.subwords import COPIED, parse_subwords
from core.training.parallel import Example, letters
from core.translation import prepare as preparing
from core.translation.prepare import (
    SPLITS,
    PrepareOptions,
    prepare,
    read_everyday,
    read_examples,
    read_split,
    read_training,
    without_names,
)
from core.vocabulary import SPECIAL_TOKENS
from tests.fixtures.make_parallel import sentences


@pytest.fixture(autouse=True)
def small_split(monkeypatch):
    monkeypatch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))


@pytest.fixture(scope="module")
def prepared(parallel, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.parallel.split_by_source.__defaults__", (6,))
        prepare(PrepareOptions(str(parallel), str(work), vocab_size=38, copy_share=1.0))
    return work


def test_no_training_sentence_is_one_of_a_held_out_split(parallel):
    corpora, leaks = read_training(str(parallel))
    trained = {letters(e.source) for examples in corpora.values() for e in examples}
    for split in SPLITS:
        assert not trained & {letters(e.source) for e in read_split(str(parallel), split)}
    assert leaks == 0 and len(corpora["tatoeba"]) == len(sentences()) - 12


def test_a_training_sentence_that_stands_in_a_test_of_the_other_corpus_is_left_out(
    parallel, tmp_path
):
    import shutil

    folder = shutil.copytree(parallel, tmp_path / "leaky")
    caught = read_split(str(parallel), "test_2016_flickr")[0].source
    for name in ("deu", "fra", "spa"):
        with (folder / "tatoeba" / f"{name}.txt").open("a") as file:
            file.write("".join(f"{caught.upper()}{i * '!'}\tegal\n" for i in range(20)))
    corpora, leaks = read_training(str(folder))
    assert leaks > 0
    assert letters(caught) not in {letters(e.source) for e in corpora["tatoeba"]}


def test_our_own_sentences_are_whole_and_none_is_what_the_lesson_on_context_asks():
    """Every line has all languages and ends like a sentence; what is measured is not learnt."""
    examples = read_everyday()
    sources = [letters(example.source) for example in examples]
    assert len(examples) > 500 and len(set(sources)) == len(sources)
    for source, targets in examples:
        assert source.isascii() and list(targets) == ["de", "fr", "es"]
        for text in (source, *(text for (text,) in targets.values())):
            assert text == text.strip() and text[-1] in ".!?" and text[0].upper() == text[0]
    lesson = json.loads((MODELS / "translation" / "contexts.json").read_text("utf-8"))
    asked = {letters(sentence) for pair in lesson for sentence in pair["sentences"]}
    assert len(asked) > 30 and not asked & set(sources)


def test_an_unknown_split_names_those_that_there_are(parallel):
    with pytest.raises(ValueError, match="test_2016_flickr"):
        read_split(str(parallel), "train")


def test_names_on_both_sides_become_gaps():
    examples = [
        Example("Tom sees Tom.", {"de": ["Tom sieht Tom."]}),
        Example(
            "I see Tom.", {"de": ["Ich sehe Tom.", "Ich sehe ihn."], "fr": ["Je vois Thomas."]}
        ),
        Example("Room 12 is free.", {"es": ["La habitación 12 está libre."]}),
    ]
    assert list(without_names(examples, {"Tom"})) == [
        Example(f"I see {COPY}.", {"de": [f"Ich sehe {COPY}."]}),
        Example(f"Room {COPY} is free.", {"es": [f"La habitación {COPY} está libre."]}),
    ]


def test_every_subword_model_begins_with_the_houses_tokens_and_the_gap(prepared):
    for language in ("en", "de", "fr", "es"):
        subwords = parse_subwords((prepared / f"{language}.model").read_bytes())
        assert subwords.vocabulary.tokens[:4] == SPECIAL_TOKENS
        assert subwords.vocabulary.tokens[subwords.copy_id] == COPIED


def test_what_was_prepared_is_kept_and_counted(prepared, parallel):
    counted = json.loads((prepared / "prepared.json").read_text())
    for corpus in ("multi30k", "tatoeba", "everyday", "copies"):
        assert counted[corpus] == len(read_examples(prepared / f"{corpus}.jsonl")) > 0
    before = (prepared / "en.model").stat().st_mtime_ns
    prepare(PrepareOptions(str(parallel), str(prepared), vocab_size=30))
    assert (prepared / "en.model").stat().st_mtime_ns == before


def test_the_same_sentences_come_out_on_every_run(prepared, parallel):
    corpora, _ = read_training(str(parallel))
    assert read_examples(prepared / "tatoeba.jsonl") == corpora["tatoeba"]
    assert preparing.plain(Example("“Hi”", {"fr": ["Va\u202f!"]})) == Example(
        '"Hi"', {"fr": ["Va !"]}
    )
