"""Values of a file that anyone may have written: each is checked where it is read, and what is wrong has its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value
from specc.source import Path


def wrong(message: str, path: Path, code: ErrorCode = "invalid-value", help: str | None = None) -> ProblemsError:
    """What is wrong at a place."""
    return ProblemsError([Problem(code, message, path, help)])


def a_map(value: Any, path: Path) -> dict[str, Any]:
    """A map."""
    if not isinstance(value, dict):
        raise wrong(f"must be a map, not {quote_value(value)}", path)
    return value


def a_list(value: Any, path: Path) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise wrong(f"must be a list, not {quote_value(value)}", path)
    return value


def a_text(value: Any, path: Path) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise wrong(f"must be a text, not {quote_value(value)}", path)
    return value


def an_index(value: Any, path: Path) -> int:
    """A number that counts from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise wrong(f"must be a number from 0, not {quote_value(value)}", path)
    return value


@contextmanager
def under(*path: str | int) -> Iterator[None]:
    """Give what is wrong inside a path that starts further out."""
    try:
        yield
    except ProblemsError as error:
        raise ProblemsError([problem.under(*path) for problem in error.problems]) from None
