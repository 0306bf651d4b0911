"""The unrolled network: one box, one word and one arrow of each kind per time step."""

from __future__ import annotations

import pytest

from core.figures import theme
from core.figures.unrolled import LONGEST_LABEL, folded, unrolled


def boxes(figure) -> list:
    return [shape for shape in figure.layout.shapes if shape.type == "path"]


def dots(figure, step: int) -> list:
    return [s for s in figure.layout.shapes if s.type == "circle" and s.xanchor == step]


def arrows(figure, color: str) -> list:
    channels = theme.translucent(color, 1).rpartition(",")[0]
    return [a for a in figure.layout.annotations if a.arrowcolor.startswith((color, channels))]


def labels(figure) -> list[str]:
    return [trace.text[0] for trace in figure.data if trace.mode == "text"]


def test_every_step_has_a_box_a_word_an_input_and_an_output():
    figure = unrolled(["a", "dog", "runs"])
    assert [box.xanchor for box in boxes(figure)] == [0, 1, 2]
    assert labels(figure) == ["a", "dog", "runs"]
    assert [(a.ax, a.x) for a in arrows(figure, theme.ATTENTION)] == [(0, 0), (1, 1), (2, 2)]
    assert [(a.ax, a.x) for a in arrows(figure, theme.PROBABILITY)] == [(0, 0), (1, 1), (2, 2)]


def test_each_state_is_handed_to_the_next_step():
    figure = unrolled(["a", "dog", "runs"])
    assert [(a.ax, a.x) for a in arrows(figure, theme.HIDDEN)] == [(0, 1), (1, 2)]


def test_a_cell_remembers_what_it_has_read_and_the_newest_best():
    figure = unrolled(["a", "dog", "runs"])
    assert [len(dots(figure, step)) for step in range(3)] == [1, 2, 3]
    opacities = [float(dot.fillcolor.rstrip(")").split(",")[-1]) for dot in dots(figure, 2)]
    assert opacities == sorted(opacities) and opacities[-1] == 1


def test_later_steps_are_faint_and_remember_nothing_yet():
    figure = unrolled(["a", "dog", "runs"], time_step=1)
    assert [len(dots(figure, step)) for step in range(3)] == [1, 2, 0]
    assert [box.line.color for box in boxes(figure)].index(theme.CHOSEN) == 1
    opacities = [a.arrowcolor.rpartition(",")[2] for a in arrows(figure, theme.ATTENTION)]
    assert opacities == ["1)", "1)", "0.25)"]


def test_long_words_are_cut_and_tags_are_shown_as_typed():
    figure = unrolled(["x" * 40, "<b>b</b>"])
    assert len(labels(figure)[0]) == LONGEST_LABEL and labels(figure)[0].endswith("…")
    assert labels(figure)[1] == "&lt;b&gt;b&lt;/b&gt;"


@pytest.mark.parametrize(("tokens", "time_step"), [([], None), (["a"], 1), (["a"], -1)])
def test_a_step_that_does_not_exist_is_refused(tokens, time_step):
    with pytest.raises(ValueError, match="time_step"):
        unrolled(tokens, time_step=time_step)


def test_the_loop_leaves_the_one_box_and_comes_back():
    box, loop = boxes(folded())
    assert (box.xanchor, box.yanchor) == (loop.xanchor, loop.yanchor)
    start, end = loop.path.removeprefix("M ").split(" C ")[0], loop.path.split(" ")[-1]
    assert float(start.split(",")[0]) >= 0 < float(end.split(",")[0])  # both on the right side
    assert labels(folded()) == ["input", "output"]
