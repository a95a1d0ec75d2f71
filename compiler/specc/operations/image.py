"""Operations on images: their size, border and colours."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from specc.arguments import DataFormat, NonNegativeInt, Number, PositiveInt, PositiveNumber, TypeWords, freeze
from specc.calls import Argument
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, FLOATS, NUMBERS
from specc.operations.base import Operation, make, on
from specc.shapes import Dim, Shape, differ, need_known, need_rank, show_shape

SMALL_INTS = frozenset({"uint8", "uint16", "int8", "int16", "int32", "int64"})


class Resize(Operation, op="image.resize", accepts=SMALL_INTS | FLOATS):
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


class HsvRgb(Operation, accepts=FLOATS):
    """Images in another colour space."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("images"),)
    shape_rule: ClassVar[str] = "the shape of images"
    sample: ClassVar[str] = on("[8, 8, 3]")

    data_format: DataFormat | None = None

    def _shape(self, shape: Shape) -> Shape:
        _need_images(shape)
        axis = len(shape) - (3 if self.data_format == "channels_first" else 1)
        if differ(shape[axis], 3):
            raise ShapeError(f"needs images of 3 channels, got {show_shape(shape)} with {shape[axis]}")
        return shape


make(HsvRgb, "image.rgb_to_hsv", "Colour images as hue, saturation and value.")
make(HsvRgb, "image.hsv_to_rgb", "Images of hue, saturation and value as red, green and blue.")


def _need_images(shape: Shape) -> None:
    """ShapeError unless it is that of one image or of a batch of them."""
    if len(shape) not in (3, 4):
        need_rank(shape, 4)


class Framed(Operation, accepts=ALL):
    """Images with another border: for each direction, two of the three numbers say where."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("images"),)
    shape_rule: ClassVar[str] = "(batch, height, width, channels) -> (batch, new height, new width, channels)"
    words: ClassVar[tuple[str, int]]
    """The end of the arguments' names, and whether the border is added (1) or taken away (-1)."""

    target_height: PositiveInt | None = None
    target_width: PositiveInt | None = None
    data_format: DataFormat | None = None

    def check(self) -> Iterator[Problem]:
        """Exactly two of the three numbers of each direction."""
        for names in self._names:
            missing = [name for name in names if getattr(self, name) is None]
            if len(missing) != 1:
                given = [name for name in names if name not in missing]
                code: ErrorCode = "argument-clash" if given and len(missing) == 0 else "missing-argument"
                message = f"needs two of {', '.join(names[:2])} and {names[2]}, and has {len(given)}"
                where = (given[-1],) if given else ()
                yield Problem(code, message, where, "they give the third", "key" if given else "value")

    @property
    def _names(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        word = self.words[0]
        return (
            (f"top_{word}", f"bottom_{word}", "target_height"),
            (f"left_{word}", f"right_{word}", "target_width"),
        )

    def _shape(self, shape: Shape) -> Shape:
        _need_images(shape)
        dims, rank = list(shape), len(shape)
        first = rank - (2 if self.data_format == "channels_first" else 3)
        for axis, names in zip((first, first + 1), self._names, strict=True):
            dims[axis] = self._length(shape, axis, *names)
        return tuple(dims)

    def _number(self, name: str) -> int | None:
        number: int | None = getattr(self, name)
        return number

    def _length(self, shape: Shape, axis: int, before: str, after: str, target: str) -> Dim:
        start, end, wanted = map(self._number, (before, after, target))
        sign, dim = self.words[1], shape[axis]
        if wanted is None:
            if dim is None and sign > 0:
                return None
            length = need_known(shape, axis, f"without {target}") + sign * ((start or 0) + (end or 0))
            if length < 1:
                raise ShapeError(f"takes all {dim} of axis {axis} away, got {show_shape(shape)}", argument=after)
            return length
        if dim is None and (sign > 0 or start is None):
            dim = need_known(shape, axis, f"with {target}")
        border = 0 if dim is None else sign * (wanted - dim) - (start or end or 0)
        if border < 0:
            raise ShapeError(
                f"cannot make {wanted} of the {dim} on axis {axis} of {show_shape(shape)}",
                argument=target,
                help=f"{before} and {after} cannot be negative",
            )
        return wanted


class CropImages(Framed, op="image.crop_images"):
    """Images without some rows and columns at their borders."""

    sample = on("[8, 8, 3]", top_cropping="1", bottom_cropping="1", left_cropping="2", target_width="4")
    words = ("cropping", -1)

    top_cropping: NonNegativeInt | None = None
    left_cropping: NonNegativeInt | None = None
    bottom_cropping: NonNegativeInt | None = None
    right_cropping: NonNegativeInt | None = None


class PadImages(Framed, op="image.pad_images"):
    """Images with rows and columns of zeros at their borders."""

    sample = on("[8, 8, 3]", top_padding="1", bottom_padding="1", left_padding="2", target_width="12")
    words = ("padding", 1)

    top_padding: NonNegativeInt | None = None
    left_padding: NonNegativeInt | None = None
    bottom_padding: NonNegativeInt | None = None
    right_padding: NonNegativeInt | None = None


class GaussianBlur(Operation, op="image.gaussian_blur", accepts=FLOATS - {"float16"}):
    """Blurred images."""

    tensors = (Argument("images"),)
    shape_rule = "the shape of images"
    sample = on("[8, 8, 3]")

    kernel_size: Annotated[
        tuple[PositiveInt, PositiveInt], BeforeValidator(freeze), TypeWords("a list of 2 positive integers")
    ] = (3, 3)
    sigma: Annotated[
        tuple[PositiveNumber, PositiveNumber], BeforeValidator(freeze), TypeWords("a list of 2 numbers above 0")
    ] = (1.0, 1.0)
    data_format: DataFormat | None = None

    def _shape(self, shape: Shape) -> Shape:
        _need_images(shape)
        return shape


class SobelEdges(Operation, op="image.sobel_edges", accepts=FLOATS):
    """The edges of images: how fast they change down and across, along a new last axis of 2."""

    tensors = (Argument("images"),)
    shape_rule = "(batch, height, width, channels, 2)"
    sample = on("[8, 8, 3]")

    data_format: DataFormat | None = None

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 4)
        return (*shape, 2)


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
