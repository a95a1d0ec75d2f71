"""The operations of `specc.operations.linear` case by case: what Keras takes, and the words of every refusal."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from specc.calls import Policy
from specc.diagnostics.problem import ShapeError
from specc.shapes import Shape, Tensor
from tests.support.operation_agreement import agree, message, operation

FOUND: list[tuple[str, Any, dict[str, Any], bool]] = [
    ("tensordot", [(1, 1, 1), (None, None, 2)], {"axes": 3}, False),
    ("vdot", [(None, 4), (6,)], {}, False),
    ("inner", [(2, 3), (4, 3)], {}, False),
    ("tensordot", [(3, 1, 2), (2, 1, 5)], {"axes": 2}, True),
    ("tensordot", [(3, 1, 2), (2, 1, 5)], {"axes": [[1, 2], [0, 1]]}, False),
    ("inner", [(), (2,)], {}, False),
    ("dot", [(None, 3), (None,)], {}, False),
    ("cross", [(None, None, None, None), (None, 3)], {"axis": 0}, True),
    ("einsum", (None, 1), {"subscripts": "ii->i"}, True),
    ("einsum", (3, None), {"subscripts": "ii->i"}, True),
    ("einsum", (2, None, 3), {"subscripts": "...ii->...i"}, True),
    ("einsum", (2, 3, None), {"subscripts": "...ii->...i"}, True),
]
"""Found in longer runs: inputs, arguments, whether Keras takes them."""


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "accepted"), FOUND)
def test_found(name: str, inputs: Any, given_arguments: dict[str, Any], accepted: bool) -> None:
    agree(name, inputs, given_arguments, accepted=accepted)


@pytest.mark.parametrize(
    "subscripts",
    ["a...,b...->ab...", "a...,b->ab...", "a...,b->a...b", "...a,b...->...ab", "a...b,bc->a...c", "a...,b"],
)
@pytest.mark.parametrize("first", [(2,), (2, 3), (2, 2), (2, 1), (2, 3, 2), (2, 2, 2)])
@pytest.mark.parametrize("second", [(2,), (2, 3), (2, 2), (1,), (3, 1), (2, 3, 2)])
def test_einsum_is_refused_exactly_where_keras_says_another_shape(subscripts: str, first: Shape, second: Shape) -> None:
    made, _ = operation("einsum").parse({"subscripts": subscripts})
    assert made is not None
    call = made.call({"operands": (Tensor(first), Tensor(second))}, {}, Policy.named("float32"))
    try:
        said = keras.ops.einsum(subscripts, *(keras.Input(batch_shape=shape) for shape in (first, second))).shape
        computed = keras.ops.einsum(subscripts, np.ones(first, "float32"), np.ones(second, "float32")).shape
    except Exception:
        said, computed = None, ()
    if said == computed:
        assert made.infer(call) == (Tensor(tuple(computed)),)
    else:
        with pytest.raises(ShapeError, match=None if said is None else "to Keras, which computes"):
            made.infer(call)


def test_einsum_spreads_no_letter() -> None:
    """Keras does where it makes a matmul of it, as of these subscripts; elsewhere TensorFlow refuses."""
    shapes = [(2, 3, 4, 5), (1, 3, 6, 5)]
    assert keras.ops.einsum("bhqd,bhkd->bhqk", *(np.ones(shape, "float32") for shape in shapes)).shape == (2, 3, 4, 6)
    expected = 'has two sizes for b in "bhqd,bhkd->bhqk": 2 and 1'
    assert message("einsum", shapes, {"subscripts": "bhqd,bhkd->bhqk"})[0] == expected
    agree("einsum", [(2, 3), (1, 4)], {"subscripts": "ab,ac->abc"}, accepted=False)


MESSAGES: list[tuple[str, Any, dict[str, Any], str, str | None]] = [
    (
        "matmul",
        [(2, 3), (4, 5)],
        {},
        "cannot multiply (2, 3) and (4, 5)",
        "the last axis of 'x1' (3) must be as long as the rows of 'x2' (4)",
    ),
    ("tensordot", [(2, 3), (3,)], {}, "sums over 2 axes of (2, 3) and (3,)", "both must have that many axes"),
    ("cross", [(2, 4), (2, 4)], {}, "takes vectors of 2 or 3 numbers, got (2, 4) with 4 on axis 1", None),
    (
        "einsum",
        [(2, 3)],
        {"subscripts": "i j"},
        'cannot read "i j"',
        'write letters for the axes, as in "bij,bjk->bik", without spaces; ... means further axes',
    ),
    ("einsum", [(2, 3)], {"subscripts": "ij->k"}, "has no k in an input", "use letters of the inputs after ->"),
    (
        "einsum",
        [(None, None), (None,)],
        {"subscripts": "a...,b...->ab..."},
        "is (None, 1, None) to Keras, which computes (None, None, None): ... means more axes of one input than of "
        "another",
        "write ... first after ->, or give all inputs the same number of axes there",
    ),
    (
        "einsum",
        [(2, 3)],
        {"subscripts": "ij,jk->ik"},
        'has 2 inputs in "ij,jk->ik", got 1',
        "write the letters of each input, with commas between",
    ),
    (
        "einsum",
        [(2, 3), (2, 3)],
        {"subscripts": "ij,jk->ik"},
        'has two sizes for j in "ij,jk->ik": 3 and 2',
        "axes with one letter must be equally long",
    ),
    (
        "einsum",
        [(2, 3, 4)],
        {"subscripts": "ij->ji"},
        'has 2 letters in "ij" for (2, 3, 4)',
        "write a letter for each axis, the batch axis too; ... means any others",
    ),
]


@pytest.mark.parametrize(("name", "inputs", "given_arguments", "text", "help"), MESSAGES)
def test_messages(name: str, inputs: Any, given_arguments: dict[str, Any], text: str, help: str | None) -> None:
    assert message(name, inputs, given_arguments) == (text, help)
