"""A place is looked for when it is asked for, and no further than to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from specc.frontend.read import Format, read_text
from specc.reading.places import AT_ONCE, CLOSE, OPEN_LIST, OPEN_MAP, SCALAR, Places, Step
from specc.source import Place, Span


def at(column: int) -> Span:
    return Span(1, column, 1, column + 1)


MAP: list[Step] = [
    (OPEN_MAP, at(1), ""),
    (SCALAR, at(2), "a"), (SCALAR, at(3), "1"),
    (SCALAR, at(4), "b"), (OPEN_LIST, at(5), ""), (SCALAR, at(6), "2"), (CLOSE, Span(1, 5, 1, 8), ""),
    (SCALAR, at(8), "a"), (SCALAR, at(9), "3"),
    (CLOSE, Span(1, 1, 1, 11), ""),
]  # fmt: skip
"""The steps through ``{a: 1, b: [2], a: 3}``."""


@pytest.mark.parametrize(("path", "value", "key"), [
    ((), Span(1, 1, 1, 11), Span(1, 1, 1, 11)),
    (("a",), at(3), at(2)),  # of two equal keys the first
    (("b",), Span(1, 5, 1, 8), at(4)),
    (("b", 0), at(6), at(6)),  # an entry of a list has no key
    (("b", 7), Span(1, 5, 1, 8), Span(1, 5, 1, 8)),  # of what is not there, the nearest part that is
    (("c", "d"), Span(1, 1, 1, 11), Span(1, 1, 1, 11)),
])  # fmt: skip
def test_find(path: tuple[str | int, ...], value: Span, key: Span) -> None:
    assert Places(iter(MAP)).find(path, "value") == value
    assert Places(iter(MAP)).find(path, "key") == key


def test_a_key_that_stands_again() -> None:
    assert Places(iter(MAP)).first_of(at(8)) == at(2)
    assert Places(iter(MAP)).first_of(at(4)) is None


def test_steps_are_taken_as_far_as_they_are_asked_for() -> None:
    taken = 0

    def steps() -> Iterator[Step]:
        nonlocal taken
        yield OPEN_LIST, at(1), ""
        for column in range(2, 100_000):
            taken += 1
            yield SCALAR, at(column), ""

    places = Places(steps())
    assert places.find((3,), "value") == at(5)
    assert taken < AT_ONCE
    assert places.find((250,), "value") == at(252)
    assert taken < 3 * AT_ONCE


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_very_long_lists_are_shown_by_where_they_begin(format: Format) -> None:
    text = '{"a": [' + ", ".join(["[1]"] * 20_000) + '],\n "b": [' + ", ".join(["[1]"] * 10_000) + "]}"
    document = read_text(text, "spec", format)
    assert document.locate(("a",), "value") == (1, 7, 1, 8)
    assert document.locate(("a", 19_999), "value") == (1, 100_003, 1, 100_006)
    assert document.locate(("b",), "value") == (2, 7, 2, 50_007)
    assert document.locate(("a",), "value") == (1, 7, 1, 8)  # also when the end has been read
    assert [Place(document, (key,)).has_end for key in ("a", "b")] == [False, True]
