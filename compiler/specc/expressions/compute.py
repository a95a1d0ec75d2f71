"""Evaluates one expression: a walk over its syntax tree that counts what it spends."""

from __future__ import annotations

import ast
import math
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from specc.budget import DEEPEST_VALUE, current
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import (
    INSTEAD_OF_FUNCTIONS,
    INSTEAD_OF_SYNTAX,
    ExpressionError,
    in_our_signs,
    no_value,
    overdrawn,
)
from specc.expressions.operations import BINARY, COMPARE, FUNCTIONS, LARGEST_NUMBER, WORDS
from specc.expressions.syntax import LONGEST_EXPRESSION, column, dollar_in, is_shape, parsed

if TYPE_CHECKING:
    from specc.expressions.shapes import ShapeCall

LARGEST_LIST = 10_000
"""Most values in a list, including those of nested lists; and most characters in a string."""
_CALLED = (*FUNCTIONS, "shape")
FEW_PARTS = 10
"""Names, numbers and operators of an expression that cost one element each."""
COST_OF_A_PART = 4
"""The cost of each further one: long formulas are not meant for thousands of copies."""
_PART = re.compile(r"\w+|[^\w\s]")
_NUMBERS = (int, float)
_SCALARS = (bool, int, float, str, type(None))
_SIGN_HELP = "arithmetic is for numbers; + also joins two strings or two lists, and * repeats a list"
_HAS = (
    "it has numbers, names, + - * / // % **, comparisons, and or not, 'a if c else b', sizes[0], sizes[1:], "
    "[a for a in sizes if c]"
)


class Evaluation:
    """One walk over the parsed expression."""

    def __init__(self, text: str, start: int, end: int, values: Mapping[str, Any]) -> None:
        self._source = text[start:end].replace("\n", " ").replace("\r", " ").replace("\t", " ")
        self._offset = start
        self._values = self._given = values
        self._local: dict[str, Any] = {}
        """The values of the names after the ``for`` of the lists around a part."""
        self._budget = current()
        self._asks = False
        """Whether the expression asks for a shape."""

    def run(self) -> Any:
        """The value. ExpressionError has what is wrong."""
        source = self._source
        if len(source) > LONGEST_EXPRESSION:
            raise self._whole(
                "expression",
                f"an expression of {len(source)} characters is too long",
                f"at most {LONGEST_EXPRESSION}; compute a part in 'vars'",
            )
        if not self._budget.spend_formula(source):
            raise self._whole(
                "too-large",
                f"the spec has more than {self._budget.most_formulas:,} different formulas",
                "use fewer, or equal ones; a longer file may have more",
            )
        parts = len(_PART.findall(source))
        if not self._budget.spend_values(max(parts, COST_OF_A_PART * (parts - FEW_PARTS) + FEW_PARTS)):
            raise overdrawn(self._budget, source, self._offset, self._offset + max(1, len(source)))
        bare = source.strip()
        if not bare:
            raise self._whole("expression", "the expression $() is empty", "write a value in it, such as $(width * 2)")
        dollar = dollar_in(source)
        if dollar is not None:
            at = self._offset + dollar
            raise ExpressionError(
                "expression",
                f"names are written without $ inside an expression, unlike {quote_value(bare)}",
                at,
                at + 1,
                "remove the $",
            )
        try:
            tree = parsed(bare)
        except SyntaxError:  # its place differs between versions of Python
            meant = in_our_signs(bare)
            raise self._whole(
                "expression",
                f"the expression {quote_value(bare)} is not complete or has a stray character",
                f"write $({meant})" if meant is not None else _HAS,
            ) from None
        except (RecursionError, MemoryError, ValueError):
            raise self._whole("expression", "the expression is nested too deeply") from None
        self._offset += len(source) - len(source.lstrip())
        self._source = bare
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

    def _whole(self, code: ErrorCode, message: str, help: str | None = None) -> ExpressionError:
        return ExpressionError(code, message, self._offset, self._offset + max(1, len(self._source)), help)

    def _error(
        self, node: ast.expr, message: str, help: str | None = None, code: ErrorCode = "expression"
    ) -> ExpressionError:
        return ExpressionError(code, message, *self._within(node), help)

    def _within(self, node: ast.expr) -> tuple[int, int]:
        """The offsets of the first character of a part and of the one after its last, in the whole text."""
        start = self._offset + column(self._source, node.col_offset)
        return start, self._offset + column(self._source, node.end_col_offset or node.col_offset + 1)

    def _quoted(self, node: ast.expr) -> str:
        """The text of a part of the expression, as a message shows it."""
        return quote_value(self._text(node))

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._source, node) or ""

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
            raise no_value(name, self._values, start, start + len(name)) from None

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
        return self._call(node, name, [self._value(argument) for argument in node.args])

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
            elif meant is node:
                help = f"write ['{meant.attr}'] for the value of a map"
        message = f"{self._quoted(node)} is not part of the expression language"
        raise self._error(node, message, help or f"{_HAS}, {' '.join(_CALLED)}")

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
        index = self._value(node.slice)
        if isinstance(value, dict) and isinstance(index, str):
            if index in value:
                return value[index]
            raise self._error(
                node,
                f"there is no key {quote_value(index)}",
                did_you_mean(index, value) or f"keys: {', '.join(list(value)[:12])}",
            )
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
        cost = len(_PART.findall(self._text(node)))
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
        if not isinstance(items, list) or step.is_async:
            raise self._error(
                step.iter,
                f"'for' goes over a list, not {quote_value(items)}",
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

    def _spend(self, node: ast.expr, count: int) -> None:
        if not self._budget.spend_values(count):
            raise overdrawn(self._budget, self._text(node), *self._within(node))

    def _checked(self, node: ast.expr, value: Any) -> Any:
        if isinstance(value, int):
            if abs(value) > LARGEST_NUMBER:
                raise self._too_large(node)
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise self._too_large(node)
        elif isinstance(value, str | list):
            size = self._budget.size(value)
            if size.elements > LARGEST_LIST:
                raise self._too_large(node)
            if size.depth > DEEPEST_VALUE:
                raise self._error(node, f"the result of {self._quoted(node)} is nested too deeply")
        elif isinstance(value, complex):
            raise self._error(node, f"{self._quoted(node)} is not a real number", "a root of a negative number is none")
        return value

    def _too_large(self, node: ast.expr) -> ExpressionError:
        return self._error(
            node,
            f"the result of {self._quoted(node)} is too large",
            f"integers go to 2^63 - 1, lists to {LARGEST_LIST:,} values",
        )


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
