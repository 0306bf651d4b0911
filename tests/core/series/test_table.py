"""A CSV file, however it was written: its columns are found, or a sentence says what is missing."""

from __future__ import annotations

import csv
import io
import time
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.errors import InputError
from core.series import PRICES, TEMPERATURES, open_table
from core.series.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS

YAHOO = """Date,Open,High,Low,Close,Adj Close,Volume
2024-01-02,10.0,11.0,9.0,10.5,10.1,1000
2024-01-03,10.5,12.0,10.0,11.5,11.1,2000
"""
STOOQ = """Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen
2024-01-02,10.0,11.0,9.0,10.5,1000
"""
YFINANCE = """Price,Open,Close,Volume
Ticker,X,X,X
Date,,,
2024-01-02 00:00:00-05:00,10.0,10.5,1000
"""
STOOQ_BULK = """<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
X.US,D,20240102,000000,10.0,11.0,9.0,10.5,1000,0
"""
GOOGLE = """Date,Open,High,Low,Close,Volume
1/2/2024 16:00:00,10.0,11.0,9.0,10.5,1000
1/31/2024 16:00:00,10.5,12.0,10.0,11.5,2000
"""
NASDAQ = """Date,Close/Last,Volume,Open,High,Low
01/31/2024,$10.50,1000,$10.00,$11.00,$9.00
"""
OLD_GOOGLE = "\ufeffDate,Open,High,Low,Close,Volume\n31-Jan-24,10.0,11.0,9.0,10.5,1000\n"
GERMAN = "Datum;Eröffnung;Schlusskurs\n31.01.2024;1.010,5;1.020,25\n"


def opened(text: str, encoding: str = "utf-8"):
    return open_table(text.encode(encoding))


def refusal(content: bytes) -> str:
    with pytest.raises(InputError) as refused:
        table = open_table(content)
        table.read(table.columns[0])
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        (YAHOO, "Adj Close", 10.1),
        (GOOGLE, "Close", 10.5),
        (NASDAQ, "Close/Last", 10.5),
        (OLD_GOOGLE, "Close", 10.5),
        (YAHOO.lower(), "adj close", 10.1),
        (YAHOO.replace("Adj Close", "Adj Close**"), "Adj Close**", 10.1),
        ("DATE,CLOSE\n20240102,10.5\n", "CLOSE", 10.5),
        ("Date,SP500\n2024-01-02,10.5\n", "SP500", 10.5),
        (STOOQ, "Zamkniecie", 10.5),
        (YFINANCE, "Close X", 10.5),
        (STOOQ_BULK, "<CLOSE>", 10.5),
        (GERMAN, "Schlusskurs", 1020.25),
    ],
)
def test_the_usual_layouts_offer_the_price_that_counts(text, column, value):
    table = opened(text)
    assert table.likeliest(PRICES) == column
    assert table.read(column).values[0] == value


def test_every_column_of_numbers_is_offered():
    table = opened(STOOQ)
    assert table.columns == ("Otwarcie", "Najwyzszy", "Najnizszy", "Zamkniecie", "Wolumen")
    assert table.read("Otwarcie").values.tolist() == [10.0]


