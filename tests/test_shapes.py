"""Arithmetic of shapes, and what it says where a shape does not do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from specc.diagnostics.problem import AxisError, RuleError, ShapeError
from specc.shapes import (
    Shape,
    Tensor,
    broadcast,
    conv_length,
    differ,
    distinct_axes,
    fits,
    need_known,
    need_rank,
    normalize_axis,
)

TENSOR = Tensor((None, 4), "int32")


@pytest.mark.parametrize(("one", "other", "both"), [
    ((None, 3), (1,), (None, 3)), ((None, 1, 3), (4, 1), (None, 4, 3)), ((2,), (3,), None), ((), (2, 3), (2, 3)),
    ((None,), (1,), (None,)), ((None,), (5,), (5,)), ((1,), (None,), (None,)), ((2, 3), (2, None), (2, 3)),
])  # fmt: skip
def test_broadcast(one: Shape, other: Shape, both: Shape | None) -> None:
    assert broadcast(one, other) == broadcast(other, one) == both


@pytest.mark.parametrize(("arguments", "length"), [
    ((28, 3, 1, "valid"), 26), ((28, 3, 2, "valid"), 13), ((28, 3, 2, "same"), 14), ((28, 3, 1, "valid", 2), 24),
    ((28, 3, 1, "causal"), 28), ((2, 3, 1, "valid"), 0), ((None, 3, 1, "valid"), None),
])  # fmt: skip
def test_lengths_of_convolved_axes(arguments: tuple[int, int, int, str], length: int | None) -> None:
    assert conv_length(*arguments) == length


def test_what_is_unknown_may_be_anything() -> None:
    assert [differ(1, 2), differ(2, 2), differ(None, 2)] == [True, False, False]
    assert [fits((None, 3), (2, 3)), fits((2, 1), (2, 3)), fits((2,), (2, 3))] == [True, False, False]


def test_axes_are_counted_from_the_front() -> None:
    assert [normalize_axis(axis, 3) for axis in (-3, -1, 0, 2)] == [0, 2, 0, 2]
    assert distinct_axes((-1, 1), 4) == (3, 1)
    assert distinct_axes(-1, 4) == (3,)


REFUSED: dict[str, tuple[Callable[[], object], type[RuleError], str, str]] = {
    "an axis too many": (
        lambda: normalize_axis(3, 3), AxisError,
        "has no axis 3 in an input of 3 dimensions", "use an axis from -3 to 2",
    ),
    "an axis twice": (
        lambda: distinct_axes((1, -2), 3), AxisError,
        "has a duplicate axis in [1, -2]", "name each axis once",
    ),
    "an axis too few": (
        lambda: need_rank((None, 4), 3), ShapeError,
        "needs an input of 3 dimensions, got (None, 4) with 2", "a Reshape layer can add the missing axis, for instance a last one of size 1",
    ),
    "two axes too few": (
        lambda: need_rank((None, 4), 4, least=True), ShapeError,
        "needs an input of at least 4 dimensions, got (None, 4) with 2", "a Reshape layer can add the 2 missing axes",
    ),
    "too few, with a help of its own": (
        lambda: need_rank((None, 4), 3, help="add the steps"), ShapeError,
        "needs an input of 3 dimensions, got (None, 4) with 2", "add the steps",
    ),
    "an image for a vector": (
        lambda: need_rank((None, 8, 8, 3), 2, help="add the steps"), ShapeError,
        "needs an input of 2 dimensions, got (None, 8, 8, 3) with 4", "put a Flatten or a global pooling layer before it",
    ),
    "an unknown size": (
        lambda: need_known((None, None, 3), 1, "to size its kernel"), ShapeError,
        "needs a known size on axis 1 to size its kernel, got (None, None, 3)", "give that dimension a number in the Input's shape",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("act", "error", "message", "help"), REFUSED.values(), ids=REFUSED)
def test_refused(act: Callable[[], object], error: type[RuleError], message: str, help: str) -> None:
    with pytest.raises(error) as caught:
        act()
    assert (caught.value.problem.message, caught.value.problem.help) == (message, help)


def test_what_keras_announces_is_what_it_sees() -> None:
    assert TENSOR.symbolic is TENSOR
    assert TENSOR.but((None, 4), "no difference") is TENSOR
    told = TENSOR.but((None, 5), "write it", "float32")
    assert (told.shape, told.dtype) == ((None, 4), "int32")
    assert told.symbolic == Tensor((None, 5), "float32")
