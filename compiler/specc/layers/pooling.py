"""Pooling: over a sliding window, over everything, and to a given size."""

from collections.abc import Iterator
from typing import Any, ClassVar

from specc.arguments import DataFormat, Padding
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import result_type
from specc.layers.accept import FLOATS, NUMBERS, REALS, need_kind
from specc.layers.base import Argument, Call
from specc.layers.ranks import SizePerAxis
from specc.layers.spatial import Spatial, lengths, resized, slide
from specc.shapes import Shape, Tensor, broadcast, need_rank, show_shape, spatial_axes

_WIDE_UNSIGNED = frozenset({"uint32", "uint64"})
"""Dtypes for which TensorFlow has no maximum over a window."""


class _Pooling(Spatial):
    refuses: ClassVar[frozenset[str]] = frozenset()
    """Dtypes that it cannot compute with although it accepts others of their kind."""
    needs_gpu: ClassVar[frozenset[str]] = frozenset()
    """Dtypes in which TensorFlow computes it on a GPU only."""

    def accept(self, call: Call) -> None:
        super().accept(call)
        if call.first.dtype in self.refuses:
            raise DTypeError(
                f"cannot pool {call.first.dtype}", help="give it float32: set dtype, on it or on its Input"
            )

    def cautions(self, call: Call) -> Iterator[Problem]:
        """A dtype that not every machine can pool."""
        if call.first.dtype in self.needs_gpu:
            path = ("dtype",) if self.dtype is not None else ()
            yield without_cpu(call.first.dtype, path, "set its dtype to float32")


def without_cpu(dtype: str, path: tuple[str, ...], help: str) -> Problem:
    """The caution about pooling over three axes in a dtype that TensorFlow supports only on a GPU."""
    return Problem(
        "needs-gpu", f"cannot run on a CPU, where TensorFlow does not pool {dtype} over three axes", path, help
    )


# -- Over a window -------------------------------------------------------------------------------


class _WindowPooling(_Pooling):
    any_batch = True
    shape_rule = "(batch, {axis}, channels) -> (batch, {new_axis}, channels)"
    example = "pool_size: 2"

    pool_size: SizePerAxis
    strides: SizePerAxis | None = None
    padding: Padding = "valid"
    data_format: DataFormat | None = None

    def saved(self) -> dict[str, Any]:
        """Steps as large as the window unless they are given."""
        return {} if self.strides is not None else {"strides": self.spread(self.pool_size)}

    def output_shape(self, shape: Shape) -> Shape:
        window = self.spread(self.pool_size)
        strides = window if self.strides is None else self.spread(self.strides)
        return slide(shape, window, strides, self.padding, data_format=self.data_format, argument="pool_size")


class _MaxPooling(_WindowPooling):
    keeps_dtype = True
    takes = REALS
    refuses = _WIDE_UNSIGNED

    pool_size: SizePerAxis = (2,)


class MaxPooling1D(_MaxPooling, rank=1):
    """The largest value of each channel in a window over the steps."""


class MaxPooling2D(_MaxPooling, rank=2):
    """The largest value of each channel in a window over height and width."""


class MaxPooling3D(_MaxPooling, rank=3, example="pool_size: [1, 2, 2]"):
    """The largest value of each channel in a window over three axes."""

    takes = FLOATS
    refuses = frozenset({"float64"})
    needs_gpu = frozenset({"float16"})


class _AveragePooling(_WindowPooling):
    takes = FLOATS


class AveragePooling1D(_AveragePooling, rank=1):
    """The mean of each channel in a window over the steps."""


class AveragePooling2D(_AveragePooling, rank=2, example="pool_size: 2, strides: 1, padding: same"):
    """The mean of each channel in a window over height and width."""


class AveragePooling3D(_AveragePooling, rank=3):
    """The mean of each channel in a window over three axes."""

    needs_gpu = frozenset({"float16", "float64"})


# -- Over everything -----------------------------------------------------------------------------


class _GlobalPooling(_Pooling):
    any_batch = True
    takes_ragged = True
    shape_rule = "(batch, {axis}, channels) -> (batch, channels); with keepdims (batch, {1}, channels)"

    data_format: DataFormat | None = None
    keepdims: bool = False

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        (output,) = super().infer(call)
        return (output._replace(ragged=False),)

    def output_shape(self, shape: Shape) -> Shape:
        need_rank(shape, self.rank + 2)
        if self.keepdims:
            return resized(shape, (1,) * self.rank, self.data_format)
        return (shape[0], shape[spatial_axes(self.rank, self.data_format)[1]])


class _GlobalMaxPooling(_GlobalPooling):
    keeps_dtype = True
    takes = ("bool", "int", "float")


