"""Pooling as operations."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from specc.arguments import DataFormat, Padding, PositiveInt, TypeWords, freeze, per_axis
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import FLOATS
from specc.layers.pooling import AveragePooling3D, MaxPooling3D, without_cpu
from specc.operations.base import Operation, make, on
from specc.operations.image import SMALL_INTS
from specc.shapes import Tensor, conv_length, show_shape, spatial_axes

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


make(Pool, "max_pool", "The largest number of each window.", accepts=SMALL_INTS | FLOATS, layer=MaxPooling3D)
make(Pool, "average_pool", "The mean of each window.", accepts=FLOATS, layer=AveragePooling3D)
