"""Layers that turn sound waves into spectrograms."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from specc.arguments import DataFormat, NonNegativeInt, Number, Numbers, Padding, PositiveInt, TypeWords, freeze
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.layers.accept import PLAIN, need_dense, need_kind
from specc.layers.base import Call, Layer, Weight, example_of
from specc.objects.initializers import STFT, Window, missing_scipy
from specc.shapes import Dim, Shape, Tensor, conv_length, is_float, need_known, need_rank, show_shape

_MelWindow = Annotated[
    Literal["hann", "hamming"] | Numbers | None,
    BeforeValidator(freeze),
    TypeWords('"hann", "hamming", a list of numbers or null'),
]


class MelSpectrogram(Layer):
    """Turns waves into spectrograms on the mel scale, which is spaced as people hear."""

    shape_rule = "(batch, samples) -> (batch, num_mel_bins, (samples + stride + 1) // stride)"
    example = example_of("MelSpectrogram, sampling_rate: 16000, num_mel_bins: 64", "[16000]", "wave")

    fft_length: PositiveInt = 2048
    sequence_stride: PositiveInt = 512
    sequence_length: NonNegativeInt | None = None
    window: _MelWindow = "hann"
    sampling_rate: Number = 16000
    num_mel_bins: PositiveInt = 128
    min_freq: Number = 20.0
    max_freq: Number | None = None
    power_to_db: bool = True
    top_db: Number = 80.0
    mag_exp: Number = 2.0
    min_power: Number = 1e-10
    ref_power: Number = 1.0

    def saved(self) -> dict[str, Any]:
        """The lengths and the frequency that were not given, as Keras fills them in."""
        return {
            "sequence_length": self.sequence_length or self.fft_length,
            "max_freq": self.max_freq or int(self.sampling_rate / 2),
        }

    def check(self) -> Iterator[Problem]:
        """Frames no longer than the transform, and a window as long as a frame."""
        length = self.sequence_length or self.fft_length
        if length > self.fft_length:
            message = f"has frames of {length} samples for a transform of {self.fft_length}"
            help = f"set 'fft_length' to {length} or more"
            yield Problem("argument-clash", message, ("sequence_length",), help)
        elif isinstance(self.window, tuple) and len(self.window) != length:
            message = f"has a window of {len(self.window)} numbers for frames of {length}"
            yield Problem("argument-clash", message, ("window",), f"give {length} numbers, or the name of a window")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The spectrogram in the compute dtype."""
        tensor, compute = call.first, call.policy.compute
        need_kind(tensor, PLAIN)
        need_dense(tensor)
        if compute == "float64" and self.power_to_db:
            # Keras keeps the reference power in float32 and subtracts it from the float64 spectrogram.
            raise DTypeError(
                "cannot convert to decibels in float64",
                argument="dtype" if self.dtype is not None else None,
                help="set 'dtype' to float32, or 'power_to_db' to false",
            )
        need_rank(tensor.shape, 1, least=True)
        samples = tensor.shape[min(1, len(tensor.shape) - 1)]
        pad = self.fft_length // 2
        if tensor.shape[-1] is not None and tensor.shape[-1] <= pad:
            raise ShapeError(
                f"needs more than {pad} samples, half of its fft_length, got {show_shape(tensor.shape)}",
                argument="fft_length",
                help=f"set 'fft_length' to {2 * tensor.shape[-1] - 1} or less, or give it longer waves",
            )
        frames: Dim = None if samples is None else (samples + self.sequence_stride + 1) // self.sequence_stride
        shape: Shape = (self.num_mel_bins, frames)
        return (Tensor(shape if len(tensor.shape) == 1 else (tensor.shape[0], *shape), compute),)


