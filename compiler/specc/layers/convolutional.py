"""The convolutions: plain, transposed, depthwise and separable ones."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator

from specc.arguments import (
    Activation,
    CausalPadding,
    Constraint,
    DataFormat,
    Initializer,
    NonNegativeInt,
    Padding,
    PositiveInt,
    Regularizer,
    TypeWords,
    freeze,
)
from specc.diagnostics.problem import Problem, ShapeError
from specc.layers.accept import FLOATS
from specc.layers.base import Call, Weight
from specc.layers.quantization import WithLora
from specc.layers.ranks import ByRank, SizePerAxis
from specc.layers.spatial import Spatial, lengths, resized, slide
from specc.layers.weight_arguments import WithBias, WithKernel
from specc.shapes import Dim, Shape, need_known, need_rank, show_shape, spatial_axes


def _extra(rank: int) -> Any:
    words = TypeWords("an integer of 0 or more" + ("" if rank == 1 else f", or a list of {rank}"))
    listed: Any = tuple[(NonNegativeInt,) * rank]  # type: ignore[misc]
    return Annotated[NonNegativeInt | listed, BeforeValidator(freeze), words]


_ExtraPerAxis = Annotated[int | tuple[int, ...], ByRank(_extra(1), _extra(2), _extra(3))]


class _Convolution(Spatial, WithBias):
    """A layer that slides a kernel over the spatial axes."""

    any_batch = True
    takes = FLOATS
    unlike_weights = "refused"
    shape_rule = "(batch, {axis}, channels) -> (batch, {new_axis}, filters)"

    kernel_size: SizePerAxis
    strides: SizePerAxis = (1,)
    padding: CausalPadding = "valid"
    data_format: DataFormat | None = None
    dilation_rate: SizePerAxis = (1,)
    activation: Activation | None = None
    use_bias: bool = True

    def slid(self, shape: Shape, channels: int) -> Shape:
        """The output's shape when the kernel slides over the spatial axes."""
        return slide(
            shape,
            self.spread(self.kernel_size),
            self.spread(self.strides),
            self.padding,
            data_format=self.data_format,
            dilation=self.spread(self.dilation_rate),
            channels=channels,
        )

    def channels(self, shape: Shape, data_format: str | None) -> int:
        """The size of the channel axis; ShapeError if it is unknown, since the kernel needs it."""
        need_rank(shape, self.rank + 2)
        return need_known(shape, spatial_axes(self.rank, data_format)[1], "to size its kernel")


def without_onednn(what: str, argument: str, help: str) -> Problem:
    """The caution about a convolution that TensorFlow supports only with oneDNN or on a GPU."""
    return Problem(
        "needs-onednn",
        f"cannot run on a CPU without oneDNN, where TensorFlow has no {what}",
        (argument,),
        help,
    )


def channels_first_help(shape: Shape, axis: int = 1) -> str:
    """What to write instead of ``channels_first``, for an input of that shape with its channels on that axis.

    >>> channels_first_help((None, 3, 8, None))
    'set data_format to channels_last, and give its input the shape [8, null, 3] (a Permute layer brings it there)'
    """
    sizes = ["null" if dim is None else str(dim) for dim in shape]
    last = ", ".join([*sizes[1:axis], *sizes[axis + 1 :], sizes[axis]])
    return f"set data_format to channels_last, and give its input the shape [{last}] (a Permute layer brings it there)"


def _strides_clash(strides: tuple[int, ...], dilation_rate: tuple[int, ...]) -> Iterator[Problem]:
    if max(strides) > 1 and max(dilation_rate) > 1:
        message = "strides and dilation_rate cannot both be above 1"
        yield Problem("argument-clash", message, ("dilation_rate",), "set one of them to 1")


# -- Plain convolutions --------------------------------------------------------------------------


