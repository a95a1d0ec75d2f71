"""LSTM layers whose input and states are images: matrix products become convolutions."""

from collections.abc import Iterator

from specc.arguments import Activation, DataFormat, Padding, PositiveInt
from specc.diagnostics.problem import Problem, ShapeError
from specc.layers.accept import FLOATS, Kind
from specc.layers.base import Call, Weight
from specc.layers.convolutional import channels_first_help, without_onednn
from specc.layers.ranks import OfRank, SizePerAxis
from specc.layers.rnn import Recurrent
from specc.layers.rnn_cells import Weighted
from specc.shapes import Shape, conv_length, need_known, show_shape, spatial_axes


class _ConvLSTM(Recurrent, Weighted, OfRank):
    """What the ConvLSTM layers share; the state is an image of the size that the input convolution gives."""

    unlike_weights = "refused"
    ctor_ignores_trainable = True
    shape_rule = (
        "(batch, time, *space, channels) -> (batch, *new_space, filters), with time after batch for return_sequences"
    )
    example = "filters: 4, kernel_size: 3, padding: same"
    example_shapes = ("[5, 16, 1]", "[5, 16, 16, 1]", "[5, 8, 8, 8, 1]")

    filters: PositiveInt
    kernel_size: SizePerAxis
    strides: SizePerAxis = 1
    padding: Padding = "valid"
    data_format: DataFormat | None = None
    dilation_rate: SizePerAxis = 1
    recurrent_activation: Activation | None = "sigmoid"
    unit_forget_bias: bool = True

    def sizes(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """The kernel size, strides and dilation rate of each spatial axis."""
        return self.spread(self.kernel_size), self.spread(self.strides), self.spread(self.dilation_rate)

    def check(self) -> Iterator[Problem]:
        _, strides, dilation = self.sizes()
        if max(strides) > 1 and max(dilation) > 1:
            yield Problem(
                "argument-clash",
                "takes strides above 1 or a dilation_rate above 1, not both",
                ("dilation_rate",),
                "set one of them to 1",
            )

    def cautions(self, call: Call) -> Iterator[Problem]:
        yield from super().cautions(call)
        if self.data_format == "channels_first" and self.rank < 3:
            yield without_onednn("channels_first convolution", "data_format", channels_first_help(call.shape, axis=2))

    def cell_name(self) -> str:
        return "conv_lstm_cell"

    def state_names(self) -> tuple[str, ...]:
        return "state_h", "state_c"

    def step_rank(self) -> int:
        return self.rank + 2

    def step_takes(self) -> tuple[Kind, ...]:
        return FLOATS

    def step_states(self, step: Shape) -> tuple[Shape, ...]:
        kernel, strides, dilation = self.sizes()
        spatial, channels = spatial_axes(self.rank, self.data_format)
        need_known(step, channels, "to size its kernel")
        state = list(step)
        state[channels] = self.filters
        for axis, size, stride, rate in zip(spatial, kernel, strides, dilation, strict=True):
            length = need_known(step, axis, "to size its state")
            new = conv_length(length, size, stride, self.padding, rate)
            if new is None or new < 1:
                raise ShapeError(
                    f"has a kernel that spans {rate * (size - 1) + 1} and does not fit the {length} "
                    f"of axis {axis} in a step of {show_shape(step)}",
                    argument="kernel_size",
                    help='set padding to "same", or make the kernel smaller',
                )
            state[axis] = new
        return (tuple(state),) * 2

    def step_weights(self, call: Call, step: Shape) -> Iterator[Weight]:
        kernel, _, _ = self.sizes()
        _, channels = spatial_axes(self.rank, self.data_format)
        width = need_known(step, channels, "to size its kernel")
        columns = 4 * self.filters
        return self.step_kernels(call, (*kernel, width, columns), (*kernel, self.filters, columns), (columns,))


class ConvLSTM1D(_ConvLSTM, rank=1):
    """An LSTM over sequences of rows, with convolutions along each row."""


class ConvLSTM2D(_ConvLSTM, rank=2):
    """An LSTM over sequences of images, with convolutions over each image."""


class ConvLSTM3D(_ConvLSTM, rank=3):
    """An LSTM over sequences of volumes, with convolutions over each volume."""
