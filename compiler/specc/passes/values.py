"""The values of a file, and substitution: every ``$name`` and ``$(expression)`` becomes its value."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from specc.budget import current
from specc.diagnostics import MOST_DIAGNOSTICS, Report
from specc.diagnostics.frames import through
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Problem
from specc.expressions.errors import ExpressionError, overdrawn
from specc.expressions.evaluate import evaluate, put_in
from specc.source import Frame, Path, Place

LONGEST_CHAIN = 200
"""Most values that wait for each other, if the names in their strings do not tell which comes first."""
MOST_WAITING = sys.maxsize
COST_OF_A_TEXT = 2
"""What a substitution in a string costs at least, in elements."""
COST_OF_A_VALUE = 100
"""What a value with a ``$`` costs at least, in elements: so many are searched for what they need first."""
_NAME = re.compile(r"[^\W\d]\w*")


class Failed(Exception):
    """Something was reported, and the current part cannot be expanded."""


class Values(Mapping[str, Any]):
    """A file's vars, each computed when first needed, so they may be in any order."""

    def __init__(self, given: Mapping[str, tuple[Any, Place]], report: Report) -> None:
        self._budget = current()
        self._given = given
        self._done: dict[str, Any] = {}
        self._open: dict[str, None] = {}
        self._failed: set[str] = set()
        self._report = report

    @property
    def given(self) -> Mapping[str, tuple[Any, Place]]:
        """What each is set to, and where."""
        return self._given

    def __getitem__(self, name: str) -> Any:
        if name in self._done:
            return self._done[name]
        if name in self._failed:
            raise Failed
        if name not in self._given:
            raise KeyError(name)
        if not self._open:
            # Iterative, so that a long chain of values needs no recursion.
            for needed in self._needed(name):
                with suppress(Failed):
                    self._compute(needed)
        return self._compute(name)

    def _needed(self, name: str) -> list[str]:
        """The values that a value may need, by the names in its strings; each after those that it may need itself.

        Values that seem to need themselves are omitted: only evaluating their expressions can tell.
        """
        row: list[str] = []
        path = [(name, self._names_in(name))]
        position = {name: 0}
        """The position of each value found so far, while it waits; then -1."""
        cycle = MOST_WAITING
        """The first waiting value that a later one needs."""
        while path:
            last, names = path[-1]
            following = next(names, None)
            if following is None:
                path.pop()
                if len(path) < cycle:
                    row.append(last)
                elif len(path) == cycle:
                    cycle = MOST_WAITING
                position[last] = -1
            elif following not in position:
                position[following] = len(path)
                path.append((following, self._names_in(following)))
            elif position[following] >= 0:
                cycle = min(cycle, position[following])
        return [needed for needed in row if needed != name]

    def _names_in(self, name: str) -> Iterator[str]:
        names = names_in(self._given[name][0]) if self._budget.is_computed(self._given[name][0]) else ()
        return iter(
            [one for one in sorted(names) if one in self._given and one not in self._done and one not in self._failed]
        )

    def _compute(self, name: str) -> Any:
        if name in self._done:
            return self._done[name]
        if name in self._failed:
            raise Failed
        value, place = self._given[name]
        if name in self._open:
            waiting = list(self._open)
            chain = " -> ".join([*waiting[waiting.index(name) :], name])
            help = "give one of them a value that does not depend on the others"
            self._report.error("value-cycle", f"the value '{name}' depends on itself: {chain}", place, help=help)
            raise Failed
        if len(self._open) >= LONGEST_CHAIN:
            self._report.error(
                "too-deep",
                f"the value '{name}' is at the end of a chain of more than {LONGEST_CHAIN} interdependent values",
                place,
                help="make the chain shorter",
            )
            self._failed.add(name)
            raise Failed
        if self._budget.is_computed(value):
            self._pay(place)
        self._open[name] = None
        try:
            self._done[name] = substitute(value, self, place, (), self._report, lambda: f"the value '{name}'")
        except Failed:
            self._failed.add(name)
            raise
        finally:
            self._open.popitem()
        return self._done[name]

    def _pay(self, place: Place) -> None:
        if not self._budget.spend_values(COST_OF_A_VALUE):
            self._report.add(replace(overdrawn(self._budget).problem, within=None), place)
            self._report.stop()

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def names_in(data: Any) -> set[str]:
    """The names in the expressions of some data; keywords and the words of strings among them do no harm."""
    if isinstance(data, str):
        return set(_NAME.findall(data)) if "$" in data else set()
    if isinstance(data, dict):
        return set().union(*map(names_in, data.values()))
    return set().union(*map(names_in, data)) if isinstance(data, list) else set()


