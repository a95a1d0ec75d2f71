"""The operations of `specc.operations.warping` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    (
        "image.affine_transform",
        [Tensor((None, 8, 8, 3), "uint8"), Tensor((None, 8), "int32")],
        {"interpolation": "nearest", "fill_mode": "wrap"},
        True,
    ),
    ("image.affine_transform", [(8, 8, 3), (8,)], {}, True),
    ("image.affine_transform", [(None, 8, 8, 3), (7,)], {}, False),
    ("image.affine_transform", [(4, 8, 8, 3), (3, 8)], {}, False),
    ("image.perspective_transform", [(None, 8, 8, 3), (4, 2), (None, 4, 2)], {}, False),
    ("image.map_coordinates", [Tensor((8, 8), "int32"), (2, None, 3)], {"order": 0, "fill_mode": "reflect"}, True),
    ("image.map_coordinates", [(None, 8), (2, 5)], {"order": 1}, False),
    ("image.map_coordinates", [(8, 8), (3, 5)], {"order": 1}, False),
    (
        "image.scale_and_translate",
        [(8, 8, 3), (2,), (2,)],
        {"output_shape": [4, 4, 3], "spatial_dims": [0, 1], "method": "cubic"},
        True,
    ),
    (
        "image.scale_and_translate",
        [(3, 8, 8, 3), (2,), (2,)],
        {"output_shape": [2, 4, 4, 3], "spatial_dims": [1, 2], "method": "linear"},
        False,
    ),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "image.affine_transform",
        [(None, 8, 8, 3), (7,)],
        {},
        "needs 'transform' of (8,) or (batch, 8), got (7,)",
        "one for all images, or one for each",
    ),
    (
        "image.affine_transform",
        [(4, 8, 8, 3), (3, 8)],
        {},
        "needs one 'transform' for each image, got (4, 8, 8, 3) and (3, 8)",
        None,
    ),
    (
        "image.perspective_transform",
        [(None, 8, 8, 3), (4, 2), (None, 4, 2)],
        {},
        "needs as many places as points, got (4, 2) and (None, 4, 2)",
        None,
    ),
    (
        "image.map_coordinates",
        [(8, 8), (3, 5)],
        {"order": 1},
        "needs a row of coordinates for each of the 2 axes of (8, 8), got (3, 5)",
        None,
    ),
    (
        "image.scale_and_translate",
        [(3, 8, 8, 3), (2,), (2,)],
        {"output_shape": [2, 4, 4, 3], "spatial_dims": [1, 2], "method": "linear"},
        "keeps axis 0 of (3, 8, 8, 3), which output_shape makes 2",
        None,
    ),
    (
        "image.scale_and_translate",
        [(3, 8, 8, 3), (3,), (2,)],
        {"output_shape": [3, 4, 4, 3], "spatial_dims": [1, 2], "method": "linear"},
        "needs a number in 'scale' for each of the axes [1, 2]",
        None,
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
