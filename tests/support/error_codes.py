"""Every error code that the compiler can give, collected from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import specc
from specc.objects import MODULES

SOURCE = Path(specc.__file__).parent
CODE = re.compile(r"[a-z]+(-[a-z]+)*\Z")
FIRST_ARGUMENT_IS_CODE = {
    "Diagnostic", "ExpressionError", "Mistake", "Problem", "_error", "_fail", "_mistake", "_warn", "_whole", "error", "warn", "warning",
    "warning_if_sound",
}  # fmt: skip
INSERTED = {
    "unknown-{kind}": tuple(MODULES),
    "{kind}-shape": ("initializer", "regularizer", "constraint"),
    "unknown-{cls.noun}": ("argument", "key"),
    "missing-{cls.noun}": ("argument", "key"),
}
"""What stands in the f-strings that codes are made with."""


@cache
def codes() -> dict[str, str]:
    """Each code, and a place in the source that gives it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for code, line in _codes_in(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(code, f"{path.relative_to(SOURCE)}:{line}")
    return found


def _codes_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=keywords):
                given = arguments[:1] if name in FIRST_ARGUMENT_IS_CODE else []
                given = [*given, *(keyword.value for keyword in keywords if keyword.arg == "code")]
            case ast.Assign(targets=[ast.Name(id="code")], value=value):
                given = [value]
        for value in given:
            yield from ((code, value.lineno) for code in _texts(value) if CODE.match(code))


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression for a code can be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case ast.JoinedStr():
            template = ast.unparse(node)[2:-1]
            if "-" in template:
                yield from (re.sub(r"\{.*\}", word, template) for word in INSERTED[template])
