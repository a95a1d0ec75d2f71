"""Statements and their lines."""

from __future__ import annotations

from textwrap import dedent

import pytest

from specc.backends.python.writing.statements import (
    AnyStatement,
    Assign,
    Branch,
    Comment,
    Line,
    Loop,
    lines,
    returning,
    tuple_of,
)
from specc.backends.python.writing.text import Group

CASES: dict[str, tuple[list[AnyStatement], str]] = {
    "all of them": (
        [
            Comment("how deep"),
            Loop("index", Group.call("range", ["depth"]), [Assign("x", Group.call("f", ["x"]), "[0]")]),
            Branch("deep", [Line("rows.append(x)")], [Assign("x", "y")]),
        ],
        """
        # how deep
        for index in range(depth):
            x = f(x)[0]
        if deep:
            rows.append(x)
        else:
            x = y
        """,
    ),
    "a branch of nothing": ([Branch("deep", [], [Assign("x", "y")])], "if not (deep):\n    x = y"),
    "a variable that is returned": (returning([Assign("x", "f(x)")], "x"), "return f(x)"),
    "another variable": (returning([Assign("x", "f(x)")], "y"), "x = f(x)\nreturn y"),
    "one long value": (
        returning([], tuple_of([Group.call("model", ["x" * 75])])),
        f"return model(\n    {'x' * 75}\n)",
    ),
    "a branch that is returned": (
        returning([Branch("deep", [Assign("a", "f(x)"), Assign("out", "g(a)")], [Assign("out", "x")])], "out"),
        "if deep:\n    a = f(x)\n    return g(a)\nreturn x",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), CASES.values(), ids=CASES)
def test_lines(statements: list[AnyStatement], expected: str) -> None:
    assert list(lines(statements, 4)) == [f"    {line}" for line in dedent(expected).strip().split("\n")]
