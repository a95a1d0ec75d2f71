"""Operations that move the elements of a tensor along its axes: mirrored, rolled, turned."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from specc.arguments import Axes, Integer, TypeWords, freeze
from specc.calls import Argument
from specc.diagnostics.problem import Problem
from specc.operations.base import Operation, make, on
from specc.shapes import Shape, distinct_axes, need_rank, normalize_axis


class Flip(Operation, op="flip"):
    """The elements in reversed order along axes, or along all."""

    shape_rule = "the shape of x"
    sample = on(axis="-1")

    axis: Axes | None = None

    def _shape(self, shape: Shape) -> Shape:
        if self.axis is not None:
            distinct_axes(self.axis, len(shape))
        return shape


class Mirrored(Operation):
    """The elements in reversed order along a fixed axis."""

    shape_rule: ClassVar[str] = "the shape of x"
    along: ClassVar[int]

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, self.along + 1, least=True)
        return shape


make(Mirrored, "fliplr", "The elements in reversed order along axis 1.", along=1)
make(Mirrored, "flipud", "The elements in reversed order along the first axis.", along=0)


class Roll(Operation, op="roll", ragged="kept"):
    """The elements shifted along axes; those that leave at one end enter at the other."""

    shape_rule = "the shape of x"
    sample = on(shift="1", axis="-1")

    shift: Annotated[
        Integer | tuple[Integer, ...], BeforeValidator(freeze), TypeWords("an integer or a list of integers")
    ]
    axis: Axes | None = None

    def check(self) -> Iterator[Problem]:
        """Each axis needs a shift."""
        shifts, axes = isinstance(self.shift, tuple), isinstance(self.axis, tuple)
        if shifts != axes or (
            isinstance(self.shift, tuple) and isinstance(self.axis, tuple) and len(self.shift) != len(self.axis)
        ):
            yield Problem(
                "argument-clash",
                "needs one shift for each axis",
                ("shift",),
                "give 'shift' and 'axis' as two numbers, or as two lists of one length",
            )

    def _shape(self, shape: Shape) -> Shape:
        for axis in self.axis if isinstance(self.axis, tuple) else () if self.axis is None else (self.axis,):
            normalize_axis(axis, len(shape))
        return shape


class Rot90(Operation, op="rot90"):
    """The plane of two axes turned by 90 degrees, k times."""

    tensors = (Argument("array"),)
    shape_rule = "the shape of array with the two axes swapped"
    sample = on("[4, 4]", axes="[1, 2]")

    k: Integer = 1
    axes: Annotated[tuple[Integer, Integer], BeforeValidator(freeze), TypeWords("a list of 2 axes")] = (0, 1)

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        first, second = distinct_axes(self.axes, len(shape), "axes")
        dims = list(shape)
        dims[first], dims[second] = dims[second], dims[first]
        return tuple(dims)
