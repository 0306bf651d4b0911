"""The network against nn.LSTM, a hand-worked look, and the laws of attention."""

import pytest
import torch
from torch import nn

from core.captioning.model import (
    CaptionDecoder,
    DecoderConfig,
    State,
    repeat_photo,
    sentences,
    write,
)
from core.training.encoders import ENCODERS
from core.vocabulary import SPECIAL_TOKENS, Vocabulary

CONFIG = DecoderConfig(vocab_size=30, feature_size=20, hidden_size=12)
VOCABULARY = Vocabulary((*SPECIAL_TOKENS, *(f"w{i}" for i in range(26))))


@pytest.fixture
def decoder():
    torch.manual_seed(0)
    network = CaptionDecoder(CONFIG).eval()
    nn.init.normal_(network.embedding.weight)
    return network


@pytest.fixture
def photo(decoder):
    torch.manual_seed(1)
    with torch.no_grad():
        return decoder.look(torch.randn(3, 9, 20))


@torch.no_grad()
def test_the_cell_is_nn_lstm(decoder, photo):
    """The word and the photo's overview are one input of nn.LSTM, side by side."""
    lstm, size = nn.LSTM(24, 12, batch_first=True), 12
    weights = torch.cat([decoder.word_gates.weight, decoder.overview_gates.weight], dim=1)
    lstm.weight_ih_l0.copy_(weights[: 4 * size])
    lstm.weight_hh_l0.copy_(decoder.hidden_gates.weight[: 4 * size])
    lstm.bias_ih_l0.copy_(decoder.word_gates.bias[: 4 * size])
    lstm.bias_hh_l0.zero_()
    overview = torch.relu(torch.randn(3, 12))
    token_ids = torch.randint(4, 30, (3, 7))
    words = decoder.embedding(token_ids)
    inputs = torch.cat([words, overview.unsqueeze(1).expand(-1, 7, -1)], dim=-1)
    expected, (_, c_n) = lstm(inputs, (photo.hidden[None], photo.cell[None]))

    state = State(photo.hidden, photo.cell)
    for step in range(7):
        state, gates = decoder.read_token(
            decoder.overview_gates(overview), token_ids[:, step], state
        )
        torch.testing.assert_close(state.hidden, expected[:, step], atol=1e-6, rtol=0)
    torch.testing.assert_close(state.cell, c_n[0], atol=1e-6, rtol=0)
    assert torch.equal(gates["sentinel"], gates["sentinel_gate"] * torch.tanh(state.cell))


@torch.no_grad()
def test_attention_rows_and_distributions_sum_to_one(decoder, photo):
    looked = decoder(photo, torch.randint(4, 30, (3, 5)))
    ones = torch.ones(3, 5)
    torch.testing.assert_close(looked.attention_weights.sum(-1), ones)
    torch.testing.assert_close(decoder.log_probs(looked.output).exp().sum(-1), ones)
    torch.testing.assert_close(decoder.spoken_log_probs(looked.output).exp().sum(-1), ones)
    assert ((looked.sentinel_weight > 0) & (looked.sentinel_weight < 1)).all()


@torch.no_grad()
def test_only_words_and_the_end_are_spoken(decoder, photo):
    spoken = decoder.spoken_log_probs(decoder(photo, torch.ones(3, 1).long()).output).exp()
    silent = [VOCABULARY.pad_id, VOCABULARY.bos_id, VOCABULARY.unk_id]
    assert spoken[..., silent].max() == 0 and spoken[..., VOCABULARY.eos_id].min() > 0


@torch.no_grad()
def test_a_key_like_the_query_wins_the_look(decoder, photo):
    hidden = torch.randn(3, 1, 12)
    keys = photo.keys.clone()
    keys[:, 4] = 50 * decoder.query(hidden)[:, 0]
    looked = decoder.attend(photo._replace(keys=keys), hidden, torch.zeros(3, 1, 12))
    assert (looked.attention_weights.argmax(-1) == 4).all()
    assert looked.sentinel_weight.max() < 0.01


@torch.no_grad()
def test_writing_word_by_word_equals_reading_the_whole_sentence(decoder, photo):
    token_ids, chosen = write(decoder, photo, VOCABULARY, sample=False)
    begin = torch.full((3, 1), VOCABULARY.bos_id)
    read = torch.cat([begin, token_ids], dim=1)[:, :-1]
    whole = decoder.spoken_log_probs(decoder(photo, read).output)
    again = whole.gather(-1, token_ids.unsqueeze(-1))[..., 0]
    real = token_ids != VOCABULARY.pad_id
    torch.testing.assert_close(again[real], chosen[real], atol=1e-5, rtol=0)


@torch.no_grad()
def test_sampling_follows_the_distribution(decoder, photo):
    """The first token's frequencies over 6,000 samples against its probabilities."""
    torch.manual_seed(5)
    one = type(photo)(*(part[:1] for part in photo))
    token_ids, _ = write(decoder, repeat_photo(one, 6000), VOCABULARY, sample=True, limit=1)
    expected = decoder.spoken_log_probs(decoder(one, torch.ones(1, 1).long()).output).exp()[0, 0]
    frequency = torch.bincount(token_ids[:, 0], minlength=30) / 6000
    deviation = (expected * (1 - expected) / 6000).sqrt()
    assert ((frequency - expected).abs() <= 5 * deviation + 1e-9).all()


def test_sentences_end_at_the_end_token():
    rows = torch.tensor([[5, 6, VOCABULARY.eos_id, 0], [7, 8, 9, 10], [VOCABULARY.eos_id, 0, 0, 0]])
    assert sentences(rows, VOCABULARY) == [[5, 6], [7, 8, 9, 10], []]


def test_repeat_photo_keeps_a_photos_rows_together(photo):
    repeated = repeat_photo(photo, 5)
    torch.testing.assert_close(repeated.hidden[5:10], photo.hidden[1:2].expand(5, -1))


@pytest.mark.parametrize("name", ENCODERS)
def test_encoders_give_the_grid_that_their_config_says(name):
    config = ENCODERS[name]
    assert config.grid_size == {224: 7, 240: 8, 260: 9}[config.image_size]