class _Conv(WithLora, _Convolution, WithKernel):
    filters: PositiveInt
    groups: PositiveInt = 1
    lora_rank: PositiveInt | None = None

    def check(self) -> Iterator[Problem]:
        if self.filters % self.groups:
            message = f"filters ({self.filters}) cannot be divided by groups ({self.groups})"
            yield Problem("argument-clash", message, ("groups",), "make filters a multiple of groups")
        yield from _strides_clash(self.spread(self.strides), self.spread(self.dilation_rate))
        if self.lora_rank is not None and self.kernel_constraint is not None:
            message = "lora_rank and kernel_constraint exclude each other"
            yield Problem("argument-clash", message, ("lora_rank",), "remove one", "key")

    def output_shape(self, shape: Shape) -> Shape:
        channels = self.channels(shape, self.data_format)
        if channels % self.groups:
            raise ShapeError(
                f"cannot split the {channels} channels of {show_shape(shape)} into {self.groups} groups",
                argument="groups",
                help="groups must divide the number of channels and filters",
            )
        return self.slid(shape, self.filters)

    def cautions(self, call: Call) -> Iterator[Problem]:
        # Keras has XLA compile convolutions of groups and of volumes.
        if self.data_format == "channels_first" and self.groups == 1 and self.rank < 3:
            yield without_onednn("channels_first convolution", "data_format", channels_first_help(call.shape))

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        depth = self.channels(call.shape, self.data_format) // self.groups
        window = self.spread(self.kernel_size)
        kernel = (*window, depth, self.filters)
        yield Weight("kernel", kernel, dtype, trainable=self.lora_rank is None, initializer=self.kernel_initializer)
        if self.use_bias:
            yield Weight("bias", (self.filters,), dtype, initializer=self.bias_initializer)
        if self.lora_rank is not None:
            yield Weight("lora_kernel_a", (*window, depth, self.lora_rank), "float32", initializer="he_uniform")
            yield Weight("lora_kernel_b", (self.lora_rank, self.filters), "float32", initializer="zeros")


class Conv1D(_Conv, rank=1, example="filters: 16, kernel_size: 3, padding: causal, activation: relu"):
    """A convolution over the steps of a sequence."""


class Conv2D(_Conv, rank=2, example="filters: 16, kernel_size: 3, padding: same, activation: relu"):
    """A convolution over the height and width of images."""

    padding: Padding = "valid"


class Conv3D(_Conv, rank=3, example="filters: 8, kernel_size: 3, strides: [1, 2, 2]"):
    """A convolution over the three axes of volumes, or over the frames of videos."""

    padding: Padding = "valid"


# -- Transposed convolutions ---------------------------------------------------------------------


class _ConvTranspose(_Convolution, WithKernel):
    shape_rule = '(batch, {axis}, channels) -> (batch, {axis * strides}, filters) with padding "same"'

    filters: PositiveInt
    padding: Padding = "valid"
    output_padding: _ExtraPerAxis | None = None

    def check(self) -> Iterator[Problem]:
        yield from _strides_clash(self.spread(self.strides), self.spread(self.dilation_rate))
        if self.output_padding is None:
            return
        extra, strides = self.spread(self.output_padding), self.spread(self.strides)
        for more, stride in zip(extra, strides, strict=True):
            if more >= stride:
                message = f"output_padding ({more}) must be less than strides ({stride})"
                yield Problem("argument-clash", message, ("output_padding",), "make it smaller, or remove it")
                return
        # TensorFlow requires that convolving the output gives the input's size back; this one would be too short.
        if self.padding == "same" and any(more + span % 2 == 0 for more, span in zip(extra, self.spans(), strict=True)):
            message = 'output_padding 0 does not go with padding "same" and an even kernel_size'
            more_help = "remove it" if max(strides) == 1 else "make it 1 or more, or remove it"
            yield Problem("argument-clash", message, ("output_padding",), more_help)

    def spans(self) -> tuple[int, ...]:
        """The length that the kernel covers on each axis, dilation included."""
        sizes, rates = self.spread(self.kernel_size), self.spread(self.dilation_rate)
        return tuple((size - 1) * rate + 1 for size, rate in zip(sizes, rates, strict=True))

    def output_shape(self, shape: Shape) -> Shape:
        self.channels(shape, self.data_format)
        strides = self.spread(self.strides)
        extra = (None,) * self.rank if self.output_padding is None else self.spread(self.output_padding)
        old = lengths(shape, self.rank, self.data_format)
        new = [self._length(*sizes) for sizes in zip(old, self.spans(), strides, extra, strict=True)]
        return resized(shape, new, self.data_format, self.filters)

    def _length(self, length: Dim, span: int, stride: int, extra: int | None) -> Dim:
        if length is None:
            return None
        if self.padding == "valid":
            return (length - 1) * stride + span + (max(span, stride) - span if extra is None else extra)
        return length * stride if extra is None else (length - 1) * stride + span % 2 + extra

    def cautions(self, call: Call) -> Iterator[Problem]:
        if self.data_format == "channels_first":
            yield without_onednn("channels_first convolution", "data_format", channels_first_help(call.shape))
        elif set(self.spread(self.dilation_rate)) != {1}:
            yield without_onednn("transposed convolution with dilation", "dilation_rate", "set dilation_rate to 1")

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        kernel = (*self.spread(self.kernel_size), self.filters, self.channels(call.shape, self.data_format))
        yield Weight("kernel", kernel, dtype, initializer=self.kernel_initializer)
        if self.use_bias:
            yield Weight("bias", (self.filters,), dtype, initializer=self.bias_initializer)


