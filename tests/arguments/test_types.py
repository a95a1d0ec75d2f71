"""Which values each type of argument takes, what becomes of them, and what the others are told."""

from __future__ import annotations

from typing import Any

import pytest

from specc import layers
from specc.arguments import (
    Arguments,
    Axes,
    DType,
    Fraction,
    Initializer,
    Numbers,
    PolicyName,
    PositiveInt,
    Size2,
    freeze,
)
from specc.arguments.types import is_inner_layer, per_axis


class Sample(Arguments):
    """A class with an argument of each of some types."""

    size: Size2 = 1
    units: PositiveInt = 1
    rate: Fraction = 0.5
    axes: Axes = 0
    numbers: Numbers = ()
    dtype: DType = "float32"
    policy: PolicyName | None = None
    start: Initializer = "zeros"


TAKEN: list[tuple[str, Any, Any]] = [
    ("size", 3, 3),
    ("size", [3, 5], (3, 5)),
    ("rate", 1, 1.0),
    ("axes", [0, -1], (0, -1)),
    ("numbers", [0.1, 2], (0.1, 2.0)),
    ("dtype", "string", "string"),
    ("policy", "mixed_float16", "mixed_float16"),
    ("policy", None, None),
    ("start", "he_normal", "he_normal"),
]


@pytest.mark.parametrize(("name", "value", "taken"), TAKEN)
def test_taken(name: str, value: Any, taken: Any) -> None:
    made, _ = Sample.parse({name: value})
    assert made is not None
    assert (getattr(made, name), type(getattr(made, name))) == (taken, type(taken))


SIZES = "size must be a positive integer or a list of 2 positive integers"
REFUSED: list[tuple[str, Any, str]] = [
    ("size", 0, f"{SIZES}, not 0"),
    ("size", [3], f"{SIZES}, not [3]"),
    ("size", [3, 0], f"{SIZES}, not [3, 0]"),
    ("units", True, "units must be a positive integer, not true"),
    ("units", 1.0, "units must be a positive integer, not 1.0"),
    ("units", 2**31, "units must be a positive integer, not 2147483648"),
    ("rate", 1.5, "rate must be a number from 0 to 1, not 1.5"),
    ("rate", float("nan"), "rate must be a number from 0 to 1, not nan"),
    ("axes", 2**63, "axes must be an axis (an integer) or a list of axes, not 9223372036854775808"),
    ("numbers", [0.1, "a"], 'numbers must be a list of numbers, not [0.1, "a"]'),
    ("start", "he_norml", 'start: unknown initializer "he_norml"'),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_refused(name: str, value: Any, message: str) -> None:
    assert [problem.message for problem in Sample.parse({name: value})[1]] == [message]


def test_names_of_dtypes() -> None:
    """An int8 policy would be a quantization; a dtype of data it can be."""
    assert Sample.parse({"dtype": "int8"})[1] == []
    (problem,) = Sample.parse({"policy": "int8"})[1]
    assert problem.message.startswith("policy must be one of bool, uint8,")
    (problem,) = Sample.parse({"dtype": "flaot32"})[1]
    assert problem.help == "did you mean 'float32'?"


@pytest.mark.parametrize(
    ("layer", "inner"), [("Bidirectional", {"layer", "backward_layer"}), ("Pipeline", {"layers"}), ("Dense", set())]
)
def test_arguments_that_are_layers(layer: str, inner: set[str]) -> None:
    cls = layers.find(layer)
    assert cls is not None
    assert {name for name, field in cls.argument_fields().items() if is_inner_layer(field)} == inner


def test_sizes_and_lists() -> None:
    assert (per_axis(3, 2), per_axis((3, 5), 2)) == ((3, 3), (3, 5))
    assert freeze([1, [2, [3]], "a"]) == (1, (2, (3,)), "a")
