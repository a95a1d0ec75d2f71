"""What is meant by a part of a formula that no formula has."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from specc.formulas.operators import LIST

FORMS = f"a formula has names, numbers, {LIST}, and functions of keras.ops: exp(x), sum(x, axis=1)"

_OTHER_SIGNS = (
    (r"&&", "write & for and"),
    (r"\|\|", "write | for or"),
    (r"!(?!=)", "write ~x for not"),
    (r"\?", "write where(condition, a, b)"),
    (r"(?<![<>=!])=(?!=)", "write == to compare; 'name' names the result"),
    (r"[\u00d7\u00b7]", "write * for a product"),
    (r"\u00f7", "write / for a quotient"),
)
"""Signs of other languages, and what to write instead."""


def of_syntax(written: str) -> str:
    """A help for a formula that Python's parser does not take."""
    if written.count("(") + written.count("[") > written.count(")") + written.count("]"):
        return 'in YAML\'s flow style {...}, quote a formula that has a comma or a bracket: formula: "sum(x, axis=1)"'
    return next((help for sign, help in _OTHER_SIGNS if re.search(sign, written)), FORMS)


Shown = Callable[[ast.expr], str]
"""Writes a part of the formula."""


def instead(node: ast.expr, written: Shown) -> str | None:
    """A help for a part that no formula has."""

    def shown(part: ast.expr) -> str:
        """A part beside an operator, in parentheses where it needs them."""
        is_simple = isinstance(part, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute)
        return written(part) if is_simple else f"({written(part)})"

    find = _INSTEAD.get(type(node))
    return None if find is None else find(node, written if isinstance(node, ast.IfExp) else shown)


def _both(node: Any, shown: Shown) -> str:
    sign = " & " if isinstance(node.op, ast.And) else " | "
    return f"write {sign.join(map(shown, node.values))}"


def _not(node: Any, shown: Shown) -> str:
    return f"write ~{shown(node.operand)}"


def _choice(node: Any, shown: Shown) -> str:
    return f"write where({', '.join(map(shown, (node.test, node.body, node.orelse)))})"


def _power(node: Any, shown: Shown) -> str | None:
    if not isinstance(node.op, ast.BitXor):
        return None
    return f"write {shown(node.left)} ** {shown(node.right)} for a power, logical_xor(a, b) for either"


_INSTEAD: dict[type[ast.expr], Callable[[Any, Shown], str | None]] = {
    ast.BoolOp: _both,
    ast.UnaryOp: _not,
    ast.IfExp: _choice,
    ast.BinOp: _power,
}
