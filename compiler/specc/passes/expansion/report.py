"""Reports what is wrong with items, and substitutes their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from specc.diagnostics import Related, Report
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.frames import through
from specc.diagnostics.problem import Problem
from specc.passes.values import Failed, substitute
from specc.source import Frame, Origin, Path, Place


class ItemReport:
    """What the parts of an expansion report to."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def value(
        self,
        data: Any,
        values: Mapping[str, Any],
        place: Place,
        frames: tuple[Frame, ...],
        subject: Callable[[], str] | None = None,
    ) -> Any:
        """Data with its values substituted. Failed, and reported, if that is impossible."""
        return substitute(data, values, place, frames, self.report, subject)

    def report_all(
        self,
        problems: list[Problem],
        origin: Origin,
        places: Mapping[str, Place] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Report problems of an item; ``places``: where the arguments from its ``defaults`` are written."""
        for problem in problems:
            first = problem.path[0] if problem.path else None
            elsewhere = (places or {}).get(str(first)) if first is not None else None
            related, inside, place = list(through(origin.frames)), problem, origin.place
            if elsewhere is not None:
                place = elsewhere
                inside = replace(problem, path=problem.path[1:], part="value")
                related.insert(0, Related("for this layer", origin.place))
            self.report.add(_as_written(inside, inside.place(place), values or {}), place, related)

    def fail(
        self,
        code: ErrorCode,
        message: str,
        place: Place,
        path: Path,
        frames: tuple[Frame, ...],
        help: str | None = None,
    ) -> NoReturn:
        """Report an error of an item, which is then not expanded."""
        self.report.error(code, message, place.at(*path), help=help, related=through(frames))
        raise Failed


def _as_written(problem: Problem, place: Place, values: Mapping[str, Any]) -> Problem:
    """A problem with a help that depends on how the value is written: computed, or the bare name of a value."""
    from specc.arguments.values import as_variable  # for what is wrong only

    if not place.is_computed():
        return as_variable(problem, place.written, values) if problem.part == "value" else problem
    whole = re.fullmatch(r"\$(?:\((.*)\)|(\w+))", str(place.written), re.DOTALL)
    computed = (whole[1] or whole[2]) if whole else ""
    if (
        not computed.isidentifier()
        and computed
        and " integer" in problem.message
        and re.search(r"not -?\d+\.\d", problem.message)
    ):
        help = f"write $(int({computed})) or $(round({computed})); // makes an integer of integers only"
        return replace(problem, help=help, fix=None)
    if "shape(" in computed and re.search(r" integer.* not \[", problem.message):
        return replace(problem, help="it is a list of sizes: take one of them, as in $(shape(x)[-1])", fix=None)
    if problem.part != "value":
        return problem
    problem = replace(problem, fix=None)
    return problem if whole or not values else as_variable(problem, place.written, values)
