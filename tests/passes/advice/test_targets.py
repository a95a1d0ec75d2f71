"""Metrics whose targets are others than those of the loss, and a model that has no loss."""

from __future__ import annotations

import pytest

from tests.support.checking import codes, told

TOLD = {
    "at the metric": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 1}
          - {type: Dense, name: b, units: 4, activation: softmax, from: x}
        compile:
          loss: {a: mse, b: sparse_categorical_crossentropy}
          metrics: {a: [mae], b: [accuracy, AUC]}
        """,
        [
            '7:37 loss-mismatch: metrics of "b": AUC takes targets with a value for each class, and the loss SparseCategoricalCrossentropy takes class numbers | use a metric of class numbers, such as sparse_categorical_accuracy, or a loss and targets with one value for each class',
        ],
    ),
    "without a loss": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1}
        compile: {optimizer: adam}
        """,
        [
            "4:1 cannot-train: compile has no loss: Keras can predict with the model, but neither train nor evaluate it | add a loss, as in {optimizer: adam, loss: mse}",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_what_is_told(text: str, expected: list[str]) -> None:
    assert told(text) == expected


X = "layers:\n  - {type: Input, name: x, shape: [3]}\n"


@pytest.mark.parametrize(("loss", "metric", "warned"), [
    ("sparse_categorical_crossentropy", "AUC", True), ("sparse_categorical_crossentropy", "Precision", True),
    ("sparse_categorical_crossentropy", "F1Score", True), ("sparse_categorical_crossentropy", "categorical_accuracy", True),
    ("sparse_categorical_crossentropy", "accuracy", False), ("sparse_categorical_crossentropy", "sparse_categorical_accuracy", False),
    ("categorical_crossentropy", "sparse_top_k_categorical_accuracy", True), ("categorical_crossentropy", "AUC", False),
    ("categorical_crossentropy", "accuracy", False), ("mse", "sparse_categorical_accuracy", False),
])  # fmt: skip
def test_metrics_and_their_targets(loss: str, metric: str, warned: bool) -> None:
    softmax = f"{X}  - {{type: Dense, name: y, units: 4, activation: softmax}}\n"
    assert codes(f"{softmax}compile: {{loss: {loss}, metrics: [{metric}]}}\n") == ["loss-mismatch"] * warned


def test_no_loss_and_what_is_none() -> None:
    assert codes(f"{X}  - {{type: Dense, units: 1}}\ncompile: {{optimizer: adam}}\n") == ["cannot-train"]
    assert codes(f"{X}  - {{type: Dense, units: 1}}\ncompile: {{loss: [null]}}\n") == []
    assert codes(f"{X}  - {{type: Dense, units: 1, kernel_regularizer: l2}}\ncompile: {{optimizer: adam}}\n") == []
