"""The operations of `specc.operations.elementwise` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("exp2", Tensor((None,), "float16"), {}, False),
    ("exp2", (None,), {}, True),
    ("isnan", Tensor((2, 3), "int32"), {}, True),
    ("isnan", Tensor((None, 3), "int32"), {}, False),
    ("clip", Tensor((2,), "int32"), {"x_min": 0.5, "x_max": 2}, False),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    ("bitwise_not", (2,), {}, "cannot compute with float32", "put {type: ops.cast, dtype: int32} before it"),
    (
        "clip",
        Tensor((2,), "int8"),
        {"x_min": 0.5, "x_max": 1},
        "takes an integer as 'x_min' for int8, not 0.5",
        "give an integer, or put {type: ops.cast, dtype: float32} before it",
    ),
    (
        "cast",
        Tensor((2,), "string"),
        {"dtype": "int32"},
        "cannot turn string into int32",
        "strings become numbers in a StringLookup, Hashing or TextVectorization layer",
    ),
    (
        "full_like",
        [(2, 3), (3, 3)],
        {},
        "cannot broadcast (3, 3) to (2, 3)",
        "counted from the last axis, each of its dimensions must be equal to the target's, or 1",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
