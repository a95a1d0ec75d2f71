"""What is meant by parts that no formula has: the text to write in their place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from specc.dtypes import ALL, STRING
from specc.formulas.functions import MODULES, arguments_of, known, meant
from specc.formulas.operators import BINARY, COMPARE, LIST
from specc.formulas.parts import Parts
from specc.formulas.scope import Around

FORMS = f"a formula has names, numbers, {LIST}, and functions of keras.ops: exp(x), sum(x, axis=1)"

_WORDS = {"true": "True", "false": "False", "null": "None", "newaxis": "None", "none": "None"}
_NUMBERS = {"pi": "$(pi)", "π": "$(pi)", "e": "$(exp(1))", "inf": "1e9", "infinity": "1e9"}
_TAKES_LIST = {
    "reshape": 1,
    "transpose": 1,
    "tile": 1,
    "broadcast_to": 1,
    "zeros": 0,
    "ones": 0,
    "permute": 1,
    "view": 1,
}
"""Functions that take a list of numbers, and how many arguments come before it."""
_CASTS = {"float": "cast({}, 'float32')", "int": "cast({}, 'int32')", "bool": "{} != 0"}
_LARGER = {"max": "maximum", "min": "minimum"}
_ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Subscript, ast.Attribute)


class Meant:
    """Writes parts of a formula in the language of formulas."""

    def __init__(self, parts: Parts, around: Around) -> None:
        self._parts = parts
        self._around = around

    def of(self, node: ast.expr) -> str | None:
        """What to write in place of a part; None if that is not known."""
        text = self._right(node)
        return None if text == self._parts.written(node) else text

    def _right(self, node: ast.expr) -> str:
        rule = _RULES.get(type(node))
        text = rule(self, node) if rule is not None else None
        return self._spliced(node) if text is None else text

    def _spliced(self, node: ast.expr) -> str:
        """A part as it is written, with what is meant by the parts in it."""
        start, end = self._parts.within(node)
        pieces, position = [], start
        for inner in _inside(node):
            first, last = self._parts.within(inner)
            pieces += [self._parts.text.written[position:first], self._right(inner)]
            position = last
        return "".join([*pieces, self._parts.text.written[position:end]])

    def _beside(self, node: ast.expr) -> str:
        """A part as an operand: in parentheses where it needs them."""
        text = self._right(node)
        return text if isinstance(node, _ATOMS) else f"({text})"

    # -- Operators ----------------------------------------------------------------------------

    def _both(self, node: ast.BoolOp) -> str:
        sign = " & " if isinstance(node.op, ast.And) else " | "
        return sign.join(map(self._beside, node.values))

    def _not(self, node: ast.UnaryOp) -> str | None:
        return f"~{self._beside(node.operand)}" if isinstance(node.op, ast.Not) else None

    def _choice(self, node: ast.IfExp) -> str:
        return f"where({', '.join(map(self._right, (node.test, node.body, node.orelse)))})"

    def _binary(self, node: ast.BinOp) -> str | None:
        left, right = self._beside(node.left), self._beside(node.right)
        if isinstance(node.op, ast.LShift | ast.RShift):
            function = "left_shift" if isinstance(node.op, ast.LShift) else "right_shift"
            return f"{function}({self._right(node.left)}, {self._right(node.right)})"
        is_number = any(isinstance(side, ast.Constant) for side in (node.left, node.right))
        if isinstance(node.op, ast.MatMult) and is_number:
            return f"{left} * {right}"
        return f"{left} ** {right}" if isinstance(node.op, ast.BitXor) and is_number else None

    def _compared(self, node: ast.Compare) -> str | None:
        sides = [node.left, *node.comparators]
        if len(node.ops) == 1:
            return self._compared_once(node.ops[0], *sides)
        split = _split_at_signs(node)
        if split is not None:  # "x > 0 & y > 0", where Python reads 0 & y first
            signs = [sign.sign for sign in (BINARY[type(joint.op)] for joint in split)]
            halves = [node.left, *(half for joint in split for half in (joint.left, joint.right)), node.comparators[-1]]
            pairs = [
                f"({self._beside(left)} {COMPARE[type(op)].sign} {self._beside(right)})"
                for op, left, right in zip(node.ops, halves[::2], halves[1::2], strict=True)
            ]
            return pairs[0] + "".join(f" {sign} {pair}" for sign, pair in zip(signs, pairs[1:], strict=True))
        compared = [self._compared_once(op, *pair) for op, pair in zip(node.ops, pairwise(sides), strict=True)]
        return " & ".join(f"({one})" for one in compared if one is not None)

    def _compared_once(self, op: ast.cmpop, left: ast.expr, right: ast.expr) -> str | None:
        if isinstance(op, ast.In | ast.NotIn):
            several = (
                f"{self._beside(right)}[..., None, :]"
                if not isinstance(right, ast.List | ast.Tuple)
                else self._listed(right)
            )
            found = f"any({self._beside(left)}[..., None] == {several}, axis=-1)"
            return found if isinstance(op, ast.In) else f"~{found}"
        if isinstance(op, ast.Is | ast.IsNot) and isinstance(right, ast.Constant):
            return None
        sign = "==" if isinstance(op, ast.Is) else "!=" if isinstance(op, ast.IsNot) else COMPARE[type(op)].sign
        return f"{self._beside(left)} {sign} {self._beside(right)}"

    def _listed(self, node: ast.List | ast.Tuple) -> str:
        return f"[{', '.join(map(self._right, node.elts))}]"

    # -- Names --------------------------------------------------------------------------------

    def _name(self, node: ast.Name) -> str | None:
        written = self._parts.written(node)
        if written in self._around.names:
            return None
        if written in self._parts.text.values:
            return f"${written}"
        return _WORDS.get(written) or _NUMBERS.get(written)

    def _attribute(self, node: ast.Attribute) -> str | None:
        name = self._parts.path(node)
        first = (name or "").split(".")[0]
        if name is not None and first in MODULES and first not in self._around.names:
            if node.attr in ALL - STRING:
                return f"'{node.attr}'"
            return (
                _WORDS.get(node.attr.lower())
                or _NUMBERS.get(node.attr)
                or (meant(name) if first not in ("layers", "random") else None)
            )
        if node.attr == "T" and first not in self._around.instances:
            return f"transpose({self._right(node.value)})"
        return None

    def _shape(self, node: ast.expr) -> str | None:
        """The reference in ``x.shape``, ``shape(x)``."""
        inner: ast.expr | None = None
        if isinstance(node, ast.Attribute) and node.attr == "shape":
            inner = node.value
        elif isinstance(node, ast.Call) and (self._parts.path(node.func) or "").endswith("shape") and node.args:
            inner = node.args[0]
            if isinstance(node.func, ast.Attribute) and node.func.value and self._is_module(node.func) is False:
                inner = None
        path = None if inner is None else self._parts.path(inner)
        return (
            None
            if path is None or (path.split(".")[0] in self._around.instances and isinstance(node, ast.Attribute))
            else path
        )

    def _is_module(self, function: ast.expr) -> bool:
        first = (self._parts.path(function) or "").split(".")[0]
        return first in MODULES and first not in self._around.names

    # -- Indexing -----------------------------------------------------------------------------

    def index(self, node: ast.Subscript) -> str | None:
        """What to write in place of an index that no tensor has; None if it has it."""
        shape, size = self._shape(node.value), _integer(node.slice)
        if shape is not None and size is not None:
            return f"$(shape({shape})[{size}])"
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return f"{self._right(node.value)}.{node.slice.value}"
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if isinstance(node.slice, ast.Compare | ast.BoolOp):
            return f"where({self._right(node.slice)}, {self._right(node.value)}, 0)"
        computed = [number for number, item in enumerate(items) if not (_is_key(item) or self._is_number(item))]
        if len(computed) != 1 or not all(_is_whole(item) for number, item in enumerate(items) if number != computed[0]):
            return None
        (position,) = computed
        item = items[position]
        if isinstance(item, ast.Name | ast.Attribute) and self._right(item) != self._parts.written(item):
            return None  # it is no tensor
        indices = self._listed(item) if isinstance(item, ast.List | ast.Tuple) else self._right(item)
        is_from_end = any(isinstance(it, ast.Constant) for it in items[:position])
        axis = position - len(items) if is_from_end else position
        return f"take({self._right(node.value)}, {indices}, axis={axis})"

    def _is_number(self, node: ast.expr) -> bool:
        """Whether it is a value of the spec that is no list."""
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            return all(map(self._is_number, _inside(node))) or _integer(node) is not None
        put_in = self._parts.text.value(*self._parts.within(node))
        return isinstance(node, ast.Constant) or (put_in is not None and not isinstance(put_in.value, list))

    # -- Functions ----------------------------------------------------------------------------

    def _called(self, node: ast.Call) -> str | None:
        text = self.call(node)
        name = self._parts.path(node.func)
        if text is not None or name is None or known(name):
            return text
        found = self.function(name)
        return None if found is None else f"{found}({self._arguments(node, found)})"

    def function(self, name: str) -> str | None:
        """Keras's name of a function that has another one; None for one that it does not have."""
        return None if name.split(".", maxsplit=1)[0] in ("layers", "random") else meant(name)

    def call(self, node: ast.Call) -> str | None:
        """What to write in place of a call that is wrong in more than the function's name; None if it is not."""
        function = node.func
        put_in = self._parts.text.value(*self._parts.within(function))
        if put_in is not None:
            is_name = isinstance(put_in.value, str)
            return None if is_name else f"{self._parts.written(function)} * ({self._arguments(node)})"
        name = self._parts.path(function)
        if isinstance(function, ast.Constant) and isinstance(function.value, str):
            return f"{function.value}({self._arguments(node)})"
        is_tensor = name is not None and name in self._around.names and known(name) is None
        if isinstance(function, ast.Constant | ast.BinOp) or is_tensor:
            is_product = len(node.args) == 1 and not node.keywords
            return f"{self._beside(function)} * ({self._arguments(node)})" if is_product else None
        if isinstance(function, ast.Attribute) and not self._is_module(function) and not known(name or ""):
            return self._method(node, function)
        if name is None:
            return None
        if name in _CASTS and len(node.args) == 1:
            return _CASTS[name].format(self._beside(node.args[0]) if name == "bool" else self._right(node.args[0]))
        found = name if known(name) else self.function(name)
        if found is None:
            return None
        if (of_copies := self._of_copies(node)) is not None:
            return of_copies
        text = f"{found}({self._arguments(node, found)})"
        return self._joined(found, node) or (text if self._gathers(node, found) else None)

    def _method(self, node: ast.Call, function: ast.Attribute) -> str | None:
        found = "reshape" if function.attr == "view" else meant(function.attr)
        if function.attr == "flatten":
            path = self._parts.path(function.value)
            return None if path is None else f"reshape({path}, [-1, $(prod(shape({path})[1:]))])"
        if found is None:
            return None
        arguments = self._arguments(node, found, before=1)
        return f"{found}({self._right(function.value)}{', ' * bool(arguments)}{arguments})"

    def _joined(self, function: str, node: ast.Call) -> str | None:
        """The call of a function with tensors one by one that takes them otherwise."""
        cls = known(function)
        assert cls is not None
        given = node.args
        are_tensors = [it for it in given if not self._is_constant(it)]
        if len(given) < 2 or len(are_tensors) < 2 or node.keywords:
            return None
        texts = list(map(self._right, given))
        if cls.tensors and cls.tensors[0].many and not arguments_of(cls)[0].startswith("*") and function != "einsum":
            return f"{function}([{', '.join(texts)}])" if len(are_tensors) == len(given) else None
        if function in _LARGER and len(given) == 2:
            return f"{_LARGER[function]}({', '.join(texts)})"
        if function == "sum":
            return " + ".join(map(self._beside, given))
        sign = next((it for it in BINARY.values() if it.operation == function), None)
        if sign is not None and len(given) > 2:
            return f" {sign.sign} ".join(map(self._beside, given))
        return None

    def _is_constant(self, node: ast.expr) -> bool:
        if isinstance(node, ast.UnaryOp):
            return self._is_constant(node.operand)
        if isinstance(node, ast.List | ast.Tuple):
            return all(map(self._is_constant, node.elts))
        return isinstance(node, ast.Constant) or self._parts.text.value(*self._parts.within(node)) is not None

    def _arguments(self, node: ast.Call, function: str = "", before: int = 0) -> str:
        """The arguments of a call, with numbers one by one as a list where the function takes one."""
        texts = [self._right(it) for it in node.args]
        if self._gathers(node, function, before):
            place = _TAKES_LIST[function] - before
            texts = [*texts[:place], f"[{', '.join(texts[place:])}]"]
        keywords = [f"{it.arg}={self._right(it.value)}" if it.arg else self._parts.written(it) for it in node.keywords]
        return ", ".join([*texts, *keywords])

    def _gathers(self, node: ast.Call, function: str, before: int = 0) -> bool:
        """Whether a call gives numbers one by one to a function that takes a list of them."""
        numbers = node.args[_TAKES_LIST[function] - before :] if function in _TAKES_LIST else []
        return len(numbers) > 1 and all(isinstance(it, ast.Constant | ast.UnaryOp) for it in numbers)

    # -- Others -------------------------------------------------------------------------------

    def starred(self, node: ast.expr) -> str | None:
        """What ``*q`` and ``[*q]`` are: all copies of an item."""
        only = node.elts[0] if isinstance(node, ast.List) and len(node.elts) == 1 else node
        if not isinstance(only, ast.Starred):
            return None
        return f"{self._right(only.value)}{'[*]' * (self._parts.path(only.value) in self._around.copied)}"

    def _copies(self, node: ast.ListComp | ast.GeneratorExp) -> str | None:
        """The item of whose copies a loop only makes a list."""
        loop, name = node.generators[0], self._parts.path(node.generators[0].iter)
        same = isinstance(node.elt, ast.Name) and isinstance(loop.target, ast.Name) and node.elt.id == loop.target.id
        is_plain = same and len(node.generators) == 1 and not loop.ifs
        return f"{name}[*]" if is_plain and name is not None and name in self._around.copied else None

    def _of_copies(self, node: ast.Call) -> str | None:
        """A function of copies in a loop: ``sum(a for a in q)``."""
        only = node.args[0] if len(node.args) == 1 and not node.keywords else None
        copies = self._copies(only) if isinstance(only, ast.ListComp | ast.GeneratorExp) else None
        cls = known(self._parts.path(node.func) or "")
        if copies is None or cls is None:
            return None
        name = self._parts.path(node.func)
        return f"{name}({copies})" if cls.tensors[0].many else f"{name}(stack({copies}), axis=0)"

    def _braced(self, node: ast.Set) -> str | None:
        only = node.elts[0] if len(node.elts) == 1 else None
        if isinstance(only, ast.Set):
            return self._braced(only)
        name = self._parts.written(only) if isinstance(only, ast.Name) else ""
        return f"${name}" if name in self._parts.text.values else None

    def _formatted(self, node: ast.JoinedStr) -> str | None:
        only = node.values[0] if len(node.values) == 1 else None
        if isinstance(only, ast.FormattedValue) and isinstance(only.value, ast.Name):
            return only.value.id
        return None


