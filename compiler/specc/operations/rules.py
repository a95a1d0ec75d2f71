"""What the rules of operations share: which dtypes go in and come out, and shapes that are broadcast or reduced."""

from math import prod
from typing import Annotated

from pydantic import Field

from specc.arguments import LARGEST_INT, TypeWords
from specc.diagnostics.problem import DTypeError, ShapeError
from specc.dtypes import COMPLEX, FLOATX, INTS, NUMBERS, DType, result_type
from specc.operations.number_lists import NumberListField
from specc.shapes import Shape, Tensor, broadcast, distinct_axes, normalize_axis, show_shape, size

Constant = Annotated[
    bool | Annotated[int, Field(ge=-LARGEST_INT, le=LARGEST_INT)] | float, TypeWords("a number, or true or false")
]
"""A number used as a tensor; the dtype of the result depends on whether it is an integer."""

Operand = Annotated[Constant | NumberListField, TypeWords("a number, true or false, or a list of these")]
"""A constant in the place of a tensor."""

REAL = NUMBERS - COMPLEX


def need_dtype(dtype: str, accepts: frozenset[str], name: str | None = None) -> None:
    """DTypeError if Keras cannot compute with tensors of that dtype."""
    if dtype in accepts:
        return
    fits = "float32" if FLOATX in accepts else "int32"
    raise DTypeError(
        f"cannot compute with {dtype}",
        tensors=None if name is None else (name,),
        help=f"put {{type: ops.cast, dtype: {fits}}} before it" if dtype != "string" else "it takes numbers",
    )


def need_one_dtype(*tensors: Tensor) -> str:
    """The dtype that all tensors have; DTypeError if they differ, where Keras does not promote them."""
    for tensor in tensors:
        if tensor.dtype != tensors[0].dtype:
            raise DTypeError(
                f"needs one dtype for all, got {tensors[0].dtype} and {tensor.dtype}",
                help="put a {type: ops.cast} before one of them",
            )
    return tensors[0].dtype


def need_whole(constant: Constant | None, dtype: str, name: str) -> None:
    """DTypeError for a fraction in place of a tensor of integers."""
    if isinstance(constant, float) and dtype in INTS:
        raise DTypeError(
            f"takes an integer as '{name}' for {dtype}, not {constant!r}",
            argument=name,
            help="give an integer, or put {type: ops.cast, dtype: float32} before it",
        )


def tensor_dtype(constant: Constant) -> str:
    """The dtype of the tensor that Keras makes from a constant by itself.

    >>> tensor_dtype(True), tensor_dtype(2), tensor_dtype(2**31), tensor_dtype(0.5)
    ('bool', 'int32', 'int64', 'float32')
    """
    if isinstance(constant, bool):
        return "bool"
    if isinstance(constant, float):
        return FLOATX
    return "int32" if -(2**31) <= constant < 2**31 else "int64"


def as_float(dtype: DType) -> str:
    """The dtype of a function with real values, such as a sine.

    >>> as_float("int64"), as_float("float16"), as_float("bool")
    ('float32', 'float16', 'float32')
    """
    return result_type(dtype, float)


def as_float_or_same(dtype: str) -> str:
    """floatx for integers and booleans; any other dtype stays."""
    return FLOATX if dtype in INTS or dtype == "bool" else dtype


def same(dtype: str) -> str:
    """The input's dtype."""
    return dtype


def counted(dtype: str) -> str:
    """The dtype of functions that compute with bools as numbers: int32 for bool; any other dtype stays."""
    return "int32" if dtype == "bool" else dtype


def cube_root(dtype: str) -> str:
    """The dtype of a cube root or a hypotenuse."""
    if dtype in COMPLEX:  # it ignores the imaginary part
        return FLOATX
    return "float64" if dtype == "int64" else as_float_or_same(dtype)


def always_bool(dtype: str) -> str:
    """The dtype of tests."""
    return "bool"


def always_int32(dtype: str) -> str:
    """The dtype of counts and indices."""
    return "int32"


def magnitude(dtype: str) -> str:
    """The dtype of functions that are real for complex numbers; any other dtype stays.

    >>> magnitude("complex64"), magnitude("float16")
    ('float32', 'float16')
    """
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype)


def need_all_known(shape: Shape) -> None:
    """ShapeError if a size is open; some functions of TensorFlow work on tensors of a known shape only."""
    if None in shape:
        raise ShapeError(
            f"needs every size to be known, got {show_shape(shape)}",
            help="give the Input a batch_shape without null: TensorFlow cannot compute this for an open batch",
        )


def need_broadcast(first: Shape, second: Shape) -> Shape:
    """The shape of two tensors broadcast together; ShapeError if they do not fit."""
    joined = broadcast(first, second)
    if joined is None:
        raise ShapeError(
            f"cannot broadcast {show_shape(first)} and {show_shape(second)}",
            help="counted from the last axis, their dimensions must be equal, or 1 in one of them",
        )
    return joined


def fits_broadcast(shape: Shape, target: Shape) -> bool:
    """Whether a tensor of that shape can be broadcast to the target shape."""
    missing = len(target) - len(shape)
    return missing >= 0 and all(
        dim in (1, None) or wide in (dim, None) for dim, wide in zip(shape, target[missing:], strict=True)
    )


def need_broadcast_to(shape: Shape, target: Shape, argument: str | None = None) -> None:
    """ShapeError unless a tensor of that shape can be broadcast to the target shape."""
    if fits_broadcast(shape, target):
        return
    raise ShapeError(
        f"cannot broadcast {show_shape(shape)} to {show_shape(target)}",
        argument=argument,
        help="counted from the last axis, each of its dimensions must be equal to the target's, or 1",
    )


def reduced(shape: Shape, axes: int | tuple[int, ...] | None, keepdims: bool, argument: str = "axis") -> Shape:
    """The shape after a reduction over some axes, or over all."""
    if axes is None:
        return (1,) * len(shape) if keepdims else ()
    gone = distinct_axes(axes, len(shape), argument)
    if keepdims:
        return tuple(1 if axis in gone else dim for axis, dim in enumerate(shape))
    return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)


def flat(shape: Shape) -> Shape:
    """The shape of all elements in one row."""
    return (size(shape),)


def may_hold_alike(first: Shape, second: Shape) -> bool:
    """Whether tensors of these shapes can have equally many elements.

    >>> may_hold_alike((2, 3), (6,)), may_hold_alike((None, 4), (6,)), may_hold_alike((None, 3), (None, 2))
    (True, False, True)
    """
    totals = size(first), size(second)
    known = [prod(dim for dim in shape if dim is not None) for shape in (first, second)]
    if totals[0] is not None and totals[1] is not None:
        return totals[0] == totals[1]
    return all(total is None or total % factor == 0 for total, factor in zip(totals, reversed(known), strict=True))


def along(shape: Shape, axis: int | None) -> Shape:
    """The shape of a result along an axis, or along all elements in one row if the axis is null."""
    if axis is None:
        return flat(shape)
    normalize_axis(axis, len(shape))
    return shape
