"""The operations of `specc.operations.joining` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("split", (None, 3), {"indices_or_sections": [1]}, False),
    ("split", (None, 3), {"indices_or_sections": 2}, True),
    ("concatenate", [(None, 2), (1, 2), (4, 2)], {"axis": 1}, False),
    ("stack", [(None, 2), (1, 2), (4, 2)], {}, False),
    ("vstack", [(3,), (2,)], {}, True),
    ("hstack", [(3,), (2,)], {}, False),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "concatenate",
        [(2, 3), (3, 3)],
        {"axis": 1},
        "cannot join (2, 3) and (3, 3) on axis 1",
        "they must be equal on every other axis",
    ),
    ("stack", [(2,), (3,)], {}, "cannot stack (2,) and (3,)", "they must have one shape"),
    (
        "split",
        (2, 3),
        {"indices_or_sections": 2, "axis": 1},
        "cannot split axis 1 of (2, 3) into 2 equal parts",
        "3 is not a multiple of 2; a list of indices cuts anywhere",
    ),
    (
        "split",
        (2, 3),
        {"indices_or_sections": [2, 1], "axis": 1},
        "cannot cut axis 1 of (2, 3) before [2, 1]",
        "the indices go up, to 3 at most",
    ),
    (
        "split",
        (2, 3),
        {"indices_or_sections": 2**31},
        "indices_or_sections must be the number of equal parts, or a list of the indices to cut before, not 2147483648",
        "set indices_or_sections to the number of equal parts, or a list of the indices to cut before",
    ),
    ("unstack", (2, 3), {}, "needs 'num'", "add 'num', the size of the axis: it names the outputs"),
    ("unstack", (2, 3), {"num": 3}, "gives 3 outputs, got (2, 3) with 2 on axis 0", "set num to 2"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
