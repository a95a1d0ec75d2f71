"""Reports what is wrong with wiring, and counts the wires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from specc.budget import current
from specc.diagnostics import CompileError, Related, Report
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.frames import through
from specc.diagnostics.problem import ProblemsError
from specc.frontend.reference_syntax import Step, steps
from specc.passes.expansion.scopes import Entry, Scope
from specc.passes.values import Failed, substitute
from specc.source import Place


class Finding(NamedTuple):
    """What is wrong with a wire."""

    code: ErrorCode
    message: str
    place: Place
    help: str | None
    related: Sequence[Related]


class WiringReport:
    """What the parts of wiring report to."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.is_looking = False
        """Whether resolving is only a trial, and changes nothing."""
        self._is_quiet = False
        self._budget = current()

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return self.report.failed

    @contextmanager
    def looking(self, quiet: bool) -> Iterator[None]:
        """Resolve references without an effect; ``quiet``: also without reports."""
        self.is_looking, self._is_quiet = True, quiet
        try:
            yield
        finally:
            self.is_looking = self._is_quiet = False

    def error(
        self,
        code: ErrorCode,
        message: str,
        place: Place,
        user: Entry | None,
        help: str | None = None,
        related: Sequence[Related] = (),
    ) -> None:
        """Report an error of ``user``, with the instances and copies that led to it."""
        if not self._is_quiet:
            self._add(Finding(code, message, place, help, related), user)

    def _add(self, found: Finding, user: Entry | None) -> None:
        frames = user.origin.frames if user is not None else ()
        related = [*found.related, *through(frames)]
        self.report.error(found.code, found.message, found.place, help=found.help, related=related)

    def spend(self, wires: int, place: Place, user: Entry | None) -> None:
        """Count wires before they are made. CompileError if they are too many."""
        if wires > self._budget.wires:
            if self.is_looking:
                raise Failed
            who = user.label if user is not None else "this"
            self.error(
                "too-large",
                f"{who} gives the spec more than {self._budget.most_wires:,} connections",
                place,
                user,
                "let fewer layers take all copies of another, or repeat less",
            )
            raise CompileError(self.report.diagnostics)
        self._budget.wires -= max(wires, 0)

    def steps(self, text: str, place: Place, user: Entry | None) -> list[Step]:
        """The steps of a reference; none, and reported, for a text that is none."""
        try:
            return steps(text)
        except ProblemsError as error:
            for problem in error.problems:
                said = problem.message if user is None else f"{user.label}: {problem.message}"
                self.error("invalid-value", said, place, user, problem.help)
            return []

    def port(self, inside: Scope, port: str) -> tuple[Place, str | None]:
        """The reference inside an instance that gives one of its outputs, and its place; None if its values fail."""
        assert inside.block is not None
        block = inside.block
        where = inside.place("outputs", port if isinstance(block.outputs, dict) else block.position[port])
        return where, self.text(inside, block.ports[port], where)

    def text(self, scope: Scope, text: str, place: Place) -> str | None:
        """A reference that belongs to a scope and not to an item in it, its values substituted; None if they fail."""
        if "$" not in text:
            return text
        try:
            report = Report() if self._is_quiet else self.report
            return str(substitute(text, scope.values, place, scope.frames, report))
        except Failed:
            return None
