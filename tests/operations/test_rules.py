"""The rules that operations share: dtypes that go in and come out, shapes that are broadcast or reduced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specc.diagnostics.problem import RuleError
from specc.dtypes import FLOATS, INTS, NUMBERS
from specc.operations import rules
from specc.shapes import Shape

DTYPES: list[tuple[Callable[[str], str], dict[str, str]]] = [
    (rules.same, {"int8": "int8", "string": "string"}),
    (rules.as_float, {"bool": "float32", "int64": "float32", "float16": "float16", "complex64": "complex64"}),
    (rules.as_float_or_same, {"bool": "float32", "int64": "float32", "float64": "float64"}),
    (rules.counted, {"bool": "int32", "int8": "int8"}),
    (rules.cube_root, {"int64": "float64", "int32": "float32", "float16": "float16", "complex64": "float32"}),
    (rules.magnitude, {"complex64": "float32", "complex128": "float64", "int8": "int8"}),
    (rules.always_bool, {"float32": "bool"}),
    (rules.always_int32, {"float32": "int32"}),
]


@pytest.mark.parametrize(("rule", "dtypes"), DTYPES, ids=lambda it: getattr(it, "__name__", ""))
def test_dtypes_that_come_out(rule: Callable[[str], str], dtypes: dict[str, str]) -> None:
    assert {dtype: rule(dtype) for dtype in dtypes} == dtypes


def refusal(check: Callable[..., Any], *arguments: Any) -> tuple[str, str | None]:
    with pytest.raises(RuleError) as caught:
        check(*arguments)
    return caught.value.problem.message, caught.value.problem.help


def test_dtypes_that_go_in() -> None:
    rules.need_dtype("int32", NUMBERS)
    assert refusal(rules.need_dtype, "int32", FLOATS) == (
        "cannot compute with int32", "put {type: ops.cast, dtype: float32} before it",
    )  # fmt: skip
    assert refusal(rules.need_dtype, "float32", INTS) == (
        "cannot compute with float32", "put {type: ops.cast, dtype: int32} before it",
    )  # fmt: skip
    assert refusal(rules.need_dtype, "string", FLOATS) == ("cannot compute with string", "it takes numbers")


def test_a_fraction_beside_integers() -> None:
    rules.need_whole(2, "int32", "x2")
    rules.need_whole(0.5, "float32", "x2")
    assert refusal(rules.need_whole, 0.5, "int32", "x2") == (
        "takes an integer as 'x2' for int32, not 0.5",
        "give an integer, or put {type: ops.cast, dtype: float32} before it",
    )


@pytest.mark.parametrize(("first", "second", "joined"), [
    ((None, 3), (None, 1), (None, 3)),
    ((4, 1), (3,), (4, 3)),
    ((), (2, 3), (2, 3)),
])  # fmt: skip
def test_shapes_together(first: Shape, second: Shape, joined: Shape) -> None:
    assert rules.need_broadcast(first, second) == joined


def test_shapes_that_do_not_go_together() -> None:
    assert refusal(rules.need_broadcast, (None, 3), (None, 2)) == (
        "cannot broadcast (None, 3) and (None, 2)",
        "counted from the last axis, their dimensions must be equal, or 1 in one of them",
    )
    assert refusal(rules.need_broadcast_to, (4, 3), (3,)) == (
        "cannot broadcast (4, 3) to (3,)",
        "counted from the last axis, each of its dimensions must be equal to the target's, or 1",
    )


@pytest.mark.parametrize(("shape", "target", "fits"), [
    ((3,), (None, 3), True),
    ((1, 3), (5, 3), True),
    ((None, 3), (5, 3), True),
    ((5, 1), (5, 3), True),
    ((2, 3), (5, 3), False),
    ((4, 5, 3), (5, 3), False),
])  # fmt: skip
def test_filling_a_shape(shape: Shape, target: Shape, fits: bool) -> None:
    assert rules.fits_broadcast(shape, target) == fits


@pytest.mark.parametrize(("axes", "keepdims", "left"), [
    (None, False, ()),
    (None, True, (1, 1, 1)),
    (1, False, (None, 4)),
    (-1, True, (None, 3, 1)),
    ((1, 2), False, (None,)),
    ((), False, (None, 3, 4)),
])  # fmt: skip
def test_reduced(axes: int | tuple[int, ...] | None, keepdims: bool, left: Shape) -> None:
    assert rules.reduced((None, 3, 4), axes, keepdims) == left


def test_along_an_axis_or_all_elements() -> None:
    assert (rules.along((2, 3), 1), rules.along((2, 3), None), rules.along((None, 3), None)) == ((2, 3), (6,), (None,))
    assert refusal(rules.along, (2, 3), 2)[0].startswith("has no axis 2")


@pytest.mark.parametrize(("first", "second", "alike"), [
    ((2, 3), (6,), True),
    ((2, 3), (5,), False),
    ((None, 4), (8,), True),
    ((None, 4), (6,), False),
    ((None, 3), (None, 2), True),
])  # fmt: skip
def test_equally_many_elements(first: Shape, second: Shape, alike: bool) -> None:
    assert rules.may_hold_alike(first, second) == alike
