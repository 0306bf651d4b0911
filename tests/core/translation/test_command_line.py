"""python -m core.translation: answers on standard output, one sentence per unusable input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core import translation

ROOT = Path(__file__).resolve().parents[3]


def run(*words, stdin=""):
    command = [sys.executable, "-m", "core.translation", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=ROOT)


def test_lines_of_standard_input_are_translated_one_by_one(model):
    done = run("--to", "fr", "-", "--json", stdin="A dog runs.\nThe cat sleeps. 😀\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and done.stderr == ""
    assert [a["source"] for a in answers] == ["A dog runs.", "The cat sleeps. 😀"]
    assert {a["to"] for a in answers} == {"fr"}
    for answer in answers:
        expected = translation.translate_text(model, answer["source"], "fr")
        assert answer["translation"] == expected


def test_without_json_the_translation_alone_is_printed(model):
    done = run("A dog runs.")
    assert done.stdout == translation.translate(model, "A dog runs.", "de").text + "\n"


@pytest.mark.parametrize("text", ["", "   ", "word " * 1000])
def test_an_unusable_text_is_one_line_and_exit_code_two(text):
    done = run(text, "A dog runs.", "--to", "es", "--json")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and done.stderr.strip().endswith(".")
    assert len(done.stdout.splitlines()) == 1  # the sound one is answered all the same


def test_a_language_that_it_does_not_speak_is_refused():
    done = run("--to", "it", "A dog runs.")
    assert done.returncode == 2 and "it" in done.stderr and done.stdout == ""


def test_empty_lines_of_a_file_stay_where_they_are():
    done = run("--to", "fr", "-", stdin="A dog runs.\n\n  \nThe cat sleeps.\n")
    lines = done.stdout.split("\n")
    assert done.returncode == 0 and done.stderr == ""
    assert [bool(line.strip()) for line in lines] == [True, False, False, True, False]
