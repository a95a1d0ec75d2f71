"""Where an expression ends in a string, and what its syntax tree is."""

from __future__ import annotations

import ast
import warnings

import pytest

from specc.expressions.syntax import LONGEST_EXPRESSION, closing, column, dollar_in, parsed, parsed_or_none

EXPRESSIONS: dict[str, str | None] = {
    "a $(width) b": "width",
    "$(max(1, (2)))": "max(1, (2))",
    "$(')' + \"(\")": "')' + \"(\"",
    "$(a": None,
    "$(')": None,
    "$(min(1)": None,
}
"""What stands between the parentheses of the first expression in a string; None where they do not close."""


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_closing(text: str) -> None:
    start = text.index("$(") + 2
    end = closing(text, start)
    assert (None if end is None else text[start:end]) == EXPRESSIONS[text]


@pytest.mark.parametrize(("source", "position"), [("width + $rate", 8), ("'$' + name", None), ("width", None)])
def test_a_dollar_outside_of_strings(source: str, position: int | None) -> None:
    assert dollar_in(source) == position


@pytest.mark.parametrize("source", ["", "1 +", "a = 1", "1 2", "(" * 500, "\0", "1 + " * LONGEST_EXPRESSION + "1"])
def test_what_is_no_expression(source: str) -> None:
    assert parsed_or_none(source) is None


def test_python_gives_no_advice() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(parsed("'\\d'"), ast.Constant)
        assert isinstance(parsed("1if a else 2"), ast.IfExp)


def test_columns_count_characters() -> None:
    tree = parsed("größe + width")
    assert isinstance(tree, ast.BinOp)
    assert [column("größe + width", offset) for offset in (tree.left.col_offset, tree.right.col_offset)] == [0, 8]
