"""What each of Keras's initializers fills a weight with, as numpy computes it.

A weight is made from functions of a range: the numbers from one place to another, in the order in which they are stored. So it
can be written in blocks, and a large one is never in memory as a whole. Only Orthogonal needs all of it at once, several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from specc.archive.native import NotNative
from specc.archive.weights.initial.philox import Philox, numpy_dtype, wide_dtype
from specc.archive.weights.initial.unseeded import Unseeded
from specc.objects import initializers as kinds
from specc.objects.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Sizes = tuple[int, ...]
Numbers = Callable[[int, int], "Array"]
"""Gives the numbers of a weight from one place to another, flat. Ranges are asked for in order."""

BLOCK_BYTES = 4 << 20
LARGE_MATRIX = 1 << 19
"""The number of values from which on numpy is not the fastest to factor a matrix, with the import of what is faster."""
TRUNCATED_DEVIATION = 0.87962566103423978
"""The standard deviation of a normal distribution that is cut off at 2. Keras: ``VarianceScaling.__call__``."""


class LeftToKeras(NotNative):
    """What only Keras knows, since a plugin adds it."""


class Random(Protocol):
    """Where random numbers come from: those of a range of places, flat and not yet scaled."""

    def uniform(self, start: int, stop: int, dtype: str) -> Array:
        """In [0, 1)."""

    def normal(self, start: int, stop: int, dtype: str) -> Array:
        """Of mean 0 and standard deviation 1."""

    def truncated_normal(self, start: int, stop: int, dtype: str) -> Array:
        """Those of `normal` that are less than 2 from 0."""


class Block(NamedTuple):
    """A part of a weight: ``dataset[block.where] = block.numbers``."""

    where: tuple[int | slice, ...]
    numbers: Array


def blocks(shape: Sizes, dtype: str, numbers: Numbers, most: int = BLOCK_BYTES) -> Iterator[Block]:
    """A weight in blocks of at most `most` bytes: several rows of an axis, of one index of each axis before it."""
    import numpy as np

    at_once = max(1, most // numpy_dtype(dtype).itemsize)
    if prod(shape) <= at_once:
        yield Block((), numbers(0, prod(shape)).reshape(shape))
        return
    axis = next(axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= at_once)
    outer, length, inner = shape[:axis], shape[axis], shape[axis + 1 :]
    row, rows = prod(inner), at_once // prod(inner)
    start = 0
    for before in np.ndindex(*outer):
        for first in range(0, length, rows):
            last = min(first + rows, length)
            stop = start + (last - first) * row
            yield Block((*before, slice(first, last)), numbers(start, stop).reshape(last - first, *inner))
            start = stop


def numbers_of(initializer: Initializer, shape: Sizes, dtype: str) -> Numbers:
    """What an initializer fills a weight with. LeftToKeras for one of a plugin."""
    match initializer:
        case kinds.Zeros():
            return _filled(0, dtype)
        case kinds.Ones():
            return _filled(1, dtype)
        case kinds.Constant():
            return _constant(initializer.value, shape, dtype)
        case kinds.Identity():
            return _identity(initializer.gain, shape, dtype)
        case kinds.STFT():
            return whole(lambda: _stft(initializer, shape, dtype))
        case kinds.RandomUniform():
            return _uniform(initializer.seed, initializer.minval, initializer.maxval, dtype)
        case kinds.RandomNormal():
            return _normal(initializer.seed, initializer.mean, initializer.stddev, dtype)
        case kinds.TruncatedNormal():
            return _truncated_normal(initializer.seed, initializer.mean, initializer.stddev, dtype)
        case kinds.VarianceScaling():
            spread = Spread(initializer.scale, initializer.mode, initializer.distribution)
            return _variance_scaling(spread, initializer, shape, dtype)
        case kinds.Orthogonal():
            return whole(lambda: _orthogonal(initializer, shape, dtype))
        case kinds.FanInitializer() if type(initializer) in SPREADS:
            return _variance_scaling(SPREADS[type(initializer)], initializer, shape, dtype)
    raise LeftToKeras(f"only Keras knows what {initializer.keras_name()} fills a weight with")


# -- Random values ---------------------------------------------------------------------------------


def source(seed: int | None) -> Random:
    """The generator of a seed; without one, a new generator."""
    return Unseeded() if seed is None else Philox.seeded(seed)


def _uniform(seed: int | None, low: float, high: float, dtype: str) -> Numbers:
    import numpy as np

    # Keras casts the bounds to the dtype as TensorFlow casts a Python float: by way of float32.
    least, most = (np.float32(bound).astype(numpy_dtype(dtype)) for bound in (low, high))
    return _scaled(source(seed).uniform, most - least, least, dtype)


def _normal(seed: int | None, mean: float, deviation: float, dtype: str) -> Numbers:
    number = numpy_dtype(dtype).type
    return _scaled(source(seed).normal, number(deviation), number(mean), dtype)


def _truncated_normal(seed: int | None, mean: float, deviation: float, dtype: str) -> Numbers:
    number = numpy_dtype(dtype).type
    return _scaled(source(seed).truncated_normal, number(deviation), number(mean), dtype)


def _scaled(draw: Callable[[int, int, str], Array], factor: Any, shift: Any, dtype: str) -> Numbers:
    """Numbers times a factor and plus a shift, rounded after each as TensorFlow does."""

    def numbers(start: int, stop: int) -> Array:
        drawn = draw(start, stop, dtype)
        drawn *= factor
        drawn += shift
        return drawn

    return numbers


class Spread(NamedTuple):
    """What decides the variance: `VarianceScaling`'s arguments of those names."""

    scale: float
    mode: str
    distribution: str