class Conv1DTranspose(_ConvTranspose, rank=1, example="filters: 4, kernel_size: 3, strides: 2, padding: same"):
    """A transposed convolution, which lengthens sequences."""


class Conv2DTranspose(_ConvTranspose, rank=2, example="filters: 4, kernel_size: 3, strides: 2, padding: same"):
    """A transposed convolution, which enlarges images."""


class Conv3DTranspose(_ConvTranspose, rank=3, example="filters: 2, kernel_size: 2, strides: 2"):
    """A transposed convolution, which enlarges volumes."""


# -- Depthwise and separable convolutions --------------------------------------------------------


class _SingleChannels(_Convolution):
    """A convolution of each channel by itself."""

    padding: Padding = "valid"
    depth_multiplier: PositiveInt = 1
    depthwise_initializer: Initializer = "glorot_uniform"
    depthwise_regularizer: Regularizer | None = None
    depthwise_constraint: Constraint | None = None

    def cautions(self, call: Call) -> Iterator[Problem]:
        # With a dilation as well as strides Keras splits the convolution, and TensorFlow never sees the strides.
        strides = self.spread(self.strides)
        if len(set(strides)) > 1 and set(self.spread(self.dilation_rate)) == {1}:
            yield without_onednn("convolution of single channels with unequal strides", "strides", "use equal strides")


class _SeparableConv(_SingleChannels):
    filters: PositiveInt
    pointwise_initializer: Initializer = "glorot_uniform"
    pointwise_regularizer: Regularizer | None = None
    pointwise_constraint: Constraint | None = None

    def output_shape(self, shape: Shape) -> Shape:
        self.channels(shape, self.data_format)
        return self.slid(shape, self.filters)

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        channels = self.channels(call.shape, self.data_format)
        depthwise = (*self.spread(self.kernel_size), channels, self.depth_multiplier)
        pointwise = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        yield Weight("depthwise_kernel", depthwise, dtype, initializer=self.depthwise_initializer)
        yield Weight("pointwise_kernel", pointwise, dtype, initializer=self.pointwise_initializer)
        if self.use_bias:
            yield Weight("bias", (self.filters,), dtype, initializer=self.bias_initializer)


class SeparableConv1D(_SeparableConv, rank=1, example="filters: 16, kernel_size: 3"):
    """A convolution of each channel of a sequence by itself, then one across the channels."""


class SeparableConv2D(_SeparableConv, rank=2, example="filters: 16, kernel_size: 3, padding: same"):
    """A convolution of each channel of an image by itself, then one across the channels."""


class _DepthwiseConv(_SingleChannels):
    shape_rule = "(batch, {axis}, channels) -> (batch, {new_axis}, channels * depth_multiplier)"

    def output_shape(self, shape: Shape) -> Shape:
        return self.slid(shape, self.channels(shape, self.data_format) * self.depth_multiplier)

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        channels = self.channels(call.shape, self.data_format)
        kernel = (*self.spread(self.kernel_size), channels, self.depth_multiplier)
        yield Weight("kernel", kernel, dtype, initializer=self.depthwise_initializer, argument="depthwise")
        if self.use_bias:
            yield Weight("bias", (channels * self.depth_multiplier,), dtype, initializer=self.bias_initializer)


class DepthwiseConv1D(_DepthwiseConv, rank=1, example="kernel_size: 3"):
    """A convolution of each channel of a sequence by itself."""


class DepthwiseConv2D(_DepthwiseConv, rank=2, example="kernel_size: 3, depth_multiplier: 2"):
    """A convolution of each channel of an image by itself."""
