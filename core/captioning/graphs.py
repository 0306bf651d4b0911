"""The captioner as two graphs: what is computed once per photo, and one word.

The step computes what the network computes, in fewer products. What a word adds to the gates is
looked up; three gates and the sentinel's open with one sigmoid; and keys are left out, since a
query's product with a key, q . (W r), is that of another query with the region itself, (W' q) . r.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.captioning.model import GATES, CaptionDecoder, Captioner
from core.training.graphs import in_order
from core.training.quantization import Int8Embedding, ScaledLinear

ENCODER_OUTPUTS = ("regions", "overview_gates", "hidden", "cell")
"""Of a Photo, what the step reads."""
STEP_INPUTS = ("token", *ENCODER_OUTPUTS)
STEP_OUTPUTS = (
    *("log_probs", "next_hidden", "next_cell", "attention_weights", "sentinel_weight"),
    *GATES[:4],
)
GROWING = ("token", "hidden", "cell", *STEP_OUTPUTS)
"""Inputs and outputs with a row per hypothesis, of any number; a photo is always one."""
_GATE_ORDER = (0, 1, 3, 4, 2)
"""Of the step's gates: i, f, o, the sentinel's, and the candidate last."""


def in_step_order(parts: Tensor) -> Tensor:
    """Return the five fifths of (5H, ...), model.GATES, in the order of the step."""
    return in_order(parts.detach(), _GATE_ORDER)


def in_network_order(parts: Tensor) -> Tensor:
    """Undo `in_step_order`."""
    return in_order(parts, [_GATE_ORDER.index(place) for place in range(len(GATES))])


class EncoderGraph(nn.Module):
    """All that is computed once per photo: (1, S, S, 3) uint8 -> ENCODER_OUTPUTS."""

    def __init__(self, network: Captioner) -> None:
        super().__init__()
        self.network, decoder = network, network.decoder
        weight = in_step_order(decoder.overview_gates.weight)
        self.overview_gates = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        self.overview_gates.load_state_dict({"weight": weight})

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Return ENCODER_OUTPUTS."""
        decoder, features = self.network.decoder, self.network.encoder(image)
        overview = decoder.summarise(features)  # (1, H)
        states = decoder.first_state(overview)
        return decoder.see_regions(features), self.overview_gates(overview), *states


class StepGraph(nn.Module):
    """One word: STEP_INPUTS -> STEP_OUTPUTS; the photo's inputs have one row for any K."""

    def __init__(self, decoder: CaptionDecoder) -> None:
        super().__init__()
        size = decoder.config.hidden_size
        with torch.no_grad():
            words = decoder.word_gates(decoder.embedding.weight)  # (V, 5H)
            turned = decoder.key.weight.T * size**-0.5  # (H, H)
            search = {
                "weight": turned @ decoder.query.weight,
                "bias": turned @ decoder.query.bias,
            }
        self.word_gates = nn.Embedding.from_pretrained(in_step_order(words.T).T.contiguous())
        self.hidden_gates = nn.Linear(size, len(GATES) * size, bias=False)
        self.hidden_gates.load_state_dict({"weight": in_step_order(decoder.hidden_gates.weight)})
        self.search = nn.Linear(size, size)
        self.search.load_state_dict(search)
        self.output = decoder.output
        bias = decoder.output_bias.detach() + decoder.unspoken
        self.words = ScaledLinear(decoder.embedding.weight.detach(), bias)

    def forward(self, token: Tensor, *photo: Tensor) -> tuple[Tensor, ...]:
        """Return STEP_OUTPUTS for token (K,), one photo and states of K rows."""
        regions, overview_gates, hidden, cell = photo
        regions, size = regions.squeeze(0), hidden.shape[-1]  # (R, H)
        read = self.word_gates(token) + overview_gates + self.hidden_gates(hidden)  # (K, 5H)
        opening, candidate = read.split([4 * size, size], dim=-1)
        opened = opening.sigmoid().split(size, dim=-1)
        input_gate, forget_gate, output_gate, sentinel_gate = opened  # (K, H) each
        candidate = candidate.tanh()
        cell = forget_gate * cell + input_gate * candidate
        memory = cell.tanh()
        sentinel, hidden = sentinel_gate * memory, output_gate * memory
        query = self.search(hidden)  # (K, H)
        scores = query @ regions.T  # (K, R)
        own_score = (query * sentinel).sum(dim=-1, keepdim=True)  # (K, 1)
        shares = torch.cat([own_score, scores], dim=-1).softmax(dim=-1)  # (K, 1 + R)
        own_share, region_shares = shares.split([1, len(regions)], dim=-1)
        context = own_share * sentinel + region_shares @ regions  # (K, H)
        output = torch.tanh(self.output(torch.cat([hidden, context], dim=-1)))  # (K, H)
        log_probs = self.words(output).log_softmax(dim=-1)  # (K, V)
        looked = scores.softmax(dim=-1), own_share.squeeze(-1)  # attention weights sum to 1
        return log_probs, hidden, cell, *looked, input_gate, forget_gate, candidate, output_gate


def shrink(step: StepGraph) -> StepGraph:
    """Put int8 rows in the place of what each word adds to the gates."""
    step.word_gates = Int8Embedding(step.word_gates.weight.detach())
    return step
