"""python -m core.captioning: answers on standard output, one sentence per unusable input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.make_images import claiming_png

ROOT = Path(__file__).resolve().parents[3]
HUGE = claiming_png(10_000, 10_000)  # large enough for a warning of Pillow's own
PHOTO = str(ROOT / "models" / "captioning" / "samples" / "astronaut.jpg")


def run(*words, stdin=""):
    command = [sys.executable, "-m", "core.captioning", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=ROOT)


def test_a_photo_is_answered_with_one_json_object():
    done = run(PHOTO, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert answer["image"] == PHOTO and answer["log_prob"] < 0
    stored = json.loads((ROOT / "models/captioning/samples.json").read_text("utf-8"))
    assert answer["caption"] == {row["name"]: row["caption"] for row in stored}["astronaut"]


def test_lines_of_standard_input_are_paths():
    done = run("-", "--json", stdin=f"{PHOTO}\n{PHOTO}\n")
    assert [json.loads(line)["image"] for line in done.stdout.splitlines()] == [PHOTO, PHOTO]


def test_without_json_the_sentence_alone_is_printed():
    done = run(PHOTO)
    assert done.stdout.strip() and "{" not in done.stdout


@pytest.mark.parametrize("content", [None, b"", b"<svg/>", HUGE])
def test_an_unusable_input_is_one_line_and_exit_code_two(content, tmp_path):
    path = tmp_path / "photo.jpg"
    if content is not None:
        path.write_bytes(content)
    done = run(str(path), PHOTO, "--json")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and "photo.jpg" in done.stderr
    assert len(done.stdout.splitlines()) == 1  # the sound photo is answered all the same
