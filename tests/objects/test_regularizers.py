"""Regularizers take the weights that Keras's take, and say which outputs they can penalize."""

from __future__ import annotations

import keras
import pytest

from tests.support.object_agreement import SHAPES, built, classes, instance


@pytest.mark.parametrize("name", [cls.__name__ for cls in classes("regularizer")])
def test_regularizers_take_what_keras_takes(name: str) -> None:
    ours = instance("regularizer", name, {})
    theirs = built(ours)
    for shape in SHAPES:
        try:
            theirs(keras.ops.ones(shape))
            works = True
        except Exception:
            works = False
        assert (ours.problem(shape) is None) == works, shape


def test_matrices_of_open_sizes() -> None:
    rows = instance("regularizer", "OrthogonalRegularizer", {})
    columns = instance("regularizer", "OrthogonalRegularizer", {"mode": "columns"})
    assert rows.problem((None, 3)) == "needs a known number of rows, got (None, 3)"
    assert rows.problem((3, None)) is None
    assert columns.problem((3, None)) == "needs a known number of columns, got (3, None)"
    assert columns.problem((3,)) == "needs a matrix, got (3,)"


@pytest.mark.parametrize(("name", "penalized", "refused"), [
    ("L1", ["float16", "bfloat16", "bool", "int32"], ["int8", "complex64", "string"]),
    ("L2", ["float64", "complex64", "uint64"], ["uint8", "string"]),
    ("L1L2", ["int8", "uint8", "complex128"], ["string"]),
    ("OrthogonalRegularizer", ["float32", "bfloat16"], ["int32", "bool", "string"]),
])  # fmt: skip
def test_dtypes_of_outputs(name: str, penalized: list[str], refused: list[str]) -> None:
    regularizer = instance("regularizer", name, {})
    assert [regularizer.dtype_problem(dtype) for dtype in penalized] == [None] * len(penalized)
    assert [regularizer.dtype_problem(dtype) for dtype in refused] == [f"cannot penalize {dtype}" for dtype in refused]
