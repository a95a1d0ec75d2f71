"""A formula as operations: a walk over its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple, NoReturn

from specc.arguments import LARGEST_INT
from specc.budget import current
from specc.calls import Argument
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError, overdrawn
from specc.expressions.syntax import column, parsed
from specc.formulas import functions, meant
from specc.formulas.operators import BINARY, COMPARE, UNARY, Operator
from specc.formulas.steps import Lowered, Made, Name, Operand, Step
from specc.formulas.text import FormulaText, Within, error
from specc.operations.base import Operation

COST_OF_A_PART = 4
"""The cost of each name, number and sign, in elements and characters of values."""
_PART = re.compile(r"\w+|[^\w\s]")


class Literal(NamedTuple):
    """A constant in a formula: a number, a list, a word."""

    value: Any
    within: Within


def lower(written: str, values: Mapping[str, Any], copied: Container[str] = ()) -> Lowered:
    """The operations of a formula. ExpressionError has what is wrong; Failed is raised for a wrong value.

    ``copied`` are the names of items with copies, of which ``q[0]`` is the first.
    """
    return _Lowering(FormulaText(written, values), copied).run()


class _Lowering:
    """One walk over a parsed formula."""

    def __init__(self, text: FormulaText, copied: Container[str]) -> None:
        self._text = text
        self._copied = copied
        self._offset = len(text.source) - len(text.source.lstrip())
        self._source = text.source.strip()
        self._steps: list[Step] = []

    def run(self) -> Lowered:
        """The operations, each after those that it reads."""
        whole = (0, max(1, len(self._text.written)))
        if not self._source:
            raise error("the formula is empty", whole, "write what it computes, such as x * 2 + y")
        budget = current()
        cost = COST_OF_A_PART * len(_PART.findall(self._source))
        if not budget.spend_formula(self._text.written) or not budget.spend_values(cost):
            raise overdrawn(budget, self._text.written, *whole)
        try:
            tree = parsed(self._source)
            value = self._value(tree)
        except SyntaxError:  # its place differs between versions of Python
            message = f"the formula {quote_value(self._text.written)} is not complete or has a stray character"
            raise error(message, whole, meant.of_syntax(self._text.written)) from None
        except (RecursionError, MemoryError, ValueError):
            raise error("the formula is nested too deeply", whole) from None
        if isinstance(value, Literal) and isinstance(value.value, list):
            value = self._array(value)
        if isinstance(value, Literal):
            raise error(f"the formula is just {quote_value(value.value)}", whole, "write that where it is used")
        if isinstance(value, Name):
            raise error(f"the formula is just the name '{value.text}'", whole, "use that name in place of this one")
        if value.port:
            self._make("copy", {}, {"x": value}, value.within)
        return Lowered(self._text, tuple(self._steps))

    # -- Places -------------------------------------------------------------------------------

    def _within(self, node: ast.expr | ast.keyword) -> Within:
        end = node.end_col_offset or node.col_offset + 1
        return self._offset + column(self._source, node.col_offset), self._offset + column(self._source, end)

    def _quoted(self, node: ast.expr) -> str:
        return quote_value(self._text.name(*self._within(node)))

    def _error(self, node: ast.expr, message: str, help: str | None = None) -> ExpressionError:
        return error(message, self._within(node), help)

    def _shown(self, node: ast.expr) -> str:
        return self._text.name(*self._within(node))

    # -- Values -------------------------------------------------------------------------------

    def _value(self, node: ast.expr) -> Operand | Literal:
        """A part of the formula: a reference, what a step made, or a constant."""
        return NODES.get(type(node), _Lowering._unknown)(self, node)

    def _unknown(self, node: ast.expr) -> NoReturn:
        help = meant.instead(node, self._shown) or meant.FORMS
        raise self._error(node, f"{self._quoted(node)} is not part of the language of formulas", help)

    def _constant(self, node: ast.Constant) -> Literal:
        if not isinstance(node.value, bool | int | float | str | type(None) | type(...)):
            self._unknown(node)
        if isinstance(node.value, int) and abs(node.value) > LARGEST_INT:
            raise self._error(node, f"{self._quoted(node)} is too large", "integers go to 2^63 - 1")
        return Literal(node.value, self._within(node))

    def _name(self, node: ast.Name | ast.Attribute) -> Operand | Literal:
        within = self._within(node)
        put_in = self._text.value(*within)
        if put_in is not None:
            return Literal(put_in.value, within)
        if self._path(node) is None:
            raise self._error(node, f"{self._quoted(node)} is no name", "name.port is an output of an item by its name")
        return Name(self._text.name(*within), within)

    def _path(self, node: ast.expr) -> str | None:
        """A dotted name, its values put in; None for anything else."""
        inner = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return None
        return "".join(self._text.name(*self._within(node)).split())

    def _list(self, node: ast.List | ast.Tuple) -> Literal:
        return Literal([self._plain(item) for item in node.elts], self._within(node))

    def _plain(self, node: ast.expr) -> Any:
        """The value of a constant."""
        value = self._value(node)
        if isinstance(value, Literal):
            return value.value
        help = "stack([a, b]) makes a tensor of several" if isinstance(value, Name) else None
        raise self._error(node, f"{self._quoted(node)} is a tensor, and a constant is needed here", help)

    # -- Operators ----------------------------------------------------------------------------

    def _unary(self, node: ast.UnaryOp) -> Operand | Literal:
        if isinstance(node.op, ast.Not):
            self._unknown(node)
        value = self._value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(value, Literal) and _is_number(value.value) and isinstance(node.op, ast.USub):
            return Literal(-value.value, self._within(node))
        return self._operation(UNARY[type(node.op)], {"x": (node.operand, value)}, node)

    def _binary(self, node: ast.BinOp) -> Operand | Literal:
        found = BINARY.get(type(node.op))
        if found is None:
            self._unknown(node)
        left, right = self._value(node.left), self._value(node.right)
        numbers = [side.value for side in (left, right) if isinstance(side, Literal) and _is_number(side.value)]
        if len(numbers) == 2 and found.of_numbers is not None:
            return Literal(self._computed(node, found, *numbers), self._within(node))
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
            raise self._error(node, f"{self._quoted(node)} is no number that a tensor could have")
        return value

    def _compare(self, node: ast.Compare) -> Operand | Literal:
        if len(node.ops) > 1:
            parts = [self._text.name(*self._within(part)) for part in (node.left, *node.comparators)]
            signs = [COMPARE[type(op)].sign if type(op) in COMPARE else "==" for op in node.ops]
            pairs = zip(parts, signs, parts[1:], strict=False)
            written = " & ".join(f"({left} {sign} {right})" for left, sign, right in pairs)
            raise self._error(node, "a formula compares two values at a time", f"write {written}")
        found = COMPARE.get(type(node.ops[0]))
        if found is None:
            help = "write == or !=" if isinstance(node.ops[0], ast.Is | ast.IsNot) else "write isin(a, b)"
            raise self._error(node, f"{self._quoted(node)} has a comparison that no tensor has", help)
        sides = {"x1": (node.left, self._value(node.left))}
        sides["x2"] = (node.comparators[0], self._value(node.comparators[0]))
        return self._operation(found, sides, node)

    def _operation(self, found: Operator, sides: dict[str, tuple[ast.expr, Operand | Literal]], node: ast.expr) -> Made:
        """The step of an operator; a number on one side is a constant of it."""
        cls = functions.find(found.operation, self._within(node), is_tensor=False)
        given = {name: self._operand(part, value) for name, (part, value) in sides.items()}
        return self._step(cls, given, {}, node)

    # -- Indexing -----------------------------------------------------------------------------

    def _index(self, node: ast.Subscript) -> Operand | Literal:
        value = self._value(node.value)
        index = node.slice
        if isinstance(value, Name) and value.text in self._copied and not isinstance(index, ast.Slice | ast.Tuple):
            number = self._plain(index)
            if type(number) is not int:
                message = f"'{value.text}' has copies, and {self._quoted(node)} is none of them"
                raise self._error(node, message, "write its number")
            return Name(f"{value.text}[{number}]", self._within(node))
        if isinstance(value, Made) and value.port is None and len(self._ports(value)) > 1:
            return self._output(value, index, node)
        key = list(map(self._key_item, index.elts)) if isinstance(index, ast.Tuple) else self._key_item(index)
        cls = functions.find("get_item", self._within(node), is_tensor=False)
        operand = self._operand(node.value, value)
        return self._step(cls, {"x": operand}, {"key": Literal(key, self._within(index))}, node)

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
            raise self._error(node, f"{self._quoted(node)} is a tensor, and an index is a number", help)
        if value.value is not None and type(value.value) is not int:
            raise self._error(node, f"an index is an integer, not {quote_value(value.value)}")
        return value.value

    def _output(self, value: Made, index: ast.expr, node: ast.expr) -> Made:
        """One output of a function that gives several."""
        ports = self._ports(value)
        number = None if isinstance(index, ast.Slice | ast.Tuple) else self._plain(index)
        if type(number) is not int or not -len(ports) <= number < len(ports):
            raise self._error(
                node, f"{self._quoted(node)} is none of {len(ports)} outputs", f"write 0 to {len(ports) - 1}"
            )
        return value._replace(port=number % len(ports), within=self._within(node))

    def _ports(self, value: Made) -> tuple[str, ...]:
        return self._steps[value.step].operation.ports({})

    # -- Functions ----------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Made:
        put_in = self._text.value(*self._within(node.func))
        if put_in is not None and not isinstance(put_in.value, str):
            raise self._error(node.func, f"{quote_value(put_in.value)} is no function")
        name = self._path(node.func)
        if name is None:
            raise self._error(node.func, f"{self._quoted(node.func)} is no function", "write exp(x)")
        first = name.split(".")[0]
        is_tensor = "." in name and first not in ("np", "tf", "K", "F", "ops", "jnp", "torch", "keras", "math", "numpy")
        cls = functions.find(name, self._within(node.func), is_tensor)
        given: dict[str, Any] = {}
        constants: dict[str, Literal] = {}
        tensors = {argument.name: argument for argument in cls.tensors}
        for argument, written in self._arguments(cls, name, node).items():
            if isinstance(written, ast.Constant) and written.value is None:
                continue
            if argument in tensors:
                given[argument] = self._tensor(tensors[argument], written)
            elif isinstance(written, list):
                raise self._error(
                    node, f"{name} takes fewer values", f"it takes {', '.join(functions.arguments_of(cls))}"
                )
            else:
                constants[argument] = Literal(self._plain(written), self._within(written))
        return self._step(cls, given, constants, node)

    def _arguments(self, cls: type[Operation], name: str, node: ast.Call) -> dict[str, ast.expr | list[ast.expr]]:
        """What is written for each argument, by its name; a list for one that takes all that follow."""
        order = functions.arguments_of(cls)
        found: dict[str, ast.expr | list[ast.expr]] = {}
        for position, written in enumerate(node.args):
            if isinstance(written, ast.Starred):
                self._unknown(written)
            argument = order[min(position, len(order) - 1)] if order else ""
            if argument.startswith("*"):
                found[argument[1:]] = list(node.args[position:])
                break
            if position >= len(order):
                takes = ", ".join(order) or "none"
                raise self._error(written, f"{name} takes {len(order)} arguments", f"they are {takes}")
            found[argument] = written
        if name in ("max", "min") and len(node.args) == 2 and self._quoted(node.args[1]) == '"0"':
            # As Python has them; Keras would take 0 for the axis, that of the batch.
            first, second = (self._quoted(argument).strip('"') for argument in node.args)
            raise self._error(
                node,
                f"{name} takes one tensor, and an axis by its name",
                f"write {name}imum({first}, {second}) for the {'larger' if name == 'max' else 'smaller'} of two, or {name}({first}, axis=...)",
            )
        for keyword in node.keywords:
            if keyword.arg is None:
                raise error(f"{name} takes its arguments by name, not in a map", self._within(keyword))
            if keyword.arg in found:
                raise error(f"{name} gets {keyword.arg} twice", self._within(keyword), "remove one of the two")
            found[keyword.arg] = keyword.value
        return found

    def _tensor(self, argument: Argument, written: ast.expr | list[ast.expr]) -> Any:
        """What a tensor argument gets: operands, or a constant."""
        if isinstance(written, list):
            return [self._made(part) for part in written]
        if argument.many and isinstance(written, ast.List | ast.Tuple):
            return [self._made(part) for part in written.elts]
        if argument.many:
            value = self._value(written)
            if isinstance(value, Literal) and isinstance(value.value, list):
                return [self._array(Literal(item, value.within)) for item in value.value]
            return self._operand(written, value)
        return self._operand(written, self._value(written))

    def _made(self, node: ast.expr) -> Operand:
        """An operand that is no constant: a constant becomes a tensor."""
        value = self._operand(node, self._value(node))
        return self._array(value) if isinstance(value, Literal) else value

    def _operand(self, node: ast.expr, value: Operand | Literal) -> Operand | Literal:
        """A value as an operation takes it: one tensor, a number or a list of numbers."""
        if isinstance(value, Literal):
            if isinstance(value.value, str):
                if self._text.value(*value.within) is not None:  # a value that is a name
                    return Name(value.value, value.within)
                raise self._error(
                    node, f"{quote_value(value.value)} is a string, and no tensor", "names have no quotes"
                )
            if value.value is None or value.value is ...:
                raise self._error(node, f"{self._quoted(node)} is no tensor")
            return value
        if isinstance(value, Made) and value.port is None:
            count = len(self._ports(value))
            if count > 1:
                help = f"write {self._text.name(*value.within)}[0]"
                raise self._error(node, f"{self._quoted(node)} gives {count} outputs", help)
        return value

    # -- Steps --------------------------------------------------------------------------------

    def _step(self, cls: type[Operation], given: dict[str, Any], constants: dict[str, Literal], node: ast.expr) -> Made:
        """The step of an operation; constants for tensors that it takes as such stay, others become tensors."""
        inputs: dict[str, Any] = {}
        literals = {name: value for name, value in given.items() if isinstance(value, Literal)}
        inputs = {name: value for name, value in given.items() if name not in literals}
        for name, literal in literals.items():
            if name in cls.constants and inputs:
                constants[name] = literal
            else:
                inputs[name] = self._array(literal)
        return self._make(cls.keras_name().removeprefix("ops."), constants, inputs, self._within(node), node)

    def _array(self, literal: Literal) -> Made:
        return self._make("array", {"x": literal}, {}, literal.within)

    def _make(
        self,
        function: str,
        constants: dict[str, Literal],
        inputs: dict[str, Any],
        within: Within,
        node: ast.expr | None = None,
    ) -> Made:
        cls = functions.find(function, within, is_tensor=False)
        operation, problems = cls.parse({name: literal.value for name, literal in constants.items()})
        if operation is None:
            problem = problems[0]
            at = self._written(node, problem.path[0]) if problem.path else within
            raise error(f"{function}: {problem.message}", at or within, problem.help)
        order = {argument.name: inputs[argument.name] for argument in cls.tensors if argument.name in inputs}
        written = {name: literal.within for name, literal in constants.items()}
        self._steps.append(Step(operation, order, within, written))
        return Made(len(self._steps) - 1, within)

    def _written(self, node: ast.expr | None, argument: str | int) -> Within | None:
        """Where an argument of a call is written."""
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == argument:
                    return self._within(keyword)
        return None


NODES: dict[type[ast.expr], Callable[[_Lowering, Any], Operand | Literal]] = {
    ast.Constant: _Lowering._constant,
    ast.Name: _Lowering._name,
    ast.Attribute: _Lowering._name,
    ast.List: _Lowering._list,
    ast.Tuple: _Lowering._list,
    ast.UnaryOp: _Lowering._unary,
    ast.BinOp: _Lowering._binary,
    ast.Compare: _Lowering._compare,
    ast.Subscript: _Lowering._index,
    ast.Call: _Lowering._call,
}
"""All node types that are allowed in a formula."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
