"""Encodings of integers and of classes: one-hot, multi-hot and counts."""

from collections.abc import Iterator

from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import summed
from specc.shapes import (
    Dim,
    Shape,
    Tensor,
    show_shape,
)


def encoded(shape: Shape, depth: Dim, mode: str) -> Shape:
    """The shape of categories encoded over an axis of ``depth``.

    >>> encoded((None, 4), 9, "one_hot"), encoded((None, 1), 9, "one_hot"), encoded((None, 4), 9, "count")
    ((None, 4, 9), (None, 9), (None, 9))
    """
    if mode == "one_hot" and not (len(shape) > 1 and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)


def counted(shape: Shape, depth: Dim) -> Shape:
    """The shape of counted categories: Keras counts along the axis after the batch axis.

    >>> counted((None, 4), 9), counted((None, 2, 3), 9), counted((None,), 9)
    ((None, 9), (None, 3, 9), (9,))
    """
    return (*((shape[0], *shape[2:]) if len(shape) > 1 else ()), depth)


def encoded_tensor(
    shape: Shape, depth: Dim, mode: str, dtype: str, *, sparse: bool = False, ragged: bool = False
) -> Tensor:
    """The encoding of categories of that shape; Keras announces it dense, and counted along the last axis.

    The one-hot encoding of a ragged tensor stays ragged.
    """
    one_hot = mode == "one_hot"
    if one_hot and shape[1:] and shape[-1] is None and not (ragged and len(shape) == 2):
        raise ShapeError(
            f"needs to know the size of the last axis of {show_shape(shape)} to encode it by one_hot",
            help="give the Input a number there, or use {type: ops.one_hot} instead",
        )
    # TensorFlow counts the indices of a sparse one-hot tensor in advance, so it needs every size, the batch's too.
    if sparse and (ragged or None in shape) and (one_hot or len(shape) > 2):
        raise ShapeError(
            f"cannot encode {show_shape(shape)} sparsely by {mode}", argument="sparse", help="set 'sparse' to false"
        )
    announced = encoded(shape, depth, mode)
    real = encoded(shape or (1,), depth, mode) if one_hot else counted(shape, depth)
    over = _OVER_ROWS.get(mode)
    help = (
        f"give it an input of shape (batch, n), or set output_mode to one_hot and put {{type: {over}, axis: -2}} after it"
        if over
        else "give it an input of shape (batch, n)"
    )
    if mode == "count" and len(shape) > 2:
        dtype = summed(dtype)  # of a one-hot encoding
    return Tensor(real, dtype, sparse, ragged=ragged and one_hot).but(announced, help)


_OVER_ROWS = {"multi_hot": "ops.max", "binary": "ops.max", "count": "ops.sum"}
"""The operation that turns a one-hot encoding into that of a mode, along the last axis but one."""


def need_countable(dtype: str, rank: int, mode: str, sparse: bool = False) -> None:
    """DTypeError for a dtype in which TensorFlow cannot count categories."""
    counts = mode in ("multi_hot", "count", "binary") and rank <= 2 and not sparse
    if dtype == "string" or (counts and dtype not in ("int32", "int64", "float32", "float64")):
        raise DTypeError(
            f"cannot encode categories in {dtype}",
            argument="dtype",
            help="set 'dtype' to float32, float64, int32 or int64",
        )


def need_integers(compute: str) -> None:
    """DTypeError for a dtype in which TensorFlow cannot count sparsely."""
    if compute not in ("int32", "int64"):
        raise DTypeError(
            f"cannot count sparsely in {compute}",
            argument="dtype",
            help="set 'dtype' to int32 or int64, or 'sparse' to false",
        )


def need_sparse_encoding(sparse: bool, mode: str) -> Iterator[Problem]:
    """The problem of a sparse output that is not an encoding."""
    if sparse and mode == "int":
        yield Problem(
            "argument-clash",
            "cannot give sparse output in output_mode int",
            ("sparse",),
            "remove 'sparse', or set 'output_mode' to one_hot, multi_hot or count",
            "key",
        )
