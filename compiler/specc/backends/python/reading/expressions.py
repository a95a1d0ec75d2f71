"""Values of a spec as Python: ``$name`` and ``$(expression)`` with the variables that stand for them in the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from specc.arguments import freeze
from specc.backends.python.writing.text import Expression, Group, flat, literal, number, quote
from specc.expressions.compute import NODES
from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate
from specc.expressions.operations import BINARY, COMPARE, FUNCTIONS, WORDS
from specc.expressions.syntax import NAME, closing, is_shape, parsed
from specc.source import Path

PYTHON_FUNCTIONS = {name: name for name in ("min", "max", "round", "int", "len", "abs", "sum", "str")} | {
    name: f"math.{name}" for name in ("sqrt", "log", "log2", "exp", "ceil", "floor", "prod")
}
"""What the functions of expressions are in Python; ``range`` gives a list there."""
_MARK = re.compile(r"\$\$|\$\(|\[\$([^\W\d]\w*)(?=\])")
"""Where an expression begins inside a text, or an escape of its sign."""
_VALUE = re.compile(r"\$(?:\(|[^\W\d]\w*)")
_SIMPLE = (ast.Name, ast.Constant)
_WRITTEN = (*NODES, *BINARY, *COMPARE, ast.Slice, ast.comprehension, ast.expr_context, ast.boolop, ast.unaryop)
"""The parts of expressions that are written as they are, unless `_Python` says otherwise."""


Var = tuple[object, str]
"""A var, after its file."""


class Unwritable(Exception):
    """A program has a form that the source has none for: the graph is written instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path: Path | None = None
        """The item that has it."""

    def __str__(self) -> str:
        where = "" if self.path is None else f" ({'.'.join(map(str, self.path))})"
        return f"{self.args[0]}{where}"


@contextmanager
def at(path: Path) -> Iterator[None]:
    """Note what is unwritable in the meantime as that of the item at a path."""
    try:
        yield
    except Unwritable as found:
        found.path = found.path or path
        raise


class Fixed(Exception):
    """The values of some vars decide what is written, so they cannot be parameters of the source."""

    def __init__(self, names: Iterable[Var]) -> None:
        super().__init__()
        self.names = frozenset(names)


class Symbol(NamedTuple):
    """A value of the spec in a function of the source: the text of what stands for it there."""

    text: str | None
    """None if its value is known, and is written instead."""
    value: Any = None
    file: object = None
    """The file that it is a var of, which can be made known."""


# -- Reading -------------------------------------------------------------------------------------


class Formula(NamedTuple):
    """An expression in a string: where it is, and its syntax tree."""

    start: int
    end: int
    tree: ast.expr


def formulas(text: str) -> Iterator[Formula]:
    """The expressions in a string, ``$name`` as one that is the whole of it. Unwritable if it is not valid."""
    if text.startswith("$") and NAME.match(text[1:]):
        yield Formula(0, len(text), ast.Name(text[1:]))
        return
    position = 0
    while found := _MARK.search(text, position):
        position = found.end()
        if found[0] == "$$":
            continue
        if found[1]:  # the number of a copy, as in "up[$level]"
            yield Formula(found.start() + 1, position, ast.Name(found[1]))
            continue
        end = closing(text, position)
        if end is None:
            raise Unwritable("an expression without an end")
        yield Formula(found.start(), end + 1, parsed(text[position:end].strip()))
        position = end + 1


def names_in(data: Any) -> set[str]:
    """The values that some data needs."""
    if isinstance(data, str):
        return set().union(*(_free(formula.tree) for formula in formulas(data))) if "$" in data else set()
    if isinstance(data, dict):
        return set().union(*map(names_in, data.values()))
    return set().union(*map(names_in, data)) if isinstance(data, list | tuple) else set()


def values_in(formula: str) -> list[str]:
    """The expressions in a formula that are put in first."""
    return [formula[start:end] for start, end in values_at(formula)]


def values_at(formula: str) -> Iterator[tuple[int, int]]:
    """Where these are."""
    position = 0
    while found := _VALUE.search(formula, position):
        position = found.end()
        if found[0] == "$(":
            end = closing(formula, position)
            if end is None:
                raise Unwritable("an expression without an end")
            position = end + 1
        yield found.start(), position


def shapes_in(data: Any) -> list[str]:
    """The references in some data whose shapes it needs."""
    if isinstance(data, str):
        trees = [formula.tree for formula in formulas(data)] if "shape" in data and "$" in data else []
        return [_reference(part) for tree in trees for part in ast.walk(tree) if is_shape(part)]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    return [reference for part in parts for reference in shapes_in(part)]


def _reference(call: ast.AST) -> str:
    assert isinstance(call, ast.Call)
    if len(call.args) != 1 or call.keywords:
        raise Unwritable("a shape of several things")
    return ast.unparse(call.args[0]).replace("'", "").replace('"', "")


