"""Files of texts: read whole, or refused with one sentence; written so that no formula starts."""

from __future__ import annotations

import csv
import time
from io import StringIO

import pytest
from hypothesis import given, settings, strategies as st

from core.errors import InputError
from core.spreadsheet import safe_cell
from core.text.text_tables import MAX_CELL, MAX_ROWS, read_text_table, to_csv
from core.uploads import MAX_BYTES

MANY = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def refused(content: bytes, name: str = "reviews.csv") -> str:
    with pytest.raises(InputError) as caught:
        read_text_table(content, name)
    return str(caught.value)


def test_a_csv_keeps_its_columns_and_its_text_column_is_found():
    content = b'id,stars,review\n1,5,"good, really"\n2,1,"bad\nfilm"\n'
    table = read_text_table(content, "reviews.csv")
    assert table.columns == {
        "id": ("1", "2"),
        "stars": ("5", "1"),
        "review": ("good, really", "bad\nfilm"),
    }
    assert table.text_columns == ("review",) and table.left_out == 0


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_found(separator):
    content = f"stars{separator}opinion of ours\n5{separator}a fine thing\n".encode()
    assert read_text_table(content, "x.csv").columns["opinion of ours"] == ("a fine thing",)


def test_a_named_text_column_comes_first_and_then_the_longest():
    content = b"title,comment,essay\nshort one,some words,a much longer text than both\n"
    assert read_text_table(content, "x.csv").text_columns == ("comment", "essay", "title")


def test_a_text_file_has_one_text_a_line():
    table = read_text_table(b"good, very good\r\n\r\nbad\n", "x.TXT")
    assert table.columns == {"text": ("good, very good", "bad")}


def test_a_single_column_needs_no_quotation_marks():
    assert read_text_table(b"text\ngood, very good\n", "x.csv").columns == {
        "text": ("good, very good",)
    }


def test_a_first_row_of_texts_is_no_header():
    long = "a film that goes on and on and on until nobody in the room can remember its start"
    table = read_text_table(f"{long}\nanother\n".encode(), "x.csv")
    assert table.columns == {"column 1": (long, "another")}


def test_equal_and_empty_headers_get_names_of_their_own():
    table = read_text_table(b"a,a,\nxx yy,zz,ww\n", "x.csv")
    assert list(table.columns) == ["a", "a (2)", "column 3"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_encodings_are_recognised_and_named(encoding, said):
    table = read_text_table("text\ncafé – très bon\n".encode(encoding), "x.csv")
    assert table.columns == {"text": ("café – très bon",)}
    assert table.encoding.startswith(said)


def test_a_column_of_numbers_is_no_text():
    assert "No column" in refused(b"id,stars\n1,5\n2,3\n")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "x.csv", "holds no text"),
        (b"\n \n", "x.txt", "holds no text"),
        (b"text\n", "x.csv", "holds no text"),
        (b"PK\x03\x04\0\0", "x.csv", "zero bytes"),
        (b"\xff\xfea", "x.csv", "damaged"),
        (b"x" * (MAX_BYTES + 1), "x.csv", "MB"),
        (b"a,b\nx,y,z\n", "x.csv", "Line 2 has 3 cells"),
        (b'a\n"' + b"x " * MAX_CELL + b'"\n', "x.csv", "cannot be read as CSV"),
        (b",".join([b"a"] * 101) + b"\nx\n", "x.csv", "101 columns"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_that_says_what_works(content, name, said):
    assert said in refused(content, name)


@pytest.mark.parametrize("name", ["x.csv", "x.txt"])
def test_a_million_rows_are_counted_and_the_first_are_kept(name):
    start = time.perf_counter()
    table = read_text_table(b"text\n" + b"not bad\n" * 1_000_000, name)
    print(f"\n1,000,000 rows: {time.perf_counter() - start:.2f} s")
    assert len(table.columns["text"]) == MAX_ROWS
    assert table.left_out == 1_000_000 - MAX_ROWS + (name == "x.txt")


@given(st.binary(max_size=200), st.sampled_from(["x.csv", "x.txt"]))
@MANY
def test_any_bytes_are_a_table_or_a_sentence(content, name):
    try:
        table = read_text_table(content, name)
    except InputError as error:
        assert str(error).endswith(".")
    else:
        assert set(table.text_columns) <= set(table.columns)
        assert len({len(cells) for cells in table.columns.values()}) == 1


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"]
)
def test_what_a_spreadsheet_would_obey_is_disarmed(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["good", "-3", "+4.5", "0.97", "a=b", "", "e-mail@home"])
def test_harmless_cells_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
@MANY
def test_what_is_written_is_read_back_and_never_begins_like_a_formula(cells):
    content = to_csv({"text": cells, "=n": range(len(cells))}).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content, newline="")))
    assert rows[0] == ["text", "'=n"]
    assert [row[0] for row in rows[1:]] == [safe_cell(cell) for cell in cells]
    assert not any(row[0][:1] in ("=", "@", "\t", "\r") for row in rows)
