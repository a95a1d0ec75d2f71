"""The version of Keras that specs are checked for, and what only later versions have.

That says so where it is declared: a class by ``since = "3.16"``, an argument by `Since`, a changed default by `changed`.
So the next version can be described beside this one, and moving to it is a change of `VERSION`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from specc.diagnostics.codes import Code
from specc.diagnostics.problem import Problem, ProblemsError

T = TypeVar("T")

VERSION = "3.15"
"""The version of Keras that specs are checked for."""
RELEASE = "3.15.1"
"""The release that its own files are like."""


def is_later(version: str) -> bool:
    """Whether a version comes after the one that specs are checked for.

    >>> is_later("3.15"), is_later("3.100")
    (False, True)
    """
    return tuple(map(int, version.split("."))) > tuple(map(int, VERSION.split(".")))


def too_new(code: Code, version: str) -> Problem:
    """The problem of what only a later version has, as a predicate of its name."""
    return Problem(code, f"came with Keras {version}; specs are checked for Keras {VERSION}")


class Since:
    """In the type of an argument: the first version that has it. ``is_stable: Annotated[bool, Since("3.16")] = False``"""

    def __init__(self, version: str) -> None:
        self.version = version

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self._admit, handler(source))

    def _admit(self, value: T) -> T:
        if is_later(self.version):
            raise ProblemsError([replace(too_new("unknown-argument", self.version), part="key")])
        return value


def changed(before: T, version: str, after: T) -> T:
    """A default that a version has changed: ``epsilon: Number = changed(1e-3, "3.16", 1e-5)``.

    >>> changed(1e-3, "3.16", 1e-5)
    0.001
    """
    return before if is_later(version) else after
