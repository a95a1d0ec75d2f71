"""Losses compare the outputs that Keras's compare with some target, and say why they cannot compare others."""

from __future__ import annotations

from typing import Any

import pytest

from specc.objects.base import KerasObject
from specc.shapes import Tensor
from tests.support.object_agreement import Undecided, classes, fits_as_in_keras, instance

AXIS_1, AXIS_2 = {"axis": 1}, {"axis": 2}
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "SparseCategoricalCrossentropy": [{"axis": 0}, AXIS_1, AXIS_2, {"axis": -2}, {"ignore_class": -1}],
    "CategoricalCrossentropy": [
        AXIS_2,
        {"axis": -3},
        *({"from_logits": True, "axis": axis} for axis in (-1, 0, 1, 2, -2)),
    ],
    "CosineSimilarity": [AXIS_1, AXIS_2, {"axis": -3}],
    "BinaryCrossentropy": [AXIS_1, AXIS_2, {"axis": None}, {"axis": [0, 1]}, {"axis": [0, 0]}],
    "Dice": [AXIS_1, AXIS_2, {"axis": None}, {"axis": [0, 1]}, {"axis": [0, 0]}],
}
UNDECIDED: Undecided = {
    ("CategoricalGeneralizedCrossEntropy", (4, 2, 3, 1), "float32"): "some sizes of batch broadcast",
}
"""What only the data decide."""


@pytest.mark.parametrize("cls", classes("loss"), ids=lambda cls: cls.__name__)
def test_losses_fit_what_keras_fits(cls: type[KerasObject]) -> None:
    fits_as_in_keras(cls, VARIANTS.get(cls.__name__, []), UNDECIDED)


@pytest.mark.parametrize(("name", "arguments", "shape", "message"), [
    ("CosineSimilarity", {"axis": 2}, (None, 3), "has axis 2, which an output of shape (None, 3) does not have"),
    ("Dice", {"axis": [1, -1]}, (None, 3), "names an axis of (None, 3) twice"),
    ("CategoricalCrossentropy", {"axis": -2, "from_logits": True}, (None, 3, 4),
     "cannot count axis -2 from the back with from_logits; count it from the front"),
    ("SparseCategoricalCrossentropy", {"axis": 1}, (None, 3, 4), "works along the last axis only, not axis 1 of (None, 3, 4)"),
    ("CTC", {}, (None, 3), "needs an output of shape (batch, length, 2 or more classes), got (None, 3)"),
    ("Circle", {}, (None, 3, 4), "needs an output of shape (batch, size), got (None, 3, 4)"),
])  # fmt: skip
def test_outputs_that_it_cannot_compare(
    name: str, arguments: dict[str, Any], shape: tuple[int | None, ...], message: str
) -> None:
    assert instance("loss", name, arguments).problem(Tensor(shape)) == message
