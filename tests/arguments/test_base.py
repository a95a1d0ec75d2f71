"""Arguments are checked all at once: an instance, or every problem."""

from __future__ import annotations

from collections.abc import Iterator

from specc.arguments import Arguments, PositiveInt
from specc.diagnostics.problem import Problem


class Range(Arguments):
    first: PositiveInt
    last: PositiveInt

    def check(self) -> Iterator[Problem]:
        if self.last < self.first:
            yield Problem("argument-clash", "ends before it begins", ("last",))


def test_all_that_is_wrong() -> None:
    made, problems = Range.parse({"first": 0, "lsat": 3, "further": 1})
    assert made is None
    assert [(problem.path, problem.message) for problem in problems] == [
        (("first",), "first must be a positive integer, not 0"),
        (("lsat",), 'has no argument "lsat"'),
        (("further",), 'has no argument "further"'),
    ]


def test_what_arguments_say_together_is_checked_of_those_that_are_right() -> None:
    assert [problem.message for problem in Range.parse({"first": 3, "last": 2})[1]] == ["ends before it begins"]
    assert [problem.message for problem in Range.parse({"first": 3})[1]] == ["needs 'last'"]
    made, problems = Range.parse({"last": 3, "first": 2})
    assert made is not None
    assert (made.given(), problems) == ({"first": 2, "last": 3}, [])


def test_a_class_of_a_later_keras_is_refused() -> None:
    class Newer(Range):
        kind = "layer"
        since = "99.0"

    made, (problem,) = Newer.parse({"first": 1, "last": 2})
    assert made is None
    assert problem.code == "unknown-layer"
    assert "99.0" in problem.message
