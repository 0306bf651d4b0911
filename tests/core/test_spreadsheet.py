"""Downloads: they read back as they were written, and no spreadsheet calculates a cell."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, strategies as st

from core.spreadsheet import safe_cell, to_csv

PLAIN_NUMBER = re.compile(r"[+-]\d+([.,]\d+)?")


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1-1", "-A1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_calculated_is_marked_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["plain", "", "a=b", -1, -1.5, None, "-1", "+1.5"])
def test_other_cells_and_numbers_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_the_header_is_the_keys_and_the_rows_follow():
    assert to_csv([{"date": "2024-01-01", "=x": -1.5}]) == "date,'=x\r\n2024-01-01,-1.5\r\n"
    assert to_csv([]) == "\r\n"


@given(st.lists(st.tuples(st.text(), st.integers()), min_size=1))
def test_whatever_stands_in_a_cell_reads_back(pairs):
    rows = [{"a": text, "b": number} for text, number in pairs]
    read = list(csv.reader(io.StringIO(to_csv(rows), "")))
    assert read[0] == ["a", "b"] and len(read) == len(rows) + 1
    for cells, row in zip(read[1:], rows, strict=True):
        assert cells[0].removeprefix("'") == row["a"].removeprefix("'")
        is_number = PLAIN_NUMBER.fullmatch(cells[0])
        assert is_number or not cells[0].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert int(cells[1]) == row["b"]


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="among rows"):
        to_csv([{"a": 1}, {"b": 1}])
