"""The operations of `specc.operations.attention` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    (
        "dot_product_attention",
        [(None, 5, 4, 8), (None, 7, 2, 8), (None, 7, 2, 8)],
        {"is_causal": True, "scale": 0.5},
        True,
    ),
    ("dot_product_attention", [(None, 5, 4, 8), (None, 7, 1, 8), (None, 7, 1, 8)], {}, False),
    ("dot_product_attention", [(None, 5, 2, 8), (None, 7, 2, 8), (None, 7, 2, 6)], {}, False),
    ("dot_product_attention", [(None, None, 2, 8)] * 3, {}, True),
    (
        "dot_product_attention",
        {"query": (None, 5, 2, 8), "key": (None, 7, 2, 8), "value": (None, 7, 2, 8), "mask": Tensor((5, 7), "bool")},
        {},
        True,
    ),
    (
        "dot_product_attention",
        {"query": (None, 5, 2, 8), "key": (None, 7, 2, 8), "value": (None, 7, 2, 8), "mask": (5, 7)},
        {},
        False,
    ),
    (
        "dot_product_attention",
        {
            "query": (None, 5, 2, 8),
            "key": (None, 7, 2, 8),
            "value": (None, 7, 2, 8),
            "bias": Tensor((None, 1, 5, 7), "float16"),
        },
        {},
        True,
    ),
    (
        "dot_product_attention",
        {"query": (None, 5, 2, 8), "key": (None, 7, 2, 8), "value": (None, 7, 2, 8), "bias": (None, 5, 6)},
        {},
        False,
    ),
]
"""Inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "dot_product_attention",
        [(None, 5, 2, 8), (None, 7, 2, 8), (None, 7, 2, 6)],
        {},
        "cannot attend with (None, 5, 2, 8) to (None, 7, 2, 8) and (None, 7, 2, 6)",
        "keys and values have one shape; their size is that of the query, they have as many heads, or a part of them greater than 1",
    ),
    (
        "dot_product_attention",
        {"query": (None, 5, 2, 8), "key": (None, 7, 2, 8), "value": (None, 7, 2, 8), "bias": (None, 5, 6)},
        {},
        "cannot broadcast the bias (None, 5, 6) to (None, 2, 5, 7)",
        "(batch, heads, n, m), with 1 for what is the same for all",
    ),
    (
        "dot_product_attention",
        [(None, 5, 8)] * 3,
        {},
        "needs an input of 4 dimensions, got (None, 5, 8) with 3",
        "(batch, steps, heads, size); a Reshape layer splits an axis into heads",
    ),
    (
        "dot_product_attention",
        [(None, 5, 2, 8)] * 3,
        {"flash_attention": True},
        "'flash_attention' cannot be given in a spec",
        "TensorFlow has no flash attention",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
