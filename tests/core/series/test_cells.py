"""Dates and numbers in every spelling: what was meant is read, what is unclear is asked."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.errors import InputError
from core.series.cells import is_date, is_number, parse_dates, parse_numbers, quoted

DAYS = [date(2024, 1, 29) + timedelta(days=i) for i in range(40)]
SPELLINGS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%b-%y",
    "%d %B %Y",
    "%b %d, %Y",
    "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
]
DATES = st.dates(date(1901, 1, 1), date(2068, 12, 31))


def parse(cells: list[str]) -> list[date]:
    return parse_dates(cells, range(2, len(cells) + 2)).astype(object).tolist()


def numbers(*cells: str, comma_is_decimal: bool = False) -> list[float]:
    rows = range(2, len(cells) + 2)
    return parse_numbers(cells, rows, "Close", comma_is_decimal=comma_is_decimal).values.tolist()


def refusal(cells: list[str]) -> str:
    with pytest.raises(InputError) as refused:
        parse(cells)
    return str(refused.value)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_daily_dates_are_read_in_every_spelling(spelling):
    cells = [day.strftime(spelling) for day in DAYS]
    assert all(map(is_date, cells))
    assert parse(cells) == DAYS
    assert parse(cells[::-1]) == DAYS[::-1]


@given(st.lists(DATES, min_size=1, max_size=30), st.sampled_from(["%Y-%m-%d", "%d %b %Y"]))
@settings(max_examples=50, deadline=None)
def test_what_leaves_no_doubt_is_read_in_any_order_of_rows(days, spelling):
    assert parse([day.strftime(spelling) for day in days]) == days


def test_one_day_above_twelve_decides_for_the_whole_column():
    assert parse(["03/04/2024", "13/04/2024"]) == [date(2024, 4, 3), date(2024, 4, 13)]
    assert parse(["04/03/2024", "04/13/2024"]) == [date(2024, 4, 3), date(2024, 4, 13)]


def test_without_such_a_day_the_rows_that_follow_each_other_decide():
    days = [date(2024, 4, day) for day in (1, 2, 3)]
    assert parse([day.strftime("%d/%m/%Y") for day in days]) == days
    assert parse([day.strftime("%m/%d/%Y") for day in days]) == days


def test_dates_that_could_be_both_are_asked_about():
    assert "day or the month first" in refusal(["02/03/2024"])
    assert parse(["05/05/2024"]) == [date(2024, 5, 5)]


def test_the_century_of_two_digits_is_the_usual_one():
    assert parse(["31/12/68", "31/12/69"]) == [date(2068, 12, 31), date(1969, 12, 31)]


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        (["2024-01-31", "soon"], "Row 3 begins with “soon”"),
        (["2024-01-31", ""], "Row 3 begins with “”"),
        (["2024-02-29", "2023-02-29"], "Row 3 has “2023-02-29”; there is no such day"),
        (["2024-13-01"], "Row 2 has “2024-13-01”; there is no such day"),
        (["31/01/2024", "01/31/2024"], "Row 3 has the date “01/31/2024”, spelt in another order"),
        (["31/01/2024", "2024-01-31"], "Row 3 has the date “2024-01-31”, spelt in another order"),
    ],
)
def test_a_date_that_cannot_be_read_is_named_with_its_row(cells, part):
    assert part in refusal(cells)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        ("-12.5", -12.5),
        ("+.5", 0.5),
        ("1e-3", 0.001),
        ("1,234.56", 1234.56),
        ("1,234,567", 1234567),
        ("1.234,56", 1234.56),
        ("1.234.567,8", 1234567.8),
        ("1.234.567", 1234567),
        ("0,25", 0.25),
        ("12,5", 12.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234.5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1'234.5", 1234.5),
        ("$1,234.50", 1234.5),
        ("-$3.10", -3.1),
        ("12,50 €", 12.5),
        ("\u221236.98", -36.98),
    ],
)
def test_a_number_is_read_in_every_spelling(cell, value):
    assert is_number(cell)
    assert numbers(cell) == [value]


def test_one_cell_tells_how_the_whole_column_is_spelt():
    assert numbers("1,234", "1,5") == [1.234, 1.5]
    assert numbers("1,234", "1,234,567") == [1234, 1234567]
    assert numbers("1,234", "999.5", comma_is_decimal=True) == [1234, 999.5]
    assert numbers("1.234", "1.234,5") == [1234, 1234.5]


def test_a_reading_that_could_be_another_is_told():
    read = parse_numbers(["1,234"], [2], "Close", comma_is_decimal=False)
    assert read.values.tolist() == [1234] and read.notes == (
        "“1,234” in column Close was read as 1234.",
    )
    read = parse_numbers(["1,234"], [2], "Close", comma_is_decimal=True)
    assert read.values.tolist() == [1.234] and "read as 1.234" in read.notes[0]
    assert not parse_numbers(["1,5"], [2], "Close", comma_is_decimal=False).notes


@pytest.mark.parametrize("cell", ["", "  ", "NaN", "null", "N/A", "#N/A", "-", ".", "None"])
def test_a_cell_without_a_number_is_missing(cell):
    values = numbers("1", cell)
    assert values[0] == 1 and np.isnan(values[1])


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("abc", "“abc” is no number"),
        ("12.3 USD", "“12.3 USD” is no number"),
        ("1_000", "“1_000” is no number"),
        ("١٢", "is no number"),
        ("0x1F", "is no number"),
        ("12,34,5.6", "is no number"),
        ("1.2.3", "is no number"),
        ("inf", "“inf” is no finite number"),
        ("-Infinity", "is no finite number"),
        ("1e999", "“1e999” is no finite number"),
        ("=B2*2", "“=B2*2” is a formula"),
        ("@SUM(B2:B9)", "is a formula"),
        ("=cmd|' /C calc'!A0", "is a formula"),
        ("x" * 500, "x…”"),
    ],
)
def test_what_is_no_number_is_named_with_row_and_column(cell, part):
    with pytest.raises(InputError) as refused:
        numbers("1", cell)
    assert str(refused.value).startswith("Row 3, column Close: ") and part in str(refused.value)
    assert len(str(refused.value)) < 160


FINITE = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 2))


@given(st.lists(FINITE, min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_written_in_three_countries_a_column_reads_the_same(values):
    english = [f"{value:,.2f}" for value in values]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    french = [text.replace(",", "\u202f").replace(".", ",") for text in english]
    for cells in (english, german, french):
        assert numbers(*cells) == values


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_text_is_a_crash(text):
    for read in (lambda: parse([text]), lambda: numbers(text)):
        try:
            read()
        except InputError as refused:
            assert "\n" not in str(refused)
    assert "\n" not in quoted(text)