@given(st.permutations(["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]))
@settings(max_examples=40, deadline=None)
def test_the_columns_may_stand_in_any_order(order):
    rows = list(csv.DictReader(io.StringIO(YAHOO)))
    out = io.StringIO()
    writer = csv.DictWriter(out, order)
    writer.writeheader()
    writer.writerows(rows)
    table = opened(out.getvalue())
    column = table.read(table.likeliest(PRICES))
    assert column.name == "Adj Close" and column.values.tolist() == [10.1, 11.1]
    assert column.dates.astype(str).tolist() == ["2024-01-02", "2024-01-03"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_and_every_line_end_is_read(separator, end):
    column = opened(YAHOO.replace(",", separator).replace("\n", end)).read("Close")
    assert column.values.tolist() == [10.5, 11.5] and column.rows.tolist() == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read(encoding):
    assert opened(GERMAN, encoding).columns == ("Eröffnung", "Schlusskurs")


def test_remarks_before_the_header_and_empty_rows_keep_the_row_numbers_of_a_spreadsheet():
    text = f"Prices of Example\n\nSource: somebody\n{YAHOO}\n,,,,,,\n2024-01-04,1,2,3,4,5,6,,\n"
    column = opened(text).read("Close")
    assert column.rows.tolist() == [5, 6, 9] and column.values.tolist() == [10.5, 11.5, 4]


def test_without_a_header_the_columns_are_numbered():
    table = opened("2024-01-02,10.5,7\n2024-01-03,11.5,8\n")
    assert table.columns == ("column 2", "column 3")
    assert table.read("column 2").rows.tolist() == [1, 2]


def test_an_endless_name_is_cut():
    (name,) = opened(f"Date,{'very ' + 'long' * 1000}\n2024-01-02,1\n").columns
    assert len(name) == 60


def test_equal_names_are_told_apart():
    assert opened("Date,x,x,\n2024-01-02,1,2,3\n").columns == ("x", "x (3)", "column 4")


def test_temperatures_are_found_by_their_names():
    table = opened("date,precipitation,temp_max,temp_min\n2024-01-02,1,2,3\n")
    assert table.likeliest(TEMPERATURES) == "temp_max"
    table = opened("DATE,MONTH,BASEL_humidity,BASEL_temp_mean\n20240102,1,2,3\n")
    assert table.likeliest(TEMPERATURES) == "BASEL_temp_mean"
    assert opened("day,a,b\n2024-01-02,1,2\n").likeliest(TEMPERATURES) == "a"


def test_a_cell_that_is_not_there_is_missing():
    column = opened("Date,Open,Close\n2024-01-02,1,2\n2024-01-03,1\n").read("Close")
    assert column.values[0] == 2 and np.isnan(column.values[1])


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "This file is empty"),
        (b" \n\n", "This file is empty"),
        (b"\xef\xbb\xbf", "No column of dates"),
        (b"PK\x03\x04 xlsx", "Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html><p>Sign in", "a web page"),
        (b"Date\0Close\n" * 100, "no text"),
        (b"No data", "No column of dates"),
        (b"a,b\n1,2\n", "No column of dates"),
        (b"Date\n2024-01-02\n", "no second column"),
        (b"Date,Name\n2024-01-02,abc\n", "No column beside the dates holds numbers; row 2"),
        (b"Date,Close\n2024-01-02,inf\n", "Row 2, column Close: “inf” is no finite number"),
        (b"Date,Close\n2024-01-02,=A1\n", "Row 2, column Close: “=A1” is a formula"),
        (b"Date,Close\n2024-01-02,1\n2024-01-03,x\n", "Row 3, column Close: “x” is no number"),
        (b"Date,Close\n2024-01-02,1\nsum,3\n", "Row 3 begins with “sum”"),
        (b"Date,Close\n2024-01-02,1,234.5\n", "Row 2 has 3 cells, but there are 2 columns"),
        (b'Date,Close\n2024-01-02,"' + b"1" * 200_000, "Row 2 cannot be read"),
        (b"Date,Close\n2024-01-02,1\n" + b"2024-01-03,1\n" * MAX_ROWS, "rows; at most 100,000"),
        (b"d," * 600_000 + b"\n", "No column of dates"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(content, part):
    said = refusal(content)
    assert part in said and "\n" not in said and len(said) < 300


def test_a_file_with_more_columns_than_fit_is_refused_and_one_with_fewer_is_read():
    def wide(count: int) -> bytes:
        names = ",".join(f"share {i}" for i in range(count - 1))
        return f"Date,{names}\n2024-01-02{',1.5' * (count - 1)}\n".encode()

    assert len(open_table(wide(MAX_COLUMNS)).columns) == MAX_COLUMNS - 1
    assert "has 500 columns; at most 200" in refusal(wide(500))


def test_a_million_rows_and_too_many_bytes_are_refused_at_once():
    rows = b"Date,Close\n" + b"1,2\n" * 1_000_000
    start = time.perf_counter()
    assert "1,000,001 rows" in refusal(rows)
    assert "MB; at most 10 MB" in refusal(b"1" * (MAX_BYTES + 1))
    assert time.perf_counter() - start < 2


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InputError, match="no column Colour; there are Open, High"):
        opened(YAHOO).read("Colour")


def test_as_many_rows_as_are_allowed_are_read_in_time():
    first = date(1600, 1, 1)
    days = [first + timedelta(days=i) for i in range(MAX_ROWS)]
    text = "Date,Close\n" + "\n".join(f"{day:%m/%d/%Y},1.25" for day in days)
    start = time.perf_counter()
    column = opened(text).read("Close")
    assert len(column.values) == MAX_ROWS and column.dates[-1].astype(date) == days[-1]
    assert time.perf_counter() - start < 5


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_a_crash(content):
    try:
        table = open_table(b"Date,Close\n2024-01-02,1\n" + content)
        for name in table.columns:
            table.read(name)
    except InputError as refused:
        assert str(refused)
