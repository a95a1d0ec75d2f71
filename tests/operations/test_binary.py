"""The operations of `specc.operations.binary` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from math import prod
from typing import Any

import keras
import numpy as np
import pytest

from specc.calls import Policy
from specc.diagnostics.problem import ShapeError
from specc.shapes import Shape, Tensor
from tests.support.operation_agreement import agree, message, operation

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("subtract", {"x2": Tensor((2,), "uint8")}, {"x1": 0}, False),
    ("power", Tensor((2,), "uint8"), {"x2": -1}, False),
    ("floor_divide", Tensor((2,), "int32"), {"x2": 0}, False),
    ("add", Tensor((2,), "bool"), {"x2": True}, False),
    ("add", Tensor((2,), "uint8"), {"x2": -1}, True),
    ("isclose", [Tensor((2,), "string"), Tensor((2,), "string")], {}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


@pytest.mark.parametrize("first", [(4, 4), (2, 4), (2, 4, 3), (2, 3, 4), (2, 4, 3, 5), (4, 3, 4), (1, 4)])
@pytest.mark.parametrize("second", [(4,), (4, 1), (1, 4), (4, 1, 1), (1, 4, 1), (1, 1, 4), (1, 1, 4, 1), (3, 1), (3,)])
def test_sums_are_refused_exactly_where_keras_adds_along_another_axis(first: Shape, second: Shape) -> None:
    numbers = (
        np.arange(prod(first), dtype="float32").reshape(first),
        np.arange(prod(second), dtype="float32").reshape(second),
    )
    try:
        expected = np.add(*numbers)
    except ValueError:
        return
    try:
        right = np.array_equal(keras.ops.add(*numbers), expected)
    except Exception:
        right = False
    made, _ = operation("add").parse({})
    assert made is not None
    call = made.call({"x1": Tensor(first), "x2": Tensor(second)}, {}, Policy.named("float32"))
    if right:
        assert made.infer(call) == (Tensor(expected.shape),)
    else:
        with pytest.raises(ShapeError, match="Keras takes it for a bias of another axis"):
            made.infer(call)


def test_products_of_dense_tensors_and_constants_are_dense() -> None:
    made, _ = operation("multiply").parse({"x2": 0.5})
    assert made is not None
    (product,) = made.infer(made.call({"x1": Tensor((None, 3))}, {}, Policy.named("mixed_float16")))
    assert product == Tensor((None, 3), "float32")


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "add",
        [(2, 3), (2, 4)],
        {},
        "cannot broadcast (2, 3) and (2, 4)",
        "counted from the last axis, their dimensions must be equal, or 1 in one of them",
    ),
    ("add", {"x1": (2,)}, {}, "needs 'x2'", "add 'x2' to 'from' as a tensor, or to the arguments as a constant"),
    (
        "add",
        [(2,), (2,)],
        {"x2": 1},
        "gets 'x2' twice, as a tensor and as a constant",
        "remove 'x2' from the arguments or from what it takes as input",
    ),
    ("add", {}, {"x1": 1, "x2": 1}, "needs a tensor, and has only constants", "give one of them in 'from'"),
    (
        "add",
        (2,),
        {"x2": "1"},
        'x2 must be a number, true or false, or a list of these or null, not "1"',
        "write 1 without quotes",
    ),
    (
        "add",
        [Tensor((2,), "string"), (2,)],
        {},
        "cannot combine string and float32",
        "turn the strings into numbers first, with a StringLookup or TextVectorization layer",
    ),
    (
        "mod",
        Tensor((2,), "int32"),
        {"x2": 0},
        "cannot compute in int32 with 0 as 'x2'",
        "give another number, or put {type: ops.cast, dtype: float32} before it",
    ),
    (
        "add",
        [(4, 4), (4, 1)],
        {},
        "cannot add (4, 1) to (4, 4): Keras takes it for a bias of another axis",
        "give the two in the other order",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
