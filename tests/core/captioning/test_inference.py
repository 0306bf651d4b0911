"""The shipped model: its laws, its stored samples, its cell in numpy."""

import numpy as np
import pytest
from PIL import Image

from core.captioning import (
    CaptionOptions,
    caption,
    encode_image,
    load_model,
    load_samples,
    read_hypothesis,
    truth_check,
)
from core.captioning.inference import RECORDED, fit_photo
from core.uploads import read_image


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def encoded(model):
    return encode_image(model, read_image(load_samples()[0].image))


@pytest.fixture(scope="module")
def result(model, encoded):
    return caption(model, encoded)


def test_stored_samples_are_what_the_shipped_model_says(model):
    for sample in load_samples():
        again = caption(model, encode_image(model, read_image(sample.image)))
        assert again.caption == sample.caption


def test_distributions_and_attention_rows_sum_to_one(result):
    num_tokens = len(result.hypothesis.expansions)
    assert result.attention_weights.shape == (num_tokens, 49)
    np.testing.assert_allclose(result.attention_weights.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.exp(result.log_probs).sum(axis=1), 1, atol=1e-4)
    assert ((result.sentinel_weight > 0) & (result.sentinel_weight < 1)).all()
    assert result.log_prob == pytest.approx(np.log(result.probabilities).sum())


def test_the_gates_make_the_states(result):
    """c = f * c_before + i * g and h = o * tanh(c), in numpy, on the shipped model's numbers."""
    gates, cells = result.gates, result.cell_states
    made = gates["forget_gate"][1:] * cells[:-1] + gates["input_gate"][1:] * gates["candidate"][1:]
    np.testing.assert_allclose(cells[1:], made, atol=1e-5)
    np.testing.assert_allclose(
        result.hidden_states, gates["output_gate"] * np.tanh(cells), atol=1e-5
    )


def test_the_sentence_has_no_special_tokens(model):
    rng = np.random.default_rng(0)
    for _ in range(5):
        noise = Image.fromarray(rng.integers(0, 256, (90, 120, 3), dtype=np.uint8))
        for size in (1, 3):
            options = CaptionOptions(beam_size=size)
            tokens = caption(model, encode_image(model, noise), options).tokens
            assert tokens and not any(token.startswith("<") for token in tokens)


def test_one_photo_is_one_sentence_in_any_thread(model, encoded, result):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: caption(model, encoded).caption, range(8)))
    assert set(again) == {result.caption}


def test_reranking_reads_the_tree_and_agrees_with_a_new_search(model, encoded, result):
    for penalty in (0.0, 1.0):
        best = result.tree.ranked(penalty)[0]
        again = caption(model, encoded, CaptionOptions(length_penalty=penalty))
        assert read_hypothesis(model, result.tree, best).tokens == again.tokens


def test_records_are_those_of_the_words_of_the_sentence(model, encoded, result):
    """Forcing the sentence through the step graph by hand gives the same numbers."""
    states = dict(encoded.states)
    read = [model.vocabulary.bos_id, *result.hypothesis.token_ids]
    for position, token_id in enumerate(read):
        out = model.onnx.run("decoder_step", token=np.array([token_id]), **states)
        states |= {"hidden": out["next_hidden"], "cell": out["next_cell"]}
        for name in RECORDED[:2]:
            np.testing.assert_allclose(out[name][0], getattr(result, name)[position], atol=0.02)


def test_hiding_nothing_changes_nothing(model, encoded, result):
    nothing = np.zeros(49, dtype=bool)
    check = truth_check(model, encoded, result, position=1, masked=nothing)
    assert check.survived and check.caption == result.caption
    assert check.probability == pytest.approx(result.probabilities[1], abs=0.02)


def test_a_photo_of_the_training_size_is_only_scaled():
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8))
    same = fit_photo(photo, photo_size=224, image_size=224)
    np.testing.assert_array_equal(same, np.asarray(photo))
    wide = Image.new("RGB", (500, 100), (10, 20, 30))
    assert fit_photo(wide, photo_size=224, image_size=260).shape == (260, 260, 3)
