"""Where the parts of a formula are, and how they are written."""

from __future__ import annotations

import ast

from specc.expressions.syntax import parsed
from specc.formulas.parts import Parts
from specc.formulas.text import FormulaText


def test_a_part_is_as_it_is_written() -> None:
    parts = Parts(FormulaText("  \u00e4 *  q_$n.class", {"n": 2}))
    tree = parsed(parts.source)
    assert isinstance(tree, ast.BinOp)
    assert [(parts.within(it), parts.written(it), parts.path(it)) for it in (tree.left, tree.right)] == [
        ((2, 3), "\u00e4", "\u00e4"),
        ((7, 17), "q_$n.class", "q_2.class"),
    ]
    assert parts.path(tree) is None
    problem = parts.error(tree.right, "is wrong", instead="x").problem
    assert (problem.within, problem.help) == ((7, 17), "write x")
