"""The operations of `specc.operations.flipping` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("fliplr", Tensor((None, 4), "string"), {}, True),
    ("fliplr", (None,), {}, False),
    ("flipud", (None,), {}, True),
    ("flipud", (), {}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "roll",
        (2, 3),
        {"shift": [1, 2]},
        "needs one shift for each axis",
        "give 'shift' and 'axis' as two numbers, or as two lists of one length",
    ),
    (
        "fliplr",
        (4,),
        {},
        "needs an input of at least 2 dimensions, got (4,) with 1",
        "a Reshape layer can add the missing axis, for instance a last one of size 1",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
