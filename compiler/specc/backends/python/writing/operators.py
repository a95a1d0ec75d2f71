"""Long expressions with operators, ready for layout: what stands in them is broken as ``ruff format`` breaks it."""

from __future__ import annotations

import ast
import re

from specc.backends.python.writing.text import Bracketed, Chain, Expression, Group, number, quote

_SIMPLE = re.compile(r"-?[\w.]+")
_SIGNS: dict[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.MatMult: "@",
    ast.BitAnd: "&", ast.BitOr: "|", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_LEVELS = (("|",), ("&",), ("+", "-"), ("*", "/", "//", "%", "@"))
"""Operators that bind as strongly as each other, the weakest first."""


def expression(text: str) -> Expression:
    """The text of an expression as an `Expression`.

    >>> from specc.backends.python.writing.text import flat
    >>> flat(expression('f(x[:n//2], axis=-1)*2**n'))
    'f(x[: n // 2], axis=-1) * 2**n'
    """
    return _parts(_Spaced().visit(ast.parse(text, mode="eval").body))


def _parts(tree: ast.expr) -> Expression:
    if isinstance(tree, ast.Call):
        items = [("", _parts(argument)) for argument in tree.args]
        items += [(f"{keyword.arg}=", _parts(keyword.value)) for keyword in tree.keywords]
        return Group(ast.unparse(tree.func), "()", tuple(items))
    if isinstance(tree, ast.Subscript) and isinstance(tree.value, ast.Call) and isinstance(tree.slice, ast.Tuple):
        return Group(_parts(tree.value), "[]", tuple(("", ast.unparse(it)) for it in tree.slice.elts))
    if isinstance(tree, ast.BinOp) and type(tree.op) in _SIGNS:
        level = next(level for level in _LEVELS if _SIGNS[type(tree.op)] in level)
        first, rest = _chain(tree, level)
        return Chain(first, tuple(rest))
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        sign = _SIGNS[type(tree.ops[0])]
        return Chain(_operand(tree.left, ()), ((sign, _operand(tree.comparators[0], ())),))
    return ast.unparse(tree)


def _chain(tree: ast.expr, level: tuple[str, ...]) -> tuple[Expression, list[tuple[str, Expression]]]:
    """The first operand of operators of one level, and the others with the operators before them."""
    if not isinstance(tree, ast.BinOp) or _SIGNS.get(type(tree.op)) not in level:
        return _operand(tree, level), []
    first, rest = _chain(tree.left, level)
    return first, [*rest, (_SIGNS[type(tree.op)], _operand(tree.right, level))]


def _operand(tree: ast.expr, level: tuple[str, ...]) -> Expression:
    if isinstance(tree, ast.Call | ast.Subscript):
        return _parts(tree)
    text = ast.unparse(tree)
    if not isinstance(tree, ast.BinOp | ast.Compare | ast.IfExp | ast.BoolOp) or isinstance(tree, ast.Name):
        return text
    sign = _SIGNS.get(type(tree.op)) if isinstance(tree, ast.BinOp) else None
    order = [sign in it for it in _LEVELS]
    is_stronger = sign is not None and (not level or order.index(True) > _LEVELS.index(level))
    is_power = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow)
    if is_stronger and not is_power:
        return _parts(tree)
    return text if is_power else Bracketed(_parts(tree))


class _Spaced(ast.NodeTransformer):
    """Writes what Python's own writer writes with other spaces or quotes."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            return ast.Name(quote(node.value))
        return ast.Name(number(node.value)) if isinstance(node.value, float) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            texts = [ast.unparse(side) for side in (left, right)]
            if all(map(_SIMPLE.fullmatch, texts)) and not texts[0].startswith("-"):
                return ast.Name("**".join(texts))
        return ast.BinOp(left, node.op, right)

    def visit_Slice(self, node: ast.Slice) -> ast.expr:
        bounds = [None if it is None else ast.unparse(self.visit(it)) for it in (node.lower, node.upper, node.step)]
        space = "" if all(it is None or _SIMPLE.fullmatch(it) for it in bounds) else " "
        lower, upper, step = bounds
        text = f"{f'{lower}{space}' if lower else ''}:{f'{space}{upper}' if upper else ''}"
        if step:
            text += f"{space if upper else ''}:{space}{step}"
        return ast.Name(text)
