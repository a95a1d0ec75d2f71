"""All mistakes of a text are reported, in its order, at the lines that they are on."""

from __future__ import annotations

import pytest

from specc.reading.mistakes import Lines, MistakesError
from specc.reading.yaml_reader import load

TWICE = """\
- type: Dense
  units: 1
  type: ReLU
  units: 2
- {name: a, name: b}
- type: Add
  type: Add
"""


def said(text: str) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        load(text)
    return [f"{it.span.line}:{it.span.column} {it.problem.message}: {it.problem.help}" for it in caught.value.mistakes]


def test_an_entry_with_several_keys_twice_is_two_that_run_together() -> None:
    assert said(TWICE) == [
        "3:3 duplicate key \"type\": begin each layer with '- ': two run together here",
        '5:13 duplicate key "name": keep one of the two',
        "7:3 duplicate key \"type\": begin each layer with '- '",
    ]


def test_keys_twice_outside_of_a_list_are_each_a_mistake() -> None:
    assert said("a: 1\nb: 2\nb: 3\na: 4\n") == [
        '3:1 duplicate key "b": keep one of the two',
        '4:1 duplicate key "a": keep one of the two',
    ]


@pytest.mark.parametrize(("start", "end", "span"), [
    (0, 2, (1, 1, 1, 3)),
    (3, 4, (2, 1, 2, 2)),
    (4, 6, (3, 1, 3, 3)),
    (1, 5, (1, 2, 3, 2)),
    (6, 7, (3, 3, 3, 4)),
])  # fmt: skip
def test_lines(start: int, end: int, span: tuple[int, ...]) -> None:
    assert Lines("ab\n\néé").span(start, end) == span
