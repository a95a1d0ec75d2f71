"""An item in a shorthand that specs do not have: ``Dense(units: 10)``, ``Dense 10 relu``, ``Dense, units=10``."""

from __future__ import annotations

import re
from typing import Any

from specc.arguments import python_syntax
from specc.arguments.kinds import find, layer_type
from specc.arguments.names import today
from specc.arguments.python_syntax import NoValueError
from specc.arguments.values import takes

LONGEST = 300
"""Most characters of a text that is examined."""

_HEAD = re.compile(r"\s*([A-Za-z_][\w.]*)(?=[\s,;:({\[])\s*[,;:]?\s*(\S.*?)[\s,;]*\Z", re.DOTALL)
_PART = re.compile(
    r"""[\s,;]*(?:([A-Za-z_]\w*)\s*[:=]\s*)?("[^"]*"|'[^']*'|\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}|[^\s,;()\[\]{}"']+)(?=[\s,;]|\Z)"""
)
_BRACKETS = {"(": ")", "{": "}", "[": "]"}
_TIMES = re.compile(r"\d+(?:[x×]\d+)+\Z")  # noqa: RUF001 - the sign itself


def as_item(text: str) -> dict[str, Any] | None:
    """The layer item that a shorthand means; None if it is not one, or a value would be wrong.

    >>> from specc import layers  # which fills in the kinds
    >>> from specc.diagnostics.notation import flow
    >>> flow(as_item("Dense(units: 10, activation: relu)")), flow(as_item("Conv2D 32 3x3 relu"))
    ('{type: Dense, units: 10, activation: relu}', '{type: Conv2D, filters: 32, kernel_size: [3, 3], activation: relu}')
    >>> as_item("Dense layer with 10 units"), as_item("Dense")
    (None, None)
    """
    head = _HEAD.match(text) if len(text) <= LONGEST else None
    if head is None or layer_type(head[1]) is None:
        return None
    rest = head[2]
    if _BRACKETS.get(rest[0]) == rest[-1]:
        rest = rest[1:-1]
    parts, position = [], 0
    while position < len(rest.rstrip(" ,;")):
        part = _PART.match(rest, position)
        if part is None:
            return None
        parts.append((part[1], _value(part[2])))
        position = part.end()
    return _with_arguments(head[1], parts) if parts else None


def _value(written: str) -> Any:
    if _TIMES.match(written):
        return [int(size) for size in re.split(r"\D", written)]
    try:
        return python_syntax.value(written)
    except NoValueError:
        from specc.reading.mistakes import MistakesError
        from specc.reading.yaml_reader import load  # a JSON spec needs no YAML library

        try:
            return load(written)
        except MistakesError:
            return written


def _with_arguments(written: str, parts: list[tuple[str | None, Any]]) -> dict[str, Any] | None:
    """The item; unnamed arguments are named by their order, a lone activation by what it is."""
    name, cls, names = python_syntax.signature(written, "layer")
    if cls is None:
        return None
    item: dict[str, Any] = {"type": name}
    for written_key, value in parts:
        if written_key is not None:
            key = today(cls, written_key)
        elif len(item) > 1 and "activation" in names and _is_activation(value):
            key = "activation"
        else:
            key = next((name for name in names if name not in item), "")
        if key == "-":  # an argument of another library that Keras has no use for
            names = names[names.index(key) + 1 :]
            continue
        if key in item or not (key in ("name", "from") or takes(cls, key, value)):
            return None
        item[key] = value
    if len(item) > 1:
        return item
    return None if name == written else _with_arguments(name, parts)  # alone, a number is what Keras takes first


def _is_activation(value: Any) -> bool:
    return isinstance(value, str) and find("activation", value) is not None
