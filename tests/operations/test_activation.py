"""The operations of `specc.operations.activation` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("softmax", (None, 1), {}, True),
    ("glu", (2, None), {}, False),
    ("sparsemax", Tensor((2, 3), "bfloat16"), {}, True),
    ("sparsemax", Tensor((2, 3), "float16"), {}, False),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "sigmoid",
        Tensor((2,), "int32"),
        {},
        "cannot compute with int32",
        "put {type: ops.cast, dtype: float32} before it",
    ),
    ("relu", Tensor((2,), "string"), {}, "cannot compute with string", "it takes numbers"),
    ("glu", (2, 3), {}, "cannot halve axis -1 of (2, 3)", "its size must be even"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
