"""Formulas as Python expressions of tensors."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from specc import layers
from specc.backends.python.reading.expressions import Unwritable, shapes_in, value_of, values_at
from specc.backends.python.reading.items import Part
from specc.backends.python.writing.text import flat, number, quote
from specc.calls import Argument
from specc.expressions.syntax import parsed
from specc.formulas.functions import arguments_of
from specc.formulas.operators import BINARY, COMPARE, UNARY, Operator
from specc.formulas.text import of_names
from specc.operations.base import Operation

_OPS = "keras.ops."
_MARK = "\ua66e"
"""A letter around the number of what Python's parser does not read."""
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")
_WORDS = {"true": True, "false": False, "null": None}
_NO_SIGNS = (ast.Eq, ast.NotEq)
"""Comparisons that are none of tensors in Python."""
_SIMPLE = (ast.Name, ast.Constant)


class Around(Protocol):
    """What a formula needs of the list of items that it is in."""

    def found(self, text: str, user: Part) -> Any:
        """What a reference in the formula of an item refers to; None if it is none."""

    def is_several(self, use: Any) -> bool:
        """Whether a reference is to several tensors."""

    def has_copies(self, use: Any) -> bool:
        """Whether a reference is to a member that has copies."""


def uses_in(part: Part, around: Around) -> list[Any]:
    """What a formula reads."""
    seen: list[Any] = []

    def text(use: Any) -> str:
        seen.append(use)
        return "x"

    _Writer(part, around, text, is_looking=True).run()
    return seen


def written(part: Part, around: Around, text: Callable[[Any], str]) -> str:
    """A formula as Python; ``text`` gives the variable of what a reference refers to, with a star if it is a list."""
    return _Writer(part, around, text).run()


_Kind = Literal["number", "list", "constant", "tensor"]
"""What a part is: Python's own; numbers in place of a tensor; a tensor with values; or one of the model, which has none.

The operators of constants are those of the backend, which promotes dtypes otherwise: Keras's functions are written for them.
"""