class STFTSpectrogram(Layer):
    """Turns waves into spectrograms by a short-time Fourier transform, which is a convolution with fixed kernels."""

    shape_rule = (
        "(batch, samples, channels) -> (batch, frames, channels * bins), or (batch, frames, bins, channels) with "
        "expand_dims; bins = fft_length // 2 + 1, twice that in mode stft"
    )
    example = example_of(
        "STFTSpectrogram, frame_length: 512, frame_step: 128, expand_dims: true, trainable: false", "[16000, 1]", "wave"
    )

    mode: Literal["log", "magnitude", "psd", "real", "imag", "angle", "stft"] = "log"
    frame_length: PositiveInt = 256
    frame_step: PositiveInt | None = None
    fft_length: PositiveInt | None = None
    window: Window = "hann"
    periodic: bool = False
    scaling: Literal["density", "spectrum"] | None = "density"
    padding: Padding = "valid"
    expand_dims: bool = False
    data_format: DataFormat | None = None

    @property
    def bins(self) -> int:
        """The number of frequencies: half of the transform's length, which is a power of 2 unless it is given."""
        fft_length = self.fft_length or 1 << (self.frame_length - 1).bit_length()
        return fft_length // 2 + 1

    def check(self) -> Iterator[Problem]:
        """Steps no longer than a frame, a transform no shorter, and a window that can be made, as long as a frame."""
        yield from missing_scipy(self.window)
        frame = self.frame_length
        if self.frame_step is None and frame == 1:
            yield Problem("missing-argument", "needs 'frame_step' for frames of 1 sample", help="add 'frame_step': 1")
        if self.frame_step is not None and self.frame_step > frame:
            message = f"steps by {self.frame_step} samples over frames of {frame}"
            yield Problem("argument-clash", message, ("frame_step",), f"set 'frame_step' to {frame} or less")
        if self.fft_length is not None and self.fft_length < frame:
            message = f"has a transform of {self.fft_length} samples for frames of {frame}"
            yield Problem("argument-clash", message, ("fft_length",), f"set 'fft_length' to {frame} or more")
        if isinstance(self.window, tuple) and len(self.window) != frame:
            message = f"has a window of {len(self.window)} numbers for frames of {frame}"
            yield Problem("argument-clash", message, ("window",), f"give {frame} numbers, or the name of a window")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The spectrogram in the compute dtype."""
        tensor, compute = call.first, call.policy.compute
        need_rank(tensor.shape, 3)
        need_dense(tensor)
        for dtype in (tensor.dtype, compute):
            if not is_float(dtype) or dtype == "bfloat16":
                raise DTypeError(
                    f"transforms float16, float32 and float64 only, not {dtype}",
                    argument="dtype" if dtype == self.dtype else None,
                    help="give the Input and the layer dtype float32; a Rescaling layer turns integers into floats",
                )
        first = self.data_format == "channels_first"
        channels = need_known(tensor.shape, 1 if first else 2, "to count its outputs")
        samples = tensor.shape[2 if first else 1]
        if self.padding == "valid" and samples is not None and samples < self.frame_length:
            raise ShapeError(
                f"needs at least {self.frame_length} samples for a frame, got {show_shape(tensor.shape)}",
                argument="frame_length",
                help="set 'padding' to same, or 'frame_length' to less",
            )
        frames = conv_length(samples, self.frame_length, self.frame_step or self.frame_length // 2, self.padding)
        bins = self.bins * (2 if self.mode == "stft" else 1)
        batch = tensor.shape[0]
        if self.expand_dims:
            shape: Shape = (batch, channels, frames, bins) if first else (batch, frames, bins, channels)
        else:
            shape = (batch, channels * bins, frames) if first else (batch, frames, channels * bins)
        return (Tensor(shape, compute),)

    def weights(self, call: Call) -> Iterable[Weight]:
        """The real and the imaginary kernel, if the mode needs them."""
        sides: tuple[Literal["real", "imag"], ...] = ("real", "imag")
        for side in sides:
            if self.mode not in sides or self.mode == side:
                kernel = STFT.model_construct(
                    side=side, window=self.window, scaling=self.scaling, periodic=self.periodic
                )
                shape = (self.frame_length, 1, self.bins)
                yield Weight(f"{side}_kernel", shape, call.policy.variable, initializer=kernel)
