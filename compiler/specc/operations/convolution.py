"""Convolutions as operations, with the kernel given as a tensor or as numbers."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from specc.arguments import DataFormat, Padding, PositiveInt, TypeWords, freeze, per_axis
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import FLOATS
from specc.layers.convolutional import channels_first_help, without_onednn
from specc.layers.spatial import slide
from specc.operations.base import Operation, on_two
from specc.operations.rules import need_one_dtype
from specc.shapes import Shape, Tensor, need_known, need_rank, show_shape, spatial_axes

_Steps = Annotated[
    PositiveInt | tuple[PositiveInt, ...],
    BeforeValidator(freeze),
    TypeWords("a positive integer or a list of one for each spatial axis"),
]


class Convolution(Operation, accepts=FLOATS):
    """A kernel slid over the spatial axes."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("inputs"), Argument("kernel"))
    sample: ClassVar[str] = on_two("[8, 8, 3]", "batch [3, 3, 3, 4]")
    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)
    """How many spatial axes there can be."""

    strides: _Steps = 1
    padding: Padding = "valid"
    data_format: DataFormat | None = None
    dilation_rate: _Steps = 1

    def _slid(self, call: Call, kernel: Shape, channels: int) -> Shape:
        """The output's shape, with that many channels; the checks that all have."""
        shape, rank = call.tensor("inputs").shape, len(kernel) - 2
        if rank not in self.ranks:
            counts = " or ".join(map(str, self.ranks))
            raise ShapeError(f"needs a kernel for {counts} spatial axes, got {show_shape(kernel)}", tensors=("kernel",))
        need_rank(shape, rank + 2)
        spread = [per_axis(getattr(self, name), rank) for name in ("strides", "dilation_rate")]
        for name, steps in zip(("strides", "dilation_rate"), spread, strict=True):
            if len(steps) != rank:
                raise ShapeError(
                    f"has {len(steps)} numbers in '{name}' for {rank} spatial axes",
                    argument=name,
                    help="give one for each",
                )
        if shape[spatial_axes(rank, self.data_format)[1]] != kernel[-2]:
            raise ShapeError(
                f"needs inputs of {kernel[-2]} channels for a kernel of {show_shape(kernel)}, got {show_shape(shape)}",
                help="the last but one size of the kernel is the number of channels",
            )
        window = tuple(need_known(kernel, axis, "of the kernel") for axis in range(rank))
        strides, rates = spread
        return slide(
            shape, window, strides, self.padding, data_format=self.data_format, dilation=rates, channels=channels,
            argument="kernel",
        )  # fmt: skip

    def check(self) -> Iterator[Problem]:
        """No strides with a dilation."""
        if self._largest(self.strides) > 1 and self._largest(self.dilation_rate) > 1:
            message = "strides and dilation_rate cannot both be above 1"
            yield Problem("argument-clash", message, ("dilation_rate",), "set one of them to 1")

    @staticmethod
    def _largest(steps: int | tuple[int, ...]) -> int:
        return steps if isinstance(steps, int) else max(steps, default=1)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Channels first need oneDNN or a GPU."""
        if self.data_format == "channels_first" and len(call.shape) < 5:
            yield without_onednn("channels_first convolution", "data_format", channels_first_help(call.shape))


class Conv(Convolution, op="conv"):
    """Convolution with a kernel that is a tensor; the layers Conv1D to Conv3D have one as a weight."""

    shape_rule = "(batch, spatial axes, channels) and (*window, channels, filters) -> (batch, new axes, filters)"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, kernel = call.tensor("inputs"), call.tensor("kernel")
        need_rank(kernel.shape, 3, least=True)
        filters = need_known(kernel.shape, len(kernel.shape) - 1, "of the kernel")
        yield Tensor(self._slid(call, kernel.shape, filters), need_one_dtype(inputs, kernel))


class DepthwiseConv(Convolution, op="depthwise_conv"):
    """Convolution of each channel by itself, with a kernel that is a tensor."""

    shape_rule = "(batch, spatial axes, channels) and (*window, channels, n) -> (batch, new axes, channels * n)"
    ranks = (1, 2)

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, kernel = call.tensor("inputs"), call.tensor("kernel")
        yield Tensor(self._slid(call, kernel.shape, _made(kernel.shape)), need_one_dtype(inputs, kernel))


class SeparableConv(Convolution, op="separable_conv"):
    """Convolution of each channel by itself, and then across channels, with kernels that are tensors."""

    tensors = (Argument("inputs"), Argument("depthwise_kernel"), Argument("pointwise_kernel"))
    shape_rule = "as ops.depthwise_conv, with the filters of the second kernel as channels"
    ranks = (1, 2)
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [8, 8, 3]}\n"
        "  - {type: Input, name: first, batch_shape: [3, 3, 3, 2]}\n"
        "  - {type: Input, name: second, batch_shape: [1, 1, 6, 4]}\n  - {type: TYPE, from: [x, first, second]}\n"
    )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, first, second = (call.tensor(argument.name) for argument in self.tensors)
        made, rank = _made(first.shape), len(first.shape) - 2
        filters = need_known(second.shape, len(second.shape) - 1, "of the second kernel") if second.shape else 0
        if second.shape != (*(1,) * rank, made, filters):
            raise ShapeError(
                f"needs a second kernel of {show_shape((*(1,) * rank, made, None))}, got {show_shape(second.shape)}",
                tensors=("pointwise_kernel",),
            )
        yield Tensor(self._slid(call, first.shape, filters), need_one_dtype(inputs, first, second))


def _made(kernel: Shape) -> int:
    """How many channels a depthwise kernel makes."""
    need_rank(kernel, 3, least=True)
    return need_known(kernel, len(kernel) - 2, "of the kernel") * need_known(kernel, len(kernel) - 1, "of the kernel")
