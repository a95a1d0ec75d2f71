"""A walk over the syntax tree of a formula, which becomes operations."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

from specc.arguments import LARGEST_INT
from specc.budget import current
from specc.calls import Argument
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError, overdrawn
from specc.expressions.syntax import parsed
from specc.formulas import functions
from specc.formulas.calls import arguments_of_call, as_word
from specc.formulas.making import Literal, Making
from specc.formulas.meant import FORMS, Meant
from specc.formulas.operators import BINARY, COMPARE, UNARY, Operator
from specc.formulas.parts import Parts
from specc.formulas.scope import Around
from specc.formulas.signs import depth
from specc.formulas.steps import Lowered, Made, Name, Operand
from specc.formulas.text import FormulaText, error
from specc.operations.base import Operation

COST_OF_A_PART = 4
"""The cost of each name, number and sign, in elements and characters of values."""
DEEPEST = 100
"""Brackets that may be open at once."""
_PART = re.compile(r"\w+|[^\w\s]")
_HYPHENATED = re.compile(r"(?<![\w.$])[^\W\d]\w*(?:-\w+)+(?![\w(])")


class Walk:
    """One walk over a parsed formula."""

    def __init__(self, text: FormulaText, around: Around) -> None:
        self._text = text
        self._around = around
        self._parts = Parts(text)
        self._meant = Meant(self._parts, around)
        self._making = Making()

    def run(self) -> Lowered:
        """The operations, each after those that it reads. SyntaxError if Python's parser does not take it."""
        whole, source = (0, max(1, len(self._text.written))), self._parts.source
        if not source:
            raise error("the formula is empty", whole, "write what it computes, such as x * 2 + y")
        budget = current()
        cost = COST_OF_A_PART * len(_PART.findall(source))
        if not budget.spend_formula(self._text.written) or not budget.spend_values(cost):
            raise overdrawn(budget, self._text.written, *whole)
        too_deep = error("the formula is nested too deeply", whole, "compute a part in a formula of its own")
        if depth(source) > DEEPEST:
            raise too_deep
        for found in _HYPHENATED.finditer(source):
            if found[0] in self._around.names:
                help = f"name the item {found[0].replace('-', '_')}, or use it in an Identity of such a name"
                raise error(f"the name '{found[0]}' cannot stand in a formula, where - is minus", found.span(), help)
        try:
            tree = parsed(source)
            value = self._value(tree)
        except (RecursionError, MemoryError, ValueError):
            raise too_deep from None
        if isinstance(value, Literal) and isinstance(value.value, list):
            value = self._making.array(value)
        if isinstance(value, Literal):
            raise error(f"the formula is just {quote_value(value.value)}", whole, "write that where it is used")
        if isinstance(value, Name):
            raise error(f"the formula is just the name '{value.text}'", whole, "use that name in place of this one")
        if value.port:
            self._making.make("copy", {}, {"x": value}, value.within)
        return Lowered(self._text, tuple(self._making.steps))

    # -- Values -------------------------------------------------------------------------------

    def _value(self, node: ast.expr) -> Operand | Literal:
        """A part of the formula: a reference, what a step made, or a constant."""
        return NODES.get(type(node), Walk._unknown)(self, node)

    def _unknown(self, node: ast.expr) -> NoReturn:
        instead = self._meant.of(node)
        message = f"{self._parts.quoted(node)} is not part of the language of formulas"
        raise self._parts.error(
            node, message, None if instead is not None else _INSTEAD.get(type(node), FORMS), instead
        )

    def _constant(self, node: ast.Constant) -> Literal:
        if not isinstance(node.value, bool | int | float | str | type(None) | type(...)):
            self._unknown(node)
        if isinstance(node.value, float) and not isfinite(node.value):
            raise self._parts.error(node, f"{self._parts.quoted(node)} is too large", "floats go to 1.7e308")
        if isinstance(node.value, int) and abs(node.value) > LARGEST_INT:
            raise self._parts.error(node, f"{self._parts.quoted(node)} is too large", "integers go to 2^63 - 1")
        return Literal(node.value, self._parts.within(node))

    def _name(self, node: ast.Name | ast.Attribute) -> Operand | Literal:
        within = self._parts.within(node)
        put_in = self._text.value(*within)
        if put_in is not None:
            return Literal(put_in.value, within)
        path = self._parts.path(node)
        if path is None:
            assert isinstance(node, ast.Attribute)
            return self._port(node)
        if (instead := self._meant.of(node)) is not None:
            raise self._parts.error(node, f"there is no layer {self._parts.quoted(node)}", instead=instead)
        item, _, attribute = path.rpartition(".")
        if attribute in _ATTRIBUTES and item.split(".")[0] not in self._around.instances:
            raise self._parts.error(
                node, f"{self._parts.quoted(node)} is no tensor", _ATTRIBUTES[attribute].format(item)
            )
        return Name(self._text.name(*within), within)

    def _port(self, node: ast.Attribute) -> Made:
        """A named output of a function that gives several: ``top_k(x, 2).values``."""
        value = self._value(node.value)
        ports = self._making.ports(value) if isinstance(value, Made) and value.port is None else ()
        if isinstance(value, Made) and node.attr in ports and len(ports) > 1:
            return value._replace(port=ports.index(node.attr), within=self._parts.within(node))
        help = (
            f"its outputs are {', '.join(ports)}" if len(ports) > 1 else "name.port is an output of an item by its name"
        )
        raise self._parts.error(node, f"{self._parts.quoted(node)} is no name", help, self._meant.of(node))

    def _list(self, node: ast.List | ast.Tuple) -> Literal:
        return Literal([self._plain(item) for item in node.elts], self._parts.within(node))

    def _plain(self, node: ast.expr) -> Any:
        """The value of a constant."""
        value = self._value(node)
        if isinstance(value, Literal):
            return value.value
        raise self._parts.error(
            node, f"{self._parts.quoted(node)} is a tensor, and a constant is needed here", _STACKED
        )

    # -- Operators ----------------------------------------------------------------------------

    def _unary(self, node: ast.UnaryOp) -> Operand | Literal:
        if isinstance(node.op, ast.Not):
            self._unknown(node)
        value = self._value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(value, Literal) and _is_number(value.value) and isinstance(node.op, ast.USub):
            return Literal(-value.value, self._parts.within(node))
        return self._operation(UNARY[type(node.op)], {"x": (node.operand, value)}, node)

    def _binary(self, node: ast.BinOp) -> Operand | Literal:
        found = BINARY.get(type(node.op))
        if found is None:
            self._unknown(node)
        is_number = any(isinstance(side, ast.Constant) for side in (node.left, node.right))
        if isinstance(node.op, ast.MatMult) and is_number and (instead := self._meant.of(node)) is not None:
            raise self._parts.error(node, f"{self._parts.quoted(node)} is no product of matrices", instead=instead)
        left, right = self._value(node.left), self._value(node.right)
        numbers = [side.value for side in (left, right) if isinstance(side, Literal) and _is_number(side.value)]
        if len(numbers) == 2 and found.of_numbers is not None:
            return Literal(self._computed(node, found, *numbers), self._parts.within(node))
        return self._operation(found, {"x1": (node.left, left), "x2": (node.right, right)}, node)

    def _computed(self, node: ast.BinOp, found: Operator, left: Any, right: Any) -> Any:
        """An operator between two numbers, which Python computes."""
        assert found.of_numbers is not None
        large = found.sign == "**" and max(abs(left), 2) > 1 and abs(right) > 200
        try:
            value = None if large else found.of_numbers(left, right)
        except (ZeroDivisionError, OverflowError):
            value = None
        if isinstance(value, complex) or value is None or (isinstance(value, int) and abs(value) > LARGEST_INT):
            raise self._parts.error(
                node, f"{self._parts.quoted(node)} is no number that a tensor could have", "write a finite, real number"
            )
        return value

    def _compare(self, node: ast.Compare) -> Operand | Literal:
        found = COMPARE.get(type(node.ops[0]))
        if len(node.ops) > 1 or found is None:
            is_many = len(node.ops) > 1
            message = (
                "a formula compares two values at a time"
                if is_many
                else f"{self._parts.quoted(node)} has a comparison that no tensor has"
            )
            instead = self._meant.of(node)
            help = None if instead is not None else "a name is always a tensor"
            raise self._parts.error(node, message, help, instead)
        sides = {"x1": (node.left, self._value(node.left))}
        sides["x2"] = (node.comparators[0], self._value(node.comparators[0]))
        return self._operation(found, sides, node)

    def _operation(self, found: Operator, sides: dict[str, tuple[ast.expr, Operand | Literal]], node: ast.expr) -> Made:
        """The step of an operator; a number on one side is a constant of it."""
        cls = functions.find(found.operation, self._parts.within(node))
        given = {name: self._operand(part, value) for name, (part, value) in sides.items()}
        return self._making.step(cls, given, {}, self._parts.within(node))

    # -- Indexing -----------------------------------------------------------------------------

    def _index(self, node: ast.Subscript) -> Operand | Literal:
        is_copy = self._parts.path(node.value) in self._around.copied
        if not is_copy and (instead := self._meant.index(node)) is not None:
            raise self._parts.error(node, f"{self._parts.quoted(node)} is no index that a tensor has", instead=instead)
        value = self._value(node.value)
        index = node.slice
        if (
            isinstance(value, Name)
            and value.text in self._around.copied
            and not isinstance(index, ast.Slice | ast.Tuple)
        ):
            found = (
                None
                if isinstance(index, ast.Name) and self._text.value(*self._parts.within(index)) is None
                else self._value(index)
            )
            number = found.value if isinstance(found, Literal) else None
            if type(number) is not int:
                message = f"'{value.text}' has copies, and {self._parts.quoted(node)} is none of them"
                raise self._parts.error(node, message, f"write its number: {value.text}[0]")
            return Name(f"{value.text}[{number}]", self._parts.within(node))
        if isinstance(value, Made) and value.port is None and len(self._making.ports(value)) > 1:
            return self._output(value, index, node)
        key = list(map(self._key_item, index.elts)) if isinstance(index, ast.Tuple) else self._key_item(index)
        cls = functions.find("get_item", self._parts.within(node))
        operand = self._operand(node.value, value)
        return self._making.step(
            cls, {"x": operand}, {"key": Literal(key, self._parts.within(index))}, self._parts.within(node)
        )

    def _key_item(self, item: ast.expr) -> Any:
        if isinstance(item, ast.Slice):
            parts = {"start": item.lower, "stop": item.upper, "step": item.step}
            return {name: self._number(part) for name, part in parts.items() if part is not None}
        value = self._value(item)
        if isinstance(value, Literal) and (value.value is None or value.value is ...):
            return None if value.value is None else "..."
        return self._number(item, value)

    def _number(self, node: ast.expr, value: Operand | Literal | None = None) -> Any:
        value = self._value(node) if value is None else value
        if not isinstance(value, Literal):
            help = "take(x, indices, axis=1) takes the elements at indices that are computed"
            raise self._parts.error(node, f"{self._parts.quoted(node)} is a tensor, and an index is a number", help)
        if value.value is not None and type(value.value) is not int:
            raise self._parts.error(
                node, f"an index is an integer, not {quote_value(value.value)}", "write a whole number"
            )
        return value.value

    def _output(self, value: Made, index: ast.expr, node: ast.expr) -> Made:
        """One output of a function that gives several."""
        ports = self._making.ports(value)
        number = None if isinstance(index, ast.Slice | ast.Tuple) else self._plain(index)
        if type(number) is not int or not -len(ports) <= number < len(ports):
            raise self._parts.error(
                node, f"{self._parts.quoted(node)} is none of {len(ports)} outputs", f"write 0 to {len(ports) - 1}"
            )
        return value._replace(port=number % len(ports), within=self._parts.within(node))

    # -- Functions ----------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Made:
        put_in = self._text.value(*self._parts.within(node.func))
        if put_in is not None and not isinstance(put_in.value, str):
            instead = self._meant.call(node)
            raise self._parts.error(node, f"{quote_value(put_in.value)} is no function", instead=instead)
        cls, name = self._function(node)
        given: dict[str, Any] = {}
        constants: dict[str, Literal] = {}
        tensors = {argument.name: argument for argument in cls.tensors}
        for argument, written in arguments_of_call(cls, name, node, self._parts).items():
            if isinstance(written, ast.Constant) and written.value is None:
                continue
            if argument in tensors:
                given[argument] = self._tensor(tensors[argument], written)
            elif isinstance(written, list):
                takes = ", ".join(functions.arguments_of(cls))
                raise self._parts.error(node, f"{name} takes fewer values", f"it takes {takes}")
            else:
                constants[argument] = Literal(self._argument(written, argument, name, cls), self._parts.within(written))
        return self._making.step(cls, given, constants, self._parts.within(node))

    def _function(self, node: ast.Call) -> tuple[type[Operation], str]:
        """The operation that a call is of, and its name as it is written."""
        called = node.func.func if isinstance(node.func, ast.Call) else node.func  # as in Dense(4)(x)
        name = self._parts.path(called)
        instead = self._meant.call(node) if called is node.func else None
        if instead is not None:
            message = (
                f"{self._parts.quoted(node.func)} is no function"
                if name is None or not functions.known(name)
                else f"{name} does not take these"
            )
            raise self._parts.error(node, message, instead=instead)
        if name is None or (called is not node.func and functions.known(name)):
            raise self._parts.error(
                node.func,
                f"{self._parts.quoted(node.func)} is no function",
                _INSTEAD.get(type(node.func), "write exp(x)"),
            )
        return functions.find(name, self._parts.within(called), self._around.names), name

    def _argument(self, node: ast.expr, argument: str, name: str, cls: type[Operation]) -> Any:
        """The constant that an argument gets."""
        word = as_word(self._parts.path(node)) if self._text.value(*self._parts.within(node)) is None else None
        try:
            return self._plain(node)
        except ExpressionError as wrong:
            if word is not None:
                raise self._parts.error(node, f"{name}: {argument} is a word in quotes", instead=word) from None
            if wrong.problem.help is not _STACKED:
                raise
            message = f"{name}: {argument} is a constant, and {self._parts.quoted(node)} is a tensor"
            raise self._parts.error(node, message, f"it takes {', '.join(functions.arguments_of(cls))}") from None

    def _tensor(self, argument: Argument, written: ast.expr | list[ast.expr]) -> Any:
        """What a tensor argument gets: operands, or a constant."""
        for part in written if isinstance(written, list) else [written]:
            if (instead := self._meant.starred(part)) is not None:
                raise self._parts.error(part, f"{self._parts.quoted(part)} is written without *", instead=instead)
        if isinstance(written, list):
            return [self._made(part) for part in written]
        if argument.many and isinstance(written, ast.List | ast.Tuple):
            return [self._made(part) for part in written.elts]
        if argument.many:
            value = self._value(written)
            if isinstance(value, Literal) and isinstance(value.value, list):
                return [self._making.array(Literal(item, value.within)) for item in value.value]
            return self._operand(written, value)
        return self._operand(written, self._value(written))

    def _made(self, node: ast.expr) -> Operand:
        """An operand that is no constant: a constant becomes a tensor."""
        value = self._operand(node, self._value(node))
        return self._making.array(value) if isinstance(value, Literal) else value

    def _operand(self, node: ast.expr, value: Operand | Literal) -> Operand | Literal:
        """A value as an operation takes it: one tensor, a number or a list of numbers."""
        if isinstance(value, Literal):
            if isinstance(value.value, str):
                if self._text.value(*value.within) is not None:  # a value that is a name
                    return Name(value.value, value.within)
                instead = value.value if value.value.replace(".", "").isidentifier() else None
                message = f"{quote_value(value.value)} is a string, and no tensor"
                raise self._parts.error(node, message, None if instead else "names have no quotes", instead)
            if value.value is None or value.value is ...:
                raise self._parts.error(node, f"{self._parts.quoted(node)} is no tensor", "write a name or a number")
            return value
        if isinstance(value, Made) and value.port is None:
            count = len(self._making.ports(value))
            if count > 1:
                help = f"write {self._text.name(*value.within)}[0]"
                raise self._parts.error(node, f"{self._parts.quoted(node)} gives {count} outputs", help)
        return value


