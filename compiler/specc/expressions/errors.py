"""What is wrong with an expression, and what was meant."""

from __future__ import annotations

import ast
import re
from collections import ChainMap
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from specc.budget import Budget
from specc.diagnostics import Related
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.expressions.operations import FUNCTIONS, WORDS
from specc.expressions.syntax import LONGEST_EXPRESSION, parsed_or_none

MOST_NAMED = 12
"""Most names that a help lists."""


class ExpressionError(Exception):
    """What is wrong with an expression: the problem's ``within`` counts characters of the whole text, ``$`` included."""

    def __init__(
        self, code: ErrorCode, message: str, start: int, end: int, help: str | None = None, fix: Fix | None = None
    ) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, help=help, fix=fix, within=(start, end))
        self.related: Sequence[Related] = ()
        """Further places."""
        self.follows = False
        """Whether it follows from another error, and is only worth reporting if that is not found."""


def overdrawn(budget: Budget, written: str = "", start: int = 0, end: int = 0) -> ExpressionError:
    """The error of a part of a text whose values exceed the budget of elements and characters."""
    subject = (
        f"{quote_value(written)} brings the values of the spec to" if written else "the values of the spec come to"
    )
    message = f"{subject} more than {budget.most_values:,} elements and characters"
    return ExpressionError("too-large", message, start, end, "nest values in each other less often, or repeat less")


def not_closed(text: str, start: int) -> ExpressionError:
    """The error of a ``$(`` whose parenthesis does not close."""
    inside = text[start + 1 :]
    help = 'in YAML\'s flow style {...} and [...] quote an expression that has a comma: "$(max(a, b))"'
    if "," not in inside and len(inside) <= LONGEST_EXPRESSION and not re.search("['\"]", inside):
        closing = ")" * (inside.count("(") - inside.count(")"))
        is_whole = parsed_or_none(f"{inside[1:]}{closing[1:]}") is not None
        help = f"write {text}{closing}" if is_whole else "complete the expression, and end it with ')'"
    return ExpressionError(
        "expression", f"the expression {quote_value(text[start:])} is not closed", start, len(text), help
    )


def no_value(name: str, values: Mapping[str, Any], start: int, end: int) -> ExpressionError:
    """The error of an unknown name."""
    hint: str | None
    if name in WORDS:
        hint = f"write $({name})" if isinstance(WORDS[name], float) else f"write {name}, without the $"
    elif name == "index":
        hint = "it exists only in an item with 'repeat' or 'each'; pass it to a block as an argument: n: $index"
    else:
        known = list(islice(_names(values), MOST_NAMED))
        hint = did_you_mean(name, _names(values)) or (
            f"values here: {', '.join(sorted(known))}" if known else "add it to 'vars'"
        )
    return ExpressionError("unknown-value", f"there is no value {quote_value(name)}", start, end, hint)


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    """The names of values, one by one: iterating over a ChainMap copies all of them first."""
    for part in values.maps if isinstance(values, ChainMap) else (values,):
        yield from _names(part) if isinstance(part, ChainMap) else part


_ROOT = re.compile(r"[.\[]")
"""What follows the name of a value of which a part is meant."""
INSTEAD_OF_FUNCTIONS = {
    "all": "write false not in [a > 2 for a in sizes]",
    "any": "write true in [a > 2 for a in sizes]",
    "bool": "write a != 0",
    "divmod": "write a // b and a % b",
    "enumerate": "count: [i * sizes[i] for i in range(len(sizes))]",
    "filter": "write [a for a in sizes if a > 2]",
    "float": "write a * 1.0",
    "list": "write [a for a in sizes], or [...]; range(3) is a list",
    "ln": "write log(a)",
    "log10": "write log(a, 10)",
    "map": "write [a * 2 for a in sizes]",
    "mean": "write sum(sizes) / len(sizes)",
    "pi": "pi is a number: write pi",
    "pow": "write a ** b",
    "reversed": "write sizes[::-1]",
    "sorted": "write the list in the order that is needed",
    "tuple": "write [...]; range(3) is a list",
    "zip": "count: [a[i] * b[i] for i in range(len(a))]",
}
INSTEAD_OF_SYNTAX: dict[type[ast.AST], str] = {
    ast.Lambda: "write what it computes where it is needed; [a * 2 for a in sizes] computes a list",
    ast.Dict: "write the map in 'vars', and sides['left'] for a value of it",
    ast.DictComp: "write a list, [a * 2 for a in sizes]; maps are written out in 'vars'",
    ast.Set: "write a list: [1, 2]",
    ast.SetComp: "write a list: [a * 2 for a in sizes]",
    ast.JoinedStr: "write 'layer_' + str(a); outside of an expression, layer_$(a)",
    ast.NamedExpr: "write the value under 'vars'",
    ast.Starred: "write one list; + joins two",
}
_INSTEAD_OF_METHODS = {
    "get": "write {0}['...'], or {0}['...'] if '...' in {0} else ...",
    "items": "write [key for key in {0}], and {0}[key] for the value of each",
    "keys": "write [key for key in {0}]",
    "values": "write [{0}[key] for key in {0}]",
}
"""Of maps; ``{0}`` is the map."""


