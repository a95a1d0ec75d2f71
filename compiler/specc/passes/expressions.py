"""``$name`` and ``$(expression)``: values computed from values. Total: every expression ends, small and soon.

Python's parser reads an expression; what may stand in it is the list below, and nothing else is ever run.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NoReturn

from specc.budget import DEEPEST_VALUE, Budget, current
from specc.diagnostics.problem import Fix
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value

LONGEST_EXPRESSION = 1000
LONGEST_KEPT = 100
"""Characters of an expression whose syntax tree is kept: it takes a thousand times the memory of its text."""
LARGEST_NUMBER = 2**63 - 1
LARGEST_LIST = 10_000
"""Values in a list, those of lists inside it included; and characters in a string."""
MOST_DIGITS = 400
"""Digits that ``round`` keeps or drops; no number has so many."""

MOST_NAMED = 12
"""Names that a help lists at most."""
FEW_PARTS = 10
"""Names, numbers and signs of an expression that cost an element each."""
COST_OF_A_PART = 4
"""What each further one costs: long formulas are not for thousands of copies."""
_NAME = re.compile(r"[^\W\d]\w*\Z")
_PART = re.compile(r"\w+|[^\w\s]")
_DOUBTFUL = re.compile(r"\\|\d[^\W\d]")
"""What Python's parser gives advice about: '\\d' in a string, a number that a word follows at once."""
_MARK = re.compile(r"""'[^']*(?:'|\Z)|"[^"]*(?:"|\Z)|[()$]""")
"""A string, a parenthesis or a dollar sign."""


@dataclass
class ExpressionError(Exception):
    """What is wrong with an expression; ``start`` and ``end`` count the characters of the whole text, ``$`` included."""

    code: str
    message: str
    start: int
    end: int
    help: str | None = None
    fix: Fix | None = None


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of a text: that of ``$name`` or ``$(expression)``, or the text with such expressions filled in.

    ``$$`` is a plain ``$``. ExpressionError says what is wrong, and where in the text.

    >>> evaluate("$width", {"width": 3}), evaluate("$(width * 4 if wide else 1)", {"width": 3, "wide": True})
    (3, 12)
    >>> evaluate("down_$(depth - 1).skip", {"depth": 3}), evaluate("$$5", {})
    ('down_2.skip', '$5')
    """
    if text.startswith("$$") or "$" not in text[:1]:
        return _fill(text, values)
    if text.startswith("$("):
        end = _closing(text, 2)
        if end is None:
            raise _not_closed(text, 0)
        if end < len(text) - 1:
            return _fill(text, values)
        return _Evaluation(text, 2, end, values).run()
    name = text[1:]
    if not _NAME.match(name):
        raise _no_name(text, values)
    try:
        return values[name]
    except KeyError:
        raise _no_value(name, values, 0, len(text)) from None


def overdrawn(budget: Budget, written: str, start: int, end: int) -> ExpressionError:
    """The error of a part of a text that makes more elements and characters than a spec may."""
    subject = (
        f"{quote_value(written)} brings the values of the spec to" if written else "the values of the spec come to"
    )
    message = f"{subject} more than {budget.most_values:,} elements and characters"
    return ExpressionError("too-large", message, start, end, "let values hold each other less often, or repeat less")


def put_in(budget: Budget, value: Any, depth: int, text: str) -> None:
    """Count a value that is to stand in a text's stead, so deep in others. ExpressionError where it is too large or deep."""
    size = budget.size(value)
    if depth + size.depth > DEEPEST_VALUE:
        message = f"the value of {quote_value(text)} is nested more than {DEEPEST_VALUE} deep"
        raise ExpressionError("too-deep", message, 0, len(text), "let values hold each other less deeply")
    if not budget.spend_values(size.elements):
        raise overdrawn(budget, text, 0, len(text))


