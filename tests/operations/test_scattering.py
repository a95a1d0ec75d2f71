"""The operations of `specc.operations.scattering` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("scatter", [Tensor((None, 1), "int32"), (None, 4)], {"shape": [5, 4]}, True),
    ("scatter", [Tensor((2, 3, 1), "int64"), Tensor((2, 3), "bool")], {"shape": [5]}, True),
    ("scatter", [Tensor((3, 1), "int32"), (2, 4)], {"shape": [5, 4]}, False),
    ("scatter", [Tensor((3, 1), "uint8"), (3,)], {"shape": [5]}, False),
    ("scatter", [Tensor((1,), "int32"), (4,)], {"shape": [5, 4]}, False),
    ("scatter_update", [(None, 4), Tensor((3, 1), "int32"), (3, 4)], {"reduction": "mul"}, True),
    ("scatter_update", [(5, 4), Tensor((3, 2), "int32"), (3,)], {}, True),
    (
        "scatter_update",
        [Tensor((5,), "bool"), Tensor((3, 1), "int32"), Tensor((3,), "bool")],
        {"reduction": "add"},
        False,
    ),
    ("slice_update", {"inputs": (None, 4), "updates": (3, 4)}, {"start_indices": [0, 0]}, True),
    ("slice_update", {"inputs": (2, 4), "updates": (2,)}, {"start_indices": [0, 1]}, False),
    ("slice_update", {"inputs": (2, 4), "start_indices": Tensor((2,), "int64"), "updates": (1, 2)}, {}, True),
    ("segment_sum", [(None, 4, 2), Tensor((None,), "int64")], {"num_segments": 3}, True),
    ("segment_max", [(None, 4), Tensor((None,), "int32")], {"sorted": True}, True),
    ("segment_prod", [Tensor((None, 4), "bool"), Tensor((None,), "int32")], {"num_segments": 3}, False),
    ("segment_min", [(6, 4), Tensor((5,), "int32")], {"num_segments": 3}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "scatter",
        [Tensor((3, 3), "int32"), (3,)],
        {"shape": [5, 4]},
        "has 3 indices for the 2 axes of (5, 4)",
        "the last axis of 'indices' has an index for each axis of the result, from the first",
    ),
    (
        "scatter",
        [Tensor((3, 1), "int32"), (2, 4)],
        {"shape": [5, 4]},
        "needs values of (3, 4) for indices of (3, 1), got (2, 4)",
        "one for each index",
    ),
    (
        "scatter",
        [(3, 1), (3, 4)],
        {"shape": [5, 4]},
        "cannot compute with float32",
        "put {type: ops.cast, dtype: int32} before it",
    ),
    (
        "scatter",
        [Tensor((None, None), "int32"), (None,)],
        {"shape": [5, 4]},
        "needs a known size on axis 1 to know how many axes it indexes, got (None, None)",
        "give that dimension a number in the Input's shape",
    ),
    (
        "slice_update",
        {"inputs": (2, 4), "updates": (2, 2)},
        {"start_indices": [0, 3]},
        "cannot put a block of (2, 2) at [0, 3] into (2, 4)",
        "start and size must stay within each axis",
    ),
    (
        "slice_update",
        {"inputs": (2, 4), "updates": (2, 2)},
        {"start_indices": [0]},
        "has 1 numbers in 'start_indices', got (2, 4) with 2 axes",
        "give one for each axis, the batch axis too",
    ),
    (
        "segment_sum",
        [(6, 4), Tensor((6,), "int32")],
        {},
        "needs 'num_segments'",
        "add 'num_segments', one more than the largest number",
    ),
    (
        "segment_sum",
        [(6, 4), Tensor((6,), "int32")],
        {"num_segments": 3, "sorted": True},
        "takes no num_segments for sorted groups",
        "remove 'sorted': TensorFlow counts sorted groups itself",
    ),
    (
        "segment_sum",
        [(6, 4), Tensor((5,), "int32")],
        {"num_segments": 3},
        "needs a group for each row, got (6, 4) and (5,)",
        "their first axes must be equally long",
    ),
    (
        "segment_sum",
        [(6, 4), Tensor((6, 1), "int32")],
        {"num_segments": 3},
        "needs an input of 1 dimensions, got (6, 1) with 2",
        "remove the axes with a Reshape or a pooling layer",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