def instead_of_method(name: str, text: str) -> str | None:
    """What to write instead of a method of a map."""
    return _INSTEAD_OF_METHODS[name].format(text) if name in _INSTEAD_OF_METHODS else None


def as_entry(node: ast.expr) -> str:
    """The text of a part in which ``.name`` stands for an entry of a map.

    >>> as_entry(ast.parse("sizes.small.width", mode="eval").body)
    "sizes['small']['width']"
    """
    if isinstance(node, ast.Attribute):
        return f"{as_entry(node.value)}['{node.attr}']"
    return ast.unparse(node)


def no_key(key: str, values: Mapping[str, Any]) -> str:
    """A help for a key that a map does not have."""
    return did_you_mean(key, values) or f"keys: {', '.join(list(values)[:MOST_NAMED])}"


_OTHER_SIGNS = (
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?!=)", " not "),
    (r"(?<![<>=!])=(?!=)", " == "),
    (r"\^", "**"),
)
_CHOICE = re.compile(r"([^?:]+)\?([^?:]+):([^?:]+)\Z")


def in_our_signs(source: str) -> str | None:
    """An expression in the syntax of other languages, translated to specc's; None if that is not valid either.

    >>> in_our_signs("deep && w > 2"), in_our_signs("deep ? 4 : 8"), in_our_signs("2 +")
    ('deep and w > 2', '4 if deep else 8', None)
    """
    for pattern, sign in _OTHER_SIGNS:
        source = re.sub(pattern, sign, source)
    if (choice := _CHOICE.match(source)) is not None:
        condition, one, other = (part.strip() for part in choice.groups())
        source = f"{one} if {condition} else {other}"
    tree = parsed_or_none(source)
    return None if tree is None else ast.unparse(tree)


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
    return f"specc does not read environment variables: write ${name}, and {var}, which --set {name}=... changes"


def no_name(text: str, values: Mapping[str, Any]) -> ExpressionError:
    """The error of a string that begins with ``$`` but has neither of the two forms."""
    message = f"{quote_value(text)} is neither $name nor $(expression)"
    right = variable(text, values)
    if right is None:
        plain = re.sub(r"\$\{([^{}]*)\}", r"\1", text[:LONGEST_EXPRESSION]).replace("$", "").strip()
        help = f"write $({plain})" if re.match(r"[^\W\d]\w*\s*[-+*/%]", plain) else None
        node = parsed_or_none(plain) if isinstance(values.get(_ROOT.split(plain, maxsplit=1)[0]), dict | list) else None
        if isinstance(node, ast.Attribute | ast.Subscript):
            help = f'write "$({as_entry(node)})", in quotes'
        return ExpressionError(
            "expression",
            message,
            0,
            len(text),
            help or _from_elsewhere(text) or "write $$ for a literal $ at the beginning of a string",
        )
    return ExpressionError("expression", message, 0, len(text), f"write {right}", Fix(right))


def variable(text: str, names: Container[str]) -> str | None:
    """A string that is the name of a value, or a formula of such names, as a spec writes it; None if it is neither.

    >>> variable("width", {"width"}), variable("width*2", {"width"}), variable("${width}", {"width"}), variable("same", {})
    ('$width', '$(width * 2)', '$width', None)
    """
    bare = re.sub(r"\$?\{{1,2}\s*([^{}]*?)\s*\}{1,2}|%\((\w+)\)s|<%?=?\s*(\w+)\s*%?>", r"\1\2\3", text).replace("$", "")
    bare = bare if "vars" in names else re.sub(r"\bvars\.", "", bare)
    if re.search(r"\bshape\(", bare) and parsed_or_none(bare) is not None:
        return f"$({bare.strip()})"
    if not re.fullmatch(r"[\w\s+*/%().-]+", bare) or (node := parsed_or_none(bare)) is None:
        return None
    if any(isinstance(part, ast.Attribute) for part in ast.walk(node)):
        return None
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    called = {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}
    if not called <= FUNCTIONS.keys() or not used - called or not all(name in names for name in used - called):
        return None
    return f"${bare.strip()}" if isinstance(node, ast.Name) else f"$({ast.unparse(node)})"
