"""Shape and dtype arithmetic, as Keras does it. A shape is a tuple with None for an unknown dimension."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from specc.diagnostics.problem import AxisError, ShapeError
from specc.dtypes import item_bytes

Dim = int | None
Shape = tuple[Dim, ...]

LARGEST_RANK = 8
LARGEST_DIM = 2**31 - 1


class Announced(NamedTuple):
    """What Keras announces of a tensor, if its real shape or dtype is different."""

    shape: Shape
    help: str
    """What to write so that it makes no difference."""
    dtype: str


class Tensor(NamedTuple):
    """What is known of a tensor before it exists: Keras's ``KerasTensor``."""

    shape: Shape
    dtype: str = "float32"
    sparse: bool = False
    mask: Shape | None = None
    """The shape of the mask that Keras attaches (``_keras_mask``), if there is one."""
    ragged: bool = False
    """Whether its rows differ in length, as from an Input with ``ragged``."""
    announced: Announced | None = None
    """What Keras announces, and builds later layers for, if that is different."""

    @property
    def symbolic(self) -> Tensor:
        """The tensor as Keras announces it."""
        told = self.announced
        return self if told is None else self._replace(shape=told.shape, dtype=told.dtype, announced=None)

    @property
    def bytes(self) -> int | None:
        """The memory that it takes; None if a dimension is unknown."""
        elements = size(self.shape)
        return None if elements is None else elements * item_bytes(self.dtype)

    def but(self, announced: Shape, help: str, dtype: str | None = None) -> Tensor:
        """The tensor, announced by Keras with that shape; ``help`` says what to write so that it makes no difference.

        ``dtype`` is the announced dtype, if that is different.
        """
        told = Announced(announced, help, dtype or self.dtype)
        return self if (announced, told.dtype) == (self.shape, self.dtype) else self._replace(announced=told)


NOT_KNOWN = Tensor((), "")
"""What stands for a tensor of which nothing is known, because the spec has errors; recognized by identity."""


def show_shape(shape: Iterable[Dim]) -> str:
    """A shape as Keras prints it.

    >>> show_shape((None, 28, 28, 1)), show_shape((None,))
    ('(None, 28, 28, 1)', '(None,)')
    """
    return str(tuple(shape))


def is_float(dtype: str) -> bool:
    """
    >>> is_float("bfloat16"), is_float("int32")
    (True, False)
    """
    return "float" in dtype


def size(shape: Shape) -> Dim:
    """The number of elements; None if a dimension is unknown.

    >>> size((2, 3)), size((2, None)), size(())
    (6, None, 1)
    """
    return None if None in shape else math.prod(dim for dim in shape if dim is not None)


def differ(one: Dim, other: Dim) -> bool:
    """Whether two dimensions are known to be unequal."""
    return one is not None and other is not None and one != other


def normalize_axis(axis: int, rank: int, what: str = "axis") -> int:
    """A negative axis counted from the front; AxisError for one that ``rank`` dimensions do not have.

    >>> normalize_axis(-1, 4)
    3
    """
    if not -rank <= axis < rank:
        raise AxisError(
            f"has no axis {axis} in an input of {rank} dimensions",
            argument=what,
            help=f"use an axis from {-rank} to {rank - 1}",
        )
    return axis % rank


def distinct_axes(axes: int | tuple[int, ...], rank: int, what: str = "axis") -> tuple[int, ...]:
    """One axis or several counted from the front, in the order given; AxisError for a duplicate.

    >>> distinct_axes((-1, 1), 4)
    (3, 1)
    """
    given = (axes,) if isinstance(axes, int) else axes
    found = tuple(normalize_axis(axis, rank, what) for axis in given)
    if len(set(found)) < len(found):
        raise AxisError(f"has a duplicate axis in {list(given)}", argument=what, help="name each axis once")
    return found


def need_rank(shape: Shape, rank: int, *, least: bool = False, help: str | None = None) -> None:
    """ShapeError unless the shape has ``rank`` dimensions (with ``least``: that many or more)."""
    if len(shape) == rank or (least and len(shape) > rank):
        return
    wanted = f"{'at least ' if least else ''}{rank} dimensions"
    raise ShapeError(
        f"needs an input of {wanted}, got {show_shape(shape)} with {len(shape)}",
        help=(help if len(shape) < rank else None) or _rank_help(shape, rank),
        surplus=len(shape) - rank,
    )


def _rank_help(shape: Shape, rank: int) -> str:
    missing = rank - len(shape)
    if missing == 1:
        return "a Reshape layer can add the missing axis, for instance a last one of size 1"
    if missing > 1:
        return f"a Reshape layer can add the {missing} missing axes"
    if rank == 2:
        return "put a Flatten or a global pooling layer before it"
    return "remove the axes with a Reshape or a pooling layer"


def need_known(shape: Shape, axis: int, why: str) -> int:
    """The dimension at ``axis``; ShapeError if it is unknown."""
    dim = shape[axis]
    if dim is None:
        raise ShapeError(
            f"needs a known size on axis {axis} {why}, got {show_shape(shape)}",
            help="give that dimension a number in the Input's shape",
        )
    return dim


def broadcast(first: Shape, second: Shape) -> Shape | None:
    """The shape of two tensors broadcast together; None if they do not fit. Keras: ``broadcast_shapes``.

    >>> broadcast((None, 3), (1,)), broadcast((None, 1, 3), (4, 1)), broadcast((2,), (3,)) is None
    ((None, 3), (None, 4, 3), True)
    """
    rank = max(len(first), len(second))
    first = (1,) * (rank - len(first)) + first
    second = (1,) * (rank - len(second)) + second
    joined: list[Dim] = []
    for one, other in zip(first, second, strict=True):
        if one == 1:
            joined.append(other)
        elif one is None:
            joined.append(None if other == 1 else other)
        elif other in (1, None) or other == one:
            joined.append(one)
        else:
            return None
    return tuple(joined)


def fits(shape: Shape, wanted: Shape) -> bool:
    """Whether a shape may turn out to be the expected one: equal wherever both are known.

    >>> fits((None, 3), (2, 3)), fits((2, 1), (2, 3)), fits((2,), (2, 3))
    (True, False, False)
    """
    return len(shape) == len(wanted) and all(
        one is None or other is None or one == other for one, other in zip(shape, wanted, strict=True)
    )


def conv_length(dim: Dim, kernel: int, stride: int, padding: str, dilation: int = 1) -> Dim:
    """The length of a convolved or pooled axis. Keras: ``compute_conv_output_shape``.

    >>> conv_length(28, 3, 1, "valid"), conv_length(28, 3, 2, "same"), conv_length(None, 3, 1, "valid")
    (26, 14, None)
    """
    if dim is None:
        return None
    span = dilation * (kernel - 1) + 1
    if padding == "valid":
        return (dim - span) // stride + 1
    return (dim - 1) // stride + 1


def spatial_axes(rank: int, data_format: str | None) -> tuple[tuple[int, ...], int]:
    """The spatial axes and the channel axis of a batch of ``rank`` spatial dimensions.

    >>> spatial_axes(2, None), spatial_axes(2, "channels_first")
    (((1, 2), 3), ((2, 3), 1))
    """
    if data_format == "channels_first":
        return tuple(range(2, rank + 2)), 1
    return tuple(range(1, rank + 1)), rank + 1
