"""The layers that move values around without computing with them: flatten, reshape, crop, pad, repeat."""

from collections.abc import Iterator
from math import prod
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import (
    DataFormat,
    Integers,
    NonNegativeInt,
    PositiveInt,
    TypeWords,
    freeze,
)
from specc.arguments.roles import Saved
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.layers.accept import ANYTHING, REALS, Kind, Unary
from specc.layers.base import Call, example_of, ungraded
from specc.layers.ranks import ByRank, SizePerAxis
from specc.layers.spatial import Spatial, lengths, resized
from specc.shapes import LARGEST_RANK, Shape, Tensor, need_rank, show_shape, size, spatial_axes

_Sides = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt]


def _margins(kind: Any, words: str, *saved: Saved) -> Any:
    words = f"an integer of 0 or more, or a list of {words}"
    return Annotated[kind, BeforeValidator(freeze), TypeWords(words), *saved]


def _pairs(axes: int) -> Saved:
    """Keras makes two margins of one, for each axis."""
    return Saved(
        lambda value: [
            (side, side) if isinstance(side, int) else side
            for side in ((value,) * axes if isinstance(value, int) else value)
        ]
    )


_Margins = Annotated[
    int | tuple[int | tuple[int, int], ...],
    ByRank(
        _margins(_Sides, "2: for the start and for the end"),
        _margins(NonNegativeInt | tuple[_Sides, _Sides], "2, each an integer or a list of 2", _pairs(2)),
        _margins(NonNegativeInt | tuple[_Sides, _Sides, _Sides], "3, each an integer or a list of 2", _pairs(3)),
    ),
]


# -- Another arrangement of the axes -------------------------------------------------------------


class _Rearranging(Unary):
    """A layer that keeps every value; only these keep the dtype, and sparse tensors sparse."""

    takes = ANYTHING
    takes_sparse = True
    passes_mask = False
    keeps_dtype = True
    announces_dtype = True

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        (output,) = super().infer(call)
        return (output._replace(sparse=call.first.sparse, ragged=False),)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Rows of different lengths, whose values it distributes over the batch as if the lengths were equal."""
        if call.first.ragged:
            yield Problem(
                "some-sizes-only",
                "arranges a ragged tensor rightly only where all its rows are of one length",
                help="pool it first, or make it dense: remove 'ragged' from the Input and pad the rows",
            )


class Flatten(_Rearranging):
    """All values of a sample in one row."""

    shape_rule = "(batch, d1, d2, ...) -> (batch, d1 * d2 * ...); (batch,) -> (batch, 1)"
    example = example_of("{type: Flatten}", "[28, 28, 4]")

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

    shape_rule = "(batch, ...) -> (batch, *target_shape), with -1 replaced by what is left"
    example = example_of("Reshape, target_shape: [-1, 8]", "[28, 28, 4]")

    target_shape: _Target

    def check(self) -> Iterator[Problem]:
        """At most one size may be open."""
        if sum(dim in (-1, None) for dim in self.target_shape) > 1:
            message = f"target_shape can leave one size open, not several as {show_shape(self.target_shape)} does"
            yield Problem("argument-value", message, ("target_shape",), "give all but one of them a number")

    def output_shape(self, shape: Shape) -> Shape:
        """The target shape; its open size is unknown if the input's size is."""
        need_rank(shape, 1, least=True)
        total = size(shape[1:])
        fixed = [dim for dim in self.target_shape if dim is not None and dim != -1]
        known, is_open = prod(fixed), len(fixed) < len(self.target_shape)
        if total is not None and (total % known if is_open else total != known):
            numbers = f"{total} is not a multiple of {known}" if is_open else f"{known} values for {total}"
            raise ShapeError(
                f"cannot make {show_shape(self.target_shape)} of {show_shape(shape)}: {numbers}",
                argument="target_shape",
                help="both shapes, without the batch axis, must have the same number of values; -1 means the remaining size",
            )
        left = None if total is None else total // known
        return (shape[0], *(left if dim == -1 else dim for dim in self.target_shape))


class Permute(_Rearranging):
    """The axes in another order."""

    takes_ragged = False
    shape_rule = "(batch, d1, d2, ...) -> (batch, the sizes in the order of dims)"
    example = example_of("Permute, dims: [3, 1, 2]", "[28, 28, 4]")

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
    """A layer that accepts values of any kind, and does not change them."""

    takes = ANYTHING
    keeps_dtype = True


