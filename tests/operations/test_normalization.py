"""The operations of `specc.operations.normalization` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("batch_normalization", [(None, 4, 6), (4,), (4,)], {"axis": 1}, True),
    ("batch_normalization", {"x": (None, 4), "mean": (4,), "variance": (4,), "offset": (4,)}, {"axis": 1}, False),
    ("batch_normalization", [(None, 4), (3,), (4,)], {"axis": 1}, False),
    ("layer_normalization", {"x": (None, 4, 6), "gamma": (4, 6)}, {"axis": [1, 2]}, True),
    ("layer_normalization", {"x": (None, 4, 6), "beta": (3,)}, {"axis": 1}, False),
    ("layer_normalization", Tensor((None, 4), "float16"), {}, True),
    ("rms_normalization", {"x": (None, 4, 6), "scale": (4, 1)}, {"axis": 1}, True),
    ("rms_normalization", {"x": (None, 4), "scale": (6,)}, {}, False),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "batch_normalization",
        {"x": (None, 4), "mean": (4,), "variance": (4,), "offset": (4,)},
        {"axis": 1},
        "needs a 'scale' with the 'offset'",
        "add 'scale' to 'from'; ops.ones makes one of 1",
    ),
    ("batch_normalization", [(None, 4), (3,), (4,)], {"axis": 1}, "needs a 'mean' of (4,), got (3,)", None),
    ("layer_normalization", {"x": (None, 4, 6), "beta": (3,)}, {"axis": 1}, "needs a 'beta' of (4,), got (3,)", None),
    ("layer_normalization", (None, 4), {"axis": []}, "normalizes over no axes", "name one"),
    (
        "rms_normalization",
        {"x": (None, 4), "scale": (6,)},
        {},
        "cannot multiply (None, 4) by a scale of (6,)",
        "it is broadcast to the shape of 'x'",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