_INSTEAD_OF_FUNCTIONS = {
    "sqrt": "write a ** 0.5, and int(a ** 0.5) for an integer",
    "pow": "write a ** b",
    "floor": "write int(a), or a // b",
    "ceil": "write -(-a // b)",
    "abs": "write max(a, -a)",
    "float": "write a * 1.0",
    "sum": "write a + b",
    "log2": "there are no logarithms; give the value in 'vars'",
    "log": "there are no logarithms; give the value in 'vars'",
    "exp": "there are no exponentials; give the value in 'vars'",
    "str": "write the text with the value in it, as in layer_$(a)",
}
_OTHER_SIGNS = (
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?!=)", " not "),
    (r"(?<![<>=!])=(?!=)", " == "),
    (r"\^", "**"),
)
_CHOICE = re.compile(r"([^?:]+)\?([^?:]+):([^?:]+)\Z")


def _in_our_signs(source: str) -> str | None:
    """An expression in the signs of other languages, in those of specc; None where that is none either.

    >>> _in_our_signs("deep && w > 2"), _in_our_signs("deep ? 4 : 8"), _in_our_signs("2 +")
    ('deep and w > 2', '4 if deep else 8', None)
    """
    for pattern, sign in _OTHER_SIGNS:
        source = re.sub(pattern, sign, source)
    if (choice := _CHOICE.match(source)) is not None:
        condition, one, other = (part.strip() for part in choice.groups())
        source = f"{one} if {condition} else {other}"
    try:
        return ast.unparse(_parsed(source.strip()))
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return None


_ELSEWHERE = re.compile(
    r"\$\{+\s*(?:oc\.env:|env:|env\.)?([\w.-]+)\s*(?:(?::-|:=|:|,|\|)\s*([^{}]*?)\s*)?\}+\Z", re.IGNORECASE
)
"""A value of the environment or of another file, perhaps with a default, as shells, Docker and OmegaConf write it."""


def _from_elsewhere(text: str) -> str | None:
    found = _ELSEWHERE.match(text) if len(text) <= LONGEST_EXPRESSION else None
    name = found[1].rpartition(".")[2].replace("-", "_") if found is not None else ""
    if found is None or not name.isidentifier():
        return None
    var = f"vars: {{{name}: {found[2] or '...'}}}"
    return f"specc reads no environment and no other file: write ${name}, and {var}, which --set {name}=... changes"


def _no_name(text: str, values: Mapping[str, Any]) -> ExpressionError:
    from specc.diagnostics.python_syntax import variable

    message = f"{quote_value(text)} is neither $name nor $(expression)"
    right = variable(text, values)
    if right is None:
        plain = re.sub(r"\$\{([^{}]*)\}", r"\1", text[:LONGEST_EXPRESSION]).replace("$", "").strip()
        help = f"write $({plain})" if re.match(r"[^\W\d]\w*\s*[-+*/%]", plain) else None
        name, *keys = plain.split(".")
        if name in values and keys and all(map(str.isidentifier, keys)):
            steps = "".join(f"['{key}']" for key in keys)
            help = f'write "$({name}{steps})", in quotes'
        return ExpressionError(
            "expression",
            message,
            0,
            len(text),
            help or _from_elsewhere(text) or "write $$ for a plain $ at the beginning of a text",
        )
    return ExpressionError("expression", message, 0, len(text), f"write {right}", Fix(right))


def _fill(text: str, values: Mapping[str, Any]) -> str:
    """A text with the value of each ``$(expression)`` in its place, an integer or a text."""
    parts: list[str] = []
    budget = current()
    position = 0
    while (dollar := text.find("$", position)) >= 0:
        parts.append(text[position:dollar])
        if text.startswith("$(", dollar):
            end = _closing(text, dollar + 2)
            if end is None:
                raise _not_closed(text, dollar)
            value = _Evaluation(text, dollar + 2, end, values).run()
            if isinstance(value, bool) or not isinstance(value, int | str):
                message = f"only an integer or a text can stand inside a text, not {quote_value(value)}"
                raise ExpressionError("expression", message, dollar, end + 1)
            if isinstance(value, str) and not budget.spend_values(len(value)):
                raise overdrawn(budget, text[dollar : end + 1], dollar, end + 1)
            parts.append(str(value))
            position = end + 1
        else:
            parts.append("$")
            position = dollar + (2 if text.startswith("$$", dollar) else 1)
    return "".join([*parts, text[position:]])


