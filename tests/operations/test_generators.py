"""Operations that make a tensor of no other, against Keras, which computes them at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import keras
import pytest

from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from tests.support.operation_agreement import message, operation

DTYPES = (
    None,
    "float32",
    "float16",
    "bfloat16",
    "float64",
    "int8",
    "uint8",
    "int32",
    "int64",
    "bool",
    "complex64",
    "string",
)
ENDS: list[dict[str, Any]] = [
    {"stop": 10}, {"start": 3}, {"start": 3, "stop": 9, "step": 2}, {"start": 9, "stop": 3, "step": -2},
    {"stop": 1, "step": 0.1}, {"start": 0.1, "stop": 0.7, "step": 0.2}, {"stop": 0.3, "step": 0.1}, {"stop": 2.0},
    {"start": 1.5, "stop": -4, "step": -0.5}, {"stop": 300}, {"start": -3, "stop": 3}, {"stop": 130, "step": 43},
]  # fmt: skip
CASES = [
    *(("arange", ends) for ends in ENDS),
    ("linspace", {"start": 0, "stop": 1, "num": 5}), ("linspace", {"start": 1, "stop": -1.5, "endpoint": False}),
    ("logspace", {"start": 0, "stop": 2, "num": 4}), ("logspace", {"start": 0, "stop": 2, "num": 4, "base": 2.0}),
    ("geomspace", {"start": 1, "stop": 8, "num": 4}), ("geomspace", {"start": -1.0, "stop": -8, "num": 3}),
    ("zeros", {"shape": [2, 3]}), ("zeros", {"shape": 3}), ("zeros", {"shape": []}), ("ones", {"shape": [2]}),
    ("full", {"shape": [2, 3], "fill_value": 0.5}), ("full", {"shape": [2, 3], "fill_value": [1, 2, 3]}),
    ("full", {"shape": [2], "fill_value": True}), ("full", {"shape": [2], "fill_value": [True, False]}),
    ("eye", {"N": 3}), ("eye", {"N": 3, "M": 4, "k": 4}), ("eye", {"N": 3, "M": 2, "k": -3}), ("identity", {"n": 2}),
    ("tri", {"N": 3}), ("tri", {"N": 3, "M": 4, "k": -7}),
    ("array", {"x": [[1, 2], [3, 4]]}), ("array", {"x": 0.5}), ("array", {"x": [True]}), ("array", {"x": [2**40]}),
    ("convert_to_tensor", {"x": [1.5, 2]}),
    ("bartlett", {"x": 5}), ("blackman", {"x": 5}), ("hamming", {"x": 1}), ("hanning", {"x": 5}),
    ("kaiser", {"x": 5, "beta": 14}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_agreement(name: str, arguments: dict[str, Any]) -> None:
    cls = operation(name)
    for dtype in DTYPES if "dtype" in cls.argument_fields() else (None,):
        given = arguments if dtype is None else {**arguments, "dtype": dtype}
        made, problems = cls.parse(given)
        assert made is not None, problems
        try:
            (said,) = made.infer(made.call({}, {}, Policy.named("float32")))
        except RuleError as error:
            assert dtype is not None, error.problem.message
            continue
        positional, keywords = map(realize, made.call_arguments({}))
        found = getattr(keras.ops, name)(*positional, **keywords)
        assert (said.shape, said.dtype) == (tuple(found.shape), found.dtype.name), given


def test_float_rows_have_as_many_numbers_as_tensorflow_counts() -> None:
    cls = operation("arange")
    for start, stop, step, dtype in product((0, 0.1, -0.7), (0.9, 1.1, 1), (0.1, 0.01, 0.3), ("float32", "float64")):
        made, _ = cls.parse({"start": start, "stop": stop, "step": step, "dtype": dtype})
        assert made is not None
        (said,) = made.infer(made.call({}, {}, Policy.named("float32")))
        assert said.shape == tuple(keras.ops.arange(start, stop, step, dtype=dtype).shape), (start, stop, step, dtype)


@pytest.mark.parametrize(("name", "arguments", "text", "help"), [
    ("arange", {}, "needs 'stop'", "add stop, the number that the row ends before"),
    ("arange", {"stop": 0}, "is empty: it goes from 0 to 0 in steps of 1", None),
    ("arange", {"start": 5, "stop": 2}, "is empty: it goes from 5 to 2 in steps of 1", None),
    ("arange", {"stop": 2, "step": 0}, "step must not be 0", "give the distance of two numbers"),
    ("arange", {"stop": 2.5, "dtype": "int32"}, "cannot give int32 from 2.5", "give integers"),
    ("arange", {"stop": 200, "dtype": "int8"}, "cannot give int8 from 200, which is from -128 to 127", None),
    ("arange", {"stop": 2**40}, f"cannot give int32 from {2**40}, which is from {-(2**31)} to {2**31 - 1}", "set dtype: int64"),
    ("arange", {"stop": 2**40, "dtype": "int64"}, f"would give ({2**40},); a dimension goes up to {2**31 - 1}", None),
    ("arange", {"stop": 3000, "dtype": "float16"}, "is not exact in float16", "remove dtype, and put an ops.cast after it"),
    ("arange", {"stop": 3, "dtype": "bool"}, "cannot give bool", "give another dtype, or put ops.cast after it"),
    ("geomspace", {"start": 0, "stop": 1}, "cannot go from 0 to 1 by a factor", "give two numbers above 0, or two below 0"),
    ("linspace", {"start": 0, "stop": 1, "axis": 0}, "'axis' cannot be given in a spec", "start and stop are numbers, so there is one axis"),
    ("eye", {"N": 2, "k": 3}, "k must be from -2 to 2 in a matrix of 2 rows and 2 columns, not 3", None),
    ("full", {"shape": [2], "fill_value": [1, 2, 3]}, "cannot broadcast (3,) to (2,)",
     "counted from the last axis, each of its dimensions must be equal to the target's, or 1"),
    ("array", {"x": [2**40], "dtype": "int8"}, "has a number that is too large for int8", "remove dtype"),
])  # fmt: skip
def test_messages(name: str, arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, {}, arguments) == (text, help)
