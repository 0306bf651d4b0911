"""Lines hold the shares they were given, clipped to the axis and never in what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.recency import LOWEST, MOST_WORDS, recency


def test_a_line_per_network_with_its_own_numbers():
    shares = {"RNN": np.array([1e-9, 0.2, 1.0]), "LSTM": np.array([0.5, 0.7, 1.0])}
    figure = recency(["a", "b", "a"], shares, 0.01)
    rnn, lstm = figure.data
    assert list(rnn.x) == [LOWEST, 0.2, 1.0] and list(lstm.x) == [0.5, 0.7, 1.0]
    assert rnn.customdata[0][1] == 1e-9
    assert list(figure.layout.yaxis.ticktext) == ["a", "b", "a"]
    assert rnn.marker.symbol != lstm.marker.symbol


def test_a_long_text_is_drawn_by_its_newest_words():
    length = MOST_WORDS + 9
    figure = recency([str(n) for n in range(length)], {"RNN": np.ones(length)}, 0.01)
    assert list(figure.layout.yaxis.ticktext)[0] == "9"
    assert len(figure.data[0].x) == MOST_WORDS


def test_a_share_too_few_is_refused():
    with pytest.raises(ValueError, match="RNN for 2 tokens"):
        recency(["a", "b"], {"RNN": np.ones(1)}, 0.01)
