"""One value per day: what can be put right is told, what cannot is refused with its row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.errors import InputError
from core.series import Series, daily_prices, daily_temperatures, open_table

ROWS = ("2024-01-02,10", "2024-01-03,11", "2024-01-04,12", "2024-01-05,11", "2024-01-08,10")
VALUES = [10, 11, 12, 11, 10]


def column(*rows: str, name: str = "Close"):
    return open_table(f"Date,{name}\n{chr(10).join(rows)}\n".encode()).read(name)


def prices(*rows: str, min_days: int = 2) -> Series:
    return daily_prices(column(*rows), min_days=min_days)


def temperatures(*rows: str, min_days: int = 2) -> Series:
    return daily_temperatures(column(*rows, name="tavg"), min_days=min_days)


def refusal(read, *rows: str, **options) -> str:
    with pytest.raises(InputError) as refused:
        read(*rows, **options)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_sound_file_arrives_unchanged_and_without_a_word():
    series = prices(*ROWS)
    assert series.values.tolist() == VALUES and series.notes == ()
    assert series.dates.astype(str).tolist() == [row[:10] for row in ROWS]
    assert series.rows.tolist() == [2, 3, 4, 5, 6]


def test_rows_from_new_to_old_are_turned_round():
    series = prices(*ROWS[::-1])
    assert series.values.tolist() == VALUES[::-1][::-1] and "turned round" in series.notes[0]
    assert series.rows.tolist() == [6, 5, 4, 3, 2]


@given(st.permutations(ROWS))
@settings(max_examples=50, deadline=None)
def test_rows_in_any_order_give_the_same_series(rows):
    series, sorted_series = prices(*rows), prices(*ROWS)
    assert series.fingerprint == sorted_series.fingerprint
    assert bool(series.notes) == (list(rows) != list(ROWS))


def test_the_first_row_out_of_order_is_named():
    (note,) = prices(ROWS[0], ROWS[2], ROWS[1], ROWS[3]).notes
    assert note.startswith("Row 4 (2024-01-03) is earlier than the row before it")


def test_a_row_without_a_price_is_left_out_and_named():
    series = prices(ROWS[0], "2024-01-03,NaN", ROWS[2], "2024-01-05,null", *ROWS[4:])
    assert series.values.tolist() == [10, 12, 10]
    assert series.notes == ("Rows 3, 5 have nothing in column Close: left out.",)
    many = prices(*(f"2023-01-{day:02}," for day in range(1, 20)), *ROWS)
    assert many.notes == ("Rows 2, 3, 4, 5, 6 and 14 more have nothing in column Close: left out.",)


def test_a_day_repeated_with_the_same_price_is_kept_once():
    series = prices(*ROWS[:2], ROWS[1], *ROWS[2:])
    assert series.values.tolist() == VALUES
    assert series.notes == ("Row 4 repeats a day with the same value: left out.",)


def test_a_day_with_two_prices_is_refused_with_both_rows():
    said = refusal(prices, *ROWS[:2], "2024-01-03,99", *ROWS[2:])
    assert said.startswith("Rows 3 and 4 both give 2024-01-03, with different values in column")


def test_of_several_times_a_day_prices_keep_the_last_and_temperatures_the_mean():
    rows = ("2024-01-02 09:00,10", "2024-01-02 17:00,14", "2024-01-03 09:00,11")
    assert prices(*rows).values.tolist() == [14, 11]
    assert temperatures(*rows).values.tolist() == [12, 11]
    assert "mean of each day" in temperatures(*rows).notes[0]


@pytest.mark.parametrize("price", ["-36.98", "0"])
def test_a_price_not_above_zero_is_refused_with_its_row_and_the_reason(price):
    said = refusal(prices, *ROWS, f"2024-01-09,{price}")
    assert said.startswith(f"Row 7 (2024-01-09) has {float(price):g} in column Close.")
    assert "log returns" in said and "above zero" in said


def test_a_jump_that_no_market_made_is_refused_and_a_crash_is_not():
    assert prices(*ROWS, "2024-01-09,1").values[-1] == 1
    said = refusal(prices, *ROWS, "2024-01-09,1000")
    assert said.startswith("Row 7 (2024-01-09) has 1000 in column Close after 10")
    assert "50 times" in refusal(prices, "2024-01-02,1e-300", "2024-01-03,1e300")


def test_a_gap_in_the_prices_is_told():
    (note,) = prices(*ROWS, "2024-03-01,10").notes
    assert note.startswith("Row 7 (2024-03-01) comes 53 days after the row before")


@pytest.mark.parametrize("read", [prices, temperatures])
def test_what_never_moves_is_refused(read):
    said = refusal(read, *(row[:11] + "7" for row in ROWS))
    assert "has 7 in every row" in said


@pytest.mark.parametrize("read", [prices, temperatures])
def test_too_few_days_are_refused_with_the_number_that_is_needed(read):
    assert "has 1 day with a number" in refusal(read, ROWS[0])
    assert "at least 300 daily" in refusal(read, *ROWS, min_days=300)


def test_monthly_rows_are_refused():
    rows = [f"2023-{month:02}-01,{month}" for month in (3, 4, 5, 6, 7)]
    assert "30 days apart" in refusal(prices, *rows)
    assert "days apart" in refusal(temperatures, *rows)


def test_a_short_gap_in_temperatures_is_filled_along_a_line():
    series = temperatures("2024-01-02,10", "2024-01-03,11", "2024-01-04,12", "2024-01-08,20")
    assert series.values.tolist() == [10, 11, 12, 14, 16, 18, 20]
    assert series.rows.tolist() == [2, 3, 4, 0, 0, 0, 5]
    assert "3 missing days were filled in" in series.notes[0]
    assert "2024-01-05" in series.notes[0]


def test_after_a_long_gap_in_temperatures_only_the_rest_is_used():
    rows = ("2023-01-01,1", "2023-01-02,2", *ROWS)
    series = temperatures(*rows)
    assert series.values.tolist() == [
        10,
        11,
        12,
        11,
        pytest.approx(10 + 2 / 3),
        pytest.approx(10 + 1 / 3),
        10,
    ]
    assert "row 4 (2024-01-02) 364 days are missing" in series.notes[0]
    assert "the 5 days since then are fewer" in refusal(temperatures, *rows, min_days=7)


@pytest.mark.parametrize(
    ("given_values", "celsius", "unit"),
    [
        ((32, 212 - 80, 50), (0, 55.5556, 10), "Fahrenheit"),
        ((273.15, 283.15, 300), (0, 10, 26.85), "kelvin"),
    ],
)
def test_other_units_become_celsius_and_are_told(given_values, celsius, unit):
    series = temperatures(*(f"2024-01-0{i + 2},{v}" for i, v in enumerate(given_values)))
    np.testing.assert_allclose(series.values, celsius, atol=1e-3)
    assert unit in series.notes[0]


def test_what_is_no_temperature_is_refused_with_its_row():
    said = refusal(temperatures, *ROWS[:3], "2024-01-05,9999")
    assert said.startswith("Row 5 (2024-01-05) has 9999 in column tavg")


def test_the_fingerprint_follows_every_value_and_day():
    one = prices(*ROWS)
    assert one.fingerprint == prices(*ROWS).fingerprint and len(one.fingerprint) == 64
    assert one.fingerprint != prices(*ROWS[:-1]).fingerprint
    assert one.fingerprint != prices(*ROWS[:-1], "2024-01-08,10.0000001").fingerprint
    assert one.fingerprint != prices(*ROWS[:-1], "2024-01-09,10").fingerprint
