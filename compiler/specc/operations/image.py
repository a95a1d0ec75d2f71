"""Operations on images and other grids: pooling, resizing, rearranging pixels."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, DataFormat, Number, Padding, PositiveInt, TypeWords, freeze, per_axis
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import ALL, FLOATS, NUMBERS
from specc.layers.pooling import AveragePooling3D, MaxPooling3D, without_cpu
from specc.operations.base import Operation, make, on
from specc.shapes import Dim, Shape, Tensor, conv_length, need_known, need_rank, show_shape, spatial_axes

_SMALL_INTS = frozenset({"uint8", "uint16", "int8", "int16", "int32", "int64"})

_CAST = "put {type: ops.cast, dtype: float32} before it"

_Size = Annotated[
    PositiveInt | tuple[PositiveInt, ...],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of one for each spatial axis"),
]


class Pool(Operation):
    """A window moved over the spatial axes, which gives one number per place."""

    tensors = (Argument("inputs"),)
    shape_rule = "the spatial axes shortened by window and strides"
    sample = on("[8, 8, 3]", pool_size="2")
    layer: ClassVar[type[MaxPooling3D | AveragePooling3D]]
    """The layer with the same pooling over three axes, for which TensorFlow supports fewer dtypes."""

    pool_size: _Size
    strides: _Size | None = None
    padding: Padding = "valid"
    data_format: DataFormat | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape = list(call.shape)
        rank = len(shape) - 2
        if rank not in (1, 2, 3):
            raise ShapeError(
                f"needs an input of 3 to 5 dimensions, got {show_shape(shape)} with {len(shape)}",
                help="a batch axis, 1 to 3 spatial axes and a channel axis",
                surplus=rank - 3 if rank > 3 else rank - 1,
            )
        if rank == 3 and call.first.dtype not in FLOATS - self.layer.refuses:
            raise DTypeError(f"cannot pool {call.first.dtype} over three axes", help=_CAST)
        sizes = self._spread(self.pool_size, rank, "pool_size")
        strides = sizes if self.strides is None else self._spread(self.strides, rank, "strides")
        for axis, window, stride in zip(spatial_axes(rank, self.data_format)[0], sizes, strides, strict=True):
            length = conv_length(shape[axis], window, stride, self.padding)
            if length is not None and length < 1:
                raise ShapeError(
                    f"has a window of {window} on an axis of {shape[axis]}, got {show_shape(shape)}",
                    argument="pool_size",
                    help="use a smaller pool_size, or padding: same",
                )
            shape[axis] = length
        yield Tensor(tuple(shape), call.first.dtype)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """A dtype that not every machine can pool over three axes."""
        if len(call.shape) == 5 and call.first.dtype in self.layer.needs_gpu:
            yield without_cpu(call.first.dtype, (), _CAST)

    def _spread(self, value: int | tuple[int, ...], rank: int, argument: str) -> tuple[int, ...]:
        if isinstance(value, tuple) and len(value) == 1:
            value = value[0]
        sizes = per_axis(value, rank)
        if len(sizes) != rank:
            raise ShapeError(
                f"has {len(sizes)} numbers in '{argument}' for {rank} spatial axes",
                argument=argument,
                help="give one for each",
            )
        return sizes


class Resize(Operation, op="image.resize", accepts=_SMALL_INTS | FLOATS):
    """Images in another size."""

    tensors = (Argument("images"),)
    shape_rule = "(batch, height, width, channels) -> (batch, *size, channels)"
    sample = on("[28, 28, 3]", size="[32, 32]")

    size: Annotated[
        tuple[PositiveInt, PositiveInt], BeforeValidator(freeze), TypeWords("a list of 2 positive integers")
    ]
    interpolation: Literal["bilinear", "nearest", "lanczos3", "lanczos5", "bicubic", "area"] = "bilinear"
    antialias: bool = False
    crop_to_aspect_ratio: bool = False
    pad_to_aspect_ratio: bool = False
    fill_mode: Literal["constant"] = "constant"
    fill_value: Number = 0.0
    data_format: DataFormat | None = None

    def check(self) -> Iterator[Problem]:
        """Cropping and padding to the aspect ratio exclude each other."""
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            yield Problem(
                "argument-clash",
                "cannot both crop and pad to the aspect ratio",
                ("pad_to_aspect_ratio",),
                "choose one",
                "key",
            )

    def _shape(self, shape: Shape) -> Shape:
        if len(shape) not in (3, 4):
            need_rank(shape, 4)
        if self.data_format == "channels_first":
            return (*shape[:-2], *self.size)
        return (*shape[:-3], *self.size, shape[-1])


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


class RgbToGrayscale(Operation, op="image.rgb_to_grayscale", accepts=NUMBERS):
    """Colour images in shades of grey, with one channel."""

    tensors = (Argument("images"),)
    shape_rule = "(batch, height, width, 3) -> (batch, height, width, 1)"
    sample = on("[8, 8, 3]")

    data_format: DataFormat | None = None

    def _shape(self, shape: Shape) -> Shape:
        if len(shape) not in (3, 4):
            need_rank(shape, 4)
        axis = -3 if self.data_format == "channels_first" else -1
        channels = need_known(shape, axis, "to tell colours from grey")
        if channels not in (1, 3):
            raise ShapeError(f"needs images of 3 channels, got {show_shape(shape)} with {channels}")
        return (*shape[:-3], 1, *shape[-2:]) if axis == -3 else (*shape[:-1], 1)


make(Pool, "max_pool", "The largest number of each window.", accepts=_SMALL_INTS | FLOATS, layer=MaxPooling3D)
make(Pool, "average_pool", "The mean of each window.", accepts=FLOATS, layer=AveragePooling3D)
