"""Published tables in their several spellings."""

import gzip
import zipfile

import numpy as np
import pytest

from core.series import Series
from core.training.tables import column, iso_date, middle, parse_table, read_wheel_table


@pytest.mark.parametrize(
    "spelled", ["2001-02-03", "20010203", "2/3/2001", "2001/02/03 00:00", "2001/2/3"]
)
def test_a_date_is_the_same_in_every_spelling(spelled):
    assert iso_date(spelled) == "2001-02-03"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_commas_gzip_and_white_space(pack):
    commas = parse_table(pack(b'"Date","x"\n2001-01-01,1.5\n2001-01-02,\n2001-01-03,2\n'))
    spaces = parse_table(pack(b"Date  x\n2001-01-01 1.5\n\n2001-01-03\t2\n"))
    for table in (commas, spaces):
        series = column(table, "x")
        assert series.values.tolist() == [1.5, 2.0]
        assert [str(day) for day in series.dates] == ["2001-01-01", "2001-01-03"]


def test_the_middle_of_two_temperatures_on_every_calendar_day():
    dates = np.array(["2004-02-28", "2004-03-01"], "datetime64[D]")
    found = middle(
        Series("a", dates, np.array([1.0, 3.0])), Series("b", dates, np.array([5.0, 9.0]))
    )
    assert found["mean"].values.tolist() == [3, 3, 6] and found["max"].values.tolist() == [5, 5, 9]
    assert str(found["min"].dates[1]) == "2004-02-29"


def test_a_wheel_is_read_without_being_installed(tmp_path):
    with zipfile.ZipFile(tmp_path / "pack-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("pack/data/t.csv", "Date,x\n2001-01-01,1\n")
    assert read_wheel_table(tmp_path, "pack", "data/t.csv") == (
        ["Date", "x"],
        [["2001-01-01", "1"]],
    )
    with pytest.raises(FileNotFoundError, match="no wheel of other"):
        read_wheel_table(tmp_path, "other", "data/t.csv")
