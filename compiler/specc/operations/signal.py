"""Operations on signals: Fourier transforms, frames of a sequence, correlation. A complex tensor is two real ones."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal

from specc.arguments import PositiveInt
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, NUMBERS, result_type
from specc.operations.base import OfTwo, Operation, make, on, on_two
from specc.operations.rules import cube_root, need_all_known, need_one_dtype
from specc.shapes import Dim, Shape, Tensor, need_known, need_rank, show_shape

_EXACT = frozenset({"float32", "float64"})


class OfReal(Operation, accepts=_EXACT):
    """A transform of real numbers, with ports "real" and "imaginary"."""

    several = True

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The two parts of complex numbers."""
        return ("real", "imaginary")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        part = Tensor(self._shape(call.shape), call.first.dtype)
        yield from (part, part)


class OfComplex(Operation, accepts=_EXACT):
    """A transform of complex numbers, whose real and imaginary parts are two tensors."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x", many=True, least=2, most=2),)
    sample: ClassVar[str] = on_two("[8]", "[8]")

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The two tensors as a tuple, which is how Keras takes them."""
        (pair, *further), keywords = super().call_arguments(tensors)
        return [tuple(pair), *further], keywords

    def _parts(self, call: Call) -> Tensor:
        real, imaginary = call.many("x")
        if real.shape != imaginary.shape:
            raise ShapeError(
                f"needs real and imaginary parts of one shape, got {show_shape(real.shape)} and "
                f"{show_shape(imaginary.shape)}"
            )
        need_one_dtype(real, imaginary)
        return real

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        part = self._parts(call)
        yield Tensor(self._shape(part.shape), part.dtype)


