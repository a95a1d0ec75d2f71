"""What a reference may look like, and what is meant by a text that is none."""

from __future__ import annotations

import pytest

from specc.diagnostics.problem import ProblemsError
from specc.frontend.reference_syntax import first_name, steps, written


@pytest.mark.parametrize(("text", "expected"), [
    ("x", ["x"]), ("lstm.state_h", ["lstm", "state_h"]), ("lstm.1", ["lstm", "1"]), ("a[0]", ["a", 0]),
    ("a[-12].b[*].c", ["a", -12, "b", "*", "c"]), ("größe[3]", ["größe", 3]), ("", [""]), ("a..b", ["a", "", "b"]),
])  # fmt: skip
def test_steps(text: str, expected: list[str | int]) -> None:
    assert steps(text) == expected
    assert written(steps(text)) == text
    assert first_name(text) == expected[0]


@pytest.mark.parametrize(("text", "help"), [
    ("a[0][1]", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("a[1:]", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("a[]", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("b.a[12345678].c", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("a[0]b", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("a[0].", "a copy is a[0], the first, or a[-1], the last; a[*] is all of them"),
    ("[0]", "a copy is stage[0], the first, or stage[-1], the last; stage[*] is all of them"),
    ("a[index]", "a number that is computed has a $: write a[$index]"),
    ("a[depth - 1].b", "a number that is computed has a $: write a[$(depth - 1)]"),
])  # fmt: skip
def test_what_is_no_reference(text: str, help: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        steps(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.help) == ("invalid-value", help)
    assert "is not a reference to a layer" in problem.message


def test_a_long_text_is_refused_at_once() -> None:
    for text in ("a" * 300_000 + "[x]", "a[" * 100_000 + "]", "a[" + "b " * 100_000 + "]"):
        with pytest.raises(ProblemsError):
            steps(text)
