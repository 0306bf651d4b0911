"""The networks against torch's own handling of sequences of unequal length."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.sentiment.model import SIBLINGS, pool, turn_round

LENGTHS = torch.tensor([6, 1, 4])


@pytest.fixture
def embeddings():
    return torch.randn(3, 6, 7, generator=torch.Generator().manual_seed(1))


def test_turning_round_reverses_the_real_words_only():
    rows = torch.arange(8.0).view(2, 4, 1)
    turned = turn_round(rows, torch.tensor([3, 1]))
    assert turned.squeeze(-1).tolist() == [[2, 1, 0, 3], [4, 5, 6, 7]]
    torch.testing.assert_close(turn_round(turned, torch.tensor([3, 1])), rows)


def test_pooling_sees_no_padding():
    hidden = torch.tensor([[[0.1], [-0.5], [0.9]], [[-0.3], [0.9], [0.9]]])
    pooled = pool(hidden, torch.tensor([2, 1]))
    torch.testing.assert_close(pooled, torch.tensor([[0.1, -0.2], [-0.3, -0.3]]))


def test_the_bidirectional_lstm_is_torchs_on_packed_sequences(classifiers, embeddings):
    """An independent road: one nn.LSTM of two directions, told the lengths by packing."""
    reader = classifiers["bilstm"].reader
    oracle = nn.LSTM(7, 5, batch_first=True, bidirectional=True)
    state = {n: w for n, w in reader.forward_lstm.state_dict().items()}
    state |= {f"{n}_reverse": w for n, w in reader.backward_lstm.state_dict().items()}
    oracle.load_state_dict(state)
    packed = pack_padded_sequence(embeddings, LENGTHS, batch_first=True, enforce_sorted=False)
    with torch.no_grad():
        hidden, _ = pad_packed_sequence(oracle(packed)[0], batch_first=True)  # zeros as padding
        logit, hidden_forward, hidden_backward = reader(embeddings, LENGTHS)
    for row, length in enumerate(LENGTHS):
        both = torch.cat([hidden_forward, hidden_backward], dim=-1)[row, :length]
        torch.testing.assert_close(both, hidden[row, :length])
        pooled = torch.cat([hidden[row, :length].amax(0), hidden[row, :length].mean(0)])
        torch.testing.assert_close(logit[row], reader.readout(pooled)[0])


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_sibling_answers_from_its_last_hidden_state(classifiers, embeddings, name):
    reader = classifiers[name].reader
    packed = pack_padded_sequence(embeddings, LENGTHS, batch_first=True, enforce_sorted=False)
    with torch.no_grad():
        _, final = reader.recurrent(packed)
        final = final[0] if isinstance(final, tuple) else final
        logit, hidden_states = reader(embeddings, LENGTHS)
        torch.testing.assert_close(logit, reader.readout(final[0]).squeeze(-1))
    assert hidden_states.shape == (3, 6, 4)


@pytest.mark.parametrize("name", ["bilstm", *SIBLINGS])
def test_what_follows_a_text_does_not_change_its_verdict(classifiers, name):
    token_ids = torch.tensor([[4, 5, 6, 0, 0], [4, 5, 6, 7, 8]])
    with torch.no_grad():
        padded = classifiers[name](token_ids, torch.tensor([3, 3]))
        alone = classifiers[name](token_ids[:1, :3], torch.tensor([3]))
    torch.testing.assert_close(padded, alone.expand(2))
