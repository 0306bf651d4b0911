"""Judging: a forecaster that knows the law is found reliable, and skill is what it claims to be."""

from __future__ import annotations

import numpy as np
import pytest

from core.probabilistic import verification as v
from core.probabilistic.mixture import gaussian

RNG = np.random.default_rng(7)
OUTCOMES = RNG.normal(0, [1.0, 2.0], size=(3000, 2))
TRUE = gaussian(np.zeros((3000, 2)), np.ones((3000, 2)) * [1.0, 2.0])
WIDE = gaussian(np.zeros((3000, 2)), np.full((3000, 2), 4.0))


def test_a_forecaster_that_knows_the_law_is_reliable_and_a_timid_one_is_not():
    judged = v.judge({"true": TRUE, "wide": WIDE}, OUTCOMES)
    np.testing.assert_allclose(judged["true"].reliability, v.SHARES, atol=0.02)
    assert (judged["wide"].reliability > v.SHARES + 0.04).all()


def test_the_crps_is_that_of_a_normal_distribution():
    judged = v.judge({"true": TRUE}, OUTCOMES)["true"]
    # The expected CRPS of a forecast that is right is its scale over the root of pi.
    np.testing.assert_allclose(judged.mean_crps, np.array([1, 2]) / np.sqrt(np.pi), rtol=0.05)
    np.testing.assert_allclose(judged.rmse, [1, 2], rtol=0.05)


def test_skill_over_itself_is_nothing_and_over_a_timid_forecaster_something():
    judged = v.judge({"true": TRUE, "wide": WIDE}, OUTCOMES)
    assert v.crps_skill(judged["true"], judged["true"], 0).estimate == 0
    gain = v.crps_skill(judged["true"], judged["wide"], 0)
    expected = 1 - judged["true"].mean_crps[0] / judged["wide"].mean_crps[0]
    assert gain.estimate == pytest.approx(expected) and gain.low > 0


def test_direction_is_the_share_of_right_signs():
    sure = gaussian(np.abs(OUTCOMES) * np.where(np.arange(3000) % 4, 1, -1)[:, None], 1e-6)
    judged = v.judge({"x": sure}, np.abs(OUTCOMES))["x"]
    assert v.direction(judged).estimate == 0.75


def test_a_forecast_without_drift_takes_no_side_and_is_said_to():
    judged = v.judge({"x": TRUE}, OUTCOMES)
    assert np.isnan(judged["x"].hits).all()
    assert v.skill_rows(judged, "x")[0]["Direction, 1 day"] == "takes no side"
    up = gaussian(np.full((3000, 2), 0.01), np.ones((3000, 2)))
    cell = v.skill_rows(v.judge({"x": up}, OUTCOMES), "x")[0]["Direction, 1 day"]
    assert cell.startswith(f"{100 * (OUTCOMES[:, 0] > 0).mean():.1f} [")


def test_outcomes_that_are_not_known_yet_are_left_out():
    outcomes = OUTCOMES.copy()
    outcomes[-5:, 1] = np.nan
    judged = v.judge({"true": TRUE}, outcomes)["true"]
    assert judged.crps.shape == (2995, 2) and np.isfinite(judged.crps).all()


def test_a_walk_in_pieces_is_the_walk_at_once_and_can_be_stopped():
    everything = v.judge({"true": TRUE}, OUTCOMES)["true"]
    walk, asked = v.Walk(np.arange(600)), []

    def judge_origins(origins: np.ndarray) -> dict[str, v.Judged]:
        asked.append(len(origins))
        return v.judge({"true": TRUE[origins]}, OUTCOMES[origins])

    assert walk.judged() == {} and walk.done == 0
    walk.advance(judge_origins)
    walk.running = False
    walk.advance(judge_origins)
    assert walk.done == v.WALK_STEP and not walk.finished
    walk.running = True
    while walk.running:
        walk.advance(judge_origins)
    assert asked == [250, 250, 100] and walk.finished
    np.testing.assert_array_equal(walk.judged()["true"].crps, everything.crps[:600])
    np.testing.assert_array_equal(walk.judged()["true"].below, everything.below[:600])


def test_the_table_calls_the_reference_by_its_name_and_the_others_by_their_skill():
    rows = v.skill_rows(v.judge({"true": TRUE, "wide": WIDE}, OUTCOMES), "wide")
    assert [row["Forecast"] for row in rows] == ["true", "wide"]
    assert rows[1]["CRPS skill, 1 day"] == rows[1]["CRPS skill, 2 days"] == "reference"
    gain = v.crps_skill(*(v.judge({"t": f}, OUTCOMES)["t"] for f in (TRUE, WIDE)), 1)
    assert rows[0]["CRPS skill, 2 days"].startswith(f"{100 * gain.estimate:+.1f} [")
    assert rows[0]["80% held"].endswith("%")


def test_rows_to_download_hold_every_horizon_in_numbers():
    judged = v.judge({"true": TRUE, "wide": WIDE}, OUTCOMES)
    rows = v.horizon_rows(judged, "wide")
    assert [(row["forecast"], row["horizon"]) for row in rows] == [
        *(("true", 1), ("true", 2), ("wide", 1), ("wide", 2)),
    ]
    assert rows[1]["crps_skill"] == pytest.approx(
        v.crps_skill(judged["true"], judged["wide"], 1).estimate
    )
    assert rows[0]["held_80"] == judged["true"].covered(0.8)[:, 0].mean()
    assert rows[2]["crps_skill"] == 0 and rows[0]["days"] == 3000


def test_it_is_said_where_the_network_wins_and_where_it_does_not():
    class Errors:
        def __init__(self, *rmse: float) -> None:
            self.rmse, self.crps = np.array(rmse), np.zeros((100, 2))

    said = v.told_errors({"LSTM": Errors(1, 3), "a": Errors(2, 2), "b": Errors(4, 4)}, "RMSE")
    assert "**50% better** than the better baseline's one day ahead" in said
    assert "**50% worse** 2 days ahead" in said and "does **not** win 2 days ahead" in said
    won = v.told_errors({"LSTM": Errors(1, 1), "a": Errors(2, 2)}, "RMSE")
    assert "not" not in won
