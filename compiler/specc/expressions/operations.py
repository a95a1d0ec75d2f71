"""The operators and functions of expressions."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

LARGEST_NUMBER = 2**63 - 1
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
WORDS = {"true": True, "false": False, "null": None, "pi": math.pi}
"""Names that have a value unless the spec gives them another."""


def _round(number: float, digits: int | None = None) -> float:
    """Python's own; for an integer it computes a power of ten."""
    if digits is not None and abs(digits) > MOST_DIGITS:
        raise OverflowError
    return round(number, digits)


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Python's own, but not of the keys of a map."""

    def compute(*values: Any) -> Any:
        if any(isinstance(value, dict) for value in values):
            raise TypeError
        return function(*values)

    return compute


def _sum(values: Any) -> float:
    """Of a list of numbers: Python's own also joins lists, which takes quadratic time."""
    if not isinstance(values, list) or any(isinstance(value, list) for value in values):
        raise TypeError
    return sum(values)


def _prod(values: Any) -> float:
    """Of a list of numbers; its end is not awaited once it is too large."""
    if not isinstance(values, list) or not all(isinstance(value, int | float) for value in values):
        raise TypeError
    product = 1
    for value in values if 0 not in values else (0,):
        product *= value
        if abs(product) > LARGEST_NUMBER:
            raise OverflowError
    return product


def _str(value: Any) -> str:
    """What ``$(...)`` inside a string becomes."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return str(value)


class Function(NamedTuple):
    """A function of expressions."""

    compute: Callable[..., Any]
    takes: str
    """What it takes, in words."""


FUNCTIONS: dict[str, Function] = {
    "min": Function(_of_numbers(min), "numbers, or a list of them"),
    "max": Function(_of_numbers(max), "numbers, or a list of them"),
    "sum": Function(_sum, "a list of numbers, as in sum([1, 2])"),
    "prod": Function(_prod, "a list of numbers, as in prod([2, 3])"),
    "abs": Function(abs, "a number"),
    "round": Function(_round, "a number and, perhaps, a number of digits"),
    "floor": Function(math.floor, "a number"),
    "ceil": Function(math.ceil, "a number"),
    "int": Function(int, "a number"),
    "sqrt": Function(math.sqrt, "a number of 0 or more"),
    "exp": Function(math.exp, "a number"),
    "log": Function(math.log, "a number above 0 and, perhaps, a base"),
    "log2": Function(math.log2, "a number above 0"),
    "len": Function(len, "a list, a map or a string"),
    "range": Function(range, "one to three integers"),
    "str": Function(_str, "an integer or a string"),
}
