"""The convolutions: plain, transposed, depthwise and separable ones."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar

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
    Size1,
    Size2,
    Size3,
    TypeWords,
    freeze,
)
from specc.diagnostics.problem import Problem, ShapeError
from specc.layers.accept import FLOATS, Kind
from specc.layers.base import Call, UnlikeWeights, Weight
from specc.layers.spatial import Spatial, example_of, lengths, resized, slide
from specc.shapes import Dim, Shape, need_known, need_rank, show_shape, spatial_axes

_Extra1 = Annotated[
    NonNegativeInt | tuple[NonNegativeInt],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more"),
]
_Extra2 = Annotated[
    NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more, or a list of 2"),
]
_Extra3 = Annotated[
    NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt, NonNegativeInt],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more, or a list of 3"),
]


class _Convolution(Spatial):
    """A layer that slides a kernel over the spatial axes."""

    any_batch: ClassVar[bool] = True
    takes: ClassVar[tuple[Kind, ...]] = FLOATS
    unlike_weights: ClassVar[UnlikeWeights] = "refused"

    def channels(self, shape: Shape, data_format: str | None) -> int:
        """The size of the channel axis, which the kernel needs."""
        need_rank(shape, self.rank + 2)
        return need_known(shape, spatial_axes(self.rank, data_format)[1], "to size its kernel")


def without_onednn(what: str, argument: str, help: str) -> Problem:
    """The caution of a convolution that TensorFlow only has with oneDNN, or on a GPU."""
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


def _unequal_strides(strides: tuple[int, ...], dilation_rate: tuple[int, ...]) -> Iterator[Problem]:
    # With a dilation beside its strides Keras takes the convolution apart, and TensorFlow never sees the strides.
    if len(set(strides)) > 1 and set(dilation_rate) == {1}:
        yield without_onednn("convolution of single channels with unequal strides", "strides", "use equal strides")


def _strides_clash(strides: tuple[int, ...], dilation_rate: tuple[int, ...]) -> Iterator[Problem]:
    if max(strides) > 1 and max(dilation_rate) > 1:
        message = "strides and dilation_rate cannot both be above 1"
        yield Problem("argument-clash", message, ("dilation_rate",), "set one of them to 1")


# -- Plain convolutions --------------------------------------------------------------------------


class _Conv(_Convolution):
    filters: PositiveInt
    kernel_size: int | tuple[int, ...]
    strides: int | tuple[int, ...] = 1
    padding: CausalPadding = "valid"
    data_format: DataFormat | None = None
    dilation_rate: int | tuple[int, ...] = 1
    groups: PositiveInt = 1
    activation: Activation | None = None
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    bias_initializer: Initializer = "zeros"
    kernel_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None
    activity_regularizer: Regularizer | None = None
    kernel_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None
    lora_rank: PositiveInt | None = None
    lora_alpha: float | None = None

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
        return slide(
            shape,
            self.spread(self.kernel_size),
            self.spread(self.strides),
            self.padding,
            data_format=self.data_format,
            dilation=self.spread(self.dilation_rate),
            channels=self.filters,
        )

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


class Conv1D(_Conv):
    """A convolution over the steps of a sequence."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = "(batch, steps, channels) -> (batch, new_steps, filters)"
    example: ClassVar[str] = example_of("Conv1D, filters: 16, kernel_size: 3, padding: causal, activation: relu", 1)

    kernel_size: Size1
    strides: Size1 = 1
    dilation_rate: Size1 = 1


