"""The layers that move values around without computing with them: flatten, reshape, crop, pad, repeat."""

from collections.abc import Iterator
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import (
    DataFormat,
    Integers,
    NonNegativeInt,
    PositiveInt,
    Size2,
    Size3,
    TypeWords,
    freeze,
)
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.layers.accept import ANYTHING, REALS, Kind, Unary
from specc.layers.base import Call, ungraded
from specc.layers.spatial import Spatial, example_of, lengths, resized
from specc.shapes import LARGEST_RANK, Shape, Tensor, need_rank, show_shape, size, spatial_axes

_Sides = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt]
_Margin1 = Annotated[
    _Sides, BeforeValidator(freeze), TypeWords("an integer of 0 or more, or a list of 2: for the start and for the end")
]
_Margin2 = Annotated[
    NonNegativeInt | tuple[_Sides, _Sides],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more, or a list of 2, each an integer or a list of 2"),
]
_Margin3 = Annotated[
    NonNegativeInt | tuple[_Sides, _Sides, _Sides],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more, or a list of 3, each an integer or a list of 2"),
]
_Margins = int | tuple[int | tuple[int, int], ...]


# -- Another arrangement of the axes -------------------------------------------------------------


class _Rearranging(Unary):
    """A layer that keeps every value; the one sort here that keeps the dtype, and sparse tensors sparse."""

    takes: ClassVar[tuple[Kind, ...]] = ANYTHING
    takes_sparse: ClassVar[bool] = True
    passes_mask: ClassVar[bool] = False
    keeps_dtype: ClassVar[bool] = True

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        (output,) = super().infer(call)
        return (output._replace(sparse=call.first.sparse, ragged=False),)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Rows of several lengths, whose values it deals out over the batch as if the rows were equal."""
        if call.first.ragged:
            yield Problem(
                "some-sizes-only",
                "arranges a ragged tensor rightly only where all its rows are of one length",
                help="pool it first, or make it dense: remove 'ragged' from the Input and pad the rows",
            )


class Flatten(_Rearranging):
    """All values of a sample in one row."""

    shape_rule: ClassVar[str] = "(batch, d1, d2, ...) -> (batch, d1 * d2 * ...); (batch,) -> (batch, 1)"
    example: ClassVar[str] = example_of("Flatten", 2)

    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The batch axis and one more."""
        need_rank(shape, 1, least=True)
        return (shape[0], size(shape[1:]))


_Target = Annotated[
    tuple[PositiveInt | Literal[-1] | None, ...],
    BeforeValidator(freeze),
    Field(max_length=LARGEST_RANK),
    TypeWords("a list of positive integers without the batch axis, where one may be -1 for what is left"),
]


class Reshape(_Rearranging):
    """The same values in another shape."""

    shape_rule: ClassVar[str] = "(batch, ...) -> (batch, *target_shape), with -1 replaced by what is left"
    example: ClassVar[str] = example_of("Reshape, target_shape: [-1, 8]", 2)

    target_shape: _Target

    def check(self) -> Iterator[Problem]:
        """One size may be open."""
        if sum(dim in (-1, None) for dim in self.target_shape) > 1:
            message = f"target_shape can leave one size open, not several as {show_shape(self.target_shape)} does"
            yield Problem("argument-value", message, ("target_shape",), "give all but one of them a number")

    def output_shape(self, shape: Shape) -> Shape:
        """The target shape; where the input's size is unknown, so is the open one."""
        need_rank(shape, 1, least=True)
        total = size(shape[1:])
        fixed = [dim for dim in self.target_shape if dim is not None and dim != -1]
        known, is_open = prod(fixed), len(fixed) < len(self.target_shape)
        if total is not None and (total % known if is_open else total != known):
            numbers = f"{total} is no multiple of {known}" if is_open else f"{known} values for {total}"
            raise ShapeError(
                f"cannot make {show_shape(self.target_shape)} of {show_shape(shape)}: {numbers}",
                argument="target_shape",
                help="both shapes, without the batch axis, must hold equally many values; -1 stands for what is left",
            )
        left = None if total is None else total // known
        return (shape[0], *(left if dim == -1 else dim for dim in self.target_shape))


