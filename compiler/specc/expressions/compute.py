"""Evaluates one expression: a walk over its syntax tree that counts what it spends."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import (
    INSTEAD_OF_FUNCTIONS,
    INSTEAD_OF_SYNTAX,
    ExpressionError,
    as_entry,
    instead_of_method,
    no_key,
    no_value,
)
from specc.expressions.operations import BINARY, COMPARE, FUNCTIONS, WORDS
from specc.expressions.syntax import column, is_shape
from specc.expressions.written import HAS, LARGEST_LIST, PART, Written

if TYPE_CHECKING:
    from specc.expressions.shapes import ShapeCall

_CALLED = (*FUNCTIONS, "shape")
_NUMBERS = (int, float)
_SCALARS = (bool, int, float, str, type(None))
_SIGN_HELP = "arithmetic is for numbers; + also joins two strings or two lists, and * repeats a list"


class Evaluation(Written):
    """One walk over the parsed expression."""

    def __init__(self, text: str, start: int, end: int, values: Mapping[str, Any]) -> None:
        super().__init__(text, start, end)
        self._values = self._given = values
        self._local: dict[str, Any] = {}
        """The values of the names after the ``for`` of the lists around a part."""
        self._asks = False
        """Whether the expression asks for a shape."""

    def run(self) -> Any:
        """The value. ExpressionError has what is wrong."""
        tree = self.tree()
        try:
            return self._settled(self._value(tree))
        except RecursionError:
            raise self._whole("expression", "the expression is nested too deeply") from None

    def _settled(self, value: Any) -> Any:
        """The value of the whole expression."""
        if not self._asks:
            return value
        from specc.expressions.shapes import settled

        return settled(value)

    def _value(self, node: ast.expr) -> Any:
        return NODES.get(type(node), Evaluation._unknown)(self, node)

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        return self._checked(node, value) if isinstance(value, _SCALARS) else self._unknown(node)

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        if name in WORDS and name not in self._values:
            return WORDS[name]
        if name in _CALLED and name not in self._values:
            raise self._error(node, f"{name} is a function", f"write {name}(...)")
        try:
            return self._values[name]
        except KeyError:
            start = self._offset + column(self._source, node.col_offset)
            found = no_value(name, self._values, start, start + len(name))
            if self._tensors(node) is not None:
                help = f"'{name}' is an input of the block: len({name}) is how many tensors it has"
                found.problem = replace(found.problem, help=help)
            raise found from None

    def _list(self, node: ast.List | ast.Tuple) -> list[Any]:
        result: list[Any] = self._checked(node, [self._value(item) for item in node.elts])
        return result

    def _signed(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return not self._value(node.operand)
        if isinstance(node.op, ast.Invert):
            return self._unknown(node)
        value = self._number(node.operand)
        return -value if isinstance(node.op, ast.USub) else value

    def _function(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name):
            return self._unknown(node)
        name = node.func.id
        if name == "shape":
            return self._asked(node).sizes()
        if name not in FUNCTIONS:
            meant = did_you_mean(name, _CALLED) or f"functions: {', '.join(_CALLED)}"
            instead = INSTEAD_OF_FUNCTIONS.get(name) or meant
            raise self._error(node, f"there is no function {quote_value(name)}", instead)
        if node.keywords:
            raise self._error(node, f"{name} takes values, not keywords", f"write {name}(a, b)")
        if name == "len" and len(node.args) == 1 and is_shape(node.args[0]):
            return self._asked(node.args[0]).rank()
        if name == "len" and len(node.args) == 1 and (count := self._tensors(node.args[0])) is not None:
            return count
        return self._call(node, name, [self._value(argument) for argument in node.args])

    def _tensors(self, node: ast.expr) -> int | None:
        """How many tensors are in an input of the block; None for anything else, such as a list of that name."""
        questions = getattr(self._given, "questions", None)
        if (
            questions is None
            or not isinstance(node, ast.Name)
            or isinstance(self._values.get(node.id), list | str | dict)
        ):
            return None
        from specc.expressions.shapes import count_of

        return count_of(questions, node, node.id, self._error)

    def _asked(self, node: ast.expr) -> ShapeCall:
        """A ``shape(...)``."""
        from specc.expressions.shapes import ShapeCall  # few specs ask for shapes

        assert isinstance(node, ast.Call)
        self._asks = True
        return ShapeCall(node, self._given, self._local, self._value, self._text, self._error)

    def _unknown(self, node: ast.expr) -> NoReturn:
        help = INSTEAD_OF_SYNTAX.get(type(node))
        meant = node.func if isinstance(node, ast.Call) else node
        if isinstance(meant, ast.Attribute):
            if meant.attr in FUNCTIONS or meant.attr in WORDS:  # math.sqrt(a), math.pi
                help = f"write {meant.attr}"
            elif (asked := self._shape_meant(meant)) is not None:
                help = f"write {asked}"
            else:
                help = self._of_map(node, meant)
        message = f"{self._quoted(node)} is not part of the expression language"
        raise self._error(node, message, help or f"{HAS}, {' '.join(_CALLED)}")

    def _of_map(self, node: ast.expr, meant: ast.Attribute) -> str | None:
        """A help for what is asked of a map as of an object: ``sizes.small``, ``sizes.keys()``."""
        try:
            around = self._entry(meant.value)
        except (ExpressionError, LookupError, TypeError):
            return None
        if not isinstance(around, dict):
            return None
        text = as_entry(meant.value)
        if node is not meant:
            return instead_of_method(meant.attr, text)
        if meant.attr not in around:
            return no_key(meant.attr, around)
        start, end = (place - self._offset for place in self._within(node))
        return f'write "$({self._source[:start]}{as_entry(node)}{self._source[end:]})"'

    def _entry(self, node: ast.expr) -> Any:
        """The value of a part in which ``.name`` stands for an entry of a map."""
        return self._entry(node.value)[node.attr] if isinstance(node, ast.Attribute) else self._value(node)

    def _shape_meant(self, node: ast.Attribute) -> str | None:
        """The ``shape(...)`` that is meant by ``x.shape`` or ``shape(x).port``; None if none is."""
        if node.attr == "shape":
            return f"shape({self._text(node.value)})"
        if isinstance(node.value, ast.Call) and is_shape(node.value) and len(node.value.args) == 1:
            return f"shape({self._text(node.value.args[0])}.{node.attr})"
        return None

    def _number(self, node: ast.expr) -> Any:
        value = self._value(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse_unknown(value)
            raise self._error(node, f"must be a number, not {quote_value(value)}", "only numbers have a sign")
        return value

    def _refuse_unknown(self, *values: Any) -> None:
        """ExpressionError for a size that is not known, among values that should be numbers."""
        if self._asks:
            from specc.expressions.shapes import UnknownSize

            for value in values:
                if isinstance(value, UnknownSize):
                    value.refuse()

    def _logic(self, node: ast.BoolOp) -> Any:
        value: Any = None
        for operand in node.values:
            value = self._value(operand)
            if bool(value) is isinstance(node.op, ast.Or):
                return value
        return value

    def _choice(self, node: ast.IfExp) -> Any:
        return self._value(node.body if self._value(node.test) else node.orelse)

    def _binary(self, node: ast.BinOp) -> Any:
        op, left, right = node.op, self._value(node.left), self._value(node.right)
        if type(op) not in BINARY:
            raise self._error(
                node,
                f"{self._quoted(node)} has an operator that is not part of the expression language",
                "write ** for a power" if isinstance(op, ast.BitXor) else "operators: + - * / // % **",
            )
        sign, function = BINARY[type(op)]
        if type(left) not in _NUMBERS or type(right) not in _NUMBERS:
            self._refuse_unknown(left, right)
            joined = sign == "+" and type(left) is type(right) and isinstance(left, str | list)
            repeated = sign == "*" and isinstance(left, list) and type(right) is int
            if not (joined or repeated):
                raise self._error(
                    node, f"{sign} cannot be applied to {quote_value(left)} and {quote_value(right)}", _SIGN_HELP
                )
            size = self._budget.size(left).elements
            size = size + self._budget.size(right).elements if joined else size * max(right, 0)
            if size > LARGEST_LIST:
                raise self._too_large(node)
            self._spend(node, size)
        if sign == "**" and isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > 200:
            raise self._too_large(node)
        try:
            return self._checked(node, function(left, right))
        except ZeroDivisionError:
            raise self._error(
                node,
                f"{self._quoted(node)} divides by zero",
                "divide by another value, or guard it: a // b if b else 0",
            ) from None
        except OverflowError:
            raise self._too_large(node) from None

    def _compare(self, node: ast.Compare) -> bool:
        value = self._value(node.left)
        for op, other_node in zip(node.ops, node.comparators, strict=True):
            other = self._value(other_node)
            if type(op) not in COMPARE:
                raise self._error(
                    node,
                    f"{self._quoted(node)} has a comparison that is not part of the expression language",
                    "write == or !=",
                )
            sign, function = COMPARE[type(op)]
            self._spend(node, self._budget.size(value).elements + self._budget.size(other).elements)
            try:
                if not function(value, other):
                    return False
            except TypeError:
                raise self._error(
                    node,
                    f"{sign} cannot be applied to {quote_value(value)} and {quote_value(other)}",
                    "compare numbers with numbers, strings with strings",
                ) from None
            value = other
        return True

    def _index(self, node: ast.Subscript) -> Any:
        if is_shape(node.value) and not isinstance(node.slice, ast.Slice):
            return self._asked(node.value).size(node.slice, self._value(node.slice))
        value = self._value(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._slice(node, node.slice, value)
        try:
            index = self._value(node.slice)
        except ExpressionError as error:
            if isinstance(value, dict) and isinstance(node.slice, ast.Name) and node.slice.id in value:
                error.problem = replace(
                    error.problem, help=f"a key is a string: write {self._text(node.value)}['{node.slice.id}']"
                )
            raise
        if isinstance(value, dict) and isinstance(index, str):
            if index in value:
                return value[index]
            raise self._error(node, f"there is no key {quote_value(index)}", no_key(index, value))
        if not isinstance(value, list | str) or not isinstance(index, int) or isinstance(index, bool):
            raise self._error(
                node,
                f"{quote_value(value)} has no element {quote_value(index)}",
                "index a list or a string by integers from 0, a map by its keys",
            )
        if not -len(value) <= index < len(value):
            raise self._error(
                node,
                f"index {index} is outside a list of {len(value)}",
                f"indices go from 0 to {len(value) - 1}" if value else "the list is empty",
            )
        return value[index]

    def _slice(self, node: ast.Subscript, part: ast.Slice, value: Any) -> Any:
        bounds = [None if bound is None else self._value(bound) for bound in (part.lower, part.upper, part.step)]
        self._refuse_unknown(*bounds)
        if not isinstance(value, list | str) or not all(type(bound) in (int, type(None)) for bound in bounds):
            help = "take a part of a list or a string by integers: sizes[1:], sizes[:-1], sizes[::2]"
            raise self._error(node, f"{self._quoted(node)} is not a part of a list", help)
        if bounds[2] == 0:
            raise self._error(node, f"{self._quoted(node)} has a step of 0", "write sizes[::-1] for the reverse")
        found = value[slice(*bounds)]
        self._spend(node, len(found))
        return found

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        found: list[Any] = []
        cost = len(PART.findall(self._text(node)))
        self._loop(node, 0, cost, found)
        result: list[Any] = self._checked(node, found)
        return result

    def _loop(self, node: ast.ListComp | ast.GeneratorExp, depth: int, cost: int, found: list[Any]) -> None:
        """Add the elements of a comprehension, whose ``for`` at that depth is the next; each step has the cost."""
        if depth == len(node.generators):
            found.append(self._value(node.elt))
            if len(found) > LARGEST_LIST:
                raise self._too_large(node)
            return
        step, values, local = node.generators[depth], self._values, self._local
        items = self._value(step.iter)
        self._refuse_unknown(items)
        if isinstance(items, dict):
            items = list(items)
        if not isinstance(items, list) or step.is_async:
            raise self._error(
                step.iter,
                f"'for' goes over a list or the keys of a map, not {quote_value(items)}",
                f"write range({self._text(step.iter)})" if type(items) is int else "write a list, or range(3)",
            )
        try:
            for item in items:
                self._spend(node, cost)
                self._local = {**local, **self._bound(step.target, item)}
                self._values = ChainMap(self._local, self._given)  # type: ignore[arg-type] # it writes to its first map
                if all(self._value(test) for test in step.ifs):
                    self._loop(node, depth + 1, cost, found)
        finally:
            self._values, self._local = values, local

    def _bound(self, target: ast.expr, item: Any) -> dict[str, Any]:
        """The values of the names of a ``for``: ``a``, or ``a, b`` for the parts of a list."""
        if isinstance(target, ast.Name):
            return {target.id: item}
        names = [part.id for part in target.elts if isinstance(part, ast.Name)] if isinstance(target, ast.Tuple) else []
        if not isinstance(target, ast.Tuple) or len(names) < len(target.elts):
            return self._unknown(target)
        if not isinstance(item, list) or len(item) != len(names):
            message = f"{self._quoted(target)} needs a list of {len(names)} values, not {quote_value(item)}"
            raise self._error(target, message, "write one name for each value of the list")
        return dict(zip(names, item, strict=True))

    def _call(self, node: ast.expr, name: str, arguments: list[Any]) -> Any:
        self._spend(node, sum(self._budget.size(argument).elements for argument in arguments))
        try:
            value = FUNCTIONS[name].compute(*arguments)
            if not isinstance(value, range):
                return self._checked(node, value)
            if len(value) > LARGEST_LIST:
                raise self._too_large(node)
            self._spend(node, len(value))
            return list(value)
        except OverflowError:
            raise self._too_large(node) from None
        except (TypeError, ValueError, ZeroDivisionError):
            self._refuse_unknown(*arguments, *(part for it in arguments if isinstance(it, list) for part in it))
            given = ", ".join(quote_value(argument) for argument in arguments)
            help = f"{name} takes {FUNCTIONS[name].takes}"
            raise self._error(node, f"{name} cannot be applied to ({given})", help) from None


NODES: dict[type[ast.expr], Callable[[Evaluation, Any], Any]] = {
    ast.Constant: Evaluation._constant,
    ast.Name: Evaluation._name,
    ast.BinOp: Evaluation._binary,
    ast.List: Evaluation._list,
    ast.Tuple: Evaluation._list,
    ast.UnaryOp: Evaluation._signed,
    ast.BoolOp: Evaluation._logic,
    ast.IfExp: Evaluation._choice,
    ast.Compare: Evaluation._compare,
    ast.Subscript: Evaluation._index,
    ast.Call: Evaluation._function,
    ast.ListComp: Evaluation._comprehension,
    ast.GeneratorExp: Evaluation._comprehension,
}
"""All node types that are allowed in an expression."""