def substitute(
    data: Any,
    values: Mapping[str, Any],
    place: Place,
    frames: tuple[Frame, ...],
    report: Report,
    subject: Callable[[], str] | None = None,
) -> Any:
    """Data with every ``$name`` and ``$(expression)`` replaced; every error is reported, then Failed raised.

    CompileError where the spec's budget is exceeded: no other value can be computed then.

    Data without any stays the same object. ``subject`` returns what a message says the data belongs to:
    "'stem' (Conv2D)".
    """
    if data is None:
        return None
    substitution = _Substitution(values)
    result = substitution.of(data, ())
    for path, error in substitution.wrong:
        if error is not None:
            problem = error.problem.under(*path)
            at = problem.place(place)
            if problem.code == "unknown-value":
                problem = replace(problem, help=_in_reference(problem, at) or problem.help)
            if subject is not None:
                problem = replace(problem, message=f"{subject()}: {problem.message}")
            if error.follows:
                report.keep(problem, place, through(frames))
            else:
                report.add(problem, place, [*error.related, *through(frames)])
    if substitution.wrong:
        if current().is_overdrawn:
            report.stop()
        raise Failed
    return result


def _in_reference(problem: Problem, place: Place) -> str | None:
    """A help for a reference that uses a value which there is not."""
    key = place.path[2:3] if place.path[:1] == ("blocks",) else place.path[:1]
    written = str(place.written)
    if key in (("edges",), ("outputs",)) and problem.within is not None:
        name = written[slice(*problem.within)].removeprefix("$")
        items = place._replace(path=(*place.path[: 2 if place.path[0] == "blocks" else 0], "layers")).written
        if name != "index" and not any(name in names for item in items or () for names in _names_of_copies(item)):
            return None
        if key == ("edges",):
            return (
                f"an edge is the same for all copies: write from: {flow(written)} in the item, "
                "in place of the edge that ends at it"
            )
        several = re.sub(r"\[[^\[\]]*\]", "[*]", written)
        return (
            None
            if several == written
            else f"only the item has its copies' values: write {flow(several)} for all copies"
        )
    is_from = place.path[-1:] != ("name",) and "from" in place.path[-3:]
    if is_from and written.startswith("$"):
        alone = "a layer is referred to by its name alone, without the $; $name is a value of 'vars'"
        return f"{alone}: {problem.help}"
    return None


def _names_of_copies(item: object) -> Iterator[Mapping[str, Any]]:
    """The values that the copies of an item have of their own, by their names."""
    for key in ("each", "repeat") if isinstance(item, dict) else ():
        if isinstance(names := item.get(key), dict):  # type: ignore[attr-defined]
            yield names


class _Substitution:
    """One walk over some data."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._budget = current()
        self.wrong: list[tuple[Path, ExpressionError | None]] = []
        """Where each value is wrong: an error, or None for a value whose own error is reported already."""

    def of(self, data: Any, path: Path) -> Any:
        if isinstance(data, str):
            return self._text(data, path) if "$" in data and not self._ends() else data
        if not isinstance(data, (list, dict)) or not self._budget.is_computed(data):
            return data
        if self._ends():
            return None
        if not self._budget.spend_values(len(data)):
            self.wrong.append((path, overdrawn(self._budget)))
            return None
        if isinstance(data, list):
            return [self.of(item, (*path, index)) for index, item in enumerate(data)]
        return {key: self.of(item, (*path, key)) for key, item in data.items()}

    def _ends(self) -> bool:
        """Whether to stop computing, since enough errors were found."""
        return len(self.wrong) >= MOST_DIAGNOSTICS or (bool(self.wrong) and self._budget.is_overdrawn)

    def _text(self, text: str, path: Path) -> Any:
        try:
            if not self._budget.spend_values(COST_OF_A_TEXT):
                raise overdrawn(self._budget, text, 0, len(text))
            value = evaluate(text, self._values)
            if isinstance(value, (str, list, dict)):
                put_in(self._budget, value, len(path), text)
            return value
        except ExpressionError as error:
            # Without the traceback, whose frames hold references.
            error.__context__ = None
            self.wrong.append((path, error.with_traceback(None)))
        except Failed:
            self.wrong.append((path, None))
        return None
