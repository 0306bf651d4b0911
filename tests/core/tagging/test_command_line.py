"""python -m core.tagging: one JSON object a line, one sentence per unusable text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core import tagging

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "core.tagging", *words]
    return subprocess.run(command, capture_output=True, cwd=ROOT, text=True)


def test_texts_are_answered_one_a_line_and_nothing_is_a_sentence():
    text = "She can open the can."
    done = run(text, "  ", "Fine", "--json")
    assert done.returncode == 2 and done.stderr == f"{tagging.NOTHING}\n"
    first, second = map(json.loads, done.stdout.splitlines())
    result = tagging.tag(tagging.load_model(), text)
    assert first == {"text": text, "tokens": [*result.tokens], "tags": [*result.tags]}
    assert second["tokens"] == ["Fine"]


def test_without_json_every_word_is_printed_with_its_tag():
    words = run("Dogs bark.").stdout.split()
    assert [word.partition("/")[0] for word in words] == ["Dogs", "bark", "."]
