"""Intervals against textbooks, against slow resampling, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from core.probabilistic.bootstrap import (
    Interval,
    block_interval,
    correlation_interval,
    share_interval,
    skill_interval,
)

RNG = np.random.default_rng(3)


def autoregressive(num_days: int, rng: np.random.Generator, keep: float = 0.7) -> np.ndarray:
    noise, values = rng.normal(size=num_days), np.zeros(num_days)
    for day in range(1, num_days):
        values[day] = keep * values[day - 1] + noise[day]
    return values


def test_the_interval_of_a_mean_of_independent_days_is_the_textbooks():
    values = RNG.normal(5, 2, size=4000)
    interval = block_interval(lambda mean: mean, values, block_length=1)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert interval.estimate == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.15 * half)


def test_resampling_block_means_is_resampling_days_in_blocks():
    values, length = RNG.normal(size=60), 7
    interval = block_interval(lambda mean: mean, values, block_length=length)
    starts = np.random.default_rng(20).integers(60, size=(2000, 9))
    days = (starts[:, :, None] + np.arange(length)) % 60  # written out, day by day
    means = values[days.reshape(2000, -1)].mean(axis=1)
    assert (interval.low, interval.high) == pytest.approx(np.quantile(means, [0.025, 0.975]))


def test_blocks_hold_the_truth_where_single_days_are_too_sure_of_themselves():
    held = {1: 0, 40: 0}
    for seed in range(200):
        values = autoregressive(500, np.random.default_rng(seed))
        for length in held:
            interval = block_interval(lambda mean: mean, values, block_length=length)
            held[length] += not interval.excludes(0.0)
    assert held[1] < 130 and held[40] > 175  # of 200; 190 would be exact


def test_a_share_is_between_0_and_1_and_a_sure_thing_has_no_width():
    interval = share_interval(RNG.random(500) < 0.3, block_length=20)
    assert 0 < interval.low < interval.estimate < interval.high < 1
    sure = share_interval(np.ones(50, dtype=bool), block_length=20)
    assert (sure.low, sure.estimate, sure.high) == (1, 1, 1)


def test_skill_is_the_share_of_the_error_that_is_saved():
    reference = RNG.random(300)
    same = skill_interval(reference, reference, block_length=20)
    assert (same.low, same.estimate, same.high) == pytest.approx((0, 0, 0))
    half = skill_interval(reference / 2, reference, block_length=20)
    assert (half.low, half.estimate, half.high) == pytest.approx((0.5, 0.5, 0.5))
    assert skill_interval(3 * reference, reference, block_length=20).estimate == pytest.approx(-2)


def test_correlation_is_numpys_and_holds_its_estimate():
    first = RNG.normal(size=400)
    second = 0.4 * first + RNG.normal(size=400) + 7
    interval = correlation_interval(first, second, block_length=10)
    assert interval.estimate == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert 0 < interval.low < interval.estimate < interval.high < 1


def test_what_never_varies_correlates_with_nothing():
    interval = correlation_interval(np.full(50, 3.0), RNG.normal(size=50), block_length=5)
    assert (interval.low, interval.estimate, interval.high) == (0, 0, 0)


def test_the_same_days_give_the_same_interval():
    values = RNG.normal(size=100)
    first, second = (block_interval(lambda m: m, values, block_length=9) for _ in range(2))
    assert first == second


def test_a_series_shorter_than_a_block_is_one_block():
    interval = block_interval(lambda mean: mean, np.array([1.0, 2.0]), block_length=20)
    assert (interval.low, interval.estimate, interval.high) == (1.5, 1.5, 1.5)


@pytest.mark.parametrize("columns", [(np.zeros(0),), (np.zeros(3), np.zeros(4))])
def test_columns_that_do_not_fit_are_refused(columns):
    with pytest.raises(ValueError, match="columns of"):
        block_interval(lambda *means: means[0], *columns, block_length=2)


def test_an_interval_is_written_with_its_ends():
    assert Interval(0.314, -0.1, 0.5).formatted("+.1%") == "+31.4% [-10.0%, +50.0%]"
    assert Interval(0.3, 0.1, 0.5).excludes(0) and not Interval(0.3, -0.1, 0.5).excludes(0)
