"""Formulas as Python expressions of tensors."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from specc import layers
from specc.backends.python.expressions import Symbols, Unwritable, values_at, values_in
from specc.backends.python.text import flat, number, quote
from specc.expressions.syntax import parsed
from specc.operations.base import Operation

_STANDS_FOR = "value_of_the_spec_"
_WORDS = {"true": True, "false": False, "null": None}
_EQUAL = {ast.Eq: "equal", ast.NotEq: "not_equal"}
"""Comparisons that are none of tensors in Python, with Keras's functions for them."""
_SIMPLE = (ast.Name, ast.Constant)


def uses_in(formula: str, find: Callable[[str], Any], is_several: Callable[[Any], bool]) -> list[Any]:
    """What a formula reads; ``find`` gives what a reference refers to, or None if it is no reference."""
    seen: list[Any] = []

    def text(use: Any) -> str:
        seen.append(use)
        return "x"

    _Writer(formula, Symbols({}), find, text, is_several, is_looking=True).run()
    return seen


def written(
    formula: str,
    symbols: Symbols,
    find: Callable[[str], Any],
    text: Callable[[Any], str],
    is_several: Callable[[Any], bool],
) -> str:
    """A formula as Python; ``text`` gives the variable of what a reference refers to, with a star if it is a list."""
    return _Writer(formula, symbols, find, text, is_several).run()


class _Writer(ast.NodeTransformer):
    def __init__(
        self,
        formula: str,
        symbols: Symbols,
        find: Callable[[str], Any],
        text: Callable[[Any], str],
        is_several: Callable[[Any], bool],
        is_looking: bool = False,
    ) -> None:
        self._symbols = symbols
        self._find = find
        self._text = text
        self._is_several = is_several
        self._lists: set[str] = set()
        """What stands for several tensors."""
        self._is_looking = is_looking
        self._put_in = values_in(formula)
        source = formula
        for index, (start, end) in reversed(list(enumerate(values_at(formula)))):
            if re.search(r"[\w.]\Z", source[:start]) or re.match(r"[\w.]", source[end:]):
                raise Unwritable  # a part of a name
            source = f"{source[:start]}{_STANDS_FOR}{index}{source[end:]}"
        self._source = re.sub(r"\s", " ", source).strip()

    def run(self) -> str:
        try:
            return ast.unparse(self.visit(ast.parse(self._source, mode="eval").body))
        except SyntaxError:
            raise Unwritable from None

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.expr) and not isinstance(node, ast.UnaryOp | ast.List | ast.Tuple | ast.Slice):
            raise Unwritable
        return super().generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            return ast.Name(quote(node.value))
        return ast.Name(number(node.value)) if isinstance(node.value, float) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id.startswith(_STANDS_FOR):
            if self._is_looking:
                return ast.Constant(0)
            given = self._put_in[int(node.id.removeprefix(_STANDS_FOR))]
            if self._symbols.is_known(given):
                if isinstance(self._symbols.known(given), str):
                    raise Unwritable
                return ast.Name(flat(self._symbols.express(given)))
            found = parsed(given[2:-1] if given.startswith("$(") else given[1:])
            return ast.parse(self._symbols.python(found), mode="eval").body
        return self._reference(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._reference(ast.unparse(node))

    def _reference(self, text: str) -> ast.expr:
        use = self._find(text)
        if use is None:
            if text in _WORDS:
                return ast.Constant(_WORDS[text])
            raise Unwritable
        text = self._text(use)
        self._lists |= {text[1:]} if text.startswith("*") else set()
        return ast.Name(text.removeprefix("*"))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        use = self._find(ast.unparse(node.value)) if isinstance(node.value, ast.Name | ast.Attribute) else None
        index = self.visit(node.slice)
        if (
            use is not None
            and use.copy is None
            and self._is_several(use)
            and not isinstance(index, ast.Slice | ast.Tuple)
        ):
            return ast.Name(self._text(use._replace(copy=ast.unparse(index))))
        return ast.Subscript(self.visit(node.value), index, ast.Load())

    def visit_List(self, node: ast.List) -> ast.expr:
        items = [self.visit(item) for item in node.elts]
        for item in items:
            if isinstance(item, ast.Name) and item.id in self._lists:
                item.id = f"*{item.id}"
        return ast.List(items, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        found = layers.find(f"ops.{name}")
        if found is None or not issubclass(found, Operation):
            raise Unwritable
        if found.imported_from:
            self._symbols.around.used.add(found.imported_from)
        keywords = [ast.keyword(keyword.arg, self.visit(keyword.value)) for keyword in node.keywords]
        return ast.Call(ast.Name(found.function), [self.visit(argument) for argument in node.args], keywords)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.comparators[0])
        function = _EQUAL.get(type(node.ops[0]))
        if function is not None:
            return ast.Call(ast.Name(f"keras.ops.{function}"), [left, right], [])
        return ast.Compare(left, node.ops, [right])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow) and isinstance(left, _SIMPLE) and isinstance(right, _SIMPLE):
            return ast.Name(f"{ast.unparse(left)}**{ast.unparse(right)}")  # without spaces, as ruff writes it
        return ast.BinOp(left, node.op, right)
