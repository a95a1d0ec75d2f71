"""``shape(x)`` in an expression: what it takes, what its sizes can do, and which of them are used."""

from __future__ import annotations

from typing import Any

import pytest

from specc.expressions.errors import ExpressionError
from specc.expressions.evaluate import evaluate
from specc.expressions.shapes import NoShapeError
from specc.passes.expansion.scopes import ScopeValues

SHAPES = {"x": (None, 28, 3), "a.b": (None, 5), "my-name": (7,), "lone": (), "q[2].out": (None, 2), "größe": (None, 4)}


class Told:
    """An answer that notes which sizes are used."""

    def __init__(self, reference: str, used: list[tuple[str, int]]) -> None:
        self.shape = SHAPES[reference]
        self.reference = reference
        self.used = used

    def use(self, axis: int) -> None:
        self.used.append((self.reference, axis))

    def unknown(self, axis: int) -> NoShapeError:
        return NoShapeError("unknown-shape", f"axis {axis} is open")


def computed(text: str) -> tuple[Any, list[tuple[str, int]]]:
    """The value of a text, and the sizes that it uses."""
    used: list[tuple[str, int]] = []

    class Known:
        def shape(self, reference: str) -> Told:
            if reference not in SHAPES:
                raise NoShapeError("unknown-name", f"no {reference}")
            return Told(reference, used)

        def count(self, name: str) -> int | None:
            return {"skips": 3, "heads": 4}.get(name)

    values = ScopeValues({"two": 2, "name": "my-name", "heads": 2})
    values.questions = Known()
    return evaluate(text, values), used


COMPUTED: dict[str, tuple[Any, list[tuple[str, int]]]] = {
    "$(shape(x)[-1])": (3, [("x", 2)]),
    "$(shape(x)[1] // two)": (14, [("x", 1)]),
    "$(shape(x))": ([None, 28, 3], [("x", 1), ("x", 2)]),
    "$(len(shape(x)))": (3, []),
    "$(len(skips) - 1)": (2, []),
    "$(len(heads) * heads)": (8, []),
    "$([i * len(skips) for i in range(len(skips))])": ([0, 3, 6], []),
    "$([len(skips) for skips in [[1]]])": ([1], []),
    "$(shape(a.b)[1])": (5, [("a.b", 1)]),
    "$(shape('my-name')[0])": (7, [("my-name", 0)]),
    "$(shape(name + '')[0])": (7, [("my-name", 0)]),
    "$(shape(q[two].out)[1])": (2, [("q[2].out", 1)]),
    "$(shape(größe)[1])": (4, [("größe", 1)]),
    "$(shape(lone))": ([], []),
    "$(shape(x)[0] == null)": (True, []),
    "$(shape(x)[0] != null)": (False, []),
    "$(null in shape(x))": (True, [("x", 1), ("x", 2)]),
    "$(shape(x)[0] or 8)": (8, []),
    "$(shape(x) == [null, 28, 3])": (True, [("x", 1), ("x", 2)]),
    "$(shape(x)[0] == shape(a.b)[0])": (True, []),
    "$([shape(x)[0], [shape(x)[0]]])": ([None, [None]], []),
    "$(1 if two else shape(x)[0] * 2)": (1, []),
    "$([shape(x)[-1] for x in ['x', 'a.b']])": ([3, 5], [("x", 2), ("a.b", 1)]),
    "$(sum([shape(x)[1] for i in [1, 2]]))": (56, [("x", 1), ("x", 1)]),
    "$(prod(shape(x)[1:]))": (84, [("x", 1), ("x", 2)]),
    "$(shape(name)[0])": (7, [("my-name", 0)]),
    "layer_$(shape(x)[1])": ("layer_28", [("x", 1)]),
    "$(shape(x)[1:])": ([28, 3], [("x", 1), ("x", 2)]),
    "$([shape(x)[axis] * two for axis in range(1, 3)])": ([56, 6], [("x", 1), ("x", 2)]),
    "$([size for size in shape(x) if size])": ([28, 3], [("x", 1), ("x", 2)]),
    "$(sum(shape(each)[-1] for each in ['x', 'a.b']))": (8, [("x", 2), ("a.b", 1)]),
}


