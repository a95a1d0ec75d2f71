"""Operations that cut images into patches and put them together, or exchange pixels and channels."""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, DataFormat, NonNegativeInt, Padding, PositiveInt, TypeWords, freeze, per_axis
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, BOOL, FLOATS, NUMBERS
from specc.layers.convolutional import channels_first_help, without_onednn
from specc.operations.base import Operation, make, on
from specc.operations.rules import need_dtype
from specc.shapes import Dim, Shape, Tensor, conv_length, need_known, need_rank, show_shape, spatial_axes

_Sizes = Annotated[
    PositiveInt | Annotated[tuple[PositiveInt, ...], Field(min_length=2, max_length=3)],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of one for each spatial axis"),
]


class Patches(Operation, accepts=FLOATS | {"int32"}):
    """The patches of each image, as channels of a smaller one."""

    shape_rule: ClassVar[str] = "(batch, spatial axes, channels) -> (batch, patches along each axis, size * channels)"
    axes: ClassVar[int]
    """The number of spatial axes for a size that is one number."""

    unsaved = frozenset({"name"})

    size: _Sizes
    strides: _Sizes | None = None
    dilation_rate: _Sizes = 1
    padding: Padding = "valid"
    data_format: DataFormat | None = None

    def saved(self) -> dict[str, Any]:
        """The size for each axis, and as the strides if there are none."""
        sizes = self._spread("size")
        strides = sizes if self.strides is None else self.strides
        return {"size": sizes, "strides": strides, "data_format": self.data_format or "channels_last"}

    @property
    def _rank(self) -> int:
        return len(self.size) if isinstance(self.size, tuple) else self.axes

    def _spread(self, argument: str) -> tuple[int, ...]:
        value = getattr(self, argument)
        return per_axis(self.size if value is None else value, self._rank)

    def check(self) -> Iterator[Problem]:
        """A number for each spatial axis, and no dilation between patches that are apart."""
        for argument in ("size", "strides", "dilation_rate"):
            count = len(self._spread(argument))
            if count != self._rank or (argument == "size" and self.axes > count):
                wanted = max(self._rank, self.axes)
                message = f"has {count} numbers in '{argument}' for {wanted} spatial axes"
                yield Problem("argument-value", message, (argument,), "give one for each")
                return
        if max(self._spread("strides")) > 1 and max(self._spread("dilation_rate")) > 1:
            message = "strides and dilation_rate cannot both be above 1"
            yield Problem(
                "argument-clash", message, ("dilation_rate",), "set one of them to 1; strides are size if not given"
            )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rank, shape = self._rank, call.shape
        if rank == 3:
            need_dtype(call.first.dtype, FLOATS)
        if len(shape) not in (rank + 1, rank + 2):
            need_rank(shape, rank + 2)
        single = len(shape) == rank + 1
        dims = [1, *shape] if single else list(shape)
        axes, channel = spatial_axes(rank, self.data_format)
        sizes = self._spread("size")
        for axis, size, stride, rate in zip(
            axes, sizes, self._spread("strides"), self._spread("dilation_rate"), strict=True
        ):
            length = conv_length(dims[axis], size, stride, self.padding, rate)
            if length is not None and length < 1:
                raise ShapeError(
                    f"has patches of {size} on an axis of {dims[axis]}, got {show_shape(shape)}",
                    argument="size",
                    help="use a smaller size, or padding: same",
                )
            dims[axis] = length
        dims[channel] = need_known(tuple(dims), channel, "to know what is in a patch") * prod(sizes)
        yield Tensor(tuple(dims[1:] if single else dims), call.first.dtype)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Keras cuts patches by a convolution."""
        if self.data_format == "channels_first" and self._rank == 2:
            yield without_onednn("channels_first convolution", "data_format", channels_first_help(call.shape))


make(
    Patches,
    "image.extract_patches",
    "The patches of each image (of each volume, for a size of 3 numbers), as channels of a smaller one.",
    tensors=(Argument("images"),),
    axes=2,
    sample=on("[8, 8, 3]", size="4"),
)
make(
    Patches,
    "image.extract_patches_3d",
    "The patches of each volume, as channels of a smaller one.",
    tensors=(Argument("volumes"),),
    axes=3,
    sample=on("[8, 8, 8, 1]", size="4"),
)

_Pair = Annotated[
    PositiveInt | tuple[PositiveInt, PositiveInt],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of 2"),
]
_Border = Annotated[
    NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more or a list of 2"),
]


def _places(operation: "Unfold | Fold", height: int, width: int) -> int:
    """How many places a window has on images of that size; ShapeError for one that does not fit."""
    count = 1
    arguments = (operation.kernel_size, operation.dilation, operation.padding, operation.stride)
    for axis, length in enumerate((height, width)):
        size, rate, border, step = (per_axis(value, 2)[axis] for value in arguments)
        places = (length + 2 * border - rate * (size - 1) - 1) // step + 1
        if places < 1:
            raise ShapeError(
                f"has a window of {size} on an axis of {length}", argument="kernel_size", help="use a smaller one"
            )
        count *= places
    return count


class Unfold(Operation, op="unfold", accepts=NUMBERS - BOOL):
    """The windows of images with channels first, as columns; TensorFlow needs every size for it."""

    shape_rule = "(batch, channels, height, width) -> (batch, channels * window, places)"
    sample = on("batch [2, 3, 8, 8]", kernel_size="2")

    kernel_size: _Pair
    dilation: _Pair = 1
    padding: _Border = 0
    stride: _Pair = 1

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 4)
        if None in shape:
            raise ShapeError(
                f"needs every size to be known, got {show_shape(shape)}",
                help="ops.image.extract_patches cuts the images of any batch, with channels last",
            )
        batch, channels, height, width = (need_known(shape, axis, "") for axis in range(4))
        return (batch, channels * prod(per_axis(self.kernel_size, 2)), _places(self, height, width))


class Fold(Operation, op="fold", accepts=NUMBERS - BOOL):
    """Images with channels first from their windows as columns, added up where they overlap."""

    shape_rule = "(batch, channels * window, places) -> (batch, channels, *output_size)"
    sample = on("[4, 1]", output_size="2", kernel_size="2")

    output_size: _Pair
    kernel_size: _Pair
    dilation: _Pair = 1
    padding: _Border = 0
    stride: _Pair = 1

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 3)
        window = prod(per_axis(self.kernel_size, 2))
        rows, columns = need_known(shape, 1, "to find the channels"), need_known(shape, 2, "to place the windows")
        if rows % window:
            raise ShapeError(
                f"cannot make windows of {window} numbers of {rows} rows, got {show_shape(shape)}",
                argument="kernel_size",
                help=f"axis 1 must be a multiple of {window}",
            )
        height, width = per_axis(self.output_size, 2)
        places = _places(self, height, width)
        if columns != places:
            raise ShapeError(
                f"has {places} windows in images of {(height, width)}, got {show_shape(shape)} with {columns}",
                argument="output_size",
                help="the last axis has a column for each window",
            )
        return (shape[0], rows // window, height, width)


class BlockOperation(Operation, accepts=ALL):
    """Exchanges square blocks of pixels and channels."""

    block_size: Annotated[int, Field(ge=2, le=LARGEST_SIZE), TypeWords("an integer of 2 or more")]
    data_format: DataFormat = "channels_last"

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 4)
        (height, width), channel = spatial_axes(2, self.data_format)
        dims = list(shape)
        dims[height], dims[width], dims[channel] = self._moved(shape[height], shape[width], shape[channel], shape)
        return tuple(dims)

    def _moved(self, height: Dim, width: Dim, channels: Dim, shape: Shape) -> tuple[Dim, Dim, Dim]:
        """Height, width and channels of the result."""
        raise NotImplementedError

    def _part(self, dim: Dim, count: int, shape: Shape, what: str) -> Dim:
        if dim is not None and dim % count:
            raise ShapeError(
                f"cannot divide {dim} {what} by {count}, got {show_shape(shape)}",
                argument="block_size",
                help=f"the {what} must be a multiple of {count}",
            )
        return None if dim is None else dim // count


def _times(dim: Dim, count: int) -> Dim:
    return None if dim is None else dim * count


class DepthToSpace(BlockOperation, op="depth_to_space"):
    """Channels become blocks of pixels: fewer channels, larger images."""

    shape_rule = "(batch, h, w, c) -> (batch, h * b, w * b, c / b / b) for blocks of b by b"
    sample = on("[4, 4, 8]", block_size="2")

    def _moved(self, height: Dim, width: Dim, channels: Dim, shape: Shape) -> tuple[Dim, Dim, Dim]:
        block = self.block_size
        return _times(height, block), _times(width, block), self._part(channels, block * block, shape, "channels")


class SpaceToDepth(BlockOperation, op="space_to_depth"):
    """Blocks of pixels become channels: smaller images, more channels."""

    shape_rule = "(batch, h, w, c) -> (batch, h / b, w / b, c * b * b) for blocks of b by b"
    sample = on("[4, 4, 2]", block_size="2")

    def _moved(self, height: Dim, width: Dim, channels: Dim, shape: Shape) -> tuple[Dim, Dim, Dim]:
        block = self.block_size
        rows, columns = self._part(height, block, shape, "rows"), self._part(width, block, shape, "columns")
        return rows, columns, _times(channels, block * block)
