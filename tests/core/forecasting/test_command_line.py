"""python -m core.forecasting: answers on standard output, one sentence per unusable input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core import forecasting

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "models/forecasting/samples"
PRICES, PLACE = str(SAMPLES / "sp500.csv"), str(SAMPLES / "melbourne.csv")


def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "core.forecasting", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=ROOT)


def test_prices_are_answered_with_one_json_object():
    done = run(PRICES, "--horizon", "20", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert answer["file"] == PRICES and answer["notes"] == []
    assert [step["horizon"] for step in answer["forecast"]] == list(range(1, 21))
    series = forecasting.read_series(Path(PRICES).read_bytes(), "stocks")
    result = forecasting.forecast(forecasting.load_model(), series)
    assert answer["forecast"][-1]["intervals"]["80"] == pytest.approx(
        [end[-1] for end in result.interval(0.8)]
    )
    for step in answer["forecast"]:
        (low, high), (wider_low, wider_high) = step["intervals"]["50"], step["intervals"]["95"]
        assert wider_low < low < step["median"] < high < wider_high


def test_temperatures_are_another_kind_and_reach_seven_days():
    done = run(PLACE, "--kind", "weather", "--json")
    assert len(json.loads(done.stdout)["forecast"]) == 7
    done = run(PLACE, "--kind", "weather", "--horizon", "8")
    assert done.returncode == 2 and "at most 7" in done.stderr


def test_lines_of_standard_input_are_paths():
    done = run("-", "--horizon", "1", "--json", stdin=f"{PRICES}\n{PRICES}\n")
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == [PRICES, PRICES]


def test_without_json_a_sentence_is_printed():
    done = run(PRICES, "--horizon", "5")
    assert done.stdout.startswith(f"{PRICES}: 2023-01-04 median ") and "{" not in done.stdout


@pytest.mark.parametrize("content", [None, b"", b"Date,Close\n2024-01-02,x\n", b"PK\x03\x04"])
def test_an_unusable_input_is_one_line_and_exit_code_two(content, tmp_path):
    path = tmp_path / "prices.csv"
    if content is not None:
        path.write_bytes(content)
    done = run(str(path), PRICES, "--json")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and "prices.csv" in done.stderr
    assert len(done.stdout.splitlines()) == 1  # the sound file is answered all the same


def test_a_column_can_be_named_and_one_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "two.csv"
    rows = [
        f"{line.split(',')[0]},{5 + i % 7}"
        for i, line in enumerate(Path(PRICES).read_text().splitlines())
        if i
    ]
    path.write_text(
        "date,Close,Open\n" + "\n".join(f"{row},{i % 5 + 1}" for i, row in enumerate(rows))
    )
    done = run(str(path), "--column", "Open", "--json")
    assert json.loads(done.stdout)["column"] == "Open"
    done = run(str(path), "--column", "Shut")
    assert done.returncode == 2 and "no column Shut; there are Close, Open" in done.stderr
