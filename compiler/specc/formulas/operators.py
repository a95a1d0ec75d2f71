"""The operators of formulas: those of Python, each with the operation that it is for Keras's tensors."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, NamedTuple


class Operator(NamedTuple):
    """An operator. Keras: the special methods of ``KerasTensor``."""

    sign: str
    operation: str
    """Without its "ops."."""
    binds: int
    """How strongly it binds, as Python has it: a larger number binds more strongly."""
    of_numbers: Callable[..., Any] | None = None
    """What it is for two numbers, which Python computes."""


BINARY: dict[type[ast.operator], Operator] = {
    ast.BitOr: Operator("|", "logical_or", 2),
    ast.BitAnd: Operator("&", "logical_and", 3),
    ast.Add: Operator("+", "add", 4, operator.add),
    ast.Sub: Operator("-", "subtract", 4, operator.sub),
    ast.Mult: Operator("*", "multiply", 5, operator.mul),
    ast.Div: Operator("/", "true_divide", 5, operator.truediv),
    ast.FloorDiv: Operator("//", "floor_divide", 5, operator.floordiv),
    ast.Mod: Operator("%", "mod", 5, operator.mod),
    ast.MatMult: Operator("@", "matmul", 5),
    ast.Pow: Operator("**", "power", 7, operator.pow),
}
COMPARE: dict[type[ast.cmpop], Operator] = {
    ast.Eq: Operator("==", "equal", 1),
    ast.NotEq: Operator("!=", "not_equal", 1),
    ast.Lt: Operator("<", "less", 1),
    ast.LtE: Operator("<=", "less_equal", 1),
    ast.Gt: Operator(">", "greater", 1),
    ast.GtE: Operator(">=", "greater_equal", 1),
}
UNARY: dict[type[ast.unaryop], Operator] = {
    ast.USub: Operator("-", "negative", 6),
    ast.Invert: Operator("~", "logical_not", 6),
}
LIST = "+ - * / // % ** @, comparisons, & | ~, indexing"
"""The operators, as a help lists them."""
