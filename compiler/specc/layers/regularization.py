"""Layers that act in training only: dropout, noise, and a penalty on what passes through."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from specc.arguments import DataFormat, Fraction, Integer, NonNegativeNumber, PositiveInt, TypeWords, freeze
from specc.diagnostics.problem import DTypeError, Problem, RuleError, ShapeError
from specc.dtypes import FLOATX
from specc.layers.accept import ANYTHING, FLOATS, NUMBERS, REALS, Kind, Unary
from specc.layers.base import Call, example_of, training_failure
from specc.layers.ranks import OfRank
from specc.shapes import Shape, Tensor, broadcast, fits, need_rank, show_shape

_NoiseShape = Annotated[
    tuple[PositiveInt | None, ...],
    BeforeValidator(freeze),
    TypeWords("a list of sizes, each a positive integer, or null for the input's"),
]


class _TrainingOnly(Unary):
    """Passes its input on, and changes it in training; input that it cannot change is refused if it always trains."""

    takes = ANYTHING
    takes_in_training: ClassVar[tuple[Kind, ...]] = FLOATS
    takes_sparse = True
    takes_sparse_in_training: ClassVar[bool] = False
    keeps_dtype = True
    options = {"training": bool}
    shape_rule = "the input's shape"

    seed: Integer | None = None

    def strength(self) -> float:
        """How much it changes its input; with 0, training makes no difference."""
        return 0.0

    def active(self, call: Call) -> bool:
        """Whether the call sets ``training``, and it then changes its input."""
        return bool(call.options.get("training")) and self.strength() > 0

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Any kind if it is passed on; kinds that can be multiplied and added to if it is changed."""
        return self.takes_in_training if self.active(call) else self.takes

    def accepts_sparse(self, call: Call) -> bool:
        """A sparse tensor can be passed on or multiplied."""
        return self.takes_sparse_in_training or not self.active(call)

    def accepts_ragged(self, call: Call) -> bool:
        """A ragged tensor can only be passed on."""
        return not self.active(call)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Input that it passes on but cannot change in training."""
        yield from training_failure(self, call)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The input in its own form: it stays sparse, whatever Keras announces."""
        (output,) = super().infer(call)
        return (output._replace(sparse=call.first.sparse),)


class _Dropout(_TrainingOnly):
    rate: Fraction

    def strength(self) -> float:
        """The fraction that is dropped."""
        return self.rate

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """As usual, but all kinds with a rate of 1: to drop everything, TensorFlow does no arithmetic."""
        return self.takes if self.rate == 1 else super().kinds(call)


class _Multiplicative(_Dropout):
    """Dropout with its own noise, which is undefined for a rate of 1."""

    def accept(self, call: Call) -> None:
        """RuleError for wrong data and, in training, for a rate of 1."""
        super().accept(call)
        if self.active(call) and self.rate == 1:
            raise RuleError("divides by zero with a rate of 1", argument="rate", help="use a rate below 1")


class Dropout(_Dropout):
    """Sets a random fraction ``rate`` of its input to zero, in training."""

    example = (
        "layers:\n  - {type: Input, name: x, shape: [16]}\n  - {type: Dropout, rate: 0.5}\n"
        "  - {type: Dense, units: 4}\n"
    )

    noise_shape: _NoiseShape | None = None

    def accept(self, call: Call) -> None:
        """RuleError for wrong data and, in training, for noise that does not fit it."""
        super().accept(call)
        if self.active(call) and self.rate < 1:
            fit_noise(self.noise_shape, call.shape)


def fit_noise(noise: Shape | None, shape: Shape) -> None:
    """ShapeError unless noise of that shape, with null for the input's sizes, can be broadcast to the input."""
    if noise is None:
        return
    if len(noise) == len(shape):
        noise = tuple(size if one is None else one for one, size in zip(noise, shape, strict=True))
    elif None in noise:
        noise = ()
    laid = broadcast(noise, shape)
    if laid is None or not fits(laid, shape):  # noise may not lengthen an axis of size 1
        raise ShapeError(
            f"cannot lay noise of {show_shape(noise)} over {show_shape(shape)}",
            argument="noise_shape",
            help="give each axis 1, null or the input's size, the batch axis included",
        )


