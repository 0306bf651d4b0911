"""The search finds a unit that was planted, finds none in noise, and correlates as numpy does."""

from __future__ import annotations

import numpy as np
import pytest

from core import sentiment
from core.cells.lstm_cell import CellWeights
from core.ideas import probes, unit_search

HALVES = (probes.sentences(0), probes.sentences(1))
NUM_UNITS = 20


def noise_with(planted: dict[int, unit_search.Property], seed: int = 0) -> unit_search.Run:
    """Return a network of smooth noise, some of whose units follow a property."""
    rng = np.random.default_rng(seed)

    def read(tokens):
        states = 0.5 * rng.normal(size=(len(tokens), NUM_UNITS)).cumsum(axis=0)
        for unit, label in planted.items():
            states[:, unit] = 0.2 * rng.normal(size=len(tokens)) - label(tokens)
        return states

    return lambda sentences: [read(tokens) for tokens in sentences]


def search(run: unit_search.Run, seed: int = 9) -> dict[str, unit_search.Finding]:
    return unit_search.search(run, noise_with({}, seed), probes.PROPERTIES, HALVES)


def test_a_planted_unit_is_found_and_the_rest_is_not():
    planted = {7: probes.in_brackets, 3: probes.last_opinion}
    findings = search(noise_with(planted))
    for unit, name in ((7, "inside brackets"), (3, "last opinion")):
        finding = findings[name]
        assert finding.unit == unit and finding.holds
        assert finding.searched < -0.7 and finding.held_out < -0.7
        assert list(np.flatnonzero(finding.followers)) == [unit]
    assert not findings["inside quotation marks"].holds


@pytest.mark.parametrize("seed", range(5))
def test_nothing_but_length_is_found_in_noise(seed):
    findings = search(noise_with({}, seed))
    assert not [name for name, f in findings.items() if f.holds and name != "length so far"]


def test_a_unit_that_knows_only_the_searched_half_does_not_hold():
    first, rng = set(HALVES[0]), np.random.default_rng(0)

    def read(tokens):
        states = rng.normal(size=(len(tokens), NUM_UNITS))
        if tokens in first:
            states[:, 0] = probes.in_brackets(tokens)
        return states

    finding = search(lambda sentences: [read(tokens) for tokens in sentences])["inside brackets"]
    assert finding.unit == 0 and finding.searched == pytest.approx(1)
    assert not finding.holds and not finding.followers[0]


def test_a_unit_that_an_untrained_network_has_as_well_does_not_hold():
    plain = {2: probes.in_brackets}
    finding = unit_search.search(
        noise_with(plain), noise_with(plain, 1), {"it": probes.in_brackets}, HALVES
    )["it"]
    assert finding.unit == 2 and abs(finding.held_out) > finding.control
    assert finding.untrained == pytest.approx(abs(finding.held_out), abs=0.1)


def test_mixed_weights_are_the_same_numbers_elsewhere():
    rng = np.random.default_rng(0)
    weights = CellWeights(rng.normal(size=(8, 3)), rng.normal(size=(8, 2)), rng.normal(size=8))
    mixed = unit_search.with_mixed_weights(weights)
    for name in ("weight_ih", "weight_hh"):
        before, after = getattr(weights, name), getattr(mixed, name)
        assert before.shape == after.shape and not np.array_equal(before, after)
        np.testing.assert_array_equal(np.sort(before.ravel()), np.sort(after.ravel()))


def test_the_deployed_network_reads_each_probe_as_it_would_alone():
    model = sentiment.load_model()
    tokens = HALVES[0][40]
    together = unit_search.memories(model, model.cell(unit_search.LAYER), HALVES[0])[40]
    alone = sentiment.classify(model, " ".join(tokens))
    assert alone.reading.tokens == tokens
    np.testing.assert_allclose(together, unit_search.memory(model, alone), atol=1e-6)


def test_correlations_are_those_of_numpy():
    rng = np.random.default_rng(1)
    states, labels = rng.normal(size=(50, 4)), rng.normal(size=(3, 50))
    expected = np.corrcoef(labels, states.T)[:3, 3:]
    np.testing.assert_allclose(unit_search.correlations(states, labels), expected)
    assert not unit_search.correlations(np.ones((50, 4)), labels).any()


def test_the_same_question_gets_the_same_answer():
    states = [np.random.default_rng(n).normal(size=(60, 4)) for n in range(2)]
    labels = [np.arange(60.0) % 7] * 2
    first, second = (unit_search.find(states, states, labels) for _ in range(2))
    assert first.control == second.control > 0


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("negation", "it is not good at all , really", "0 0 1 1 1 1 0 0"),
        ("inside brackets", "a ( b c ) d", "0 1 1 1 0 0"),
        ("inside quotation marks", 'a " b " c', "0 1 1 0 0"),
        ("after “but”", "good but bad .", "0 1 1 1"),
        ("last opinion", "a good and dull film", "0 1 1 -1 -1"),
        ("length so far", "a b c", "1 2 3"),
    ],
)
def test_a_property_is_what_a_reader_would_mark(name, text, expected):
    marked = probes.PROPERTIES[name](text.split())
    assert list(marked) == [float(value) for value in expected.split()]


def test_the_halves_share_no_opinion_and_no_sentence():
    first, second = ({word for tokens in half for word in tokens} for half in HALVES)
    assert not first & second & (probes.LIKED | probes.DISLIKED)
    assert not set(HALVES[0]) & set(HALVES[1])


def test_every_property_is_sometimes_and_not_always_there():
    for half in HALVES:
        for name, label in probes.PROPERTIES.items():
            assert np.concatenate([label(tokens) for tokens in half]).std() > 0, name


def test_the_caution_counts_the_units():
    findings = search(noise_with({7: probes.in_brackets}))
    following = np.any([f.followers for f in findings.values()], axis=0).sum()
    text = unit_search.told(findings)
    assert f"{following} of {NUM_UNITS} units follow" in text
    assert f"the other {NUM_UNITS - following} follow nothing" in text
