"""The value of a string with ``$name`` or ``$(expression)`` in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from specc.budget import DEEPEST_VALUE, Budget, current
from specc.diagnostics.text_safety import quote_value
from specc.expressions.compute import Evaluation
from specc.expressions.errors import ExpressionError, no_name, no_value, not_closed, overdrawn
from specc.expressions.syntax import NAME, closing

_NUMBER_OF_COPY = re.compile(r"\$([^\W\d]\w*)(?=\])")
"""The number of a copy in a reference: ``stage[$index]``."""


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of a string: that of ``$name`` or ``$(expression)``, or the string with such expressions replaced.

    ``$$`` is a literal ``$``. ExpressionError has what is wrong, and where in the string.

    >>> evaluate("$width", {"width": 3}), evaluate("$(width * 4 if wide else 1)", {"width": 3, "wide": True})
    (3, 12)
    >>> evaluate("down_$(depth - 1).skip", {"depth": 3}), evaluate("down[$depth]", {"depth": 3}), evaluate("$$5", {})
    ('down_2.skip', 'down[3]', '$5')
    """
    if text.startswith("$$") or "$" not in text[:1]:
        return _fill(text, values)
    if text.startswith("$("):
        end = closing(text, 2)
        if end is None:
            raise not_closed(text, 0)
        if end < len(text) - 1:
            return _fill(text, values)
        return Evaluation(text, 2, end, values).run()
    name = text[1:]
    if not NAME.match(name):
        raise no_name(text, values)
    return _value(name, values, 0, len(text))


def _value(name: str, values: Mapping[str, Any], start: int, end: int) -> Any:
    """The value of a name that is written in a part of a string."""
    try:
        return values[name]
    except KeyError:
        raise no_value(name, values, start, end) from None


def put_in(budget: Budget, value: Any, depth: int, text: str) -> None:
    """Count a value that replaces an expression, at a nesting depth. ExpressionError if it is too large or deep."""
    size = budget.size(value)
    if depth + size.depth > DEEPEST_VALUE:
        message = f"the value of {quote_value(text)} is nested more than {DEEPEST_VALUE} deep"
        raise ExpressionError("too-deep", message, 0, len(text), "nest values less deeply")
    if not budget.spend_values(size.elements):
        raise overdrawn(budget, text, 0, len(text))


def _fill(text: str, values: Mapping[str, Any]) -> str:
    """A string with each ``$(expression)``, and each ``[$name]``, replaced by its value, an integer or a string."""
    parts: list[str] = []
    budget = current()
    position = 0
    while (dollar := text.find("$", position)) >= 0:
        parts.append(text[position:dollar])
        copy = _NUMBER_OF_COPY.match(text, dollar) if text[dollar - 1 : dollar] == "[" else None
        if text.startswith("$(", dollar):
            closed = closing(text, dollar + 2)
            if closed is None:
                raise not_closed(text, dollar)
            value, end = Evaluation(text, dollar + 2, closed, values).run(), closed + 1
        elif copy is not None:
            value, end = _value(copy[1], values, dollar, copy.end()), copy.end()
        else:
            parts.append("$")
            position = dollar + (2 if text.startswith("$$", dollar) else 1)
            continue
        if isinstance(value, bool) or not isinstance(value, int | str):
            message = f"only an integer or a string can be inserted into a string, not {quote_value(value)}"
            raise ExpressionError("expression", message, dollar, end)
        if isinstance(value, str) and not budget.spend_values(len(value)):
            raise overdrawn(budget, text[dollar:end], dollar, end)
        parts.append(str(value))
        position = end
    return "".join([*parts, text[position:]])
