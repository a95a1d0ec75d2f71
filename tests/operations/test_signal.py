"""The operations of `specc.operations.signal` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("rfft", (2, 7), {"fft_length": 5}, True),
    ("rfft", (2, None), {}, True),
    ("rfft", Tensor((2, 8), "float16"), {}, False),
    ("fft", [(2, 8), (2, 8)], {}, True),
    ("fft", [(2, None), (2, None)], {}, False),
    ("fft", [Tensor((2, 8), "int32")] * 2, {}, False),
    ("fft2", [(None, 4, 6), (None, 4, 6)], {}, True),
    ("fft2", [(None, 6), (None, 6)], {}, False),
    ("irfft", [(2, 5), (2, 5)], {"fft_length": 9}, True),
    ("irfft", [(2, 5), (2, 4)], {}, False),
    ("extract_sequences", Tensor((2, 3, 9), "string"), {"sequence_length": 2, "sequence_stride": 3}, True),
    ("stft", (2, 33), {"sequence_length": 6, "sequence_stride": 5, "fft_length": 9, "center": False}, True),
    ("stft", (2, 4), {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8}, False),
    ("istft", [(2, 9, 5)] * 2, {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8, "length": 36}, True),
    ("istft", [(2, 9, 5)] * 2, {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8, "length": 37}, False),
    ("istft", [(2, None, 5)] * 2, {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8, "center": False}, True),
    ("correlate", [(3,), (4,)], {"mode": "same"}, True),
    ("correlate", [(3,), (4,)], {"mode": "full"}, True),
    ("correlate", [(3,), (4,)], {}, False),
    ("correlate", [(None,), (4,)], {}, False),
    ("correlate", [Tensor((4,), "int64"), Tensor((3,), "bool")], {}, True),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    ("fft", [(2, 8), (2, 4)], {}, "needs real and imaginary parts of one shape, got (2, 8) and (2, 4)", None),
    (
        "fft",
        [(2, None), (2, None)],
        {},
        "needs a known size on axis 1 to transform it, got (2, None)",
        "give that dimension a number in the Input's shape",
    ),
    ("irfft", [(2, 1), (2, 1)], {}, "would give no elements, got (2, 1)", "set fft_length: 1"),
    (
        "extract_sequences",
        (2, 3),
        {"sequence_length": 4, "sequence_stride": 1},
        "needs 4 elements for one frame, got (2, 3)",
        None,
    ),
    (
        "stft",
        (2, 32),
        {"sequence_length": 9, "sequence_stride": 4, "fft_length": 8},
        "has a window of 9 for an fft_length of 8",
        "set sequence_length to 8 or less",
    ),
    (
        "stft",
        (2, 4),
        {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8},
        "needs more than 4 elements to pad them by 4, got (2, 4)",
        None,
    ),
    (
        "istft",
        [(2, 9, 5)] * 2,
        {"sequence_length": 8, "sequence_stride": 4, "fft_length": 8, "length": 37},
        "makes 36 elements at most of (2, 9, 5)",
        "set length to 36 or less",
    ),
    (
        "correlate",
        [(None,), (4,)],
        {},
        "needs every size to be known, got (None,)",
        "give the Input a batch_shape without null: TensorFlow cannot compute this for an open batch",
    ),
    ("correlate", [(3,), (4,)], {}, "cannot fit 4 elements into 3", "give the shorter row as 'x2'"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
