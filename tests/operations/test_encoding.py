"""The operations of `specc.operations.encoding` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("one_hot", Tensor((2, 3), "int32"), {"num_classes": 3, "axis": 2}, False),
    ("one_hot", Tensor((2, 3), "int32"), {"num_classes": 3, "axis": -2}, False),
    ("multi_hot", Tensor((None, 4, 5), "int32"), {"num_classes": 3, "axis": 2}, True),
    ("multi_hot", Tensor((None,), "int64"), {"num_classes": 3, "dtype": "bool"}, True),
    ("multi_hot", Tensor((None, 4), "int32"), {"num_classes": 3, "axis": 2}, False),
    ("bincount", Tensor((None,), "int32"), {"minlength": 5}, True),
    ("bincount", Tensor((None, 4, 2), "int32"), {}, False),
    ("unravel_index", Tensor((None,), "float32"), {"shape": [3, 4]}, True),
    ("unravel_index", Tensor((2, 5), "int32"), {"shape": [3, 4, 2]}, True),
    ("unravel_index", Tensor((None, 5), "int32"), {"shape": [3, 4]}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "one_hot",
        Tensor((2, 3), "int32"),
        {"num_classes": 3, "axis": 2},
        "puts no classes on axis 2 of (2, 3)",
        "use -1 for a new last axis, or 0 to 1",
    ),
    (
        "one_hot",
        Tensor((2, 3), "int32"),
        {"num_classes": 3, "dtype": "string"},
        "has no vectors of strings",
        "use a dtype of numbers",
    ),
    ("multi_hot", Tensor((2, 3), "int32"), {}, "needs 'num_classes'", "add 'num_classes', the length of the vectors"),
    (
        "multi_hot",
        Tensor((2, 3), "int32"),
        {"num_classes": 3, "dtype": "complex64"},
        "has no vectors of complex64",
        "use a dtype of numbers",
    ),
    (
        "bincount",
        Tensor((), "int32"),
        {},
        "needs an input of 2 dimensions, got () with 0",
        "a Reshape layer can add the 2 missing axes",
    ),
    (
        "bincount",
        Tensor((2, 3), "int32"),
        {"weights": [1, 2]},
        "'weights' cannot be given in a spec",
        "they would be constants; add up numbers by group with ops.segment_sum",
    ),
    (
        "unravel_index",
        Tensor((None, 5), "int32"),
        {"shape": [3, 4]},
        "needs every size to be known, got (None, 5)",
        "give the Input a batch_shape without null: TensorFlow cannot compute this for an open batch",
    ),
    ("unravel_index", Tensor((5,), "int32"), {"shape": []}, "has no axes", "give the shape that is indexed"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