def _closing(text: str, start: int) -> int | None:
    """Where the parenthesis closes that was opened before ``start``; None if it does not."""
    depth = 1
    for found in _MARK.finditer(text, start):
        if found[0] in ("(", ")"):
            depth += 1 if found[0] == "(" else -1
            if depth == 0:
                return found.start()
    return None


def _not_closed(text: str, start: int) -> ExpressionError:
    inside = text[start + 1 :]
    help = 'in YAML\'s flow style {...} and [...] quote an expression that has a comma: "$(max(a, b))"'
    if "," not in inside and len(inside) <= LONGEST_EXPRESSION and not re.search("['\"]", inside):
        help = f"write {text}{')' * (inside.count('(') - inside.count(')'))}"
    return ExpressionError(
        "expression", f"the expression {quote_value(text[start:])} is not closed", start, len(text), help
    )


def _no_value(name: str, values: Mapping[str, Any], start: int, end: int) -> ExpressionError:
    hint: str | None
    if name == "index":
        hint = "it exists in an item with 'repeat' or 'each' only; to a block hand it as an argument: n: $index"
    else:
        known = list(islice(_names(values), MOST_NAMED))
        hint = did_you_mean(name, _names(values)) or (
            f"values here: {', '.join(sorted(known))}" if known else "add it to 'vars'"
        )
    return ExpressionError("unknown-value", f"there is no value {quote_value(name)}", start, end, hint)


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    """The names of values, one after the other: an iteration over a ChainMap begins with a copy of all."""
    for part in values.maps if isinstance(values, ChainMap) else (values,):
        yield from _names(part) if isinstance(part, ChainMap) else part


def _divide(left: Any, right: Any) -> Any:
    return left / right


_BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", _divide),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.In: ("in", lambda item, items: item in items),
    ast.NotIn: ("not in", lambda item, items: item not in items),
}
_WORDS = {"true": True, "false": False, "null": None}
_NUMBERS = (int, float)
_SCALARS = (bool, int, float, str, type(None))


def _round(number: float, digits: int | None = None) -> float:
    """Python's own; of an integer it computes a power of ten."""
    if digits is not None and abs(digits) > MOST_DIGITS:
        raise OverflowError
    return round(number, digits)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": _round,
    "int": int,
    "len": len,
    "range": range,
}


_SIGN_HELP = "arithmetic is for numbers; + also joins two texts or two lists, and * repeats a list"
_FUNCTION_HELP = (
    "min, max: numbers or a list of them; round, int: a number; len: a list or a text; range: one to three integers"
)


def _parsed(source: str) -> ast.expr:
    """The syntax tree of an expression. A block's expressions are computed once for each of its instances."""
    return _kept(source) if len(source) <= LONGEST_KEPT else _kept.__wrapped__(source)


@lru_cache(maxsize=4096)
def _kept(source: str) -> ast.expr:
    if not _DOUBTFUL.search(source):
        return ast.parse(source, mode="eval").body
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode="eval").body