class Permute(_Rearranging):
    """The axes in another order."""

    takes_ragged: ClassVar[bool] = False
    shape_rule: ClassVar[str] = "(batch, d1, d2, ...) -> (batch, the sizes in the order of dims)"
    example: ClassVar[str] = example_of("Permute, dims: [3, 1, 2]", 2)

    dims: Integers

    def check(self) -> Iterator[Problem]:
        """The axes must be a permutation."""
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            message = f"dims must name every axis once, and {show_shape(self.dims)} does not"
            hint = "axes count from 1, without the batch axis; [2, 1] swaps two"
            yield Problem("argument-value", message, ("dims",), hint)

    def output_shape(self, shape: Shape) -> Shape:
        """The batch axis, and the others in the new order."""
        need_rank(shape, len(self.dims) + 1)
        return (shape[0], *(shape[axis] for axis in self.dims))


# -- Other lengths -------------------------------------------------------------------------------


class _Moving(Spatial):
    """A layer that takes values of any sort, and leaves them what they are."""

    takes: ClassVar[tuple[Kind, ...]] = ANYTHING
    keeps_dtype: ClassVar[bool] = True


class RepeatVector(_Moving):
    """A vector over and over, as a sequence of ``n`` steps."""

    rank: ClassVar[int] = 0
    shape_rule: ClassVar[str] = "(batch, features) -> (batch, n, features)"
    example: ClassVar[str] = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: RepeatVector, n: 3}\n"

    n: PositiveInt

    def output_shape(self, shape: Shape) -> Shape:
        """The batch axis, the steps, the features."""
        need_rank(shape, 2)
        return (shape[0], self.n, shape[1])


class _Marginal(_Moving):
    """A layer that takes margins away, or adds them."""

    def margins(self, given: _Margins) -> tuple[tuple[int, int], ...]:
        """What is at the start and at the end of each spatial axis."""
        each = (given,) * self.rank if isinstance(given, int) else given
        return tuple((side, side) if isinstance(side, int) else side for side in each)


class _Cropping(_Marginal):
    takes_ragged: ClassVar[bool] = True

    def cropped(self, shape: Shape, cropping: _Margins, data_format: str | None) -> Shape:
        """The shape without the margins; ShapeError where nothing would be left."""
        new = []
        old = lengths(shape, self.rank, data_format)
        for index, (length, (start, end)) in enumerate(zip(old, self.margins(cropping), strict=True)):
            if length is not None and start + end >= length:
                axis = spatial_axes(self.rank, data_format)[0][index]
                raise ShapeError(
                    f"cannot crop {start} and {end} from axis {axis} of {show_shape(shape)}",
                    argument="cropping",
                    help=f"crop {length - 1} or less in all on that axis",
                )
            new.append(None if length is None else length - start - end)
        return resized(shape, new, data_format)


class Cropping1D(_Cropping):
    """Steps cut off a sequence, at its start and its end."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = "(batch, steps, channels) -> (batch, steps - start - end, channels)"
    example: ClassVar[str] = example_of("Cropping1D, cropping: [0, 4]", 1)

    cropping: _Margin1 = (1, 1)

    def output_shape(self, shape: Shape) -> Shape:
        """The shape without the margins."""
        return self.cropped(shape, (self.cropping,), None)


class Cropping2D(_Cropping):
    """Rows and columns cut off images."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = (
        "(batch, height, width, channels) -> (batch, height - top - bottom, width - left - right, channels)"
    )
    example: ClassVar[str] = example_of("Cropping2D, cropping: [[2, 1], 3]", 2)

    cropping: _Margin2 = ((0, 0), (0, 0))
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape without the margins."""
        return self.cropped(shape, self.cropping, self.data_format)


class Cropping3D(_Cropping):
    """Margins cut off volumes."""

    rank: ClassVar[int] = 3
    shape_rule: ClassVar[str] = "(batch, dim1, dim2, dim3, channels) -> the same, each dim less its start and end"
    example: ClassVar[str] = example_of("Cropping3D, cropping: [1, 2, [0, 1]]", 3)

    cropping: _Margin3 = ((1, 1), (1, 1), (1, 1))
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape without the margins."""
        return self.cropped(shape, self.cropping, self.data_format)


