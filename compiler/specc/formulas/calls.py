"""The arguments of a call in a formula: what is written for each, and what is wrong with them."""

from __future__ import annotations

import ast
import re

from specc.dtypes import ALL
from specc.formulas.functions import arguments_of
from specc.formulas.parts import Parts
from specc.formulas.text import error
from specc.operations.base import Operation
from specc.words import count_of

Given = dict[str, "ast.expr | list[ast.expr]"]
"""What is written for each argument, by its name; a list for one that takes all that follow."""


def arguments_of_call(cls: type[Operation], name: str, node: ast.Call, parts: Parts) -> Given:
    """What a call gives to each argument of a function. ExpressionError if it has no such argument, or gets it twice."""
    order = arguments_of(cls)
    takes = ", ".join(order) or "none"
    found: Given = {}
    for position, written in enumerate(node.args):
        argument = order[min(position, len(order) - 1)] if order else ""
        if argument.startswith("*"):
            found[argument[1:]] = list(node.args[position:])
            break
        if position >= len(order):
            raise parts.error(written, f"{name} takes {count_of(len(order), 'argument')}", f"they are {takes}")
        found[argument] = written
    for keyword in node.keywords:
        if keyword.arg is None:
            help = f"write them out: {', '.join(f'{it}=...' for it in order[1:]) or takes}"
            raise error(f"{name} takes its arguments by name, not in a map", parts.within(keyword), help)
        if keyword.arg in found:
            raise parts.error(keyword, f"{name} gets {keyword.arg} twice", "remove one of the two")
        if keyword.arg not in {*cls.argument_fields(), *(it.name for it in cls.tensors)}:
            raise _unknown(cls, name, keyword, parts)
        found[keyword.arg] = keyword.value
    _check_ends(name, node, parts)
    missing = [it.name for it in cls.tensors if (it.required or it.name in cls.constants) and it.name not in found]
    if missing:
        raise parts.error(node, f"{name} needs '{missing[0]}'", f"it takes {takes}")
    return found


def _unknown(cls: type[Operation], name: str, keyword: ast.keyword, parts: Parts) -> Exception:
    assert keyword.arg is not None
    _, problems = cls.parse({keyword.arg: None})
    problem = next(it for it in problems if it.path[:1] == (keyword.arg,))
    value = parts.written(keyword.value)
    guess = re.match(r"did you mean '(\w+)'", problem.help or "")
    right = problem.fix.value if problem.fix is not None else guess[1] if guess else None
    if right is None or right not in cls.argument_fields():
        return parts.error(
            keyword, f"{name} {problem.message}", problem.help or f"it takes {', '.join(arguments_of(cls))}"
        )
    return parts.error(keyword, f"{name} {problem.message}", instead=f"{right}={value}")


def _check_ends(name: str, node: ast.Call, parts: Parts) -> None:
    """Python's ``max(x, 0)`` is the larger of two; Keras would take 0 for the axis, that of the batch."""
    if name not in ("max", "min") or len(node.args) != 2 or not isinstance(node.args[1], ast.Constant):
        return
    value = node.args[1].value
    if value == 0 or isinstance(value, float):
        first, second = map(parts.written, node.args)
        raise parts.error(
            node, f"{name} takes one tensor, and an axis by its name", instead=f"{name}imum({first}, {second})"
        )


def as_word(path: str | None) -> str | None:
    """A name in place of a word in quotes: ``float32``, ``tf.float32``."""
    last = (path or "").rpartition(".")[2]
    return f"'{last}'" if last in ALL else None
