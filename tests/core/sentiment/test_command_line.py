"""python -m core.sentiment: one JSON object a line, one sentence per unusable text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "core.sentiment", *words]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT)


def test_a_text_is_answered_with_one_json_object():
    done = run("A wonderful film, I loved it.", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == b""
    assert set(answer) == {"text", "label", "probability"}
    assert answer["text"] == "A wonderful film, I loved it."
    assert answer["label"] == ("positive" if answer["probability"] >= 0.5 else "negative")


def test_without_json_the_label_alone_is_printed():
    assert run("A terrible, boring film.").stdout.strip() in (b"positive", b"negative")


def test_ten_thousand_lines_are_answered_in_order():
    lines = [f"film number {number} is fine" for number in range(10_000)]
    start = time.perf_counter()
    done = run("-", "--json", stdin="\n".join(lines).encode())
    print(f"\n10,000 lines through the command: {time.perf_counter() - start:.1f} s")
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == lines


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_a_text_without_a_word_is_one_line_and_exit_code_two(text):
    done = run(text, "fine", "--json")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and b"no word to read" in done.stderr
    assert len(done.stdout.splitlines()) == 1  # the sound text is answered all the same


def test_bytes_that_are_no_utf8_are_answered_and_stay_one_line():
    done = run("-", "--json", stdin=b"caf\xe9 was good\nfine\n")
    assert done.returncode == 0, done.stderr
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert texts == ["caf\ufffd was good", "fine"]
