"""An expression is read, or refused as a whole: its text, its syntax, its size."""

from __future__ import annotations

import pytest

from specc.expressions.evaluate import evaluate
from specc.expressions.syntax import LONGEST_EXPRESSION
from specc.expressions.written import LARGEST_LIST
from tests.support.expressions import check_refused

REFUSED: dict[str, tuple[str, str]] = {  # message, and what is marked
    "$()": ("the expression $() is empty", ")"),
    "$(  )": ("the expression $() is empty", "  "),
    "$(1 +)": ('the expression "1 +" is not complete or has a stray character', "1 +"),
    "$(1 2)": ('the expression "1 2" is not complete or has a stray character', "1 2"),
    "$(2 * shape(in)[-1])": ("'in' cannot be a name in an expression: it is a word of Python", "in"),
    "$( 2 * class)": ("'class' cannot be a name in an expression: it is a word of Python", "class"),
    "$('a class' +)": ('the expression "\'a class\' +" is not complete or has a stray character', "'a class' +"),
    "$($width)": ('names are written without $ inside an expression, unlike "$width"', "$"),
    f"$([0] * {LARGEST_LIST + 1})": (f'the result of "[0] * {LARGEST_LIST + 1}" is too large', f"[0] * {LARGEST_LIST + 1}"),
    f"$({'1' * (LONGEST_EXPRESSION + 1)})": (
        f"an expression of {LONGEST_EXPRESSION + 1} characters is too long", "1" * (LONGEST_EXPRESSION + 1),
    ),
    "größe $(2 * größer)": ('there is no value "größer"', "größer"),
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    check_refused(text, *REFUSED[text])


@pytest.mark.parametrize("text", ["$(1\n+ 2)", "$(\t1 + 2 )", "$(1\r\n + 2)"])
def test_white_space_is_as_inside_parentheses(text: str) -> None:
    assert evaluate(text, {}) == 3
