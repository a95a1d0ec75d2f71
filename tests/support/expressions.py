"""Values for the tests of expressions, and what a text is with them."""

from __future__ import annotations

from typing import Any

import pytest

from specc.diagnostics.problem import Problem
from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate

VALUES: dict[str, Any] = {
    "width": 64, "rate": 0.5, "name": "wide", "deep": True, "sizes": [1, 2, 3], "sides": {"left": 1, "rechts größer": 2},
    "none": None, "größe": 7, "empty": [], "big": 2**62, "zero": 0, "texts": ["a", "b"],
}  # fmt: skip


def check_computed(text: str, expected: Any) -> None:
    """Fail unless the text has that value, of that type."""
    found = evaluate(text, VALUES)
    assert (found, type(found)) == (expected, type(expected))


def problem(text: str) -> Problem:
    """What is wrong with a text that has no value."""
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, VALUES)
    return caught.value.problem


def check_refused(text: str, message: str, marked: str) -> None:
    """Fail unless the text is refused with that message, which marks that part of it."""
    found = problem(text)
    assert found.within is not None
    assert (found.message, text[slice(*found.within)]) == (message, marked)
    assert found.code == ("unknown-value" if "there is no value" in message else "expression")
    assert found.help or "there is no value" not in message
