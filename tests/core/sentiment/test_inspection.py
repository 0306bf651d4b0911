"""One batch equals one call each; attribution agrees with gradients; edits and samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients

from core.cells.lstm_cell import LSTM_GATES
from core.sentiment import (
    NETWORKS,
    Journey,
    classify,
    contrast_examples,
    influence,
    judge,
    label_of,
    limits,
    load_model,
    load_samples,
    log_odds_of,
    memories,
    microscope,
    over_time,
    read,
    what_if,
)
from core.sentiment.inspection import MOST_PARTS
from core.sentiment.model import BiLSTM, ModelConfig

TEXT = "The actors are wonderful, but the story is not worth two hours of anyone's life."
CLEAR = {
    "the story is wonderful .": "wonderful",
    "a terrible story .": "terrible",
    "an awful film .": "awful",
    "this is a brilliant film .": "brilliant",
    "the worst film of the year .": "worst",
}
"""Sentences in which one word decides, and that word."""


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def result(model):
    return classify(model, TEXT)


def one(model, embeddings, network="bilstm") -> float:
    """Return the log-odds of one text alone, the slow way."""
    return float(log_odds_of(model, embeddings[None], np.array([len(embeddings)]), network)[0])


def probability(log_odds: float) -> float:
    return 1 / (1 + np.exp(-log_odds))


def test_occlusion_in_one_batch_is_occlusion_one_by_one(model, result):
    found = influence(model, result)
    assert found.labels == result.reading.tokens
    for place in range(len(found.labels)):
        rest = np.delete(result.embeddings, place, axis=0)
        assert found.effects[place] == pytest.approx(result.log_odds - one(model, rest), abs=1e-4)
        assert found.without[place] == pytest.approx(probability(one(model, rest)), abs=1e-5)


def test_the_verdict_over_time_is_that_of_every_beginning_and_ending(model, result):
    journey = over_time(model, result)
    for place in range(len(journey.labels)):
        forward = probability(one(model, result.embeddings[: place + 1]))
        backward = probability(one(model, result.embeddings[place:]))
        assert journey.forward[place] == pytest.approx(forward, abs=1e-5)
        assert journey.backward[place] == pytest.approx(backward, abs=1e-5)
    assert journey.forward[-1] == pytest.approx(result.probability, abs=1e-5)
    assert journey.backward[0] == pytest.approx(result.probability, abs=1e-5)


def test_the_turning_token_is_the_first_word_of_the_turning_parts():
    probabilities = np.array([0.9, 0.95, 0.7, 0.2])
    journey = Journey(("a b", "c d", "e f", "g h"), probabilities, probabilities)
    assert journey.turn == range(2, 4) and journey.turning_token == 4


def test_memories_are_those_of_each_network_one_word_at_a_time(model, result):
    found = memories(model, result)
    for network, name in NETWORKS.items():
        whole = probability(one(model, result.embeddings, network))
        assert found.probabilities[name] == pytest.approx(whole, abs=1e-5)
        for place in (0, 5, len(found.labels) - 1):
            rest = np.delete(result.embeddings, place, axis=0)
            moved = whole - probability(one(model, rest, network))
            assert found.effects[name][place] == pytest.approx(moved, abs=1e-5)


def test_a_long_text_is_questioned_in_groups(model):
    result = classify(model, "a good film and a bad one " * 40)
    found = influence(model, result)
    assert len(found.labels) == MOST_PARTS
    assert " ".join(found.labels).split() == list(result.reading.tokens)


def test_a_single_word_can_be_looked_into(model):
    result = classify(model, "Wonderful")
    assert influence(model, result).without == pytest.approx([0.5])
    assert over_time(model, result).turn == range(1)
    assert what_if(model, result, 0, "Take it out") is None


@pytest.mark.parametrize("direction", ["Forward", "Backward"])
def test_the_microscope_shows_gates_that_make_the_states(model, result, direction):
    scope = microscope(model, result, direction)
    trace = scope.trace
    for step in range(len(result.embeddings)):
        before = trace.before(trace.cell_states, step)
        gates = {name: trace.gates[name][step] for name in LSTM_GATES}
        cell = gates["forget_gate"] * before + gates["input_gate"] * gates["candidate"]
        np.testing.assert_allclose(trace.cell_states[step], cell, atol=1e-5)
    unit = trace.busiest_units()[0]
    for gate in LSTM_GATES:
        terms = scope.terms(gate, 3, unit)
        assert terms.opened == pytest.approx(trace.gates[gate][3, unit], abs=1e-5)


def shipped_in_torch(model) -> BiLSTM:
    """Return the network in PyTorch with the weights that the shipped graph holds."""
    network = BiLSTM(ModelConfig(**model.onnx.config["network"])).eval()
    stored = {name: torch.from_numpy(array) for name, array in model.weights.items()}
    with torch.no_grad():
        for way in ("forward", "backward"):
            layer = getattr(network, f"{way}_lstm")
            layer.weight_ih_l0.copy_(stored[f"bilstm_{way}_weight_ih"])
            layer.weight_hh_l0.copy_(stored[f"bilstm_{way}_weight_hh"])
            layer.bias_ih_l0.copy_(stored[f"bilstm_{way}_bias"])
            layer.bias_hh_l0.zero_()
        network.readout.weight.copy_(stored["bilstm_readout_weight"])
        network.readout.bias.copy_(stored["bilstm_readout_bias"])
    return network


def integrated_gradients(network: BiLSTM, embeddings: torch.Tensor, steps: int) -> np.ndarray:
    """Return (S,): the path integral from zero embeddings, by the midpoint rule.

    Source: Sundararajan, Taly & Yan (2017), arXiv:1703.01365, equation 1.
    """
    shares = (torch.arange(steps) + 0.5) / steps
    path = (shares.view(-1, 1, 1) * embeddings).requires_grad_()
    lengths = torch.full((steps,), len(embeddings))
    network(path, lengths)[0].sum().backward()
    return (path.grad.mean(dim=0) * embeddings).sum(dim=1).numpy()


@pytest.mark.parametrize("text", CLEAR)
def test_occlusion_names_the_word_that_integrated_gradients_name(model, text):
    result, network = classify(model, text), shipped_in_torch(model)
    embeddings = torch.from_numpy(result.embeddings)
    ours = integrated_gradients(network, embeddings, steps=256)
    lengths = torch.tensor([len(embeddings)])
    oracle = IntegratedGradients(lambda batch, n: network(batch, n.expand(len(batch)))[0])
    theirs = oracle.attribute(
        embeddings[None], additional_forward_args=(lengths,), n_steps=256, method="riemann_middle"
    )
    np.testing.assert_allclose(ours, theirs[0].sum(dim=1).numpy(), atol=1e-3)
    effects = influence(model, result).effects
    named = {result.reading.tokens[int(np.abs(v).argmax())] for v in (effects, ours)}
    assert named == {CLEAR[text]}


def test_integrated_gradients_sum_to_the_change_of_the_logit(model):
    network = shipped_in_torch(model)
    embeddings = torch.from_numpy(classify(model, next(iter(CLEAR))).embeddings)
    lengths = torch.tensor([len(embeddings)])
    with torch.no_grad():
        ends = [network(x[None], lengths)[0].item() for x in (0 * embeddings, embeddings)]
    total = integrated_gradients(network, embeddings, steps=512).sum()
    assert total == pytest.approx(ends[1] - ends[0], abs=0.02)


def test_what_if_judges_the_text_that_was_made(model, result):
    place = result.reading.tokens.index("not")
    compared = what_if(model, result, place, "Take it out")
    after = compared.sides["After"]
    assert after.result.reading.text == TEXT.replace("not ", "")
    assert after.result.log_odds == pytest.approx(
        classify(model, TEXT.replace("not ", "")).log_odds
    )
    assert compared.sides["Before"].result is result
    changed = [side.trace.hidden_states.max(axis=0) for side in compared.sides.values()]
    assert compared.unit == np.abs(changed[1] - changed[0]).argmax()


def test_the_samples_differ_and_can_be_read(model):
    samples = load_samples()
    assert len({sample.title for sample in samples}) == len(samples) >= 6
    assert all(judge(model, read(model, sample.text)).reading.words for sample in samples)


def test_the_limits_count_the_contrast_set_as_the_model_answers_now(model):
    examples = contrast_examples(model)
    assert {example.label for example in examples} == {"positive", "negative"}
    assert any(example.category == "sarcasm" for example in examples)
    for example in examples[:5]:
        assert example.probability == pytest.approx(
            classify(model, example.text).probability, abs=1e-5
        )
        assert example.right == (label_of(example.probability) == example.label)
    right = sum(example.right for example in examples)
    assert f"**{right} of {len(examples)}**" in limits(examples)
