"""Formulas in tests: what they become, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from specc.expressions.errors import ExpressionError
from specc.formulas.lower import lower
from specc.formulas.steps import Name


def steps(text: str, values: dict[str, Any] | None = None, copied: Container[str] = ()) -> list[str]:
    """The operations of a formula, each as a call; ``#0`` is the result of the first, ``#0.1`` its second output."""
    return [
        f"{step.operation.type_name.removeprefix('ops.')}({', '.join([*_inputs(step.inputs), *_constants(step)])})"
        for step in lower(text, values or {}, copied).steps
    ]


def _inputs(inputs: dict[str, Any]) -> list[str]:
    return [f"{name}={_shown(value)}" for name, value in inputs.items()]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, Name):
        return value.text
    return f"#{value.step}" + (f".{value.port}" if value.port is not None else "")


def _constants(step: Any) -> list[str]:
    return [f"{name}={value!r}" for name, value in step.operation.given().items()]


def refused(
    text: str, values: dict[str, Any] | None = None, copied: Container[str] = ()
) -> tuple[str, str | None, str]:
    """The message of what is wrong with a formula, its help, and the part of the text that it marks."""
    try:
        lower(text, values or {}, copied)
    except ExpressionError as error:
        problem = error.problem
        assert problem.within is not None
        return problem.message, problem.help, text[slice(*problem.within)]
    raise AssertionError(f"{text!r} is accepted")