_STACKED = "stack([a, b], axis=1) makes a tensor of several"
_ATTRIBUTES = {
    "shape": "write $(shape({})[1]), the size of an axis",
    "size": "write $(prod(shape({})[1:])), the number of its elements",
    "ndim": "write $(len(shape({}))), the number of its axes",
    "dtype": "write the name of a dtype, such as 'float32'",
}
"""Of tensors of other libraries: ``{}`` is the tensor."""
_INSTEAD: dict[type[ast.expr], str] = {
    ast.BinOp: "write a ** b for a power, logical_xor(a, b) for either",
    ast.Lambda: "write what it computes where it is needed",
    ast.ListComp: "a formula has no loops: functions take all elements at once, and stack(q, axis=1) all copies of q",
    ast.GeneratorExp: "a formula has no loops: functions take all elements at once, and stack(q, axis=1) all copies of q",
    ast.Dict: "a formula has no maps; arguments are written as axis=1",
    ast.Set: "write a list: [1, 2]",
    ast.Starred: "write one list: concatenate([a, b])",
    ast.JoinedStr: "a formula has no strings but words, such as 'float32'",
}
"""What to do instead of parts of Python that formulas do not have."""
NODES: dict[type[ast.expr], Callable[[Walk, Any], Operand | Literal]] = {
    ast.Constant: Walk._constant,
    ast.Name: Walk._name,
    ast.Attribute: Walk._name,
    ast.List: Walk._list,
    ast.Tuple: Walk._list,
    ast.UnaryOp: Walk._unary,
    ast.BinOp: Walk._binary,
    ast.Compare: Walk._compare,
    ast.Subscript: Walk._index,
    ast.Call: Walk._call,
}
"""All node types that are allowed in a formula."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
