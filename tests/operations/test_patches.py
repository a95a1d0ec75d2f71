"""The operations of `specc.operations.patches` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("image.extract_patches", (None, None, 8, 3), {"size": 3, "strides": 2, "padding": "same"}, True),
    (
        "image.extract_patches",
        (3, 8, 8),
        {"size": [2, 4], "strides": 1, "dilation_rate": 2, "data_format": "channels_first"},
        True,
    ),
    ("image.extract_patches", (None, 8, 8, 8, 3), {"size": [2, 3, 2]}, True),
    ("image.extract_patches", Tensor((None, 8, 8, 3), "int32"), {"size": 2}, True),
    ("image.extract_patches", (None, 8, 8, 3), {"size": 9}, False),
    ("image.extract_patches", (None, 8, 8, None), {"size": 2}, False),
    ("image.extract_patches_3d", Tensor((None, 8, 8, 8, 3), "int32"), {"size": 2}, False),
    ("image.extract_patches_3d", (8, 8, 8, 3), {"size": 2, "strides": [1, 2, 1]}, True),
    ("unfold", (2, 3, 8, 8), {"kernel_size": [2, 3], "dilation": 2, "padding": 1, "stride": 2}, True),
    ("unfold", (None, 3, 8, 8), {"kernel_size": 2}, False),
    ("fold", (None, 12, 9), {"output_size": 4, "kernel_size": 2, "padding": 1, "stride": 2}, True),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "image.extract_patches",
        (None, 8, 8, 3),
        {"size": 9},
        "has patches of 9 on an axis of 8, got (None, 8, 8, 3)",
        "use a smaller size, or padding: same",
    ),
    (
        "image.extract_patches",
        (None, 8, 8, 3),
        {"size": 2, "dilation_rate": 2},
        "strides and dilation_rate cannot both be above 1",
        "set one of them to 1; strides are size if not given",
    ),
    (
        "image.extract_patches",
        (None, 8, 8, 3),
        {"size": 2, "strides": [1, 1, 1]},
        "has 3 numbers in 'strides' for 2 spatial axes",
        "give one for each",
    ),
    (
        "image.extract_patches_3d",
        (None, 8, 8, 8, 3),
        {"size": [2, 2]},
        "has 2 numbers in 'size' for 3 spatial axes",
        "give one for each",
    ),
    (
        "image.extract_patches",
        (None, 8, 8, None),
        {"size": 2},
        "needs a known size on axis 3 to know what is in a patch, got (None, 4, 4, None)",
        "give that dimension a number in the Input's shape",
    ),
    (
        "space_to_depth",
        (1, 3, 4, 1),
        {"block_size": 2},
        "cannot divide 3 rows by 2, got (1, 3, 4, 1)",
        "the rows must be a multiple of 2",
    ),
    (
        "unfold",
        (None, 3, 8, 8),
        {"kernel_size": 2},
        "needs every size to be known, got (None, 3, 8, 8)",
        "ops.image.extract_patches cuts the images of any batch, with channels last",
    ),
    ("unfold", (2, 3, 8, 8), {"kernel_size": 9}, "has a window of 9 on an axis of 8", "use a smaller one"),
    (
        "fold",
        (None, 13, 4),
        {"output_size": 4, "kernel_size": 2, "stride": 2},
        "cannot make windows of 4 numbers of 13 rows, got (None, 13, 4)",
        "axis 1 must be a multiple of 4",
    ),
    (
        "fold",
        (None, 12, 4),
        {"output_size": 4, "kernel_size": 2},
        "has 9 windows in images of (4, 4), got (None, 12, 4) with 4",
        "the last axis has a column for each window",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
