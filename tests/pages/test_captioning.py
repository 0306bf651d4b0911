"""The captioning page without a browser: inputs, controls, and what the network must not redo."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import captioning, explanations
from core.captioning import inference
from core.errors import ModelFileError
from core.regions import mask_regions
from tests.fixtures import make_images as make

ROOT = Path(__file__).resolve().parents[2]
UNKNOWN = "unknown word"
VIEWS = ["Words", "Memory", "Beam search", "Truth check", "Limits"]


def open_page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages/frame.py"), default_timeout=60)
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.switch_page("applications/captioning.py").run()


def sentence(app: AppTest) -> str:
    """Return the caption as it is read, without the mark on one of its words."""
    text = app.header[0].value
    return text.replace(":primary-background[", "").replace("]", "").replace(" (end)", "")


def chart(app: AppTest, key: str) -> dict:
    """Return the figure that was drawn under `key`."""
    return json.loads(app.get_by_key(f"captioning.{key}").proto.spec)


def upload(app: AppTest, content: bytes, name: str = "photo.jpg") -> AppTest:
    app.file_uploader(key="captioning.file").upload(name, content)
    return app.run()


def test_the_first_sample_shows_the_sentence_that_is_stored_with_it():
    sample = captioning.load_samples()[0]
    assert sentence(open_page()) == sample.caption.replace("<unk>", "unknown word")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens(view):
    app = open_page()
    app.get_by_key("captioning_view").set_value(view).run()
    assert not app.exception and not app.error


def test_moving_along_the_sentence_marks_the_word_and_draws_its_alternatives():
    app = open_page()
    words = sentence(app).split()
    slider = app.select_slider(key="captioning_word")
    seen = []
    for option in slider.options[:2]:
        app.select_slider(key="captioning_word").set_value(option).run()
        number, word = option.split(" ", 1)
        assert app.header[0].value.split(":primary-background[")[1].startswith(f"{word}]")
        assert word.split()[0] in words and int(number) <= len(words) + 1
        seen.append(chart(app, "others")["data"][0]["x"])
    assert seen[0] != seen[1]


def test_a_visitors_photo_gets_the_caption_that_the_model_gives_it():
    content = make.encoded(make.photo(120, 80), "JPEG")
    app = upload(open_page(), content)
    model = captioning.load_model()
    _, encoded = captioning.open_photo(model, content)
    expected = captioning.caption(model, encoded)
    assert not app.exception and not app.error
    assert sentence(app) == expected.caption.replace("<unk>", "unknown word")
    record = json.loads(captioning.to_json(expected, captioning.CaptionOptions()))
    assert record["caption"] == expected.caption
    assert [t["probability"] for t in record["tokens"]] == pytest.approx(expected.probabilities)


def test_an_unusable_file_is_one_sentence_and_another_file_can_follow():
    app = upload(open_page(), b"no photo at all")
    assert not app.exception
    assert len(app.error) == 1 and "JPEG, PNG or WebP" in app.error[0].value
    app.file_uploader(key="captioning.file").clear()
    app = upload(app, make.encoded(make.photo(120, 80), "PNG"), "photo.png")
    assert not app.exception and not app.error


@pytest.mark.parametrize("name", make.SOUND)
def test_every_readable_kind_of_photo_gets_its_own_caption(name):
    content, model = make.SOUND[name](), captioning.load_model()
    _, encoded = captioning.open_photo(model, content)
    app = upload(open_page(), content, f"photo{Path(name).suffix}")
    assert not app.exception and not app.error
    assert sentence(app) == captioning.caption(model, encoded).caption.replace("<unk>", UNKNOWN)


@pytest.mark.parametrize("name", make.REFUSED)
def test_every_unreadable_file_is_one_sentence_and_no_caption(name):
    app = upload(open_page(), make.REFUSED[name]())
    assert not app.exception and not app.header
    (error,) = app.error
    assert error.value.endswith(".") and "\n" not in error.value


def test_the_camera_takes_a_photo_too():
    app = open_page(captioning_camera="true")
    content = make.encoded(make.photo(90, 60), "JPEG")
    app.camera_input[0].upload("camera.jpg", content).run()
    model = captioning.load_model()
    _, encoded = captioning.open_photo(model, content)
    assert not app.exception and not app.error
    assert sentence(app) == captioning.caption(model, encoded).caption.replace("<unk>", UNKNOWN)


def test_a_stored_sample_is_there_before_any_model_and_without_one(monkeypatch):
    def missing(task, **_):
        raise ModelFileError("The model is missing.")

    st.cache_resource.clear()
    monkeypatch.setattr(inference, "load_onnx_model", missing)
    app = open_page()
    sample = captioning.load_samples()[0]
    assert sentence(app) == sample.caption.replace("<unk>", UNKNOWN)
    assert len(app.error) == 1 and not app.exception
    assert any(sample.credit in caption.value for caption in app.caption)


def test_the_state_of_the_chosen_word_is_framed():
    app = open_page(captioning_view="Memory")
    frames = []
    for option in app.select_slider(key="captioning_word").options[:2]:
        app.select_slider(key="captioning_word").set_value(option).run()
        (frame,) = chart(app, "states")["layout"]["shapes"]
        frames.append((frame["x0"], frame["x1"]))
    assert frames == [(-0.5, 0.5), (0.5, 1.5)]


def test_the_truth_check_says_what_a_run_by_hand_shows():
    app = open_page(captioning_view="Truth check", captioning_hidden="50")
    model = captioning.load_model()
    photo, encoded = captioning.open_photo(model, captioning.load_samples()[0].image)
    result = captioning.caption(model, encoded)
    place = 1
    most, least = captioning.hide_regions(model, encoded, result, place, 0.5).values()
    assert 24 <= most.masked.sum() <= 25 and not (most.masked & least.masked).any()
    image = np.where(
        np.kron(most.masked.reshape(7, 7), np.ones((32, 32), bool))[..., None],
        encoded.image.mean(axis=(0, 1)).round().astype(np.uint8),
        encoded.image,
    )
    np.testing.assert_allclose(mask_regions(encoded.image, most.masked), image, atol=1)
    verdict = explanations.what_hiding_showed(
        result.tokens[place], result.probabilities[place], most, least
    )
    assert verdict in [m.value for m in app.markdown]
    assert most.survived == (result.tokens[place] in most.caption.split())


def test_the_length_penalty_ranks_again_without_the_network(graph_runs):
    app = open_page(captioning_view="Beam search")
    graph_runs.clear()
    before = app.dataframe[0].value
    app.slider(key="captioning_alpha").set_value(0.0).run()
    after = app.dataframe[0].value
    assert not graph_runs
    assert set(after["Divisor"]) == {1} != set(before["Divisor"])
    assert set(after["Sentence"]) == set(before["Sentence"])


def test_the_beam_size_runs_the_decoder_alone(graph_runs):
    st.cache_resource.clear()
    app = open_page()
    assert graph_runs["encoder"] == 1
    graph_runs.clear()
    app.slider(key="captioning_beam").set_value(5).run()
    assert graph_runs["encoder"] == 0 < graph_runs["decoder_step"]


def test_moving_along_the_sentence_runs_nothing(graph_runs):
    app = open_page()
    graph_runs.clear()
    app.select_slider(key="captioning_word").set_value(
        app.select_slider(key="captioning_word").options[0]
    ).run()
    assert not graph_runs


def test_the_address_sets_the_choices():
    cat = {"captioning_sample": "A cat"}
    first = open_page(**cat, captioning_view="Memory", captioning_part="Candidate")
    assert sentence(first) == {s.title: s for s in captioning.load_samples()}["A cat"].caption
    assert "could write" in " ".join(caption.value for caption in first.caption)
    word = first.select_slider(key="captioning_word").options[2]
    again = open_page(**cat, captioning_word=word)
    assert again.select_slider(key="captioning_word").value == word
    hidden = open_page(captioning_view="Truth check", captioning_hidden="35")
    assert hidden.slider(key="captioning_hidden").value == 35
    assert open_page(captioning_camera="true").toggle(key="captioning_camera").value


def test_the_address_sets_the_controls():
    app = open_page(captioning_beam="5", captioning_view="Beam search", captioning_alpha="0.2")
    assert app.slider(key="captioning_beam").value == 5
    assert app.slider(key="captioning_alpha").value == 0.2
    assert len(app.dataframe) == 1


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("captioning_beam", "99"),
        ("captioning_beam", "many"),
        ("captioning_alpha", "-3"),
        ("captioning_word", "99 unicorn"),
        ("captioning_sample", "A unicorn"),
        ("captioning_sample", ""),
        ("captioning_view", "Nowhere"),
        ("captioning_view", ""),
    ],
)
def test_an_address_out_of_range_falls_back(parameter, value):
    usual, app = open_page(), open_page(**{parameter: value})
    assert not app.exception and not app.error
    assert app.header[0].value == usual.header[0].value
    assert app.slider(key="captioning_beam").value == captioning.CaptionOptions().beam_size
    assert chart(app, "shares") == chart(usual, "shares")  # drawn in the first view alone


def test_the_truth_check_follows_the_share_to_hide():
    app = open_page(captioning_view="Truth check")
    verdicts = set()
    for share in (5, 50):
        app.slider(key="captioning_hidden").set_value(share).run()
        (verdict,) = [m.value for m in app.markdown if "With everything visible" in m.value]
        verdicts.add(verdict)
    assert len(verdicts) == 2


def test_the_limits_name_what_was_written_about_each_sample():
    app = open_page(captioning_view="Limits")
    (text,) = [m.value for m in app.markdown if "photo: " in m.value]
    for sample in captioning.load_samples():
        assert f"**{sample.title}**: “{sample.caption}”" in text
        assert sample.credit in text
