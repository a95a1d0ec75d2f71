"""The operations of `specc.operations.shape` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("pad", (2, 3), {"pad_width": 1}, False),
    ("pad", (3,), {"pad_width": 1}, True),
    ("pad", Tensor((2, 3), "string"), {"pad_width": [[0, 0], [1, 0]]}, True),
    ("reshape", (None, 2), {"newshape": [-1, 3]}, True),
    ("reshape", (None, 2), {"newshape": [3]}, False),
    ("reshape", (None, 2), {"newshape": [-1]}, True),
    ("diff", (2, 3), {"n": 5}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "reshape",
        (2, 3),
        {"newshape": [4]},
        "cannot reshape (2, 3) to (4,)",
        "the sizes must multiply to the number of elements; -1 means the remaining size",
    ),
    ("reshape", (2, 3), {"newshape": [-1, -1]}, "takes -1 for one axis at most", "give the other sizes as numbers"),
    (
        "transpose",
        (2, 3),
        {"axes": [0]},
        "puts 1 axes in order, got (2, 3) with 2",
        "list every axis once, the batch axis (0) too",
    ),
    ("squeeze", (2, None), {"axis": 1}, "cannot squeeze axis 1 of (2, None)", "only an axis of size 1 can go"),
    (
        "moveaxis",
        (2, 3),
        {"source": [0, 1], "destination": 0},
        "moves 2 axes to 1 places",
        "give a place for each axis of 'source'",
    ),
    (
        "repeat",
        (2, 3),
        {"repeats": [1, 2], "axis": 1},
        "has 2 counts for 3 elements",
        "give one count for each, or one for all",
    ),
    (
        "pad",
        (2, 3),
        {"pad_width": 1},
        "has 1 pairs of widths, got (2, 3) with 2 axes",
        "give two widths for each axis, [0, 0] for the batch axis",
    ),
    (
        "pad",
        (3,),
        {"pad_width": 3, "mode": "reflect"},
        "cannot pad 3 elements by reflect from 3",
        "at most 2 can be added there",
    ),
    (
        "pad",
        (3,),
        {"pad_width": 1, "mode": "reflect", "constant_values": 1},
        "takes no constant_values with mode reflect",
        "remove it, or use mode: constant",
    ),
    ("tile", (2, 3), {"repeats": 2**31 - 1}, "would give (2, 6442450941); a dimension goes up to 2147483647", None),
    (
        "expand_dims",
        (2, 3),
        {"axis": [0, 1, 2, 3, 4, 5, 6]},
        "would give (1, 1, 1, 1, 1, 1, 1, 2, 3), more than 8 dimensions",
        None,
    ),
    ("squeeze", (1,), {"axis": []}, "names no axis", "remove 'axis' to squeeze every axis of size 1"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