class Transform(OfComplex):
    """A Fourier transform of complex numbers along the last axes, with ports "real" and "imaginary"."""

    several = True
    shape_rule = "the shape of each part, twice"
    axes: ClassVar[int]
    """How many of the last axes are transformed."""

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The two parts of complex numbers."""
        return ("real", "imaginary")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        (part,) = super()._outputs(call)
        yield from (part, part)

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, self.axes, least=True)
        for axis in range(len(shape) - self.axes, len(shape)):
            need_known(shape, axis, "to transform it")
        return shape


_PLANES = on_two("[8, 8]", "[8, 8]")
make(Transform, "fft", "The Fourier transform along the last axis.", axes=1)
make(Transform, "fft2", "The Fourier transform along the last two axes.", axes=2, sample=_PLANES)
make(Transform, "ifft2", "The inverse Fourier transform along the last two axes.", axes=2, sample=_PLANES)


class Rfft(OfReal, op="rfft"):
    """The Fourier transform of real numbers along the last axis, cut or padded with zeros to fft_length."""

    shape_rule = "(..., fft_length // 2 + 1), twice"
    sample = on("[8]")

    fft_length: PositiveInt | None = None

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 1, least=True)
        length = shape[-1] if self.fft_length is None else self.fft_length
        return (*shape[:-1], None if length is None else length // 2 + 1)


class Irfft(OfComplex, op="irfft"):
    """The inverse of ops.rfft: real numbers along the last axis, from their two parts."""

    shape_rule = "(..., fft_length), or (..., 2 (n - 1)) without it"
    sample = on_two("[5]", "[5]")

    fft_length: PositiveInt | None = None

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 1, least=True)
        if self.fft_length is not None:
            return (*shape[:-1], self.fft_length)
        if shape[-1] == 1:
            raise ShapeError(f"would give no elements, got {show_shape(shape)}", help="set fft_length: 1")
        return (*shape[:-1], None if shape[-1] is None else 2 * (shape[-1] - 1))


# -- Frames --------------------------------------------------------------------------------------

Window = Literal["hann", "hamming"]


class ExtractSequences(Operation, op="extract_sequences", accepts=ALL):
    """Overlapping parts of the last axis: one of sequence_length every sequence_stride elements."""

    shape_rule = "(..., n) -> (..., 1 + (n - sequence_length) // sequence_stride, sequence_length)"
    sample = on("[32]", sequence_length="8", sequence_stride="4")

    sequence_length: PositiveInt
    sequence_stride: PositiveInt

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 1, least=True)
        return (
            *shape[:-1],
            _frames(shape, shape[-1], self.sequence_length, self.sequence_stride),
            self.sequence_length,
        )


def _frames(shape: Shape, length: Dim, frame: int, stride: int) -> Dim:
    """How many frames an axis of that length has; ShapeError if it is too short for one."""
    if length is None:
        return None
    if length < frame:
        raise ShapeError(f"needs {frame} elements for one frame, got {show_shape(shape)}")
    return 1 + (length - frame) // stride


def _check_lengths(operation: "Stft | Istft") -> Iterator[Problem]:
    if operation.sequence_length > operation.fft_length:
        yield Problem(
            "argument-clash",
            f"has a window of {operation.sequence_length} for an fft_length of {operation.fft_length}",
            ("sequence_length",),
            f"set sequence_length to {operation.fft_length} or less",
        )


class Stft(OfReal, op="stft"):
    """The short-time Fourier transform of the last axis: a spectrum for each frame."""

    shape_rule = "(..., n) -> (..., frames, fft_length // 2 + 1), twice"
    sample = on("[32]", sequence_length="8", sequence_stride="4", fft_length="8")

    sequence_length: PositiveInt
    sequence_stride: PositiveInt
    fft_length: PositiveInt
    window: Window | None = "hann"
    center: bool = True

    def check(self) -> Iterator[Problem]:
        """A frame is at most as long as its transform."""
        yield from _check_lengths(self)

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 1, least=True)
        length, half = shape[-1], self.fft_length // 2
        if length is not None and self.center:
            if length <= half:
                raise ShapeError(
                    f"needs more than {half} elements to pad them by {half}, got {show_shape(shape)}",
                    argument="fft_length",
                )
            length += 2 * half
        return (*shape[:-1], _frames(shape, length, self.fft_length, self.sequence_stride), half + 1)


class Istft(OfComplex, op="istft"):
    """The inverse of ops.stft: a signal, from the two parts of its spectra."""

    shape_rule = "(..., frames, fft_length // 2 + 1), twice -> (..., length)"
    sample = on_two("[9, 5]", "[9, 5]", sequence_length="8", sequence_stride="4", fft_length="8")

    sequence_length: PositiveInt
    sequence_stride: PositiveInt
    fft_length: PositiveInt
    length: PositiveInt | None = None
    window: Window | None = "hann"
    center: bool = True

    def check(self) -> Iterator[Problem]:
        """A frame is at most as long as its transform."""
        yield from _check_lengths(self)

    def _shape(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        if shape[-2] is None and self.length is None:
            return (*shape[:-2], None)
        frames = need_known(shape, len(shape) - 2, "to give a length")
        whole = (frames - 1) * self.sequence_stride + self.fft_length
        trimmed = whole - (self.fft_length // 2 if self.center else 0)
        if self.length is None:
            return (*shape[:-2], trimmed - (self.fft_length // 2 if self.center else 0))
        if self.length > trimmed:
            raise ShapeError(
                f"makes {trimmed} elements at most of {show_shape(shape)}",
                argument="length",
                help=f"set length to {trimmed} or less",
            )
        return (*shape[:-2], self.length)


# -- Correlation ---------------------------------------------------------------------------------


class Correlate(OfTwo, op="correlate", accepts=NUMBERS):
    """The cross-correlation of two rows of known length; no batch, for which Conv1D is."""

    shape_rule = "(n,) and (m,) -> (n - m + 1,); (max(n, m),) for same, (n + m - 1,) for full"
    sample = on_two("batch [6]", "batch [3]")

    mode: Literal["valid", "same", "full"] = "valid"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        first, second = call.tensor("x1"), call.tensor("x2")
        for tensor in (first, second):
            need_rank(tensor.shape, 1)
            need_all_known(tensor.shape)
        yield Tensor(self._shape_of_two(first.shape, second.shape), self._dtype(first.dtype, second.dtype))

    def _dtype(self, first: str, second: str) -> str:
        dtype = result_type(first, second)
        return cube_root(dtype)

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        (long,), (short,) = first, second
        assert long is not None  # see `_outputs`
        assert short is not None
        if self.mode == "full":
            return (long + short - 1,)
        if self.mode == "same":
            return (max(long, short),)
        if short > long:
            raise ShapeError(f"cannot fit {short} elements into {long}", help="give the shorter row as 'x2'")
        return (long - short + 1,)