class _ZeroPadding(_Marginal):
    def padded(self, shape: Shape, padding: _Margins, data_format: str | None) -> Shape:
        """The shape with the margins."""
        old = lengths(shape, self.rank, data_format)
        pairs = zip(old, self.margins(padding), strict=True)
        return resized(shape, [None if dim is None else dim + sum(sides) for dim, sides in pairs], data_format)


class ZeroPadding1D(_ZeroPadding):
    """Zeros added to a sequence, at its start and its end."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = "(batch, steps, channels) -> (batch, start + steps + end, channels)"
    example: ClassVar[str] = example_of("ZeroPadding1D, padding: [2, 0]", 1)

    padding: _Margin1 = 1
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with the margins."""
        return self.padded(shape, (self.padding,), self.data_format)


class ZeroPadding2D(_ZeroPadding):
    """Zeros added around images."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = (
        "(batch, height, width, channels) -> (batch, top + height + bottom, left + width + right, channels)"
    )
    example: ClassVar[str] = example_of("ZeroPadding2D, padding: [[1, 2], 3]", 2)

    padding: _Margin2 = (1, 1)
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with the margins."""
        return self.padded(shape, self.padding, self.data_format)


class ZeroPadding3D(_ZeroPadding):
    """Zeros added around volumes."""

    rank: ClassVar[int] = 3
    shape_rule: ClassVar[str] = "(batch, dim1, dim2, dim3, channels) -> the same, each dim with its start and end more"
    example: ClassVar[str] = example_of("ZeroPadding3D, padding: 1", 3)

    padding: _Margin3 = ((1, 1), (1, 1), (1, 1))
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with the margins."""
        return self.padded(shape, self.padding, self.data_format)


class _UpSampling(_Moving):
    def enlarged(self, shape: Shape, factors: int | tuple[int, ...], data_format: str | None) -> Shape:
        """The shape with each spatial axis as many times as long."""
        pairs = zip(lengths(shape, self.rank, data_format), self.spread(factors), strict=True)
        return resized(shape, [None if dim is None else dim * factor for dim, factor in pairs], data_format)


class UpSampling1D(_UpSampling):
    """Every step of a sequence several times."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = "(batch, steps, channels) -> (batch, steps * size, channels)"
    example: ClassVar[str] = example_of("UpSampling1D, size: 3", 1)

    size: PositiveInt = 2

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with longer spatial axes."""
        return self.enlarged(shape, self.size, None)


class UpSampling2D(_UpSampling):
    """Images enlarged, by repeating pixels or by interpolation."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = "(batch, height, width, channels) -> (batch, height * size, width * size, channels)"
    example: ClassVar[str] = example_of("UpSampling2D, size: [2, 3], interpolation: bilinear", 2)

    size: Size2 = (2, 2)
    data_format: DataFormat | None = None
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"] = "nearest"

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Scaling by areas has no gradient."""
        if self.interpolation == "area":
            yield from ungraded(call)

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Any where values are only repeated; interpolation computes."""
        return ANYTHING if self.interpolation == "nearest" else REALS

    def accept(self, call: Call) -> None:
        """RuleError for data that Keras cannot interpolate."""
        super().accept(call)
        if self.interpolation != "nearest" and call.first.dtype in ("uint32", "uint64"):
            raise DTypeError(
                f"cannot interpolate {call.first.dtype}",
                argument="interpolation",
                help='set interpolation to "nearest", or give the Input a float dtype',
            )
        if self.interpolation != "nearest" and None in lengths(call.shape, self.rank, self.data_format):
            raise ShapeError(
                f"needs a known height and width to interpolate, got {show_shape(call.shape)}",
                argument="interpolation",
                help='set interpolation to "nearest", or give the Input\'s shape a height and a width',
            )

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with longer spatial axes."""
        return self.enlarged(shape, self.size, self.data_format)


class UpSampling3D(_UpSampling):
    """Every value of a volume several times along each axis."""

    rank: ClassVar[int] = 3
    shape_rule: ClassVar[str] = (
        "(batch, dim1, dim2, dim3, channels) -> (batch, dim1 * size, dim2 * size, dim3 * size, channels)"
    )
    example: ClassVar[str] = example_of("UpSampling3D, size: 2", 3)

    size: Size3 = (2, 2, 2)
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with longer spatial axes."""
        return self.enlarged(shape, self.size, self.data_format)