class _Evaluation:
    """One walk over the parsed expression."""

    def __init__(self, text: str, start: int, end: int, values: Mapping[str, Any]) -> None:
        self._source = text[start:end].replace("\n", " ").replace("\r", " ").replace("\t", " ")
        self._offset = start
        self._values = values
        self._budget = current()

    def run(self) -> Any:
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
                f"the spec has more than {self._budget.most_formulas:,} formulas that differ",
                "use fewer, or equal ones: a longer file may have more",
            )
        parts = len(_PART.findall(source))
        if not self._budget.spend_values(max(parts, COST_OF_A_PART * (parts - FEW_PARTS) + FEW_PARTS)):
            raise overdrawn(self._budget, source, self._offset, self._offset + max(1, len(source)))
        bare = source.strip()
        if not bare:
            raise self._whole("expression", "the expression $() is empty", "write a value in it, such as $(width * 2)")
        dollar = _dollar(source)
        if dollar is not None:
            at = self._offset + dollar
            raise ExpressionError(
                "expression",
                f"names have no $ inside an expression, as {quote_value(bare)} has",
                at,
                at + 1,
                "take the $ away",
            )
        try:
            tree = _parsed(bare)
        except SyntaxError:  # the place that it names differs between versions of Python
            meant = _in_our_signs(bare)
            raise self._whole(
                "expression",
                f"the expression {quote_value(bare)} is not complete or has a stray character",
                f"write $({meant})"
                if meant is not None
                else "it has numbers, names, + - * / // % **, comparisons, and or not, 'a if c else b'",
            ) from None
        except (RecursionError, MemoryError, ValueError):
            raise self._whole("expression", "the expression is nested too deeply") from None
        self._offset += len(source) - len(source.lstrip())
        self._source = bare
        try:
            return self._value(tree)
        except RecursionError:
            raise self._whole("expression", "the expression is nested too deeply") from None

    def _whole(self, code: str, message: str, help: str | None = None) -> ExpressionError:
        return ExpressionError(code, message, self._offset, self._offset + max(1, len(self._source)), help)

    def _error(
        self, node: ast.expr, message: str, help: str | None = None, code: str = "expression"
    ) -> ExpressionError:
        start = self._offset + _column(self._source, node.col_offset)
        end = self._offset + _column(self._source, node.end_col_offset or node.col_offset + 1)
        return ExpressionError(code, message, start, end, help)

    def _quoted(self, node: ast.expr) -> str:
        """The text of a part of the expression, as a message shows it."""
        return quote_value(ast.get_source_segment(self._source, node) or "")

    def _value(self, node: ast.expr) -> Any:
        return _NODES.get(type(node), _Evaluation._unknown)(self, node)

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        return self._checked(node, value) if isinstance(value, _SCALARS) else self._unknown(node)

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        if name in _WORDS and name not in self._values:
            return _WORDS[name]
        if name in _FUNCTIONS and name not in self._values:
            raise self._error(node, f"{name} is a function", f"write {name}(...)")
        try:
            return self._values[name]
        except KeyError:
            start = self._offset + _column(self._source, node.col_offset)
            raise _no_value(name, self._values, start, start + len(name)) from None

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
        if name not in _FUNCTIONS:
            instead = _INSTEAD_OF_FUNCTIONS.get(name) or f"functions: {', '.join(_FUNCTIONS)}"
            raise self._error(node, f"there is no function {quote_value(name)}", instead)
        if node.keywords:
            raise self._error(node, f"{name} takes values and no keywords", f"write {name}(a, b)")
        return self._call(node, name, [self._value(argument) for argument in node.args])

    def _unknown(self, node: ast.expr) -> NoReturn:
        raise self._error(
            node,
            f"{self._quoted(node)} is not part of the expression language",
            "it has numbers, names, + - * / // % **, comparisons, and or not, 'a if c else b', indexing, "
            + " ".join(_FUNCTIONS),
        )

    def _number(self, node: ast.expr) -> Any:
        value = self._value(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(node, f"a number is wanted, not {quote_value(value)}", "only numbers have a sign")
        return value

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
        if type(op) not in _BINARY:
            raise self._error(
                node,
                f"{self._quoted(node)} has an operator that is not part of the expression language",
                "write ** for a power" if isinstance(op, ast.BitXor) else "operators: + - * / // % **",
            )
        sign, function = _BINARY[type(op)]
        if type(left) not in _NUMBERS or type(right) not in _NUMBERS:
            joined = sign == "+" and type(left) is type(right) and isinstance(left, str | list)
            repeated = sign == "*" and isinstance(left, list) and type(right) is int
            if not (joined or repeated):
                raise self._error(
                    node, f"{sign} does not go with {quote_value(left)} and {quote_value(right)}", _SIGN_HELP
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
            if type(op) not in _COMPARE:
                raise self._error(
                    node,
                    f"{self._quoted(node)} has a comparison that is not part of the expression language",
                    "write == or !=",
                )
            sign, function = _COMPARE[type(op)]
            self._spend(node, self._budget.size(value).elements + self._budget.size(other).elements)
            try:
                if not function(value, other):
                    return False
            except TypeError:
                raise self._error(
                    node,
                    f"{sign} does not go with {quote_value(value)} and {quote_value(other)}",
                    "compare numbers with numbers, texts with texts",
                ) from None
            value = other
        return True

    def _index(self, node: ast.Subscript) -> Any:
        value = self._value(node.value)
        if isinstance(node.slice, ast.Slice):
            raise self._error(node, "slices are not part of the expression language", "take one element: sizes[0]")
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
                "a list and a text have elements by integers from 0, a map by its keys",
            )
        if not -len(value) <= index < len(value):
            raise self._error(
                node,
                f"index {index} is outside a list of {len(value)}",
                f"indices go from 0 to {len(value) - 1}" if value else "the list is empty",
            )
        return value[index]

    def _call(self, node: ast.expr, name: str, arguments: list[Any]) -> Any:
        self._spend(node, sum(self._budget.size(argument).elements for argument in arguments))
        try:
            value = _FUNCTIONS[name](*arguments)
            if not isinstance(value, range):
                return self._checked(node, value)
            if len(value) > LARGEST_LIST:
                raise self._too_large(node)
            self._spend(node, len(value))
            return list(value)
        except OverflowError:
            raise self._too_large(node) from None
        except (TypeError, ValueError):
            given = ", ".join(quote_value(argument) for argument in arguments)
            raise self._error(node, f"{name} does not go with ({given})", _FUNCTION_HELP) from None

    def _spend(self, node: ast.expr, count: int) -> None:
        if not self._budget.spend_values(count):
            at = self._error(node, "")
            written = ast.get_source_segment(self._source, node) or ""
            raise overdrawn(self._budget, written, at.start, at.end)

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
            raise self._error(node, f"{self._quoted(node)} is no real number", "a root of a negative number is none")
        return value

    def _too_large(self, node: ast.expr) -> ExpressionError:
        return self._error(
            node,
            f"the result of {self._quoted(node)} is too large",
            f"integers go to 2^63 - 1, lists to {LARGEST_LIST:,} values",
        )


_NODES: dict[type[ast.expr], Callable[[_Evaluation, Any], Any]] = {
    ast.Constant: _Evaluation._constant,
    ast.Name: _Evaluation._name,
    ast.BinOp: _Evaluation._binary,
    ast.List: _Evaluation._list,
    ast.Tuple: _Evaluation._list,
    ast.UnaryOp: _Evaluation._signed,
    ast.BoolOp: _Evaluation._logic,
    ast.IfExp: _Evaluation._choice,
    ast.Compare: _Evaluation._compare,
    ast.Subscript: _Evaluation._index,
    ast.Call: _Evaluation._function,
}
"""All that may stand in an expression."""


def _column(source: str, byte_offset: int) -> int:
    """Python's parser counts bytes of UTF-8; places count characters."""
    return byte_offset if source.isascii() else len(source.encode()[:byte_offset].decode(errors="replace"))


def _dollar(source: str) -> int | None:
    """Where a ``$`` stands outside of strings."""
    return next((found.start() for found in _MARK.finditer(source) if found[0] == "$"), None) if "$" in source else None
