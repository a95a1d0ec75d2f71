"""The operations of `specc.operations.pooling` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("average_pool", (None, 1, None), {"pool_size": [1, 1, 1]}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "max_pool",
        (2, 3, 1),
        {"pool_size": 4},
        "has a window of 4 on an axis of 3, got (2, 3, 1)",
        "use a smaller pool_size, or padding: same",
    ),
    (
        "max_pool",
        (2, 3),
        {"pool_size": 2},
        "needs an input of 3 to 5 dimensions, got (2, 3) with 2",
        "a batch axis, 1 to 3 spatial axes and a channel axis",
    ),
    (
        "max_pool",
        (2, 3, 1),
        {"pool_size": [2, 2]},
        "has 2 numbers in 'pool_size' for 1 spatial axes",
        "give one for each",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
