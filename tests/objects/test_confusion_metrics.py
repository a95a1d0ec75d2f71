"""Metrics of hits and misses measure the outputs that Keras's measure, and say why they cannot measure others."""

from __future__ import annotations

from typing import Any

import pytest

from specc.objects import confusion_metrics
from specc.objects.base import KerasObject
from specc.shapes import Tensor
from tests.support.object_agreement import REQUIRED, Undecided, fits_as_in_keras, instance

TOP = [{"class_id": 0}, {"class_id": 2}, {"class_id": -1}, {"top_k": 1}, {"top_k": 2}, {"top_k": 4}]
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "AUC": [
        {"multi_label": True},
        {"multi_label": True, "num_labels": 3},
        {"multi_label": True, "num_labels": 2},
        {"label_weights": [0.1]},
        {"from_logits": True},
    ],
    "Precision": TOP,
    "Recall": TOP,
    "PrecisionAtRecall": [{"class_id": 1}, {"class_id": -1}],
    "IoU": [{"sparse_y_pred": False}],
}
UNDECIDED: Undecided = {
    ("Precision", (4,), "float32"): "the classes among which it would take the highest are the batch",
    ("Recall", (4,), "float32"): "the classes among which it would take the highest are the batch",
}
"""What only the data decide."""


@pytest.mark.parametrize("cls", confusion_metrics.CLASSES, ids=lambda cls: cls.__name__)
def test_confusion_metrics_fit_what_keras_fits(cls: type[KerasObject]) -> None:
    fits_as_in_keras(cls, VARIANTS.get(cls.__name__, []), UNDECIDED)


def test_weights_of_labels() -> None:
    auc = instance("metric", "AUC", {"label_weights": [0.5, 0.5]})
    assert auc.problem(Tensor((None, 3)))
    assert auc.problem(Tensor((None, 2))) is None
    assert auc.problem(Tensor((None, None))) is None


@pytest.mark.parametrize(("name", "arguments", "shape", "message"), [
    ("Precision", {"class_id": 3}, (None, 3), "has class_id 3, but an output of shape (None, 3) has 3 classes"),
    ("Recall", {"top_k": 4}, (None, 3), "has top_k 4, but an output of shape (None, 3) has 3 classes"),
    ("AUC", {"multi_label": True}, (None, 3, 4), "needs an output of shape (batch, labels), got (None, 3, 4)"),
    ("AUC", {"multi_label": True, "num_labels": 2}, (None, 3), "has num_labels 2, but an output of shape (None, 3)"),
    ("F1Score", {}, (None,), "needs an output of shape (batch, classes), got (None,)"),
])  # fmt: skip
def test_outputs_that_it_cannot_measure(
    name: str, arguments: dict[str, Any], shape: tuple[int | None, ...], message: str
) -> None:
    assert instance("metric", name, arguments).problem(Tensor(shape)) == message


@pytest.mark.parametrize(("name", "arguments", "message", "help"), [
    ("AUC", {"num_thresholds": 1}, "num_thresholds must be 2 or more, not 1", None),
    ("AUC", {"num_labels": 3}, "takes num_labels only with multi_label", "set multi_label to true, or remove num_labels"),
    ("AUC", {"multi_label": True, "name": "größe"}, 'name cannot be "größe" without num_labels',
     "use ASCII letters, digits, '_', '.' and '-', or give num_labels"),
    ("IoU", {"target_class_ids": [0, 3]}, "target_class_ids names class 3, but num_classes is 3", "classes count from 0 to 2"),
])  # fmt: skip
def test_arguments_together(name: str, arguments: dict[str, Any], message: str, help: str | None) -> None:
    cls = next(cls for cls in confusion_metrics.CLASSES if cls.__name__ == name)
    _, (problem,) = cls.parse({**REQUIRED.get(name, {}), **arguments})
    assert (problem.message, problem.help) == (message, help)
