"""Diagnostics as data: problems with their places. Each renderer has its own words for a terminal, a program or GitHub."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from specc.diagnostics.codes import Code
from specc.diagnostics.fixes import Edit, edit
from specc.diagnostics.problem import Fix, Problem
from specc.diagnostics.text_safety import printable
from specc.source import Path, Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that matters, and a remark about it."""

    message: str
    place: Place
    is_expansion_step: bool = False
    """Whether it is an instance or a repetition that led to the diagnostic's own place."""
    each: int | None = None
    """For a copy by ``each``: which of the values, counted from 0."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a code made of words, a message that makes sense alone, a place, and what to do."""

    code: Code
    message: str
    place: Place
    help: str | None = None
    related: tuple[Related, ...] = ()
    severity: Severity = "error"
    fix: Fix | None = None
    """What is certainly meant instead of what is at the place."""
    copies: int = 0
    """How many further copies of the item have the same finding."""

    def __post_init__(self) -> None:
        if self.help is None:  # the page has an example and its fix
            object.__setattr__(self, "help", f"for details run 'specc explain {self.code}'")
        elif self.place.document.respell is not None and (self.code != "formula" or "{" in self.help):
            object.__setattr__(self, "help", self.place.document.respell(self.help))

    @classmethod
    def of(
        cls, problem: Problem, origin: Place, related: Iterable[Related] = (), severity: Severity = "error"
    ) -> Diagnostic:
        """A problem at its place: the only step from what is found to what is shown. Its path starts at ``origin``."""
        place = problem.place(origin)
        return cls(problem.code, problem.message, place, problem.help, tuple(related), severity, problem.fix)

    @property
    def file(self) -> str:
        """The name of the file, as the user wrote it; ``<dict>`` or ``<text>`` for a spec that came from none."""
        return self.place.file

    @property
    def line(self) -> int:
        """The line of its place, from 1."""
        return self.place.span.line

    @property
    def column(self) -> int:
        """The column of its place, from 1."""
        return self.place.span.column

    @property
    def path(self) -> Path:
        """The keys and indices that lead to its place in the spec."""
        return self.place.path

    def __str__(self) -> str:
        from specc.diagnostics.text import render_one

        return render_one(self)

    @property
    def edit(self) -> Edit | None:
        """The edit of the file that makes the fix; None without a fix, or if it would remove a comment or an anchor."""
        return None if self.fix is None else edit(self.fix, self.place)

    def as_dict(self) -> dict[str, Any]:
        """The diagnostic as plain data: what ``specc check --format json`` prints. Lines and columns count from 1."""
        span = self.place.span
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "file": printable(self.file),
            "line": span.line,
            "column": span.column,
            "end_line": span.end_line,
            "end_column": span.end_column,
            "path": list(self.path),
            "help": self.help,
            "fix": None if self.edit is None else self.edit.as_dict(),
            "copies": self.copies,
            "related": [
                {
                    "message": related.message,
                    "file": printable(related.place.file),
                    "line": related.place.span.line,
                    "column": related.place.span.column,
                }
                for related in self.related
            ],
        }


class CompileError(Exception):
    """The spec has errors; ``diagnostics`` has them all, warnings included."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__(self.diagnostics)  # what a pickle restores it from

    def __str__(self) -> str:
        from specc.diagnostics import text

        return "\n" + text.render(self.diagnostics)
