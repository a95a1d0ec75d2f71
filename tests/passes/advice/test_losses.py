"""Losses that teach nothing, and those that do."""

from __future__ import annotations

import numpy as np
import pytest

import specc
from tests.support.checking import codes, said, spec

LOGITS = "{type: %s, from_logits: true}"
X = "layers:\n  - {type: Input, name: x, shape: [3]}\n"


def text(units: int, activation: str, loss: str) -> str:
    return f"{X}  - {{type: Dense, name: y, units: {units}{activation and f', activation: {activation}'}}}\ncompile: {{loss: {loss}}}\n"


WRONG = {
    "one class": (1, "sigmoid", "categorical_crossentropy"),
    "one class, focal": (1, "sigmoid", "categorical_focal_crossentropy"),
    "one class by number": (1, "sigmoid", "sparse_categorical_crossentropy"),
    "sums for probabilities": (1, "", "binary_crossentropy"),
    "sums for probabilities, by class": (1, "linear", "BinaryCrossentropy"),
    "sums for probabilities, focal": (1, "", "binary_focal_crossentropy"),
    "sums for fractions": (4, "", "categorical_crossentropy"),
    "sums for fractions by number": (4, "", "sparse_categorical_crossentropy"),
    "values above 1 for probabilities": (1, "relu", "binary_crossentropy"),
    "values above 1 for probabilities, a layer": (1, "{type: LeakyReLU}", "binary_crossentropy"),
    "values below 0 for probabilities": (4, "tanh", "categorical_crossentropy"),
    "probabilities for logits": (1, "sigmoid", LOGITS % "BinaryCrossentropy"),
    "fractions for logits": (4, "softmax", LOGITS % "SparseCategoricalCrossentropy"),
}
RIGHT = [
    (1, "sigmoid", "binary_crossentropy"), (3, "sigmoid", "binary_crossentropy"), (2, "softmax", "binary_crossentropy"),
    (4, "softmax", "categorical_crossentropy"), (4, "softmax", "sparse_categorical_crossentropy"), (1, "", "mse"), (1, "", "hinge"),
    (4, "", LOGITS % "CategoricalCrossentropy"), (1, "", LOGITS % "BinaryCrossentropy"), (1, "{type: ReLU, max_value: 1}", "binary_crossentropy"), (1, "", "null"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_mismatch(case: tuple[int, str, str]) -> None:
    assert codes(text(*case)) == ["loss-mismatch"]


def test_what_fits() -> None:
    assert [case for case in RIGHT if codes(text(*case))] == []


def test_an_axis_that_the_output_has_not() -> None:
    assert codes(text(2, "softmax", "{type: CategoricalCrossentropy, axis: 2}")) == ["shape-mismatch"]


AFTER = {
    "a Flatten": "  - {type: Dense, name: d, units: 2}\n  - {type: Flatten, name: y}\n",
    "an operation": "  - {type: Dense, name: d, units: 2}\n  - {type: ops.reshape, name: y, newshape: [-1, 2]}\n",
    "a convolution": "  - {type: Reshape, target_shape: [3, 1]}\n  - {type: Conv1D, name: y, filters: 2, kernel_size: 3}\n",
    "each step": "  - {type: Reshape, target_shape: [3, 1]}\n  - {type: TimeDistributed, name: y, layer: {type: Dense, units: 2}}\n",
    "an activation that does nothing": "  - {type: LSTM, units: 2}\n  - {type: Activation, name: y, activation: linear}\n",
    "a nested model": "  - {type: b, name: y, nested: true}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", AFTER)
def test_what_only_moves_values_changes_nothing(name: str) -> None:
    items = AFTER[name].replace("{type: LSTM, units: 2}", "{type: Dense, units: 2, activation: relu}")
    block = (
        "blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 2}], outputs: [d]}}\n"
        if name == "a nested model"
        else ""
    )
    assert codes(f"{block}{X}{items}compile: {{loss: binary_crossentropy}}\n") == ["loss-mismatch"]


def test_the_place_is_the_loss_of_the_output() -> None:
    assert said(
        f"""
        {X.strip().replace(chr(10), chr(10) + " " * 8)}
          - {{type: Dense, name: a, units: 1, from: x}}
          - {{type: Dense, name: b, units: 1, from: x}}
        compile:
          loss: {{a: mse, b: binary_crossentropy}}
        """
    ) == [
        "6:21 loss-mismatch: loss of \"b\": BinaryCrossentropy takes probabilities, but 'b' has no activation that gives them"
    ]


def test_keras_finds_nothing_wrong_with_one_class() -> None:
    with pytest.warns(UserWarning, match="only one"):
        model = specc.build(spec(text(1, "sigmoid", "categorical_crossentropy")), seed=1)
    x = np.random.default_rng(0).normal(size=(16, 3))
    for target in (0.0, 1.0):
        assert abs(model.evaluate(x, np.full((16, 1), target), verbose=0)) < 1e-5, "whatever is right, nothing is wrong"