class Conv2D(_Conv):
    """A convolution over the height and width of images."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = "(batch, height, width, channels) -> (batch, new_height, new_width, filters)"
    example: ClassVar[str] = example_of("Conv2D, filters: 16, kernel_size: 3, padding: same, activation: relu", 2)

    kernel_size: Size2
    strides: Size2 = (1, 1)
    padding: Padding = "valid"
    dilation_rate: Size2 = (1, 1)


class Conv3D(_Conv):
    """A convolution over the three axes of volumes, or over the frames of videos."""

    rank: ClassVar[int] = 3
    shape_rule: ClassVar[str] = "(batch, dim1, dim2, dim3, channels) -> (batch, new_dim1, new_dim2, new_dim3, filters)"
    example: ClassVar[str] = example_of("Conv3D, filters: 8, kernel_size: 3, strides: [1, 2, 2]", 3)

    kernel_size: Size3
    strides: Size3 = (1, 1, 1)
    padding: Padding = "valid"
    dilation_rate: Size3 = (1, 1, 1)


# -- Transposed convolutions ---------------------------------------------------------------------


class _ConvTranspose(_Convolution):
    filters: PositiveInt
    kernel_size: int | tuple[int, ...]
    strides: int | tuple[int, ...] = 1
    padding: Padding = "valid"
    output_padding: int | tuple[int, ...] | None = None
    data_format: DataFormat | None = None
    dilation_rate: int | tuple[int, ...] = 1
    activation: Activation | None = None
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    bias_initializer: Initializer = "zeros"
    kernel_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None
    activity_regularizer: Regularizer | None = None
    kernel_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None

    def check(self) -> Iterator[Problem]:
        yield from _strides_clash(self.spread(self.strides), self.spread(self.dilation_rate))
        if self.output_padding is None:
            return
        extra, strides = self.spread(self.output_padding), self.spread(self.strides)
        for more, stride in zip(extra, strides, strict=True):
            if more >= stride:
                message = f"output_padding ({more}) must be less than strides ({stride})"
                yield Problem("argument-clash", message, ("output_padding",), "make it smaller, or leave it out")
                return
        # The output would be so short that its convolution does not give the input back, which TensorFlow demands.
        if self.padding == "same" and any(more + span % 2 == 0 for more, span in zip(extra, self.spans(), strict=True)):
            message = 'output_padding 0 does not go with padding "same" and an even kernel_size'
            more_help = "leave it out" if max(strides) == 1 else "make it 1 or more, or leave it out"
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


class Conv1DTranspose(_ConvTranspose):
    """A transposed convolution, which lengthens sequences."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = '(batch, steps, channels) -> (batch, steps * strides, filters) with padding "same"'
    example: ClassVar[str] = example_of("Conv1DTranspose, filters: 4, kernel_size: 3, strides: 2, padding: same", 1)

    kernel_size: Size1
    strides: Size1 = 1
    output_padding: _Extra1 | None = None
    dilation_rate: Size1 = 1


class Conv2DTranspose(_ConvTranspose):
    """A transposed convolution, which enlarges images."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = (
        '(batch, height, width, channels) -> (batch, height * strides, width * strides, filters) with padding "same"'
    )
    example: ClassVar[str] = example_of("Conv2DTranspose, filters: 4, kernel_size: 3, strides: 2, padding: same", 2)

    kernel_size: Size2
    strides: Size2 = (1, 1)
    output_padding: _Extra2 | None = None
    dilation_rate: Size2 = (1, 1)


class Conv3DTranspose(_ConvTranspose):
    """A transposed convolution, which enlarges volumes."""

    rank: ClassVar[int] = 3
    shape_rule: ClassVar[str] = (
        "(batch, dim1, dim2, dim3, channels) -> (batch, dim1 * strides, dim2 * strides, dim3 * strides, filters)"
        ' with padding "same"'
    )
    example: ClassVar[str] = example_of("Conv3DTranspose, filters: 2, kernel_size: 2, strides: 2", 3)

    kernel_size: Size3
    strides: Size3 = (1, 1, 1)
    output_padding: _Extra3 | None = None
    dilation_rate: Size3 = (1, 1, 1)


# -- Depthwise and separable convolutions --------------------------------------------------------


class _SeparableConv(_Convolution):
    filters: PositiveInt
    kernel_size: int | tuple[int, ...]
    strides: int | tuple[int, ...] = 1
    padding: Padding = "valid"
    data_format: DataFormat | None = None
    dilation_rate: int | tuple[int, ...] = 1
    depth_multiplier: PositiveInt = 1
    activation: Activation | None = None
    use_bias: bool = True
    depthwise_initializer: Initializer = "glorot_uniform"
    pointwise_initializer: Initializer = "glorot_uniform"
    bias_initializer: Initializer = "zeros"
    depthwise_regularizer: Regularizer | None = None
    pointwise_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None
    activity_regularizer: Regularizer | None = None
    depthwise_constraint: Constraint | None = None
    pointwise_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None

    def output_shape(self, shape: Shape) -> Shape:
        self.channels(shape, self.data_format)
        return slide(
            shape,
            self.spread(self.kernel_size),
            self.spread(self.strides),
            self.padding,
            data_format=self.data_format,
            dilation=self.spread(self.dilation_rate),
            channels=self.filters,
        )

    def cautions(self, call: Call) -> Iterator[Problem]:
        yield from _unequal_strides(self.spread(self.strides), self.spread(self.dilation_rate))

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        channels = self.channels(call.shape, self.data_format)
        depthwise = (*self.spread(self.kernel_size), channels, self.depth_multiplier)
        pointwise = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        yield Weight("depthwise_kernel", depthwise, dtype, initializer=self.depthwise_initializer)
        yield Weight("pointwise_kernel", pointwise, dtype, initializer=self.pointwise_initializer)
        if self.use_bias:
            yield Weight("bias", (self.filters,), dtype, initializer=self.bias_initializer)


class SeparableConv1D(_SeparableConv):
    """A convolution of each channel of a sequence by itself, then one across the channels."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = Conv1D.shape_rule
    example: ClassVar[str] = example_of("SeparableConv1D, filters: 16, kernel_size: 3", 1)

    kernel_size: Size1
    strides: Size1 = 1
    dilation_rate: Size1 = 1


