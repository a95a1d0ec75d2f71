"""The operations of `specc.operations.matrices`: what runs on matrices that have an inverse, and the words of refusals."""

from __future__ import annotations

from typing import Any

import pytest

from specc.arguments import DTYPES
from specc.shapes import Tensor
from tests.support.operation_agreement import agree, message
from tests.support.operation_running import sound


@pytest.mark.parametrize(("name", "arguments"), [("inv", ["x"]), ("solve", ["a", "b"])])
def test_dtypes(name: str, arguments: list[str]) -> None:
    accepted = {
        dtype
        for dtype in DTYPES
        if sound(name, {argument: Tensor((None, 2, 2), dtype) for argument in arguments}) == "accepted"
    }
    exact = {"float32", "float64", "complex64", "complex128"}
    assert accepted == (exact | {"float16"} if name == "inv" else exact)


@pytest.mark.parametrize("name", ["cholesky", "logdet"])
def test_positive_definite_matrices_of_one_element(name: str) -> None:
    shapes: list[tuple[int | None, ...]] = [(None, 1, 1), (2, 3, 1, 1), (None, None, None), (None,), (None, 1, 2)]
    for shape in shapes[:3]:
        agree(name, shape, accepted=True)
    for shape in shapes[3:]:
        agree(name, shape, accepted=False)


FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("logdet", (None, 2), {}, True),
    ("svd", (None, 3, 2), {"compute_uv": False}, True),
    ("svd", (None, None, 2), {}, False),
    ("lstsq", [(None, 3), (None,)], {}, False),
    ("lstsq", [(None, 3), (4,)], {}, False),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


MESSAGES: list[tuple[str, Any, str, str | None]] = [
    ("inv", (None, 3, 4), "needs square matrices, got (None, 3, 4)", "make the last two axes equally long"),
    (
        "det",
        (4,),
        "needs an input of at least 2 dimensions, got (4,) with 1",
        "it works on the matrices in the last two axes",
    ),
    (
        "qr",
        (None, None, 4),
        "needs a known size on axis 1 to decompose it, got (None, None, 4)",
        "give that dimension a number in the Input's shape",
    ),
    (
        "solve",
        [(None, 4, 4), (None, 3)],
        "cannot solve (None, 4, 4) for (None, 3)",
        "each matrix of 'a' needs as many rows as its 'b', and their batches must be equal",
    ),
    (
        "solve",
        [(None, 4, 4), (4,)],
        "needs a 'b' of 2 or 3 dimensions for (None, 4, 4), got (4,)",
        "a vector or a matrix for each matrix of 'a'",
    ),
    (
        "solve",
        [(None, 4, 4), Tensor((None, 4), "float64")],
        "needs one dtype for all, got float32 and float64",
        "put a {type: ops.cast} before one of them",
    ),
    (
        "lstsq",
        [(5, 4), (6,)],
        "cannot fit (5, 4) to (6,)",
        "'b' has a number or a row for each row of 'a'",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, text: str, help: str | None) -> None:
    assert message(name, inputs) == (text, help)
