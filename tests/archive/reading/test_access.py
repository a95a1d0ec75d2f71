"""Accessors of values: each gives the value, or says what is wrong at its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specc.archive.reading.access import a_list, a_map, a_text, an_index, under, wrong
from specc.diagnostics.problem import ProblemsError


@pytest.mark.parametrize(("access", "right", "refused", "words"), [
    (a_map, [{}, {"a": 1}], [None, [], "a", 1], "a map"),
    (a_list, [[], [1]], [None, {}, "a", 1], "a list"),
    (a_text, ["a"], [None, "", [], 1], "a text"),
    (an_index, [0, 5], [None, -1, True, 1.0, "1"], "a number from 0"),
])  # fmt: skip
def test_a_value_or_what_is_wrong(
    access: Callable[[Any, tuple[Any, ...]], Any], right: list[Any], refused: list[Any], words: str
) -> None:
    for value in right:
        assert access(value, ()) == value
    for value in refused:
        with pytest.raises(ProblemsError, match=f"must be {words}, not ") as caught:
            access(value, ("a", 1))
        assert [problem.path for problem in caught.value.problems] == [("a", 1)]


def test_paths_from_further_out() -> None:
    with pytest.raises(ProblemsError) as caught, under("a", 0), under("b"):
        raise wrong("is odd", ("c",), "cycle", "mend it")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.help) == ("cycle", ("a", 0, "b", "c"), "mend it")