class _Writer(ast.NodeTransformer):
    def __init__(self, part: Part, around: Around, text: Callable[[Any], str], is_looking: bool = False) -> None:
        self._part = part
        self._symbols = part.symbols
        self._around = around
        self._text = text
        self._lists: set[str] = set()
        """What stands for several tensors."""
        self._is_looking = is_looking
        self._marked: list[str] = []
        """What marks stand for: values, and what belongs to a name and is nothing to Python's parser."""
        source, position = "", 0
        formula = part.item.formula or ""
        for start, end in _not_of_python(formula):
            source += f"{formula[position:start]}{_MARK}{len(self._marked)}{_MARK}"
            self._marked.append(formula[start:end])
            position = end
        self._source = re.sub(r"\s", " ", source + formula[position:]).strip()

    def _as_written(self, text: str) -> str:
        """A part of the formula without marks."""
        return _MARKED.sub(lambda found: self._marked[int(found[1])], text)

    def run(self) -> str:
        try:
            return ast.unparse(self.visit(ast.parse(self._source, mode="eval").body))
        except SyntaxError:
            raise Unwritable("a formula that is none of Python") from None

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.expr) and not isinstance(node, ast.List | ast.Tuple | ast.Slice):
            raise Unwritable("a formula with something that has no Python")
        found: Any = super().generic_visit(node)
        return _is("list", found) if isinstance(node, ast.List | ast.Tuple) else found

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            return _is("number", ast.Name(quote(node.value)))
        return _is("number", ast.Name(number(node.value)) if isinstance(node.value, float) else node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        text = self._as_written(node.id)
        return self._value(text) if _MARKED.fullmatch(node.id) and text.startswith("$") else self._reference(text)

    def _value(self, given: str) -> ast.expr:
        """A value of the spec: a number, a list of numbers, a word or the name of an item."""
        value = None if shapes_in(given) else self._example(given)
        if isinstance(value, str) and self._around.found(value, self._part) is not None:
            return self._reference(given)
        if self._is_looking:
            return _is("number", ast.Constant(0))
        if self._symbols.is_known(given):
            return _is("list" if isinstance(value, list) else "number", ast.Name(flat(self._symbols.express(given))))
        found = parsed(given[2:-1] if given.startswith("$(") else given[1:])
        is_list = isinstance(value, list) or isinstance(found, ast.List | ast.ListComp)
        return _is("list" if is_list else "number", ast.parse(self._symbols.python(found), mode="eval").body)

    def _example(self, given: str) -> Any:
        """A value that the formula has somewhere in the graph; None if it is left out everywhere."""
        return None if self._part.absent else value_of(given, self._part.values)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._reference(self._as_written(ast.unparse(node)))

    def _reference(self, text: str) -> ast.expr:
        use = self._around.found(text, self._part)
        if use is None:
            if text in _WORDS:
                return _is("number", ast.Constant(_WORDS[text]))
            raise Unwritable("a word that is no name")
        return self._named(use)

    def _named(self, use: Any) -> ast.expr:
        text = self._text(use)
        self._lists |= {text[1:]} if text.startswith("*") else set()
        return _is("constant" if _is_constant(use) else "tensor", ast.Name(text.removeprefix("*")))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        is_name = isinstance(node.value, ast.Name | ast.Attribute)
        path = self._as_written(ast.unparse(node.value)) if is_name else ""
        use = self._around.found(path, self._part) if is_name and path not in self._marked else None
        if use is not None and not isinstance(node.slice, ast.Slice | ast.Tuple):
            are_copies = use.copy is None and self._around.is_several(use)
            is_number = ast.unparse(node.slice).removeprefix("-").isdigit()
            if self._around.has_copies(use) or (are_copies and is_number):
                return self._reference(self._as_written(ast.unparse(node)))
            if are_copies:
                return self._named(use.at(ast.unparse(self.visit(node.slice))))
        index, value = self.visit(node.slice), self.visit(node.value)
        return _is(_kind(value), ast.Subscript(value, index, ast.Load()))

    def visit_List(self, node: ast.List) -> ast.expr:
        items = [self.visit(item) for item in node.elts]
        for item in items:
            if isinstance(item, ast.Name) and item.id in self._lists:
                item.id = f"*{item.id}"
        return _is("list", ast.List(items, ast.Load()))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        found = layers.find(f"ops.{name}")
        if found is None or not issubclass(found, Operation):
            raise Unwritable("a function that is no operation")
        if found.imported_from:
            self._symbols.around.used.add(found.imported_from)
        positional = [self.visit(argument) for argument in node.args]
        keywords = [ast.keyword(keyword.arg, self.visit(keyword.value)) for keyword in node.keywords]
        operands = dict(zip(arguments_of(found), positional, strict=False))
        operands |= {keyword.arg or "": keyword.value for keyword in keywords}
        made = _operands({it: operands[it.name] for it in found.tensors if it.name in operands})
        positional = [made.get(id(it), it) for it in positional]
        keywords = [ast.keyword(it.arg, made.get(id(it.value), it.value)) for it in keywords]
        return _call(found.function, positional, keywords)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        left, right = _operand(self.visit(node.left)), _operand(self.visit(node.comparators[0]))
        (sign,) = node.ops
        if isinstance(sign, _NO_SIGNS) or _kind(left) != "tensor":  # Python turns the sign for what is on the right
            return _call(_function(COMPARE[type(sign)]), [left, right])
        return ast.Compare(left, node.ops, [right])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = _operand(self.visit(node.operand))
        if _kind(operand) == "constant":
            return _call(_function(UNARY[type(node.op)]), [operand])
        return _is(_kind(operand), ast.UnaryOp(node.op, operand))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = _operand(self.visit(node.left)), _operand(self.visit(node.right))
        are_numbers = _kind(left) == _kind(right) == "number"
        if not are_numbers and not _has_tensor(left, right):
            return _call(_function(BINARY[type(node.op)]), [left, right])
        if isinstance(node.op, ast.Pow) and isinstance(left, _SIMPLE) and isinstance(right, _SIMPLE):
            return _is(
                _kind(left), ast.Name(f"{ast.unparse(left)}**{ast.unparse(right)}")
            )  # without spaces, as ruff writes it
        return _is("number" if are_numbers else "tensor", ast.BinOp(left, node.op, right))


def _not_of_python(formula: str) -> list[tuple[int, int]]:
    """The parts of a formula that Python's parser does not read, in order."""
    values = list(values_at(formula))
    others = [it for it in of_names(formula) if not any(start <= it[0] < end for start, end in values)]
    return sorted([*values, *others])


def _is_constant(use: Any) -> bool:
    return use.part is not None and use.part.member is not None and use.part.member.is_constant


def _is(kind: _Kind, node: ast.expr) -> ast.expr:
    """A part, which is noted to be of a kind."""
    node.kind = kind  # type: ignore[attr-defined]
    return node


def _kind(node: ast.expr) -> _Kind:
    return getattr(node, "kind", "tensor")


def _has_tensor(*nodes: ast.expr) -> bool:
    return any(_kind(node) == "tensor" for node in nodes)


def _function(sign: Operator) -> str:
    return f"{_OPS}{sign.operation}"


def _call(name: str, given: list[ast.expr], keywords: Sequence[ast.keyword] = ()) -> ast.expr:
    """The call of a function of Keras."""
    tensors = [part for it in (*given, *(keyword.value for keyword in keywords)) for part in _leaves(it)]
    made = ast.Call(ast.Name(name), list(given), list(keywords))
    return _is("tensor" if _has_tensor(*tensors) else "constant", made)


def _operand(node: ast.expr) -> ast.expr:
    """A part where a tensor is taken: a list of numbers becomes one."""
    return _call(f"{_OPS}array", [node]) if _kind(node) == "list" else node


def _operands(given: Mapping[Argument, ast.expr]) -> dict[int, ast.expr]:
    """The tensors that a function is given, by what they were before numbers became tensors where it needs that."""
    found: dict[int, ast.expr] = {}
    are_all = len(given) > 1 and not any(_kind(it) in ("tensor", "constant") for it in given.values())
    for argument, node in given.items():
        if argument.many and isinstance(node, ast.List | ast.Tuple):
            node.elts = [_call(f"{_OPS}array", [it]) if _kind(it) in ("number", "list") else it for it in node.elts]
        elif _kind(node) == "list" or (are_all and not found and not argument.many):
            found[id(node)] = _call(f"{_OPS}array", [node])
    return found


def _leaves(node: ast.expr) -> list[ast.expr]:
    """What an argument consists of: the parts of a list, or itself."""
    return [leaf for it in node.elts for leaf in _leaves(it)] if isinstance(node, ast.List | ast.Tuple) else [node]
