"""The values of a file, and putting them in: every ``$name`` and ``$(expression)`` becomes what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from specc.diagnostics import Report
from specc.frontend.include import Unit
from specc.passes.expressions import ExpressionError, evaluate
from specc.passes.scopes import through
from specc.source import Frame, Place


class Failed(Exception):
    """Something was reported and the part at hand cannot be expanded."""


class Values(Mapping[str, Any]):
    """A file's vars, each computed when first asked for, so that they may stand in any order."""

    def __init__(self, unit: Unit, given: dict[str, tuple[Any, Place]], report: Report) -> None:
        self._given = given
        self._done: dict[str, Any] = {}
        self._open: dict[str, None] = {}
        self._failed: set[str] = set()
        self._report = report

    def __getitem__(self, name: str) -> Any:
        if name in self._done:
            return self._done[name]
        if name in self._failed:
            raise Failed
        value, place = self._given[name]
        if name in self._open:
            waiting = list(self._open)
            chain = " -> ".join([*waiting[waiting.index(name) :], name])
            help = "give one of them a value that needs none of the others"
            self._report.error("value-cycle", f"the value '{name}' needs itself: {chain}", place, help=help)
            raise Failed
        self._open[name] = None
        try:
            self._done[name] = substitute(value, self, place, (), self._report, f"the value '{name}'")
        except Failed:
            self._failed.add(name)
            raise
        finally:
            self._open.popitem()
        return self._done[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def substitute(
    data: Any, values: Mapping[str, Any], place: Place, frames: tuple[Frame, ...], report: Report, subject: str = ""
) -> Any:
    """Data with every ``$name`` and ``$(expression)`` replaced; every error is reported, then Failed raised.

    ``subject`` says in a message what the data belongs to: "'stem' (Conv2D)".
    """
    wrong: list[Any] = []
    result = _substitute(data, values, place, wrong)
    for at, error in wrong:
        if error is not None:
            message = f"{subject}: {error.message}" if subject else error.message
            report.error(error.code, message, at, help=error.help, related=through(frames))
    if wrong:
        raise Failed
    return result


def _substitute(
    data: Any, values: Mapping[str, Any], place: Place, wrong: list[tuple[Place, ExpressionError | None]]
) -> Any:
    """`substitute`, which gets to know what is wrong: an error, or None for a value whose own error is reported already."""
    if isinstance(data, str):
        if "$" not in data:
            return data
        try:
            return evaluate(data, values)
        except ExpressionError as error:
            wrong.append((replace(place, within=(error.start, error.end)), error))
        except Failed:
            wrong.append((place, None))
        return None
    if isinstance(data, list):
        return [
            _substitute(item, values, replace(place, path=(*place.path, index)), wrong)
            for index, item in enumerate(data)
        ]
    if isinstance(data, dict):
        return {
            key: _substitute(item, values, replace(place, path=(*place.path, key)), wrong) for key, item in data.items()
        }
    return data
