"""The operations of `specc.operations.reduction` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from itertools import product
from typing import Any

import keras
import numpy as np
import pytest

from specc.calls import Policy
from specc.diagnostics.problem import RuleError
from specc.shapes import Shape, Tensor
from tests.support.operation_agreement import agree, message, operation

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("max", Tensor((2,), "int32"), {"initial": 0.5}, False),
    ("sum", (2, 3), {"axis": [0, -2]}, False),
    ("norm", (2, 3, 4), {}, False),
    ("norm", Tensor((2, 3), "float16"), {"ord": 2}, False),
    ("norm", (None, 3), {"ord": "inf", "axis": -1}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


def test_normalize_is_refused_where_keras_says_another_shape() -> None:
    scalar = keras.Input(batch_shape=())
    for order in (1, 2, 3):
        assert keras.ops.normalize(scalar, axis=None, order=order).shape == ()
        assert keras.ops.normalize(np.float32(2), axis=None, order=order).shape == (1,)
        expected = "cannot normalize a scalar: it is () to Keras, which computes (1,)"
        assert message("normalize", (), {"axis": None, "order": order})[0] == expected


@pytest.mark.parametrize("ord", ["nuc", 2, -2])
@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4), (2, 3, 4, 5), (1, 1, 1)])
def test_norm_is_refused_exactly_where_keras_says_another_shape(ord: Any, shape: Shape) -> None:
    rank = len(shape)
    for axes in product(range(-rank, rank), repeat=2):
        made, _ = operation("norm").parse({"ord": ord, "axis": list(axes), "keepdims": True})
        assert made is not None
        call = made.call({"x": Tensor(shape)}, {}, Policy.named("float32"))
        try:
            said = keras.ops.norm(keras.Input(batch_shape=shape), ord=ord, axis=axes, keepdims=True).shape
            right = axes[0] % rank != axes[1] % rank
            right = right and said == keras.ops.norm(np.ones(shape, "float32"), ord=ord, axis=axes, keepdims=True).shape
        except Exception:
            right = False
        if right:
            assert made.infer(call) == (Tensor(tuple(said)),)
        else:
            with pytest.raises(RuleError, match=r"in other places|duplicate axis"):
                made.infer(call)


@pytest.mark.parametrize("name", ["moments", "sum", "mean"])
def test_no_axis_is_named_twice(name: str) -> None:
    """TensorFlow leaves out a sum over one element, and gives a shape that Keras does not say."""
    axes = "axes" if name == "moments" else "axis"
    first = keras.tree.flatten(getattr(keras.ops, name)(keras.Input(batch_shape=(1, 1)), [0, 0]))[0]
    assert first.shape == ()
    for keepdims in (True, False):
        words = message(name, (1, 1), {axes: [0, -2], "keepdims": keepdims})
        assert words == ("has a duplicate axis in [0, -2]", "name each axis once")


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    ("sum", (2, 3), {"axis": 2}, "has no axis 2 in an input of 2 dimensions", "use an axis from -2 to 1"),
    ("sum", (2, 3), {"axis": [1, -1]}, "has a duplicate axis in [1, -1]", "name each axis once"),
    ("norm", (2, 3, 4), {}, "takes the norm of vectors or matrices, not over 3 axes", "give one axis or two in 'axis'"),
    ("norm", (2, 3), {"axis": 1, "ord": "fro"}, "has no norm of order fro of vectors", "that is for two axes"),
    (
        "norm",
        (2, 3),
        {"ord": 3},
        "has no norm of order 3 of matrices",
        'for two axes it is 1, -1, 2, -2, "inf", "-inf", "fro" or "nuc"',
    ),
    (
        "norm",
        (None, 3, 4),
        {"axis": [-2, -1], "ord": 2, "keepdims": True},
        "keeps axes [-2, -1] in other places with order 2",
        "name the axes in order and counted from the front: [1, 2]",
    ),
    (
        "normalize",
        (2, 3),
        {"axis": [0, 0], "order": 1},
        "has a duplicate axis in [0, 0]",
        "name each axis once",
    ),
    ("normalize", (2, 3), {"axis": [0, 1], "order": 3}, "cannot use order 3 over 2 axes", "use order 2, or one axis"),
    (
        "average",
        [(2, 3), (2,)],
        {"axis": 1},
        "cannot weigh (2, 3) by (2,)",
        "the weights have the shape of 'x', or are one for each element of the axis",
    ),
    ("quantile", (2,), {"q": [0.5]}, "needs two fractions or more in a list", "write a single one without a list"),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