class RepeatVector(_Moving):
    """A vector repeated as a sequence of ``n`` steps."""

    shape_rule = "(batch, features) -> (batch, n, features)"
    example = example_of("RepeatVector, n: 3", "[8]")

    n: PositiveInt

    def output_shape(self, shape: Shape) -> Shape:
        """The batch axis, the steps, the features."""
        need_rank(shape, 2)
        return (shape[0], self.n, shape[1])


class _Marginal(_Moving):
    """A layer that removes or adds margins."""

    def margins(self, given: Any) -> tuple[tuple[int, int], ...]:
        """The margins at the start and at the end of each spatial axis."""
        each = (given,) * self.rank if isinstance(given, int) or self.rank == 1 else given
        return tuple((side, side) if isinstance(side, int) else side for side in each)


class _Cropping(_Marginal):
    takes_ragged = True

    cropping: _Margins = ((1, 1),)

    def output_shape(self, shape: Shape) -> Shape:
        """The shape without the margins; ShapeError if nothing would be left."""
        new = []
        data_format = self.channels_at()
        old = lengths(shape, self.rank, data_format)
        for index, (length, (start, end)) in enumerate(zip(old, self.margins(self.cropping), strict=True)):
            if length is not None and start + end >= length:
                axis = spatial_axes(self.rank, data_format)[0][index]
                raise ShapeError(
                    f"cannot crop {start} and {end} from axis {axis} of {show_shape(shape)}",
                    argument="cropping",
                    help=f"crop {length - 1} or less in all on that axis",
                )
            new.append(None if length is None else length - start - end)
        return resized(shape, new, data_format)


class Cropping1D(_Cropping, rank=1, example="cropping: [0, 4]"):
    """Steps cut off a sequence, at its start and its end."""

    shape_rule = "(batch, steps, channels) -> (batch, steps - start - end, channels)"


class Cropping2D(_Cropping, rank=2, example="cropping: [[2, 1], 3]", cropping=((0, 0), (0, 0))):
    """Rows and columns cut off images."""

    shape_rule = "(batch, height, width, channels) -> (batch, height - top - bottom, width - left - right, channels)"

    data_format: DataFormat | None = None


class Cropping3D(_Cropping, rank=3, example="cropping: [1, 2, [0, 1]]"):
    """Margins cut off volumes."""

    shape_rule = "(batch, dim1, dim2, dim3, channels) -> the same, each dim less its start and end"

    data_format: DataFormat | None = None


class _ZeroPadding(_Marginal):
    padding: _Margins
    data_format: DataFormat | None = None

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with the margins."""
        old = lengths(shape, self.rank, self.data_format)
        pairs = zip(old, self.margins(self.padding), strict=True)
        return resized(shape, [None if dim is None else dim + sum(sides) for dim, sides in pairs], self.data_format)


class ZeroPadding1D(_ZeroPadding, rank=1, example="padding: [2, 0]", padding=1):
    """Zeros added to a sequence, at its start and its end."""

    shape_rule = "(batch, steps, channels) -> (batch, start + steps + end, channels)"


class ZeroPadding2D(_ZeroPadding, rank=2, example="padding: [[1, 2], 3]", padding=(1, 1)):
    """Zeros added around images."""

    shape_rule = "(batch, height, width, channels) -> (batch, top + height + bottom, left + width + right, channels)"


class ZeroPadding3D(_ZeroPadding, rank=3, example="padding: 1", padding=((1, 1), (1, 1), (1, 1))):
    """Zeros added around volumes."""

    shape_rule = "(batch, dim1, dim2, dim3, channels) -> the same, each dim with its start and end more"


class _UpSampling(_Moving):
    shape_rule = "(batch, {axis}, channels) -> (batch, {axis * size}, channels)"

    size: SizePerAxis = (2,)

    def output_shape(self, shape: Shape) -> Shape:
        """The shape with each spatial axis multiplied by its size."""
        data_format = self.channels_at()
        pairs = zip(lengths(shape, self.rank, data_format), self.spread(self.size), strict=True)
        return resized(shape, [None if dim is None else dim * factor for dim, factor in pairs], data_format)


class UpSampling1D(_UpSampling, rank=1, example="size: 3"):
    """Every step of a sequence repeated."""

    size: PositiveInt = 2


class UpSampling2D(_UpSampling, rank=2, example="size: [2, 3], interpolation: bilinear"):
    """Images enlarged, by repeating pixels or by interpolation."""

    data_format: DataFormat | None = None
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"] = "nearest"

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Area interpolation has no gradient."""
        if self.interpolation == "area":
            yield from ungraded(call)

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Any kind if values are only repeated; real numbers if they are interpolated."""
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


class UpSampling3D(_UpSampling, rank=3, example="size: 2"):
    """Every value of a volume repeated along each axis."""

    data_format: DataFormat | None = None
