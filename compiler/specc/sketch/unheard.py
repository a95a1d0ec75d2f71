"""A report that nobody reads: what is wrong has been said before."""

from __future__ import annotations

from collections.abc import Iterable, Set

from specc.diagnostics import Diagnostic, Related, Report
from specc.diagnostics.codes import Code
from specc.diagnostics.diagnostic import Severity
from specc.diagnostics.problem import Problem
from specc.source import Place


class Unheard(Report):
    """A report that keeps nothing and never fails, so that every stage goes on."""

    def add(
        self, problem: Problem, origin: Place, related: Iterable[Related] = (), severity: Severity = "error"
    ) -> None:
        """Nothing."""

    def hold(self, problem: Problem, origin: Place) -> None:
        """Nothing."""

    def include(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Nothing."""

    def of_copies(self, before: int, further: int) -> None:
        """Nothing."""

    def stop(self, unless: Set[Code] = frozenset()) -> None:
        """Nothing."""
