"""The derivatives written out by hand are those of automatic differentiation, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core import sentiment
from core.cells.lstm_cell import CellTrace, CellWeights
from core.ideas import recency

LENGTH, INPUT_SIZE, SIZE = 6, 5, 4
NETWORKS = {"RNN": torch.nn.RNN, "GRU": torch.nn.GRU, "LSTM": torch.nn.LSTM}


def network_and_weights(cell: str) -> tuple[torch.nn.RNNBase, CellWeights]:
    torch.manual_seed(3)
    network = NETWORKS[cell](INPUT_SIZE, SIZE).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2)  # far enough from zero that no factor is nearly linear
    named = {name: p.detach().numpy() for name, p in network.named_parameters()}
    biases = named["bias_ih_l0"], named["bias_hh_l0"]
    used = biases if cell == "GRU" else (biases[0] + biases[1],)
    return network, CellWeights(named["weight_ih_l0"], named["weight_hh_l0"], *used)


def run_exactly(cell: str, inputs: np.ndarray, weights: CellWeights) -> CellTrace:
    return recency.CELLS[cell](inputs, weights)


@pytest.mark.parametrize("now", [0, 1, LENGTH - 1])
@pytest.mark.parametrize("cell", recency.CELLS)
def test_the_norms_are_those_of_torchs_jacobian(cell, now):
    network, weights = network_and_weights(cell)
    inputs = np.random.default_rng(0).normal(size=(LENGTH, INPUT_SIZE))

    def state_now(given: torch.Tensor) -> torch.Tensor:
        return network(given)[0][now]

    jacobian = torch.autograd.functional.jacobian(state_now, torch.tensor(inputs))  # (H, T, E)
    expected = jacobian.pow(2).sum(dim=(0, 2)).sqrt().numpy()
    found = recency.sensitivity(weights, run_exactly(cell, inputs, weights), now)
    np.testing.assert_allclose(found, expected[: now + 1], rtol=1e-4)
    assert not expected[now + 1 :].any()  # what is not yet read cannot matter


@pytest.mark.parametrize("cell", recency.CELLS)
def test_they_are_the_finite_differences_of_the_deployed_network(cell):
    model = sentiment.load_model()
    result = sentiment.classify(model, "not a good film at all")
    weights, inputs = model.cell(cell.lower()), result.embeddings.astype(float)
    now, place, epsilon = 4, 1, 1e-3
    run = recency.CELLS[cell]
    changes = []
    for number in range(0, inputs.shape[1], 16):
        moved = [inputs.copy(), inputs.copy()]
        moved[0][place, number] += epsilon
        moved[1][place, number] -= epsilon
        up, down = (run(m, weights).hidden_states[now].astype(float) for m in moved)
        changes.append((up - down) / (2 * epsilon))
    sampled = np.linalg.norm(changes)
    some = CellWeights(
        weights.weight_ih[:, ::16], weights.weight_hh, weights.bias, weights.hidden_bias
    )
    found = recency.sensitivity(some, run(inputs, weights), now)[place]
    assert found == pytest.approx(sampled, rel=0.02, abs=1e-3)


def test_the_newest_word_counts_as_one_in_every_network():
    model = sentiment.load_model()
    result = sentiment.classify(model, "it is good , and it is bad")
    for shares in recency.by_network(model, result, 5).values():
        assert shares[-1] == 1 and len(shares) == 6 and (shares >= 0).all()


def test_reach_counts_back_to_the_farthest_word_that_is_felt():
    felt, faint = recency.STILL_FELT, recency.STILL_FELT / 2
    assert recency.reach(np.array([1.0])) == 0
    assert recency.reach(np.array([faint, faint, 1.0])) == 0
    assert recency.reach(np.array([faint, felt, faint, 1.0])) == 2
    words = recency.told({"RNN": np.array([faint, 0.5, 1.0])}, ["a", "b", "c"])
    assert "**RNN** 1 back, “b”" in words and words.startswith("At “c”")