SPREADS: dict[type[Initializer], Spread] = {
    kinds.GlorotUniform: Spread(1.0, "fan_avg", "uniform"),
    kinds.GlorotNormal: Spread(1.0, "fan_avg", "truncated_normal"),
    kinds.HeUniform: Spread(2.0, "fan_in", "uniform"),
    kinds.HeNormal: Spread(2.0, "fan_in", "truncated_normal"),
    kinds.LecunUniform: Spread(1.0, "fan_in", "uniform"),
    kinds.LecunNormal: Spread(1.0, "fan_in", "truncated_normal"),
}
"""The initializers that are VarianceScaling with these arguments."""


def _variance_scaling(spread: Spread, initializer: kinds.FanInitializer, shape: Sizes, dtype: str) -> Numbers:
    seed = initializer.seed
    fan_in, fan_out = fans(shape, initializer.input_axes, initializer.output_axes)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[spread.mode]
    variance = spread.scale / max(1.0, fan)
    match spread.distribution:
        case "uniform":
            limit = sqrt(3.0 * variance)
            return _uniform(seed, -limit, limit, dtype)
        case "untruncated_normal":
            return _normal(seed, 0.0, sqrt(variance), dtype)
    return _truncated_normal(seed, 0.0, sqrt(variance) / TRUNCATED_DEVIATION, dtype)


def fans(shape: Sizes, input_axes: Sizes | None = None, output_axes: Sizes | None = None) -> tuple[int, int]:
    """How many inputs and outputs a weight connects. Keras: ``compute_fans``.

    >>> fans((3, 3, 16, 32)), fans((8, 2, 4), (0,), (1, 2)), fans((5,)), fans(())
    ((144, 288), (8, 8), (5, 5), (1, 1))
    """
    if input_axes is not None and output_axes is not None:
        return prod(shape[axis] for axis in input_axes), prod(shape[axis] for axis in output_axes)
    if len(shape) < 2:
        return prod(shape), prod(shape)
    *window, inputs, outputs = shape
    return inputs * prod(window), outputs * prod(window)