class _SpatialDropout(_Dropout, OfRank):
    """Drops whole feature maps."""

    any_batch = True
    missing_base_arguments = frozenset({"trainable", "activity_regularizer"})
    saves_policy = False

    def output_shape(self, shape: Shape) -> Shape:
        need_rank(shape, self.rank + 2)
        return shape


class SpatialDropout1D(_SpatialDropout, rank=1):
    """Sets a random fraction of the feature maps of a sequence to zero, in training."""

    example = example_of("SpatialDropout1D, rate: 0.2", "[20, 8]")


class SpatialDropout2D(_SpatialDropout, rank=2):
    """Sets a random fraction of the feature maps of an image to zero, in training."""

    example = example_of("SpatialDropout2D, rate: 0.2", "[28, 28, 8]", "image")

    data_format: DataFormat | None = None


class SpatialDropout3D(_SpatialDropout, rank=3):
    """Sets a random fraction of the feature maps of a volume to zero, in training."""

    example = example_of("SpatialDropout3D, rate: 0.2", "[8, 8, 8, 4]", "volume")

    data_format: DataFormat | None = None


class GaussianNoise(_TrainingOnly):
    """Adds normally distributed noise, in training."""

    any_batch = True
    example = example_of("GaussianNoise, stddev: 0.1", "[16]")

    stddev: Fraction

    def strength(self) -> float:
        """The standard deviation of the noise."""
        return self.stddev


class GaussianDropout(_Multiplicative):
    """Multiplies by normally distributed noise around one, in training."""

    takes_in_training = ("bool", "float")
    takes_sparse_in_training = True
    example = example_of("GaussianDropout, rate: 0.2", "[16]")


class AlphaDropout(_Multiplicative):
    """Dropout that keeps mean and variance, for networks with selu, in training."""

    takes_in_training = ("float", "complex")
    example = (
        "layers:\n  - {type: Input, name: x, shape: [16]}\n  - {type: Dense, units: 16, activation: selu}\n"
        "  - {type: AlphaDropout, rate: 0.1}\n"
    )

    noise_shape: _NoiseShape | None = None

    def accept(self, call: Call) -> None:
        """RuleError for wrong data and, in training, for noise that does not fit it."""
        super().accept(call)
        if self.active(call):
            fit_noise(self.noise_shape, call.shape)


class ActivityRegularization(Unary):
    """Adds a penalty for large values to the loss, and passes its input on."""

    keeps_dtype = True
    takes_ragged = False
    missing_base_arguments = frozenset({"activity_regularizer"})
    shape_rule = "the input's shape"
    example = (
        "layers:\n  - {type: Input, name: x, shape: [16]}\n  - {type: Dense, units: 8}\n"
        "  - {type: ActivityRegularization, l2: 0.01}\n"
    )

    l1: NonNegativeNumber | None = 0.0
    l2: NonNegativeNumber | None = 0.0

    def cautions(self, call: Call) -> Iterator[Problem]:
        """A penalty whose dtype is not that of the loss."""
        dtype = call.first.dtype
        if (self.l1 or self.l2) and dtype != FLOATX:
            yield Problem(
                "cannot-train",
                f"cannot train: its penalty is {dtype}, which Keras cannot add to a loss of {FLOATX}",
                help=f"give it dtype: {FLOATX}",
            )

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """The kinds of values that can be penalized."""
        return REALS if self.l1 or self.l2 else NUMBERS

    def accept(self, call: Call) -> None:
        """RuleError for wrong data; TensorFlow sums small integers in larger ones, which Keras then cannot multiply."""
        super().accept(call)
        dtype = call.first.dtype
        if dtype in ("int8", "uint8", "int16", "uint16") and (self.l1 or self.l2):
            raise DTypeError(f"cannot sum up {dtype}", help="give the Input a float dtype, or int32")
