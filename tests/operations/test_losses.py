"""The operations of `specc.operations.losses` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("binary_crossentropy", [Tensor((None, 4), "float16")] * 2, {"from_logits": True}, True),
    ("binary_crossentropy", [(None, 4), (4,)], {}, False),
    ("categorical_crossentropy", [(None,), (None,)], {}, True),
    ("categorical_crossentropy", [(None, 4, 3)] * 2, {"axis": 1}, False),
    ("sparse_categorical_crossentropy", [Tensor((None, 3, 1), "int64"), (None, 3, 4)], {}, True),
    ("sparse_categorical_crossentropy", [Tensor((None, 4), "int32"), (None, 4)], {}, False),
    (
        "ctc_loss",
        [Tensor((2, 3), "int32"), Tensor((2, 8, 5), "float16"), Tensor((2,), "int64"), Tensor((2,), "int32")],
        {},
        True,
    ),
    (
        "ctc_loss",
        [Tensor((None, 3), "int32"), (2, 8, 5), Tensor((None,), "int32"), Tensor((None,), "int32")],
        {},
        False,
    ),
    ("ctc_decode", [(None, 8, 5), Tensor((None,), "int64")], {"strategy": "beam_search", "top_paths": 2}, True),
    ("psnr", [Tensor((None, 4), "float64")] * 2, {"max_val": 1.0}, True),
    ("psnr", [(None, 4), (4,)], {"max_val": 1.0}, False),
    ("image.ssim", [Tensor((None, 16, 16, 3), "uint8")] * 2, {"max_val": 255.0}, True),
    ("image.ssim", [(16, 8, 3)] * 2, {}, False),
    ("image.ssim", [(None, 3, None, 8)] * 2, {"data_format": "channels_first", "filter_size": 1}, True),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "binary_crossentropy",
        [(None, 4), (4,)],
        {},
        "needs targets and outputs of one shape, got (None, 4) and (4,)",
        None,
    ),
    (
        "categorical_crossentropy",
        [(None, 4, 3)] * 2,
        {"axis": 1},
        "takes the classes on the last axis only, not on axis 1",
        "remove axis",
    ),
    (
        "sparse_categorical_crossentropy",
        [Tensor((None, 4), "int32"), (None, 4)],
        {},
        "needs a class for each row, got (None, 4) and (None, 4)",
        "the target has the shape of the output without its last axis",
    ),
    (
        "ctc_loss",
        [Tensor((None, 3), "int32"), (2, 8, 5), Tensor((None,), "int32"), Tensor((None,), "int32")],
        {},
        "needs one batch for all, got (None, 3) and (2, 8, 5)",
        None,
    ),
    (
        "ctc_decode",
        [(None, 8, 5), Tensor((None,), "int64")],
        {"top_paths": 2},
        "finds one path by a greedy search, not 2",
        "set strategy: beam_search",
    ),
    ("image.ssim", [(16, 8, 3)] * 2, {}, "compares parts of 11 by 11, got (16, 8, 3)", "set filter_size to 8 or less"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
