"""Backpropagation written by hand against autograd over the network's own step."""

import pytest
import torch

from core.training.attention_lstm import Inputs, attention_lstm
from core.translation.model import ModelConfig, Source, State, Translator, first_state

ROWS_PER_STEP = [5, 5, 4, 2, 2, 1]
LENGTHS = torch.tensor([6, 3, 5, 2, 6])


@pytest.fixture
def network():
    torch.manual_seed(0)
    config = ModelConfig(vocab_size=50, embedding_dim=8, hidden_size=12, dropout=0.0)
    return Translator(config)


@pytest.fixture
def tokens():
    generator = torch.Generator().manual_seed(1)
    number = sum(ROWS_PER_STEP)
    return {
        "source": torch.randint(4, 50, (5, 6), generator=generator),
        "read": torch.randint(4, 50, (number,), generator=generator),
        "language": torch.randint(0, 3, (number,), generator=generator),
        "direction": torch.randn(number, 12, generator=generator),
        "keep": (torch.rand(5, 12, generator=generator) > 0.3) / 0.7,
    }


def by_autograd(network, tokens):
    """One step after the other, dropout applied to what is said."""
    source = network.read(tokens["source"], LENGTHS)
    mask = torch.arange(6) < LENGTHS[:, None]
    state, said = first_state(source), []
    gates = network.embed_mixed(tokens["read"], tokens["language"])
    for piece in gates.split(ROWS_PER_STEP):
        n = len(piece)
        state = State(*(part[:n] for part in state))
        state, _ = network.step(piece, state, Source(*(part[:n] for part in source)), mask[:n])
        state = state._replace(attended=state.attended * tokens["keep"][:n])
        said.append(state.attended)
    return torch.cat(said)


def by_hand(network, tokens):
    inputs = Inputs(
        network.embed_mixed(tokens["read"], tokens["language"]),
        *network.read(tokens["source"], LENGTHS),
        network.state_gates.weight,
        network.combine.weight,
        network.combine.bias,
    )
    mask = torch.arange(6) < LENGTHS[:, None]
    return attention_lstm(inputs, mask, tokens["keep"], ROWS_PER_STEP)


def gradients(network, tokens, way):
    network.zero_grad()
    said = way(network, tokens)
    (said * tokens["direction"]).sum().backward()
    named = network.named_parameters()
    return said.detach(), {n: p.grad.clone() for n, p in named if p.grad is not None}


def test_states_and_every_gradient_equal_autograds(network, tokens):
    expected, expected_gradients = gradients(network, tokens, by_autograd)
    found, found_gradients = gradients(network, tokens, by_hand)
    torch.testing.assert_close(found, expected)
    assert found_gradients.keys() == expected_gradients.keys()
    for name, gradient in expected_gradients.items():
        torch.testing.assert_close(found_gradients[name], gradient, atol=2e-6, rtol=1e-4, msg=name)
    moved = [name for name, gradient in found_gradients.items() if gradient.abs().max() > 1e-4]
    assert {"key.weight", "state_gates.weight", "combine.bias", "first_cell.weight"} <= set(moved)


def test_in_bfloat16_it_stays_near(network, tokens):
    expected, expected_gradients = gradients(network, tokens, by_hand)
    with torch.autocast("cpu", torch.bfloat16):
        found, found_gradients = gradients(network, tokens, by_hand)
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), expected, atol=0.02, rtol=0.05)
    for name in ("key.weight", "state_gates.weight", "encoder.embedding.weight"):
        exact, near = expected_gradients[name], found_gradients[name]
        assert torch.nn.functional.cosine_similarity(exact.flatten(), near.flatten(), 0) > 0.99


def test_padding_of_the_source_changes_nothing(network, tokens):
    before = by_hand(network, tokens)
    padded = torch.arange(6) >= LENGTHS[:, None]
    other = {**tokens, "source": tokens["source"].masked_fill(padded, 7)}
    torch.testing.assert_close(by_hand(network, other), before)