def _free(tree: ast.expr) -> set[str]:
    asked = {id(part) for call in ast.walk(tree) if is_shape(call) for part in ast.walk(call)}
    called = {id(part.func) for part in ast.walk(tree) if isinstance(part, ast.Call)} | asked
    names = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and id(part) not in called}
    return names - _bound(tree)


def _bound(tree: ast.expr) -> set[str]:
    """The names that comprehensions give to the elements of lists."""
    targets = [part.target for part in ast.walk(tree) if isinstance(part, ast.comprehension)]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


@dataclass(slots=True)
class Around:
    """What expressions need of the function that they are in."""

    used: set[str] = field(default_factory=set)
    """Gets the modules that they use."""
    shape: Callable[[str], str | Sequence[int | None]] | None = None
    """The shape of what a reference refers to: its text, or what it is where nothing has it yet."""
    cloned: set[str] = field(default_factory=set)
    """The values that may be objects which several layers would share: each gets a clone."""


class Symbols:
    """The values that can be used at one place of the source."""

    def __init__(self, symbols: Mapping[str, Symbol], around: Around | None = None) -> None:
        self._symbols = dict(symbols)
        self.around = around or Around()
        self._known = {name: symbol.value for name, symbol in symbols.items() if symbol.text is None}

    def __getitem__(self, name: str) -> Symbol:
        return self._symbols[name]

    def __contains__(self, name: str) -> bool:
        return name in self._symbols

    def extended(self, symbols: Mapping[str, Symbol]) -> Symbols:
        """These, and further ones that take precedence."""
        return Symbols({**self._symbols, **symbols}, self.around)

    def is_known(self, data: Any) -> bool:
        """Whether the value of some data does not depend on variables of the source."""
        if any(self._symbols[name].text is not None for name in names_in(data) if name in self._symbols):
            return False
        return not shapes_in(data)

    def fix(self, data: Any) -> Exception:
        """What to raise where the value of some data must be known."""
        needed = [name for name in names_in(data) if name in self._symbols and self._symbols[name].text is not None]
        found = [(self._symbols[name].file, name) for name in needed]
        can_be = found and all(file is not None for file, _ in found) and not shapes_in(data)
        return Fixed(found) if can_be else Unwritable("what is written depends on a value that the source computes")

    def known(self, data: Any) -> Any:
        """The value of some data. Fixed or Unwritable if it depends on variables."""
        if not self.is_known(data):
            raise self.fix(data)
        return value_of(data, self._known)

    def express(self, data: Any) -> Expression:
        """Some data as Python, lists as tuples."""
        if self.is_known(data):
            return literal(freeze(value_of(data, self._known)))
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, list | tuple):
            return Group.display("()", map(self.express, data))
        return Group("", "{}", tuple((f"{flat(literal(key))}: ", self.express(item)) for key, item in data.items()))

    def _text(self, text: str) -> str:
        found = list(formulas(text))
        if len(found) == 1 and found[0].end - found[0].start == len(text):
            return self.python(found[0].tree)
        return "f" + quote(self.filled(text, found))[0] + self.filled(text, found) + quote(text)[0]

    def filled(self, text: str, found: list[Formula] | None = None) -> str:
        """The inside of an f-string for a text with expressions in it."""
        parts, position = [], 0
        for formula in formulas(text) if found is None else found:
            inside = self.python(formula.tree)
            if set(inside) & set("\"'\\{}"):
                raise self.fix(text)
            parts += [_plain(text[position : formula.start]), "{", inside, "}"]
            position = formula.end
        return "".join([*parts, _plain(text[position:])])

    def python(self, tree: ast.expr) -> str:
        """An expression as Python, with Python's names, double quotes, and tuples in place of lists."""
        return ast.unparse(_Python(self).visit(deepcopy(tree)))

    def loops(self, loops: Iterable[ast.comprehension]) -> str:
        """The loops of a comprehension."""
        return " ".join(ast.unparse(_Python(self).visit(deepcopy(loop))).strip() for loop in loops)

    def count(self, tree: ast.expr) -> str:
        """How many values a list has, as an operand."""
        is_range = isinstance(tree, ast.Call) and ast.unparse(tree.func) == "range" and len(tree.args) == 1
        text = self.python(tree.args[0]) if isinstance(tree, ast.Call) and is_range else f"len({self.python(tree)})"
        return text if text.isidentifier() or (text.endswith(")") and text.startswith("len(")) else f"({text})"

    def minus_one(self, tree: ast.expr) -> str:
        """An expression whose value is one less than that of another.

        It is what a number that counts from 1 is as an index.
        """
        less = ast.BinOp(tree, ast.Sub(), ast.Constant(1))
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add) and ast.unparse(tree.right) == "1":
            return self.python(tree.left)
        return self.python(less)


