"""Formulas in tests: what they become, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from specc.diagnostics.problem import Problem
from specc.expressions.errors import ExpressionError
from specc.formulas.lower import lower
from specc.formulas.scope import Around
from specc.formulas.steps import Name


def steps(text: str, values: dict[str, Any] | None = None, copied: Container[str] = ()) -> list[str]:
    """The operations of a formula, each as a call; ``#0`` is the result of the first, ``#0.1`` its second output."""
    return [
        f"{step.operation.type_name.removeprefix('ops.')}({', '.join([*_inputs(step.inputs), *_constants(step)])})"
        for step in lower(text, values or {}, Around(copied=copied)).steps
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
    found = problem(text, values or {}, Around(copied=copied))
    assert found.within is not None
    return found.message, found.help, text[slice(*found.within)]


def problem(text: str, values: dict[str, Any], around: Around) -> Problem:
    """What is wrong with a formula."""
    try:
        lower(text, values, around)
    except ExpressionError as error:
        return error.problem
    raise AssertionError(f"{text!r} is accepted")


def applied(text: str, values: dict[str, Any], around: Around) -> str:
    """A formula with its certain fixes made, one after the other, until it is accepted or has none."""
    for _ in range(5):
        try:
            lower(text, values, around)
        except ExpressionError as error:
            if error.problem.message.startswith("shape(...) is known"):  # by what stands around a formula
                return text
            fix, within = error.problem.fix, error.problem.within
            assert within is not None
            if fix is None:
                raise
            text = f"{text[: within[0]]}{fix.value}{text[within[1] :]}"
        else:
            return text
    raise AssertionError(f"{text!r} is not accepted")
