"""Collects what a compilation finds. A stage adds to it, and ends the run if there are errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, replace

from specc.diagnostics.codes import Code, ErrorCode, WarningCode
from specc.diagnostics.diagnostic import CompileError, Diagnostic, Related, Severity
from specc.diagnostics.problem import Fix, Problem
from specc.source import Path, Place

MOST_DIAGNOSTICS = 2_000
"""Findings after which a compilation ends in the middle of a stage; only the first ones are shown."""
_NAMES = re.compile(r"'[^']*'")


@dataclass(slots=True)
class Report:
    """Collects the diagnostics of a compilation. A stage adds to it; `stop` ends the run after a stage with errors."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    _seen: dict[tuple[object, object], int] = field(default_factory=dict)
    _copies: dict[int, set[str]] = field(default_factory=dict)
    _by_part: dict[tuple[object, ...], Path] = field(default_factory=dict)
    _later: list[Diagnostic] = field(default_factory=list)
    _included: set[Diagnostic] = field(default_factory=set)
    _held: list[Diagnostic] = field(default_factory=list)
    _kept: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        code: ErrorCode,
        message: str,
        place: Place,
        *,
        help: str | None = None,
        related: Iterable[Related] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add an error, unless it has been reported already: see `_add`."""
        self.add(Problem(code, message, help=help, fix=fix), place, related)

    def add(
        self, problem: Problem, origin: Place, related: Iterable[Related] = (), severity: Severity = "error"
    ) -> None:
        """Add a problem, unless it has been reported already: see `_add`. Its path starts at ``origin``."""
        self._add(Diagnostic.of(problem, origin, related, severity))

    def hold(self, problem: Problem, origin: Place) -> None:
        """Keep an error that hides nothing from later stages: it is reported with theirs, or by `finish`."""
        self._held.append(Diagnostic.of(problem, origin))

    def keep(self, problem: Problem, origin: Place, related: Iterable[Related] = ()) -> None:
        """Keep an error that follows from another, for `fall_back`."""
        self._kept.append(Diagnostic.of(problem, origin, related, "error"))

    def fall_back(self) -> None:
        """Add the errors that were kept, if those that they follow from were not found."""
        for found in () if self.failed else self._kept:
            self._add(found)

    def finish(self) -> None:
        """Raise CompileError if there are errors, including those that were held."""
        self.diagnostics += self._held
        self._held.clear()
        self.stop()

    def warning(
        self, code: WarningCode, message: str, place: Place, *, help: str | None = None, related: Iterable[Related] = ()
    ) -> None:
        """Add a warning, unless it has been reported already: see `_add`."""
        self.add(Problem(code, message, help=help), place, related, "warning")

    def warning_if_sound(
        self, code: WarningCode, message: str, place: Place, *, help: str | None = None, related: Iterable[Related] = ()
    ) -> None:
        """Keep a warning for `release`: in a spec that has errors, it would only distract."""
        self._later.append(Diagnostic.of(Problem(code, message, help=help), place, related, "warning"))

    def release(self) -> None:
        """Add the warnings that were kept until the spec is known to be valid."""
        for found in self._later:
            self._add(found)
        self._later.clear()

    def silence(self, is_allowed: Callable[[Diagnostic], bool]) -> None:
        """Remove the warnings that the spec allows."""
        self.diagnostics = [it for it in self.diagnostics if it.severity == "error" or not is_allowed(it)]

    def _add(self, found: Diagnostic) -> None:
        """Add a diagnostic.

        Copies of one item that share a mistake are reported once. So are instances of a block if the mistake is in the
        block itself; if an instance's values may be to blame, each instance has its own diagnostic.
        """
        place = found.place
        led: object = next(
            (further.place.path for further in reversed(found.related) if further.is_expansion_step), None
        )
        if any(further.each is not None for further in found.related):  # each copy has its own value
            led = (led, _NAMES.sub("", found.message))
        # What a program made is all in one place, so the message distinguishes it.
        what = found.code if place.document.data is not None else (found.code, found.message)
        at = (what, id(place.document), place.path, place.part, place.within)
        keys: set[tuple[object, object]] = {(at, led)}
        if led is not None and not place.is_computed():
            keys.add((at, _NAMES.sub("", found.message)))
        first = next((self._seen[key] for key in keys if key in self._seen), None)
        if first is None and self._is_of_an_alias(found):
            return
        if first is None:
            first = len(self.diagnostics)
            self.diagnostics.append(found)
        elif led is not None:
            self._count_copy(first, found)
        for key in keys:
            self._seen.setdefault(key, first)
        if len(self.diagnostics) >= MOST_DIAGNOSTICS:
            raise CompileError(self.diagnostics)

    def _is_of_an_alias(self, found: Diagnostic) -> bool:
        """Whether the same is already reported of what an alias repeats: in the data, both are one map or list."""
        place = found.place
        if not place.path:
            return False
        around = place._replace(path=place.path[:-1]).written
        if not isinstance(around, dict | list):
            return False
        said = (found.code, id(around), place.path[-1], place.part, place.within, _NAMES.sub("", found.message))
        return self._by_part.setdefault(said, place.path) != place.path

    def of_copies(self, before: int, further: int) -> None:
        """Record that as many further copies, which were not tried, have the findings after the first so many."""
        for position in range(before, len(self.diagnostics)):
            found = self.diagnostics[position]
            if not found.place.is_computed():
                self.diagnostics[position] = replace(found, copies=found.copies + further)

    def _count_copy(self, first: int, found: Diagnostic) -> None:
        """Count a finding with the first of its kind, unless it is the same one."""
        known = self.diagnostics[first] if first < len(self.diagnostics) else None
        if known is None or (known.code, known.place.path) != (found.code, found.place.path):
            return
        messages = self._copies.setdefault(first, {known.message})
        if found.message not in messages and len(messages) < MOST_DIAGNOSTICS:
            messages.add(found.message)
            self.diagnostics[first] = replace(known, copies=len(messages) - 1)

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def include(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add the diagnostics of a part that was compiled separately, except those already given by another call of it."""
        for diagnostic in diagnostics:
            if diagnostic not in self._included:
                self._included.add(diagnostic)
                self.diagnostics.append(diagnostic)

    def stop(self, unless: Set[Code] = frozenset()) -> None:
        """Raise CompileError if there are errors with other codes than these."""
        if any(found.severity == "error" and found.code not in unless for found in self.diagnostics):
            raise CompileError([*self.diagnostics, *self._held])
