"""Constants that specc computes are those of Keras, to the bit; what processors may differ in is left to Keras."""

from __future__ import annotations

import json
from typing import Any

import keras
import pytest

import specc
from specc.archive.native import NotNative
from specc.archive.writing.constants import _TABLE, Constant
from specc.archive.writing.models import of_model
from specc.archive.writing.network import Network
from specc.backends import keras_model
from tests.support.archives import differences
from tests.support.checking import spec

ONE = "[[0, 1, 2], [3, 4, 5]]"
OTHER = "[[2, 1, 3], [7, 3, 5]]"
DTYPES = ("bool", "uint8", "int8", "int32", "int64", "uint32", "float16", "float32", "float64")
OF_NONE = (
    "arange, stop: 7", "arange, start: 9, stop: -3, step: -2", "arange, start: 0.5, stop: 3, step: 0.25",
    "linspace, start: 0, stop: 1, num: 7", "linspace, start: 0.1, stop: -3, num: 11, endpoint: false",
    "linspace, start: 2, stop: 3, num: 1", "full, shape: [2, 2], fill_value: 0.3", "full, shape: [3, 2], fill_value: [1, 2]",
    "zeros, shape: 3", "ones, shape: [2, 1]", "tri, N: 3, M: 4, k: -1", "tri, N: 2, k: 9", "eye, N: 3, k: 1", "eye, N: 2, M: 4, k: -1",
    "identity, n: 2", "array, x: [[0.1, 1, 7]]", "convert_to_tensor, x: 3",
)  # fmt: skip
OF_ONE = (
    "cast, dtype: int32", "cast, dtype: float16", "cast, dtype: float32", "cast, dtype: bool", "cast, dtype: uint8",
    "abs", "absolute", "negative", "sqrt", "square", "zeros_like", "ones_like", "logical_not",
    "reshape, newshape: [3, -1]", "ravel", "transpose", "expand_dims, axis: 1", "swapaxes, axis1: 0, axis2: 1",
    "moveaxis, source: 0, destination: -1", "repeat, repeats: 2, axis: 1", "tile, repeats: [1, 2]", "broadcast_to, shape: [4, 2, 3]",
    "flip, axis: 1", "flip", "roll, shift: 2", "roll, shift: [1, -1], axis: [0, 1]", "tril", "triu, k: 1",
    'get_item, key: ["::-1", null, 1]', 'get_item, key: ["...", "1:"]', "add, x2: [0.7, 1, 2]", "multiply, x2: 3", "subtract, x1: 1.5",
    "divide, x2: 3", "less, x2: 2.5", "greater, x1: 3", "mod, x2: 2", "where, x1: 0.5, x2: 2", "where, x1: 1, x2: 0",
)  # fmt: skip
OF_TWO = (
    "add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "mod", "maximum", "minimum", "equal", "not_equal",
    "greater", "greater_equal", "less", "less_equal", "logical_and", "logical_or", "logical_xor", "concatenate, axis: 1", "stack",
)  # fmt: skip


LEFT: dict[str, set[str]] = {
    "bool": {"arange", "linspace", "floor_divide", "negative"},
    "uint8": {"arange", "linspace", "negative"},
    **{key: {"linspace"} for key in ("int8", "int32", "int64")},
    "uint32": {"linspace", "negative"},
    "float16": {"arange", "linspace", "floor_divide", "mod"},
    **{key: {"floor_divide", "mod"} for key in ("float32", "float64")},
}
"""Operations that a dtype has not, or that are left to Keras in it."""


