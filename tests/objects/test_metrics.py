"""Metrics measure the outputs that Keras's measure against some target, and say why they cannot measure others."""

from __future__ import annotations

from typing import Any

import pytest

from specc import objects
from specc.objects import confusion_metrics
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
    "SparseTopKCategoricalAccuracy": [{"from_sorted_ids": True}, {"k": -1}],
    "CosineSimilarity": [AXIS_1, AXIS_2, {"axis": -3}],
    "PearsonCorrelation": [AXIS_1, AXIS_2, {"axis": -3}],
}
UNDECIDED: Undecided = {
    ("Accuracy", (4, 3), "string"): "strings are equal to strings, but not to the numbers tried here",
}
"""What only the data decide."""


@pytest.mark.parametrize(
    "cls", [cls for cls in classes("metric") if cls not in confusion_metrics.CLASSES], ids=lambda cls: cls.__name__
)
def test_metrics_fit_what_keras_fits(cls: type[KerasObject]) -> None:
    fits_as_in_keras(cls, VARIANTS.get(cls.__name__, []), UNDECIDED)


@pytest.mark.parametrize(("name", "arguments", "output", "message"), [
    ("TopKCategoricalAccuracy", {}, Tensor((None,)), "needs an output with an axis of classes, got (None,)"),
    ("SparseTopKCategoricalAccuracy", {}, Tensor((None, 3), "int32"),
     "needs an output of floats, not int32, unless from_sorted_ids is true"),
    ("R2Score", {}, Tensor((None, 3, 4)), "needs an output of shape (batch, size), got (None, 3, 4)"),
    ("PearsonCorrelation", {"axis": 2}, Tensor((None, 3)), "has axis 2, which an output of shape (None, 3) does not have"),
    ("SparseCategoricalCrossentropy", {"axis": 1}, Tensor((None, 3, 4)),
     "works along the last axis only, not axis 1 of (None, 3, 4)"),
    ("KLDivergence", {}, Tensor((None, 3), "bool"), "needs an output of floats, not bool"),
])  # fmt: skip
def test_outputs_that_it_cannot_measure(name: str, arguments: dict[str, Any], output: Tensor, message: str) -> None:
    assert instance("metric", name, arguments).problem(output) == message


def test_each_is_found_in_its_module() -> None:
    spellings = objects.spellings("metric")
    assert {name: objects.find("metric", name) for name in spellings} == spellings