class SeparableConv2D(_SeparableConv):
    """A convolution of each channel of an image by itself, then one across the channels."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = Conv2D.shape_rule
    example: ClassVar[str] = example_of("SeparableConv2D, filters: 16, kernel_size: 3, padding: same", 2)

    kernel_size: Size2
    strides: Size2 = (1, 1)
    dilation_rate: Size2 = (1, 1)


class _DepthwiseConv(_Convolution):
    kernel_size: int | tuple[int, ...]
    strides: int | tuple[int, ...] = 1
    padding: Padding = "valid"
    depth_multiplier: PositiveInt = 1
    data_format: DataFormat | None = None
    dilation_rate: int | tuple[int, ...] = 1
    activation: Activation | None = None
    use_bias: bool = True
    depthwise_initializer: Initializer = "glorot_uniform"
    bias_initializer: Initializer = "zeros"
    depthwise_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None
    activity_regularizer: Regularizer | None = None
    depthwise_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None

    def output_shape(self, shape: Shape) -> Shape:
        return slide(
            shape,
            self.spread(self.kernel_size),
            self.spread(self.strides),
            self.padding,
            data_format=self.data_format,
            dilation=self.spread(self.dilation_rate),
            channels=self.channels(shape, self.data_format) * self.depth_multiplier,
        )

    def cautions(self, call: Call) -> Iterator[Problem]:
        yield from _unequal_strides(self.spread(self.strides), self.spread(self.dilation_rate))

    def weights(self, call: Call) -> Iterable[Weight]:
        dtype = call.policy.variable
        channels = self.channels(call.shape, self.data_format)
        kernel = (*self.spread(self.kernel_size), channels, self.depth_multiplier)
        yield Weight("kernel", kernel, dtype, initializer=self.depthwise_initializer)
        if self.use_bias:
            yield Weight("bias", (channels * self.depth_multiplier,), dtype, initializer=self.bias_initializer)


class DepthwiseConv1D(_DepthwiseConv):
    """A convolution of each channel of a sequence by itself."""

    rank: ClassVar[int] = 1
    shape_rule: ClassVar[str] = "(batch, steps, channels) -> (batch, new_steps, channels * depth_multiplier)"
    example: ClassVar[str] = example_of("DepthwiseConv1D, kernel_size: 3", 1)

    kernel_size: Size1
    strides: Size1 = 1
    dilation_rate: Size1 = 1


class DepthwiseConv2D(_DepthwiseConv):
    """A convolution of each channel of an image by itself."""

    rank: ClassVar[int] = 2
    shape_rule: ClassVar[str] = (
        "(batch, height, width, channels) -> (batch, new_height, new_width, channels * depth_multiplier)"
    )
    example: ClassVar[str] = example_of("DepthwiseConv2D, kernel_size: 3, depth_multiplier: 2", 2)

    kernel_size: Size2
    strides: Size2 = (1, 1)
    dilation_rate: Size2 = (1, 1)