def constants(dtype: str) -> list[str]:
    """Specs of constants in a dtype, whose last layer is the constant."""
    one = f"- {{type: ops.array, name: a, x: {ONE}, dtype: {dtype}}}"
    two = f"- {{type: ops.array, name: b, x: {OTHER}, dtype: {dtype}}}"
    weak = "- {type: ops.array, name: b, x: [0.5, 1, 7]}"
    return [
        *(f"- {{type: ops.{it}, name: c, dtype: {dtype}}}" for it in OF_NONE),
        *(f"{one}\n  - {{type: ops.{it}, name: c, from: a}}" for it in OF_ONE),
        *(f"{one}\n  {other}\n  - {{type: ops.{it}, name: c, from: [a, b]}}" for it in OF_TWO for other in (two, weak)),
        f"{one}\n  - {{type: ops.expand_dims, name: b, axis: 0, from: a}}\n  - {{type: ops.squeeze, name: c, axis: 0, from: b}}",
        f"{one}\n  {weak}\n  - {{type: ops.where, name: c, from: [a, a, b]}}",
    ]


def model(text: str) -> str:
    return f"layers:\n  - {{type: Input, name: x, batch_shape: [1]}}\n  {text}\n  - {{type: ops.equal, name: y, from: [x, c]}}\n"


def of_keras(graph: specc.TypedGraph) -> Any:
    """The constant ``c`` as Keras computes it."""
    tensors: dict[str, Any] = {}
    for name in graph.order:
        if name in graph.graph.constants:
            tensors[name] = (keras_model._operate(keras, graph.nodes[name], tensors, is_constant=True),)
    return keras.ops.convert_to_numpy(tensors["c"][0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_constants_have_the_bits_of_keras(dtype: str) -> None:
    compared = []
    for text in constants(dtype):
        try:
            graph = specc.compile(spec(model(text)))
            made = Network(graph)._outputs["c"][0]
        except (specc.CompileError, NotNative):
            continue
        assert isinstance(made, Constant)
        wanted = of_keras(graph)
        assert (made.dtype, made.shape, made.numbers.tobytes()) == (
            wanted.dtype.name,
            wanted.shape,
            wanted.tobytes(),
        ), text
        compared.append(graph.nodes["c"].type.removeprefix("ops."))
    assert {*_TABLE} - {*compared} == LEFT[dtype]


def test_constants_in_calls() -> None:
    written = spec("""
    layers:
      - {type: Input, name: x, shape: [3]}
      - {type: ops.arange, name: row, stop: 3, dtype: float32}
      - {type: ops.linspace, name: line, start: 0, stop: 1, num: 3}
      - {type: ops.stack, name: rows, from: [row, line]}
      - {type: ops.get_item, name: last, key: [1], from: rows}
      - {type: ops.where, name: kept, from: [x, row, last]}
      - {type: ops.concatenate, name: joined, axis: 0, from: [kept, rows]}
      - {type: Dense, name: y, units: 2}
    """)
    made = json.loads(json.dumps(of_model(specc.compile(written))))
    keras.utils.clear_session(free_memory=False)
    assert list(differences({**made, "compile_config": {}}, json.loads(specc.build(written).to_json()))) == []


@pytest.mark.parametrize(
    "text",
    [
        "- {type: ops.linspace, name: a, start: 0, stop: 1, num: 3}\n  - {type: ops.sin, name: c, from: a}",
        "- {type: ops.arange, name: c, stop: 1, step: 0.1}",
        "- {type: ops.array, name: a, x: [-1.0]}\n  - {type: ops.sqrt, name: c, from: a}",
        "- {type: ops.array, name: c, x: [1.0e-40]}",
        "- {type: ops.array, name: a, x: [5.0e+9]}\n  - {type: ops.cast, name: c, dtype: int32, from: a}",
        "- {type: ops.array, name: a, x: [-0.0]}\n  - {type: ops.maximum, name: c, x2: [0.0], from: a}",
        "- {type: ops.array, name: c, x: [0.5], dtype: bfloat16}",
    ],
)
def test_what_may_differ_is_left_to_keras(text: str) -> None:
    with pytest.raises(NotNative, match=r"'c' \(ops\.\w+\) is a constant"):
        Network(specc.compile(spec(model(text))))