@pytest.mark.parametrize("text", COMPUTED)
def test_computed(text: str) -> None:
    assert computed(text) == COMPUTED[text]


OPEN = "axis 0 is open"
REFUSED: dict[str, tuple[str, str]] = {  # message, and what is marked
    "$(shape(x)[0])": (OPEN, "shape(x)"),
    "$(shape(x)[0] * 2)": (OPEN, "shape(x)"),
    "$(2 - shape(x)[0])": (OPEN, "shape(x)"),
    "$(-shape(x)[0])": (OPEN, "shape(x)"),
    "$(max(shape(x)))": (OPEN, "shape(x)"),
    "$(max(1, shape(x)[0]))": (OPEN, "shape(x)"),
    "$(sum(shape(x)))": (OPEN, "shape(x)"),
    "$(sqrt(shape(x)[0]))": (OPEN, "shape(x)"),
    "$([size * 2 for size in shape(x)])": (OPEN, "shape(x)"),
    "$([0 for axis in range(shape(x)[0])])": (OPEN, "shape(x)"),
    "$([0 for axis in shape(x)[0]])": (OPEN, "shape(x)"),
    "$([1, 2][shape(x)[0]:])": (OPEN, "shape(x)"),
    "$(str(shape(x)[0]))": (OPEN, "shape(x)"),
    "$(int(shape(x)[0]))": (OPEN, "shape(x)"),
    "$(round(shape(x)[0]))": (OPEN, "shape(x)"),
    "$(range(shape(x)[0]))": (OPEN, "shape(x)"),
    "$(shape(x)[0] < 3)": (OPEN, "shape(x)"),
    "$(3 != shape(x)[0])": (OPEN, "shape(x)"),
    "$(prod(shape(x)))": (OPEN, "shape(x)"),
    "$(3 in [shape(x)[0]])": (OPEN, "shape(x)"),
    "$(shape(x)[shape(x)[0]])": (OPEN, "shape(x)"),
    "layer_$(shape(x)[0])": (OPEN, "shape(x)"),
    "$(1 + shape(y)[0])": ("no y", "shape(y)"),
    "$(shape(x)[3])": ("'x' has 3 axes: there is no axis 3", "3"),
    "$(shape('my-name')[-2])": ("'my-name' has 1 axis: there is no axis -2", "-2"),
    "$(shape(lone)[0])": ("'lone' is a scalar, without axes: there is no axis 0", "0"),
    "$(shape(x)['a'])": ('an axis is an integer, not "a"', "'a'"),
    "$(shape(x)[true])": ("an axis is an integer, not true", "true"),
    "$(shape())": ("shape takes the name of one layer or block input", "shape()"),
    "$(shape(x, 1))": ("shape takes the name of one layer or block input", "shape(x, 1)"),
    "$(shape(of=x))": ("shape takes the name of one layer or block input", "shape(of=x)"),
    "$(shape(3))": ("3 is not the name of a layer or of a block input", "3"),
    "$(shape([x]))": ('there is no value "x"', "x"),
    "$(shape)": ("shape is a function", "shape"),
    "$(skips[0])": ('there is no value "skips"', "skips"),
    "$(len(x))": ('there is no value "x"', "x"),
    "$(x.shape[1])": ('"x.shape" is not part of the expression language', "x.shape"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        computed(text)
    found = caught.value.problem
    assert found.within is not None
    assert (found.message, text[slice(*found.within)]) == REFUSED[text]


def test_only_the_values_of_a_scope_have_shapes() -> None:
    with pytest.raises(ExpressionError, match="in layer items and in the arguments of blocks only"):
        evaluate("$(shape(x)[1])", {"x": 1})
