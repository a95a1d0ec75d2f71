"""Lists of numbers as tensors."""

from __future__ import annotations

from typing import Any

import pytest

from specc.operations.number_lists import NumberList
from tests.support.operation_agreement import message


@pytest.mark.parametrize(("value", "shape", "dtype"), [
    ([0, 1], (2,), "int32"),
    ([[1, 2.5], [3, 4]], (2, 2), "float32"),
    ([True, False], (2,), "bool"),
    ([[[2**40]]], (1, 1, 1), "int64"),
])  # fmt: skip
def test_shapes_and_dtypes(value: Any, shape: tuple[int, ...], dtype: str) -> None:
    made = NumberList.of(value)
    assert (made.shape, made.dtype, made.as_lists()) == (shape, dtype, value)


@pytest.mark.parametrize(("value", "text", "help"), [
    ("a", 'x must be a number, true or false, or a list of these, not "a"',
     "set x to a number, true or false, or a list of these"),
    ([], "x is an empty list", "give it a number"),
    ([[1, 2], [3]], "x has lists of different lengths", "make them equally long"),
    ([1, [2]], "x has numbers beside lists", "make all its elements numbers, or lists of one length"),
    ([True, 2], "x mixes numbers with true and false", "write 1 for true and 0 for false"),
    ([1, "a"], 'x must be a list of numbers: "a" is not a number', None),
    ([1, 1e39], "x must be a list of numbers: 1e+39 is too large for a tensor", None),
    ([[[[[[[[[1, 2]]]]]]]]], "x has more than 8 lists in one another", "write [[[[[[[[1, 2]]]]]]]], without brackets"),
])  # fmt: skip
def test_messages(value: Any, text: str, help: str | None) -> None:
    assert message("array", {}, {"x": value}) == (text, help)
