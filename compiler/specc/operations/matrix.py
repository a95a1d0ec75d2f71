"""Operations on the matrices in two axes of a tensor: their diagonals and triangles."""

from typing import ClassVar

from specc.arguments import Axis, Integer, PositiveInt
from specc.diagnostics.problem import ShapeError
from specc.dtypes import NUMBERS, result_type, summed
from specc.operations.base import Operation, make, on
from specc.shapes import Dim, Shape, distinct_axes, need_rank, show_shape, size


def _diagonal_length(rows: Dim, columns: Dim, offset: int, argument: str) -> Dim:
    """The length of a diagonal; ShapeError for one beyond the matrix, which Keras cannot take."""
    if (columns is not None and offset >= columns) or (rows is not None and -offset >= rows):
        raise ShapeError(
            f"has no diagonal {offset} in a matrix of {show_shape((rows, columns))}",
            argument=argument,
            help="the offset must be less than the columns and, below the middle, less than the rows",
        )
    if rows is None or columns is None:
        return None
    return min(columns - offset if offset > 0 else rows + offset, rows, columns)


class InTwoAxes(Operation, accepts=NUMBERS):
    """An operation on the diagonals of the matrices in two axes."""

    sample = on("[4, 4]", axis1="1", axis2="2")

    offset: Integer = 0
    axis1: Axis = 0
    axis2: Axis = 1

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        """The axes of the rows and of the columns."""
        need_rank(shape, 2, least=True)
        return distinct_axes((self.axis1, self.axis2), len(shape), "axis2")


class Diagonal(InTwoAxes, op="diagonal"):
    """The diagonals of the matrices in two axes, as a last axis."""

    shape_rule = "the shape of x without the two axes, and the diagonal's length"

    def _shape(self, shape: Shape) -> Shape:
        rows, columns = self._axes(shape)
        rest = tuple(dim for axis, dim in enumerate(shape) if axis not in (rows, columns))
        return (*rest, _diagonal_length(shape[rows], shape[columns], self.offset, "offset"))


class Diag(Operation, op="diag", accepts=NUMBERS):
    """A matrix with these elements on its diagonal, or the diagonal of a matrix."""

    shape_rule = "(n,) -> (n, n); (n, m) -> (min(n, m),)"
    sample = "layers:\n  - {type: Input, name: x, batch_shape: [4, 4]}\n  - TYPE\n"

    k: Integer = 0

    def _shape(self, shape: Shape) -> Shape:
        if len(shape) not in (1, 2):
            need_rank(shape, 2)
        if len(shape) == 1:
            side = None if shape[0] is None else shape[0] + abs(self.k)
            return (side, side)
        return (_diagonal_length(shape[0], shape[1], self.k, "k"),)


class Diagflat(Operation, op="diagflat", accepts=NUMBERS):
    """A matrix with all elements on its diagonal."""

    shape_rule = "(n, n) for n elements"
    sample = on("batch [4]")

    k: Integer = 0

    def _shape(self, shape: Shape) -> Shape:
        count = size(shape)
        side = None if count is None else count + abs(self.k)
        return (side, side)


class Vander(Operation, op="vander", accepts=NUMBERS, gives=result_type):
    """The powers of each element of a row, the highest first: a Vandermonde matrix."""

    shape_rule = "(n,) -> (n, N)"
    sample = on("[]", N="3")

    N: PositiveInt | None = None
    increasing: bool = False

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 1)
        return (*shape, shape[0] if self.N is None else self.N)


class Trace(InTwoAxes, op="trace", gives=summed):
    """The sums of the diagonals of the matrices in two axes."""

    shape_rule = "the shape of x without the two axes"

    def _shape(self, shape: Shape) -> Shape:
        gone = self._axes(shape)
        side, across = (shape[axis] for axis in (gone if self.offset > 0 else gone[::-1]))
        left = None if across is None else across - abs(self.offset)
        if self.offset and left is not None and (left < 0 or (side is not None and left > side)):
            raise ShapeError(
                f"cannot take the diagonal with offset {self.offset} of {show_shape(shape)}",
                argument="offset",
                help="ops.diagonal, and ops.sum over its last axis, can",
            )
        return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)


class Triangle(Operation, accepts=NUMBERS):
    """A triangle of the matrices in the last two axes, with zeros elsewhere."""

    shape_rule: ClassVar[str] = "the shape of x"
    sample: ClassVar[str] = on("[4, 4]")
    farthest: ClassVar[tuple[int, int]]
    """The sign of a k that goes beyond the middle, and the axis whose size it must not exceed then."""

    k: Integer = 0

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        sign, axis = self.farthest
        length = shape[axis]
        if length is not None and sign * self.k > length:
            raise ShapeError(
                f"has no diagonal {self.k} in matrices of {show_shape(shape[-2:])}",
                argument="k",
                help=f"use {sign * length} at most" if sign > 0 else f"use {sign * length} at least",
            )
        return shape


make(Triangle, "tril", "The lower triangle of matrices, with zeros above diagonal k.", farthest=(1, -1))
make(Triangle, "triu", "The upper triangle of matrices, with zeros below diagonal k.", farthest=(-1, -2))
