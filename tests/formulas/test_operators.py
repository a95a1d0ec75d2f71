"""The operators are those of Keras's tensors."""

from __future__ import annotations

import ast
import operator
from typing import Any

import keras
import pytest

from specc.formulas.operators import BINARY, COMPARE, UNARY, Operator

OF_PYTHON: dict[str, Any] = {
    "|": operator.or_, "&": operator.and_, "+": operator.add, "-": operator.sub, "*": operator.mul,
    "/": operator.truediv, "//": operator.floordiv, "%": operator.mod, "@": operator.matmul, "**": operator.pow,
    "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def operation(tensor: Any) -> str:
    return type(tensor._keras_history.operation).__name__


@pytest.mark.parametrize("found", [*BINARY.values(), *COMPARE.values()], ids=lambda it: it.operation)
def test_binary(found: Operator) -> None:
    x = keras.Input([3, 3])
    made = getattr(keras.ops, found.operation)(x, x)
    if found.sign == "==":  # between Keras's tensors it compares objects
        assert (x == x) is True
    else:
        assert operation(OF_PYTHON[found.sign](x, x)) == operation(made)


def test_unary() -> None:
    x = keras.Input([3])
    assert operation(-x) == operation(keras.ops.negative(x))
    assert operation(~x) == operation(keras.ops.logical_not(x))
    assert [it.operation for it in UNARY.values()] == ["negative", "logical_not"]


def test_they_bind_as_in_python() -> None:
    for node, found in BINARY.items():
        for other, against in BINARY.items():
            if found.binds > against.binds:
                tree = ast.parse(f"a {against.sign} b {found.sign} c", mode="eval").body
                assert isinstance(tree, ast.BinOp)
                assert isinstance(tree.op, other)
                assert isinstance(tree.right, ast.BinOp)
                assert isinstance(tree.right.op, node)
