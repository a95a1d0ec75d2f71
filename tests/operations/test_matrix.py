"""The operations of `specc.operations.matrix` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("trace", (1, 3), {"offset": 1}, False),
    ("diagonal", (1, None), {"offset": -1}, False),
    ("diagonal", (1, None), {"offset": 1}, True),
    ("diag", (None, 2), {"k": 2}, False),
    ("tril", (None, 1), {"k": 1}, True),
    ("tril", (None, 1), {"k": 2}, False),
    ("triu", (2, None), {"k": -3}, False),
    ("trace", (3, 4), {"offset": 1}, True),
    ("diagonal", (None, None), {"offset": 4}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "diagonal",
        (2, 3),
        {"offset": 3},
        "has no diagonal 3 in a matrix of (2, 3)",
        "the offset must be less than the columns and, below the middle, less than the rows",
    ),
    ("tril", (2, 3), {"k": 4}, "has no diagonal 4 in matrices of (2, 3)", "use 3 at most"),
    ("triu", (2, 3), {"k": -4}, "has no diagonal -4 in matrices of (2, 3)", "use -2 at least"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
