"""References with values in them, in parts."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.pieces import Piece, Step, choice_in, pieces_of, source_of, steps_of


def shown(data: Any) -> Any:
    if isinstance(data, ast.expr):
        return f"<{ast.unparse(data)}>"
    return type(data)(map(shown, data)) if type(data) in (list, tuple) else data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stage[-1].skip", [(("stage",), -1), (("skip",), None)]),
        ("stage[*]", [(("stage",), "*")]),
        ("stage[$index].$(port)", [(("stage",), "<index>"), (("<port>",), None)]),
        ("$('x_' + str(n) + '.a[' + str(n - 1) + ']')", [(("x_", "<n>"), None), (("a",), "<n - 1>")]),
        ("a[-$(n + 1)]", [(("a",), "<-(n + 1)>")]),
        ("cost$$_$(n + 1)", [(("cost$_", "<n + 1>"), None)]),
    ],
)
def test_steps(text: str, expected: list[Any]) -> None:
    assert [(shown(step.name), shown(step.number)) for step in steps_of(pieces_of(text))] == expected


@pytest.mark.parametrize("text", ["a[", "a[0]b", "a[0][1]", "a[b]"])
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(Unwritable):
        steps_of(pieces_of(text))


def test_a_condition() -> None:
    """What is around it belongs to both."""
    choice = choice_in(pieces_of("a.$('first' if n == 0 else 'other[' + str(n) + ']').b"))
    assert choice is not None
    assert ast.unparse(choice.condition) == "n == 0"
    texts: list[list[Piece]] = [choice.first, choice.second]
    assert ["".join(map(source_of, it)) for it in texts] == ["a.first.b", "a.other[$(n)].b"]
    assert choice_in(pieces_of("a_$(n + 1)")) is None


def test_texts_of_steps() -> None:
    assert Step(("a", "b"), 2).text == "ab[2]"
    assert Step(("a", ast.Name("n"))).text is None
    assert Step(("a",), ast.Name("n")).fixed_name == "a"
