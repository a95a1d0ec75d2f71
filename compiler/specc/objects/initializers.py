"""Keras's initializers."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from specc.arguments import LARGEST_INT, Integer, Integers, Numbers, PositiveNumber, TypeWords, freeze
from specc.arguments.roles import Saved
from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.objects.base import LARGEST_FLOAT32, Float32, KerasObject, classes_in
from specc.shapes import LARGEST_RANK, show_shape

Sizes = tuple[int, ...]

Seed = Annotated[Integer | None, TypeWords("an integer or null")]


class Initializer(KerasObject):
    """Fills a new weight."""

    kind = "initializer"
    keras_module = "initializers"

    def problem(self, shape: Sizes) -> str | None:
        """Why it cannot fill a weight of that shape, as a predicate, or None."""
        return None

    def dtype_problem(self, dtype: str) -> str | None:
        """Why it cannot fill a weight of that dtype, as a predicate, or None."""
        return None


# -- Constant values -------------------------------------------------------------------------------


def _constant(value: Any) -> Any:
    """A number, a boolean, or lists of them that make a full array."""
    frozen = freeze(value)
    if not _is_array(frozen, LARGEST_RANK):
        raise ProblemsError(
            [Problem("argument-value", f"must be a number or a list of numbers, not {quote_value(value)}")]
        )
    return frozen


def _is_array(value: Any, rank: int) -> bool:
    if isinstance(value, tuple):
        items = [_is_array(item, rank - 1) for item in value]
        return rank > 0 and all(items) and len({_array_shape(item) for item in value}) <= 1
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -LARGEST_INT <= value <= LARGEST_INT
    return isinstance(value, float) and abs(value) <= LARGEST_FLOAT32


def _array_shape(value: Any) -> Sizes:
    """
    >>> _array_shape(((1, 2, 3), (4, 5, 6))), _array_shape(1.5)
    ((2, 3), ())
    """
    return (len(value), *(_array_shape(value[0]) if value else ())) if isinstance(value, tuple) else ()


ConstantValue = Annotated[
    Any,
    PlainValidator(_constant),
    WithJsonSchema({"type": ["number", "boolean", "array"]}),
    TypeWords("a number or a list of numbers"),
]


class Constant(Initializer, names="constant"):
    """One value everywhere, or an array of values that is broadcast to the weight."""

    value: ConstantValue = 0.0

    def problem(self, shape: Sizes) -> str | None:
        """The values must broadcast to the weight's shape."""
        values = _array_shape(self.value)
        if len(values) > len(shape) or any(
            size not in (1, dim) for size, dim in zip(reversed(values), reversed(shape), strict=False)
        ):
            return f"has values of shape {show_shape(values)}, which do not spread over {show_shape(shape)}"
        return None


class Zeros(Initializer, names="zeros zero"):
    """0 everywhere."""


class Ones(Initializer, names="ones one"):
    """1 everywhere."""


class Identity(Initializer, names="identity IdentityInitializer"):
    """The identity matrix times ``gain``."""

    unsaved = frozenset({"gain"})

    gain: Float32 = 1.0

    def problem(self, shape: Sizes) -> str | None:
        """Only matrices have an identity."""
        return None if len(shape) == 2 else f"makes a matrix and cannot fill {show_shape(shape)}"


WINDOWS = (
    "barthann", "brthan", "bth", "bartlett", "bart", "brt", "blackman", "black", "blk", "blackmanharris", "blackharr",
    "bkh", "bohman", "bman", "bmn", "boxcar", "box", "ones", "rect", "rectangular", "cosine", "halfcosine",
    "exponential", "poisson", "flattop", "flat", "flt", "hamming", "hamm", "ham", "hann", "han", "lanczos", "sinc",
    "nuttall", "nutl", "nut", "parzen", "parz", "par", "taylor", "taylorwin", "triangle", "triang", "tri", "tukey",
    "tuk",
)  # fmt: skip
"""SciPy's window functions that need no parameters, by each of their names."""


def _window(value: Any) -> Any:
    frozen = freeze(value)
    if isinstance(frozen, str) and frozen not in WINDOWS:
        hint = did_you_mean(frozen, WINDOWS) or 'for instance "hann", "hamming", "blackman" or "boxcar"'
        raise ProblemsError(
            [Problem("argument-value", f"must be a window of SciPy, not {quote_value(value)}", help=hint)]
        )
    return frozen


def missing_scipy(window: Any) -> Iterator[Problem]:
    """The problem of a window that is given by name, if SciPy, which makes it, is not installed."""
    from importlib.util import find_spec

    if isinstance(window, str) and find_spec("scipy") is None:
        yield Problem(
            "argument-value",
            f"has the window {quote_value(window)}, which needs the package scipy, and that is not installed",
            ("window",),
            "run pip install scipy, or give window as a list of numbers",
        )