def _orthogonal(initializer: kinds.Orthogonal, shape: Sizes, dtype: str) -> Array:
    """The orthogonal factor of a normal matrix, its columns turned so that the other factor's diagonal is positive.

    That makes the factor unique: what differs from Keras's is rounding.
    """
    import numpy as np

    rows, columns = prod(shape[:-1]), shape[-1]
    longer, shorter = max(rows, columns), min(rows, columns)
    matrix = source(initializer.seed).normal(0, longer * shorter, dtype).reshape(longer, shorter)
    matrix = matrix.astype(wide_dtype(dtype), copy=False)
    if matrix.size < LARGE_MATRIX:
        factor, triangle = np.linalg.qr(matrix)
    else:  # in place and in a quarter of the time, but the import takes a fifth of a second
        from scipy.linalg import qr

        factor, triangle = qr(np.asfortranarray(matrix), overwrite_a=True, mode="economic", check_finite=False)
    factor *= np.sign(np.diagonal(triangle))
    made: Array = (factor.T if rows < columns else factor).astype(numpy_dtype(dtype), copy=False)
    made *= made.dtype.type(initializer.gain)
    return made


# -- Constant values -------------------------------------------------------------------------------


def whole(make: Callable[[], Array]) -> Numbers:
    """The numbers of an array that is made when the first of them are asked for."""
    made: list[Array] = []

    def numbers(start: int, stop: int) -> Array:
        if not made:
            made.append(make().reshape(-1))
        return made[0][start:stop]

    return numbers


def _filled(value: Any, dtype: str) -> Numbers:
    import numpy as np

    return lambda start, stop: np.full(stop - start, value, numpy_dtype(dtype))


def _constant(given: Any, shape: Sizes, dtype: str) -> Numbers:
    import numpy as np

    value = np.asarray(given)
    if value.dtype == np.float64:
        value = value.astype(np.float32)  # as TensorFlow does with Python's floats
    with np.errstate(over="ignore"):  # infinite in float16
        value = value.astype(numpy_dtype(dtype))
    return _filled(value, dtype) if value.ndim == 0 else whole(lambda: np.broadcast_to(value, shape))


def _identity(gain: float, shape: Sizes, dtype: str) -> Numbers:
    import numpy as np

    rows, columns = shape

    def numbers(start: int, stop: int) -> Array:
        """The diagonal's numbers are `columns + 1` places apart, and end with the last row that has one."""
        made = np.zeros(stop - start, numpy_dtype(dtype))
        diagonal = made[: max(0, min(rows, columns) * columns - start)]
        diagonal[-start % (columns + 1) :: columns + 1] = gain
        return made

    return numbers


def _stft(initializer: kinds.STFT, shape: Sizes, dtype: str) -> Array:
    """Waves times a window that is scaled, computed in the weight's dtype. Keras: ``STFT.__call__``."""
    import numpy as np

    frame, _, frequencies = shape
    kind = numpy_dtype(dtype)
    frequency = np.arange(frequencies).astype(kind) / kind.type((frequencies - 1) * 2)
    time = kind.type(-2) * np.arange(frame).astype(kind)
    angle = (time[:, None] * frequency) * kind.type(np.pi)
    kernel: Array = np.cos(angle) if initializer.side == "real" else np.sin(angle)
    if initializer.window is None:
        return kernel
    window = _window(initializer, frame).astype(kind)
    wide = wide_dtype(dtype)  # in which TensorFlow adds up
    scale = kind.type(1)
    if initializer.scaling == "density":
        scale = np.sqrt(np.sum(np.square(window), dtype=wide).astype(kind))
    elif initializer.scaling == "spectrum":
        scale = np.sum(np.abs(window), dtype=wide).astype(kind)
    kernel *= window[:, None]
    kernel /= scale
    return kernel


def _window(initializer: kinds.STFT, frame: int) -> Array:
    import numpy as np

    if not isinstance(initializer.window, str):
        return np.asarray(initializer.window)
    from scipy.signal import get_window

    return np.asarray(get_window(initializer.window, frame, initializer.periodic))