def _inside(node: ast.AST) -> Iterator[ast.expr]:
    """The parts directly inside a part, in the order in which they are written."""
    found = []
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.expr):
            found += list(_inside(inner)) if isinstance(inner, ast.Slice) else [inner]
        elif isinstance(inner, ast.keyword):
            found.append(inner.value)
    return iter(sorted(found, key=lambda it: (it.lineno, it.col_offset)))


def _split_at_signs(node: ast.Compare) -> list[ast.BinOp] | None:
    """The ``0 & y`` between comparisons, if there is one between all of them."""
    found = [
        it for it in node.comparators[:-1] if isinstance(it, ast.BinOp) and isinstance(it.op, ast.BitAnd | ast.BitOr)
    ]
    return found if len(found) == len(node.comparators) - 1 else None


def _integer(node: ast.expr) -> str | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return None if inner is None else f"-{inner}"
    return str(node.value) if isinstance(node, ast.Constant) and type(node.value) is int else None


def _is_key(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Slice)
        or (isinstance(node, ast.Constant) and not isinstance(node.value, str))
        or (_integer(node) is not None)
    )


def _is_whole(node: ast.expr) -> bool:
    """Whether it is ``:`` or ``...``."""
    if isinstance(node, ast.Slice):
        return node.lower is None and node.upper is None and node.step is None
    return isinstance(node, ast.Constant) and node.value is ...


_RULES: dict[type[ast.expr], Callable[[Meant, Any], str | None]] = {
    ast.BoolOp: Meant._both,
    ast.UnaryOp: Meant._not,
    ast.IfExp: Meant._choice,
    ast.BinOp: Meant._binary,
    ast.Compare: Meant._compared,
    ast.Name: Meant._name,
    ast.Attribute: Meant._attribute,
    ast.Subscript: Meant.index,
    ast.Call: Meant._called,
    ast.List: Meant.starred,
    ast.ListComp: Meant._copies,
    ast.GeneratorExp: Meant._copies,
    ast.Set: Meant._braced,
    ast.JoinedStr: Meant._formatted,
    ast.NamedExpr: lambda self, node: self._right(node.value),
    ast.Starred: Meant.starred,
}