class GlobalMaxPooling1D(_GlobalMaxPooling, rank=1):
    """The largest value of each channel over all steps."""


class GlobalMaxPooling2D(_GlobalMaxPooling, rank=2):
    """The largest value of each channel over the whole image."""


class GlobalMaxPooling3D(_GlobalMaxPooling, rank=3):
    """The largest value of each channel over the whole volume."""


class _GlobalAveragePooling(_GlobalPooling):
    takes = NUMBERS

    def output_dtype(self, call: Call) -> str:
        return result_type(call.first.dtype, float)


class GlobalAveragePooling1D(_GlobalAveragePooling, rank=1):
    """The mean of each channel over all steps, or over those that a mask leaves."""

    tensors = (Argument("inputs"), Argument("mask", required=False))

    def accept(self, call: Call) -> None:
        """RuleError for data, or a mask, that Keras cannot compute with."""
        super().accept(call)
        given = call.one("mask")
        if given is not None:
            need_kind(given, NUMBERS, "mask")
        mask = call.first.mask if given is None else given.shape
        steps = lengths(call.shape, self.rank, self.data_format)
        if mask is None:
            return
        masked = (call.shape[0], *steps)
        # A mask may have one column for all steps, but no more columns than steps.
        if (
            len(mask) != 2
            or broadcast(mask, masked) is None
            or any(d == 1 != m for m, d in zip(mask, masked, strict=True))
        ):
            raise ShapeError(
                f"needs a mask of shape {show_shape(masked)}, got {show_shape(mask)}",
                help="a mask has one value for each step of each sample",
            )


class GlobalAveragePooling2D(_GlobalAveragePooling, rank=2):
    """The mean of each channel over the whole image."""


class GlobalAveragePooling3D(_GlobalAveragePooling, rank=3):
    """The mean of each channel over the whole volume."""


# -- To a given size -----------------------------------------------------------------------------


class _AdaptivePooling(_Pooling):
    shape_rule = "(batch, {axis}, channels) -> (batch, *output_size, channels)"
    example = "output_size: 4"

    output_size: SizePerAxis
    data_format: DataFormat | None = None

    def check(self) -> Iterator[Problem]:
        # Keras also pools with a window that is one larger than needed: for a size of 1, larger than the input.
        sizes = self.spread(self.output_size)
        if 1 in sizes:
            whole = type(self).__name__.replace("Adaptive", "Global")
            hint = f"use {whole} with keepdims: true" if set(sizes) == {1} else "make every size 2 or more"
            message = "output_size 1 makes Keras fail when the model predicts"
            yield Problem("argument-value", message, ("output_size",), hint)

    def output_shape(self, shape: Shape) -> Shape:
        if None in lengths(shape, self.rank, self.data_format):
            whole = type(self).__name__.replace("Adaptive", "Global")
            raise ShapeError(
                f"needs a known size on each spatial axis, got {show_shape(shape)}",
                help=f"give the Input's shape numbers there, or use {whole}, which takes any size",
            )
        if 1 in lengths(shape, self.rank, self.data_format):
            raise ShapeError(
                f"needs 2 or more on each spatial axis, got {show_shape(shape)}",
                help="Keras fails on such an axis when it predicts; repeat it first, with an UpSampling layer",
            )
        return resized(shape, self.spread(self.output_size), self.data_format)


class _AdaptiveMaxPooling(_AdaptivePooling):
    keeps_dtype = True
    takes = REALS
    refuses = _WIDE_UNSIGNED


class AdaptiveMaxPooling1D(_AdaptiveMaxPooling, rank=1):
    """The largest values of each channel, to a fixed number of steps."""


class AdaptiveMaxPooling2D(_AdaptiveMaxPooling, rank=2, example="output_size: [4, 6]"):
    """The largest values of each channel, to images of a fixed size."""


class AdaptiveMaxPooling3D(_AdaptiveMaxPooling, rank=3):
    """The largest values of each channel, to volumes of a fixed size."""

    takes = FLOATS
    refuses = MaxPooling3D.refuses
    needs_gpu = MaxPooling3D.needs_gpu


class _AdaptiveAveragePooling(_AdaptivePooling):
    takes = FLOATS


class AdaptiveAveragePooling1D(_AdaptiveAveragePooling, rank=1):
    """The means of each channel, to a fixed number of steps."""


class AdaptiveAveragePooling2D(_AdaptiveAveragePooling, rank=2, example="output_size: [4, 6]"):
    """The means of each channel, to images of a fixed size."""


class AdaptiveAveragePooling3D(_AdaptiveAveragePooling, rank=3):
    """The means of each channel, to volumes of a fixed size."""

    needs_gpu = AveragePooling3D.needs_gpu
