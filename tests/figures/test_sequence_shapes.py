"""Sequence shapes: what is drawn is what enters and leaves, at its own time step."""

from __future__ import annotations

import pytest

from core.figures import theme
from core.figures.sequence_shapes import SHAPES, WIDEST, sequence_shape

EVERY_SHAPE = pytest.mark.parametrize(("inputs", "outputs"), SHAPES.values(), ids=SHAPES)


def boxes_at(figure, color: str) -> set[float]:
    return {shape.xanchor for shape in figure.layout.shapes if shape.line.color == color}


@EVERY_SHAPE
def test_boxes_stand_where_something_enters_or_leaves(inputs, outputs):
    figure = sequence_shape(inputs, outputs)
    assert boxes_at(figure, theme.ATTENTION) == inputs
    assert boxes_at(figure, theme.PROBABILITY) == outputs
    assert boxes_at(figure, theme.HIDDEN) == set(range(max(inputs | outputs) + 1))


@EVERY_SHAPE
def test_every_cell_hands_its_state_on(inputs, outputs):
    arrows = sequence_shape(inputs, outputs).layout.annotations
    handed_on = [(a.ax, a.x) for a in arrows if a.arrowcolor == theme.HIDDEN]
    assert handed_on == [(step, step + 1) for step in range(max(inputs | outputs))]


@EVERY_SHAPE
def test_all_shapes_are_drawn_to_the_same_scale_and_centred(inputs, outputs):
    left, right = sequence_shape(inputs, outputs).layout.xaxis.range
    assert right - left == pytest.approx(WIDEST + 0.2)
    assert (left + right) / 2 == pytest.approx(max(inputs | outputs) / 2)


def test_the_names_say_how_many_enter_and_leave():
    words = {1: "one", 3: "many", 4: "many"}
    for name, (inputs, outputs) in SHAPES.items():
        said = f"{words[len(inputs)]} to {words[len(outputs)]}"
        assert name.lower().split(",")[0] == said
        assert ("unaligned" in name) == (said == "many to many" and inputs != outputs)


@pytest.mark.parametrize(("inputs", "outputs"), [(set(), {0}), ({0}, set()), ({0}, {WIDEST})])
def test_what_cannot_be_drawn_is_refused(inputs, outputs):
    with pytest.raises(ValueError, match="cannot draw"):
        sequence_shape(inputs, outputs)
