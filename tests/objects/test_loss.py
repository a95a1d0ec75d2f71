"""What every loss is: which outputs none can compare."""

from __future__ import annotations

import pytest

from specc.objects.loss import AxisLoss, softmax_axis_problem, vector_problem
from specc.shapes import Shape, Tensor


def test_no_loss_compares_strings() -> None:
    class Sample(AxisLoss):
        axis: int = -1

    assert Sample().problem(Tensor((None, 3), "string")) == "cannot compare strings"


def test_an_output_of_one_axis_is_compared_with_two() -> None:
    class Sample(AxisLoss):
        axis: int = 1

    assert Sample().problem(Tensor((None,))) is None
    assert Sample(axis=2).problem(Tensor((None,))) == "has axis 2, which an output of shape (None, 1) does not have"


def test_logits_have_an_axis_from_the_front() -> None:
    assert softmax_axis_problem(-2, from_logits=False) is None
    assert softmax_axis_problem(1, from_logits=True) is None
    assert softmax_axis_problem(-2, from_logits=True) == (
        "cannot count axis -2 from the back with from_logits; count it from the front"
    )


@pytest.mark.parametrize(("shape", "fits"), [((None, 3), True), ((None, 3, 1), True), ((None, 3, 4), False)])
def test_vectors(shape: Shape, fits: bool) -> None:
    said = None if fits else "needs an output of shape (batch, size), got (None, 3, 4)"
    assert vector_problem(Tensor(shape)) == said
