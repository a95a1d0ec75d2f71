"""The operations of `specc.operations.convolution` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("conv", [(None, None, 8, 3), (3, 3, 3, 4)], {"strides": [2, 1]}, True),
    ("conv", [(None, 8, 3), (3, 3, 4)], {"dilation_rate": 2}, True),
    ("conv", [(None, 8, 8, 8, 3), (3, 3, 3, 3, 4)], {"strides": 2, "padding": "same"}, True),
    ("conv", [(None, 3, 8, 8), (3, 3, 3, 4)], {"data_format": "channels_first"}, True),
    ("conv", [(None, 8, 8, 6), (3, 3, 3, 4)], {}, False),
    ("conv", [(None, 2, 8, 3), (3, 3, 3, 4)], {}, False),
    ("depthwise_conv", [(None, 8, 8, 3), (3, 3, 3, 4)], {"strides": 2}, True),
    ("depthwise_conv", [Tensor((None, 8, 8, 3), "int32"), Tensor((3, 3, 3, 4), "int32")], {}, False),
    ("separable_conv", [(None, 8, 3), (3, 3, 4), (1, 12, 5)], {}, True),
    ("separable_conv", [(None, 8, 8, 3), (3, 3, 3, 4), (1, 1, 11, 5)], {}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "conv",
        [(None, 8, 8, 6), (3, 3, 3, 4)],
        {},
        "needs inputs of 3 channels for a kernel of (3, 3, 3, 4), got (None, 8, 8, 6)",
        "the last but one size of the kernel is the number of channels",
    ),
    (
        "conv",
        [(None, 2, 8, 3), (3, 3, 3, 4)],
        {},
        "cannot fit a kernel of 3 on axis 1 of (None, 2, 8, 3)",
        'set padding to "same", or make kernel 2 or less',
    ),
    (
        "conv",
        [(None, 8, 8, 3), (None, 3, 3, 4)],
        {},
        "needs a known size on axis 0 of the kernel, got (None, 3, 3, 4)",
        "give that dimension a number in the Input's shape",
    ),
    (
        "conv",
        [(None, 8, 8, 3), (3, 3, 3, 4)],
        {"strides": [1, 1, 1]},
        "has 3 numbers in 'strides' for 2 spatial axes",
        "give one for each",
    ),
    (
        "conv",
        [(None, 8, 8, 3), (3, 3, 3, 4)],
        {"strides": 2, "dilation_rate": 2},
        "strides and dilation_rate cannot both be above 1",
        "set one of them to 1",
    ),
    (
        "depthwise_conv",
        [(None, 8, 8, 8, 3), (3, 3, 3, 3, 4)],
        {},
        "needs a kernel for 1 or 2 spatial axes, got (3, 3, 3, 3, 4)",
        None,
    ),
    (
        "separable_conv",
        [(None, 8, 8, 3), (3, 3, 3, 4), (1, 1, 11, 5)],
        {},
        "needs a second kernel of (1, 1, 12, None), got (1, 1, 11, 5)",
        None,
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
