"""A finding before it has a place: what the rules of a layer or an object say about its arguments and inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from specc.diagnostics.codes import Code
from specc.source import Part, Path, Place


@dataclass(frozen=True, slots=True)
class Fix:
    """What is certainly meant instead of what is at the place of a finding."""

    value: Any
    """Data, to be written in the format of the document; or the exact text, if that flag is set."""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an argument.

    ``message`` makes sense after "'name' (Type): "; ``path`` leads from the arguments to the
    value (or, with ``part="key"``, to the key) that is to blame.
    """

    code: Code
    message: str
    path: Path = ()
    help: str | None = None
    part: Part = "value"
    fix: Fix | None = None
    within: tuple[int, int] | None = None
    """For a part of a string, such as a term of an expression: first and last + 1 character of the value."""

    def under(self, *path: str | int) -> Problem:
        """The same problem, with a path that starts further out."""
        return replace(self, path=(*path, *self.path))

    def with_subject(self, subject: str) -> Problem:
        """The same problem, with a message about a subject."""
        return replace(self, message=with_subject(subject, self.message))

    def with_help(self, help: str | None, fix: Fix | None = None) -> Problem:
        """The same problem with another help, and the fix that goes with it."""
        return replace(self, help=help, fix=fix)

    def meaning(self, meant: tuple[str, Fix | None] | None) -> Problem:
        """The same problem with what was meant as its help and fix, if that is known."""
        return self if meant is None else self.with_help(*meant)

    def place(self, origin: Place) -> Place:
        """Where it is, if its path starts at a place."""
        if not self.path and self.part == "value" and self.within is None:
            return origin
        return origin.at(*self.path, part=self.part)._replace(within=self.within)


_PREDICATES = frozenset(
    {"has", "needs", "takes", "cannot", "computes", "is", "gives", "runs", "contains", "removes", "of"}
)


def with_subject(subject: str, message: str) -> str:
    """A message about a subject: a predicate follows directly, a clause follows after a colon.

    >>> with_subject("'d' (Dense)", "needs 'units'"), with_subject("'d' (Dense)", "units must be an integer")
    ("'d' (Dense) needs 'units'", "'d' (Dense): units must be an integer")
    """
    return f"{subject} {message}" if message.split(" ", 1)[0] in _PREDICATES else f"{subject}: {message}"


def about_value(name: str, problem: Problem) -> str:
    """The message of a problem about a named value.

    >>> about_value("rate", Problem("argument-value", "must be a number")), about_value("loss", Problem("unknown-loss", 'unknown loss "mze"'))
    ('rate must be a number', 'loss: unknown loss "mze"')
    """
    is_clause = problem.path or problem.message.startswith("unknown ")
    return f"{name}: {problem.message}" if is_clause else f"{name} {problem.message}"


class RuleError(Exception):
    """A layer cannot take its inputs. ``infer`` turns it into a diagnostic at the layer.

    ``message`` is a predicate that follows "'name' (Type) ": "cannot join (None, 2) and (None, 3)".
    ``argument`` names the constructor argument to point at, if one is to blame;
    ``tensors`` the call arguments (``inputs``, ``query``...) whose origins are shown, all of them by default;
    ``places`` further ones, each after what is said of it;
    ``surplus`` how many dimensions an input has too many, if their number is wrong (below 0: too few).
    """

    code: Code = "shape-mismatch"

    def __init__(
        self,
        message: str,
        *,
        help: str | None = None,
        argument: str | None = None,
        tensors: tuple[str, ...] | None = None,
        code: Code | None = None,
        surplus: int | None = None,
        places: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        super().__init__(message)
        self.problem = Problem(code or type(self).code, message, () if argument is None else (argument,), help)
        self.tensors = tensors
        self.surplus = surplus
        self.places = places


class ShapeError(RuleError):
    """The shapes of the inputs do not fit each other or the arguments."""


class KnownSizeError(ShapeError):
    """Known sizes are refused that may be right at run time if they are unknown until then."""


class DTypeError(RuleError):
    """The dtype of an input does not fit."""

    code: Code = "dtype-mismatch"


class AxisError(RuleError):
    """An axis that the input does not have."""

    code: Code = "axis-out-of-range"


class ProblemsError(ValueError):
    """Carries problems out of a pydantic validator; their paths count from the validated value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
