"""Values of a spec as Python."""

from __future__ import annotations

from typing import Any

import pytest

from specc.backends.python.reading.expressions import (
    PYTHON_FUNCTIONS,
    Fixed,
    Symbol,
    Symbols,
    Unwritable,
    formulas,
    names_in,
    value_of,
)
from specc.backends.python.writing.text import flat
from specc.expressions.operations import FUNCTIONS

FILE = object()
SYMBOLS = Symbols(
    {
        "width": Symbol("width", 8, FILE),
        "sizes": Symbol("sizes", [3, 5], FILE),
        "class": Symbol("class_", 2, FILE),
        "index": Symbol("index"),
        "known": Symbol(None, 4),
        "act": Symbol(None, "relu"),
    }
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("$width", "width"),
        ("$(width * 4)", "width * 4"),
        ("$((width + 1) * 4 // known)", "(width + 1) * 4 // 4"),
        ("$(2 ** index * width)", "2**index * width"),
        ("$((2 ** index) ** width)", "(2**index) ** width"),
        ("$(width ** (index + 1))", "width ** (index + 1)"),
        ("$class", "class_"),
        ("$(sizes[0] if width > 3 and not false else null)", "sizes[0] if width > 3 and (not False) else None"),
        ("$(act + 'x' if width else act)", '"relu" + "x" if width else "relu"'),
        ("$(sizes + [1] * width)", "sizes + (1,) * width"),
        ("$(max(range(width)))", "max(tuple(range(width)))"),
        ("$(sqrt(width))", "math.sqrt(width)"),
        ("$(prod(sizes))", "math.prod(sizes)"),
        ("$([n * 2 for n in sizes if n > width][0])", "tuple(n * 2 for n in sizes if n > width)[0]"),
        ("$(sizes[1:])", "sizes[1:]"),
        ("$(1e-5 * width)", "1e-05 * width"),
        ("conv_$(width)_{x}$$", 'f"conv_{width}_{{x}}$"'),
        ("$known", "4"),
        (["$width", 3], "(width, 3)"),
        ({"a": ["$(known + 1)"], "b": "$width"}, '{"a": (5,), "b": width}'),
        ("plain", '"plain"'),
    ],
)
def test_express(data: Any, expected: str) -> None:
    assert flat(SYMBOLS.express(data)) == expected


def test_a_value_that_must_be_known() -> None:
    assert SYMBOLS.known("$(known + 1)") == 5
    with pytest.raises(Fixed) as found:
        SYMBOLS.known("$(known + width)")
    assert found.value.names == {(FILE, "width")}
    with pytest.raises(Unwritable):  # a copy's number is no var that could be fixed
        SYMBOLS.known("$(index + width)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("d_$(index + 1)", "index"), ("d_$(width - index)", "width - index - 1"), ("d_$(width)", "width - 1")],
)
def test_a_number_that_counts_from_1_as_an_index(text: str, expected: str) -> None:
    assert SYMBOLS.minus_one(next(formulas(text)).tree) == expected


def test_names_and_values() -> None:
    assert names_in({"a": ["$(len(x) + y)", "$z"], "b": 3}) == {"x", "y", "z"}
    assert value_of(["$(x + 1)", "a"], {"x": 2}) == [3, "a"]
    with pytest.raises(Unwritable):
        value_of("$(x / 0)", {"x": 2})


@pytest.mark.parametrize("text", ["$(width.real)", "$(width @ 2)", "$(open(width))", "$(wid)"])
def test_what_has_no_form_in_python(text: str) -> None:
    with pytest.raises(Unwritable):
        SYMBOLS.express(f"{text}$width" if text == "$(wid)" else text)


def test_every_function_has_a_form_in_python() -> None:
    unwritten = {"range"}  # a list in expressions: see the cases above
    assert {*PYTHON_FUNCTIONS} | unwritten == {*FUNCTIONS}
