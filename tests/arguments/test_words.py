"""Types and names as messages say them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from specc.arguments import PositiveInt, Size2
from specc.arguments.words import TypeWords, and_join, in_words

WORDS: list[tuple[Any, str]] = [
    (bool, "true or false"),
    (int | float | str | None, "an integer, a number, a string or null"),
    (list[int], "a list"),
    (dict[str, int] | None, "a map or null"),
    (Literal["valid", "same", 1], '"valid", "same" or 1'),
    (Size2 | None, "a positive integer or a list of 2 positive integers or null"),
    (Annotated[PositiveInt, TypeWords("a number of units")], "a number of units"),
    (Annotated[int, TypeWords("an integer or null")] | None, "an integer or null"),
    (PositiveInt | Annotated[int, Field(le=0), TypeWords("a positive integer")], "a positive integer"),
    (object, "a value"),
]


@pytest.mark.parametrize(("annotation", "words"), WORDS)
def test_types(annotation: Any, words: str) -> None:
    assert in_words(annotation) == words


@pytest.mark.parametrize(("names", "words"), [
    (["a"], "'a'"), (["a", "b"], "'a' and 'b'"), (["a", "b", "c"], "'a', 'b' and 'c'"),
])  # fmt: skip
def test_names(names: list[str], words: str) -> None:
    assert and_join(names) == words
