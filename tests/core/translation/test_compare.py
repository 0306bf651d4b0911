"""One network against three, on runs written by hand, and what the model card says of it."""

import json
from dataclasses import asdict

import pytest

from core.training.options import read_run
from core.translation.card import comparison
from core.translation.compare import CompareOptions, compare, dev_scores, megabytes
from core.translation.model import LANGUAGES, ModelConfig, Translator
from core.translation.train import TrainOptions

SMALL = ModelConfig(vocab_size=100, embedding_dim=8, hidden_size=16)


def write_log(folder, *epochs):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").write_text("".join(json.dumps(epoch) + "\n" for epoch in epochs))


def write_run(work, languages, **scores):
    folder = work / f"small_{languages}"
    write_log(folder, {"epoch": 1, "loss": 2.0, "dev_bleu": 30.0, **scores})
    run = {"options": asdict(TrainOptions(num_epochs=6)), "network": asdict(SMALL)}
    (folder / "run.json").write_text(json.dumps(run))


def test_a_size_counts_every_weight_that_a_language_needs():
    everything = sum(w.numel() for w in Translator(SMALL).parameters())
    own = 100 * 8 + 100  # embeddings and biases of one language
    assert megabytes(SMALL, LANGUAGES) == pytest.approx(everything / 1e6)
    assert megabytes(SMALL, ("fr",)) == pytest.approx((everything - 2 * own) / 1e6)


def test_the_best_epoch_counts(tmp_path):
    epochs = [{"epoch": n, "dev_bleu": b, "val_de": b, "dev_es": 1.0} for n, b in ((1, 9), (2, 7))]
    write_log(tmp_path, *epochs)
    (tmp_path / "run.json").write_text("{}")
    _, best = read_run(tmp_path, "dev_bleu")
    assert dev_scores(best) == {"val_de": 9, "dev_es": 1.0}


def test_one_row_for_one_network_and_one_for_three(tmp_path):
    write_run(tmp_path, "de,fr,es", val_de=20, dev_de=30, val_fr=40, dev_fr=30, dev_es=30)
    for language, scores in {"de": (22, 30), "fr": (44, 30)}.items():
        write_run(
            tmp_path,
            language,
            **dict(zip((f"val_{language}", f"dev_{language}"), scores, strict=True)),
        )
    write_run(tmp_path, "es", dev_es=34)
    one, three = compare(CompareOptions(work=str(tmp_path)))
    assert (one["dev_bleu"], three["dev_bleu"]) == (30, 32)
    assert three["megabytes"] == pytest.approx(3 * megabytes(SMALL, ("de",)))
    assert one["per_megabyte"] == pytest.approx(30 / megabytes(SMALL, LANGUAGES))
    told = comparison({"comparison": [one, three]})
    assert "16 units" in told and "| one per language | 32.0 | 26.0 | 37.0 | 34.0 |" in told


def test_a_missing_run_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="small_de,fr,es"):
        compare(CompareOptions(work=str(tmp_path)))


def test_nothing_is_said_before_anything_was_measured():
    assert comparison({"comparison": []}) == "Nothing was measured yet."
