"""Texts that Python's parser does not take; more is in test_meant.py."""

from __future__ import annotations

import pytest

from specc.formulas.signs import balanced, changed, depth, repairs


@pytest.mark.parametrize(("text", "found", "place"), [
    ("(x", "(x)", 0), ("x)", "x", 1), ("f(x[1)", "f(x[1])", 5), ("f('(')", "f('(')", None), ("([", "([])", 0),
])  # fmt: skip
def test_brackets(text: str, found: str, place: int | None) -> None:
    assert balanced(text) == (found, place)


@pytest.mark.parametrize(("written", "meant", "found"), [
    ("x && y", "x & y", ((2, 4), "&")), ("2x + y", "2 * x + y", ((0, 2), "2 * x")), ("x +", "x + y", ((2, 3), "+ y")), ("", "x", ((0, 1), "x")),
])  # fmt: skip
def test_the_words_that_change(written: str, meant: str, found: tuple[tuple[int, int], str]) -> None:
    assert changed(written, meant) == found


def test_repairs_can_be_parsed() -> None:
    assert next(repairs("z = (x && 2y")) == "(x  and  2 * y)"
    assert list(repairs("x +* y")) == []
    assert depth("f(g(x), [1])") == 2