def _plain(text: str) -> str:
    return quote(text.replace("$$", "$"))[1:-1].replace("{", "{{").replace("}", "}}")


class _Python(ast.NodeTransformer):
    """Replaces what is written differently in Python; text that is done stands in it as a name."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, _WRITTEN):
            raise Unwritable("a part of an expression that has no Python")
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._symbols:
            if node.id in WORDS:
                return ast.Constant(WORDS[node.id])
            raise Unwritable("a name that is no value")
        symbol = self._symbols[node.id]
        return ast.Name(symbol.text) if symbol.text is not None else _done(literal(freeze(symbol.value)))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            return _done(quote(node.value))
        return _done(number(node.value)) if isinstance(node.value, float) else node

    def visit_List(self, node: ast.List) -> ast.expr:
        return ast.Tuple([self.visit(item) for item in node.elts], ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if not isinstance(node.func, ast.Name):
            raise Unwritable("a call of what is no function")
        around = self._symbols.around
        if is_shape(node):
            if around.shape is None:
                raise Unwritable("a shape where no tensors are")
            shape = around.shape(_reference(node))
            return ast.Name(shape) if isinstance(shape, str) else ast.Tuple([ast.Constant(size) for size in shape])
        if node.func.id == "len" and self._symbols.is_known(f"$({ast.unparse(node)})"):
            return ast.Constant(self._symbols.known(f"$({ast.unparse(node)})"))
        arguments = [self.visit(argument) for argument in node.args]
        if node.func.id == "len" and isinstance(arguments[0], ast.Tuple):
            return ast.Constant(len(arguments[0].elts))
        if node.func.id == "range":
            return ast.Call(ast.Name("tuple"), [ast.Call(ast.Name("range"), arguments, [])], [])
        if node.func.id not in PYTHON_FUNCTIONS or node.func.id not in FUNCTIONS or node.keywords:
            raise Unwritable("a function that has no Python")
        name = PYTHON_FUNCTIONS[node.func.id]
        around.used.add(name.partition(".")[0])
        return ast.Call(ast.Name(name), arguments, [])

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        value, index = self.visit(node.value), self.visit(node.slice)
        if isinstance(value, ast.Tuple) and is_shape(node.value):
            part = ast.unparse(index)
            if part.lstrip("-").isdigit():
                return value.elts[int(part)]
        return ast.Subscript(value, index)

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        bound = _bound(node)
        if any(name in self._symbols for name in bound):
            raise Unwritable("a loop whose name is that of a value")
        inside = _Python(self._symbols.extended({name: Symbol(name) for name in bound}))
        element = inside.visit(node.elt)
        loops = [inside.visit(loop) for loop in node.generators]
        return ast.Name(f"tuple{ast.unparse(ast.GeneratorExp(element, loops))}")

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        is_range = isinstance(node.iter, ast.Call) and ast.unparse(node.iter.func) == "range"
        found = self.generic_visit(node)
        assert isinstance(found, ast.comprehension)
        if is_range and isinstance(found.iter, ast.Call):
            found.iter = found.iter.args[0]  # a loop needs no list
        return found

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return self.visit_ListComp(ast.ListComp(node.elt, node.generators))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if type(node.op) not in BINARY:
            raise Unwritable("an operator that has no Python")
        left, right = self.visit(node.left), self.visit(node.right)
        if not isinstance(node.op, ast.Pow):
            return ast.BinOp(left, node.op, right)
        if isinstance(node.left, ast.BinOp) and isinstance(left, ast.Name):
            left = ast.Name(f"({left.id})")
        elif isinstance(left, _SIMPLE) and isinstance(right, _SIMPLE):
            return ast.Name(f"{ast.unparse(left)}**{ast.unparse(right)}")  # without spaces, as ruff writes it
        return ast.BinOp(left, node.op, right)


def _done(text: Expression) -> ast.expr:
    return ast.Name(flat(text))


# -- Values --------------------------------------------------------------------------------------


def value_of(data: Any, values: Mapping[str, Any]) -> Any:
    """The value of some data. Unwritable if it has none."""
    try:
        if isinstance(data, str):
            return evaluate(data, values) if "$" in data else data
    except ExpressionError:
        raise Unwritable("an expression without a value") from None
    if isinstance(data, list | tuple):
        return [value_of(item, values) for item in data]
    if isinstance(data, dict):
        return {key: value_of(item, values) for key, item in data.items()}
    return data


def holds_map(data: Any) -> bool:
    """Whether a value of the spec is a map, or a list with one in it."""
    return isinstance(data, Mapping) or (isinstance(data, list | tuple) and any(map(holds_map, data)))
