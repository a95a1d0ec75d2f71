"""Statements of a source, and their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from textwrap import wrap

from specc.backends.python.writing.text import LINE_LENGTH, Expression, Group, flat, lay_out
from specc.backends.python.writing.words import comment


@dataclass(slots=True)
class Assign:
    """Variables that get a value."""

    targets: str
    value: Expression
    after: str = ""
    """What follows the value: an index."""


@dataclass(slots=True)
class Line:
    """A value with text before it, such as ``return``; nothing is assigned."""

    value: Expression
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Comment:
    """A comment of any length."""

    text: str


@dataclass(slots=True)
class Branch:
    """Statements for one case, and for the other."""

    condition: str
    body: list[AnyStatement] = field(default_factory=list)
    otherwise: list[AnyStatement] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    """Statements for each value of an iterable."""

    target: str
    iterable: Expression
    body: list[AnyStatement] = field(default_factory=list)


@dataclass(slots=True)
class Define:
    """A function inside another."""

    signature: Group
    body: list[AnyStatement] = field(default_factory=list)


AnyStatement = Assign | Branch | Loop | Line | Comment | Define


def lines(statements: Iterable[AnyStatement], indent: int) -> Iterator[str]:
    """The lines of statements."""
    margin = " " * indent
    for it in statements:
        if isinstance(it, Assign):
            yield from lay_out(it.value, indent, f"{it.targets} = ", it.after)
        elif isinstance(it, Line):
            yield from lay_out(it.value, indent, it.before, it.after)
        elif isinstance(it, Comment):
            yield from (f"{margin}# {comment(line)}" for line in wrap(it.text, LINE_LENGTH - indent - 2))
        elif isinstance(it, Loop):
            yield from lay_out(it.iterable, indent, f"for {it.target} in ", ":")
            yield from lines(it.body, indent + 4)
        elif isinstance(it, Define):
            yield ""
            yield from lay_out(it.signature, indent, "def ", ":")
            yield from lines(it.body, indent + 4)
            yield ""
        elif it.body:
            yield f"{margin}if {it.condition}:"
            yield from lines(it.body, indent + 4)
            if it.otherwise:
                yield f"{margin}else:"
                yield from lines(it.otherwise, indent + 4)
        elif it.otherwise:
            yield f"{margin}if not ({it.condition}):"
            yield from lines(it.otherwise, indent + 4)


def merged(statements: Iterable[AnyStatement]) -> list[AnyStatement]:
    """The statements, with one branch for those that follow each other on the same condition."""
    found: list[AnyStatement] = []
    for it in statements:
        last = found[-1] if found else None
        if not isinstance(it, Branch) or not isinstance(last, Branch) or last.otherwise:
            found.append(it)
        elif it.condition == last.condition:
            found[-1] = Branch(it.condition, [*last.body, *it.body], it.otherwise)
        else:
            found.append(it)
    return found


def returning(statements: list[AnyStatement], value: Expression) -> list[AnyStatement]:
    """The statements and a return; a variable that is assigned last is not needed."""
    if not statements or not isinstance(value, str):
        return [*statements, Line(value, "return ")]
    *before, last = statements
    if isinstance(last, Assign) and last.targets == value:
        return [*before, Line(last.value, "return ", last.after)]
    if isinstance(last, Branch) and [it.targets for it in last.otherwise if isinstance(it, Assign)] == [value]:
        (otherwise,) = last.otherwise
        assert isinstance(otherwise, Assign)
        return [*before, Branch(last.condition, returning(last.body, value)), Line(otherwise.value, "return ")]
    return [*statements, Line(value, "return ")]


def tuple_of(values: list[Expression]) -> Expression:
    """The values of a return: one as it is, several without brackets unless they take more than a line."""
    if len(values) == 1:
        return values[0]
    together = ", ".join(map(flat, values))
    return together if len(together) <= 70 else Group.display("()", values)
