"""Lines over days: what is drawn is what was given, in fixed ranges."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import theme
from core.figures.over_time import fading, overlay, states_beside

DATES = np.datetime64("2020-01-01") + np.arange(3)
STATES = np.array([[0.1, -0.2], [0.3, 0.4], [0.5, -0.6]])


def test_the_forecast_lies_on_the_truth_and_both_stay_visible():
    truth, forecast = overlay(DATES, np.array([1.0, 2, 3]), np.array([1.0, 2, 2.5]), "<x>").data
    assert list(truth.y) == [1, 2, 3] and list(forecast.y) == [1, 2, 2.5]
    assert truth.line.width > forecast.line.width and truth.line.color == theme.TEXT
    assert overlay(DATES, STATES[:, 0], STATES[:, 1], "<x>").layout.yaxis.title.text == "&lt;x&gt;"


def test_each_unit_is_a_row_with_its_number_in_a_range_that_never_changes():
    figure = states_beside(DATES, STATES, np.array([17, 4]), np.array([10.0, 11, 12]), "volatility")
    cells, line = figure.data
    np.testing.assert_array_equal(cells.z, STATES.T)
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert [row[0] for row in cells.customdata] == [17, 4]
    assert list(line.y) == [10, 11, 12] and list(line.x) == list(cells.x)


def test_an_effect_fades_from_right_to_left_with_the_days():
    figure = fading(np.array([1, 3]), {"1 day": np.array([0.5, 0.1])}, "wider")
    assert list(figure.data[0].y) == pytest.approx([50, 10])
    assert figure.layout.xaxis.autorange == "reversed"


@pytest.mark.parametrize(
    "draw",
    [
        lambda: overlay(DATES, np.zeros(2), np.zeros(3), "x"),
        lambda: states_beside(DATES, STATES[:2], np.arange(2), np.zeros(3), "x"),
        lambda: states_beside(DATES, 3 * STATES, np.arange(2), np.zeros(3), "x"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(draw):
    with pytest.raises(ValueError, match=r"values for|states"):
        draw()
