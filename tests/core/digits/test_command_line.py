"""python -m core.digits: one JSON object a line, one sentence per unusable image."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core import digits

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "core.digits", *words]
    return subprocess.run(command, capture_output=True, cwd=ROOT, text=True)


def test_images_are_answered_one_a_line_and_what_is_none_is_a_sentence():
    sample = digits.load_samples()[0]
    numbers = ",".join(f"{pixel:.0f}" for pixel in sample.image.reshape(-1))
    done = run(numbers, "1 2 3", numbers.replace(",", " "), "--json")
    assert done.returncode == 2
    assert done.stderr == "An image has 64 numbers, row by row; these are 3.\n"
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) == {"input", "digit", "probability"} and first["input"] == numbers
    assert first["digit"] == second["digit"] == sample.answer
    assert first["probability"] == second["probability"]


def test_without_json_the_digit_alone_is_printed():
    sample = digits.load_samples()[1]
    numbers = " ".join(f"{pixel:.0f}" for pixel in sample.image.reshape(-1))
    assert run(numbers).stdout == f"{sample.answer}\n"