Window = Annotated[
    str | Numbers | None, BeforeValidator(_window), TypeWords("a window's name, a list of numbers or null")
]


class STFT(Initializer, names="stft STFTInitializer"):
    """The kernel of a short-time Fourier transform: its real or imaginary part."""

    side: Literal["real", "imag"] = "real"
    window: Window = "hann"
    scaling: Literal["density", "spectrum"] | None = "density"
    periodic: bool = False

    def check(self) -> Iterator[Problem]:
        """A window given by name needs SciPy."""
        yield from missing_scipy(self.window)

    def problem(self, shape: Sizes) -> str | None:
        """The kernel is (frame, 1, frequencies); a window given as numbers is as long as a frame."""
        if len(shape) != 3:
            return f"makes a kernel of 3 dimensions and cannot fill {show_shape(shape)}"
        if shape[1] != 1:
            return f"makes a kernel for 1 channel and cannot fill {show_shape(shape)}"
        if isinstance(self.window, tuple) and len(self.window) != shape[0]:
            return f"has a window of {len(self.window)} values for frames of {shape[0]}"
        return None


# -- Random values ---------------------------------------------------------------------------------


class RandomInitializer(Initializer):
    """Draws random values; with a ``seed``, always the same ones."""

    seed: Seed = None


class RandomNormal(RandomInitializer, names="random_normal normal"):
    """Draws from a normal distribution."""

    mean: float = 0.0
    stddev: float = 0.05


class TruncatedNormal(RandomInitializer, names="truncated_normal"):
    """Draws from a normal distribution; redraws values more than two standard deviations from the mean."""

    mean: float = 0.0
    stddev: float = 0.05


class RandomUniform(RandomInitializer, names="random_uniform uniform"):
    """Draws evenly from a range."""

    minval: float = -0.05
    maxval: float = 0.05


class FanInitializer(RandomInitializer):
    """Draws values whose spread depends on how many inputs and outputs the weight connects."""

    input_axes: Integers | None = None
    output_axes: Integers | None = None

    def problem(self, shape: Sizes) -> str | None:
        """The weight must have the axes that count as inputs and outputs."""
        if self.input_axes is None or self.output_axes is None:
            return None
        rank = len(shape)
        for name, axes in (("input_axes", self.input_axes), ("output_axes", self.output_axes)):
            for axis in axes:
                if not -rank <= axis < rank:
                    return f"has {axis} in {name}, an axis that {show_shape(shape)} does not have"
        return None


def _distribution(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Distribution = Annotated[
    Literal["uniform", "normal", "truncated_normal", "untruncated_normal"],
    BeforeValidator(_distribution),
    Saved(lambda name: "truncated_normal" if name == "normal" else name),
]


class VarianceScaling(FanInitializer, names="variance_scaling"):
    """Draws with a variance of ``scale`` over the number of inputs, outputs or their average (``mode``)."""

    scale: PositiveNumber = 1.0
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in"
    distribution: Distribution = "truncated_normal"


class GlorotUniform(FanInitializer, names="glorot_uniform"):
    """Draws evenly, with a variance of 2 over the sum of inputs and outputs."""


class GlorotNormal(FanInitializer, names="glorot_normal"):
    """Draws from a truncated normal distribution, with a variance of 2 over the sum of inputs and outputs."""


class HeUniform(FanInitializer, names="he_uniform"):
    """Draws evenly, with a variance of 2 over the number of inputs."""


class HeNormal(FanInitializer, names="he_normal"):
    """Draws from a truncated normal distribution, with a variance of 2 over the number of inputs."""


class LecunUniform(FanInitializer, names="lecun_uniform"):
    """Draws evenly, with a variance of 1 over the number of inputs."""


class LecunNormal(FanInitializer, names="lecun_normal"):
    """Draws from a truncated normal distribution, with a variance of 1 over the number of inputs."""


class Orthogonal(RandomInitializer, names="orthogonal OrthogonalInitializer"):
    """A random orthogonal matrix times ``gain``; with more dimensions, all but the last count as rows."""

    gain: Float32 = 1.0

    def dtype_problem(self, dtype: str) -> str | None:
        """TensorFlow cannot make a bfloat16 matrix orthogonal."""
        return "cannot fill bfloat16" if dtype == "bfloat16" else None

    def problem(self, shape: Sizes) -> str | None:
        """There must be rows and columns."""
        return None if len(shape) >= 2 else f"needs 2 dimensions or more and cannot fill {show_shape(shape)}"


CLASSES = classes_in(globals())
REFUSED: dict[str, str] = {
    "Initializer": "it is the base class of initializers and fills nothing; use Zeros or GlorotUniform",
    "initializer": "it is the base class of initializers and fills nothing; use Zeros or GlorotUniform",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
