"""The operators and functions of expressions."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

MOST_DIGITS = 400
"""Most digits that ``round`` keeps or drops; no number has that many."""


def _divide(left: Any, right: Any) -> Any:
    return left / right


BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", _divide),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
}
COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.In: ("in", lambda item, items: item in items),
    ast.NotIn: ("not in", lambda item, items: item not in items),
}
WORDS = {"true": True, "false": False, "null": None}


def _round(number: float, digits: int | None = None) -> float:
    """Python's own; for an integer it computes a power of ten."""
    if digits is not None and abs(digits) > MOST_DIGITS:
        raise OverflowError
    return round(number, digits)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": _round,
    "int": int,
    "len": len,
    "range": range,
}
