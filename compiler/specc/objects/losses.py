"""Keras's losses."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from specc.arguments import Axes, Axis, Integer, PolicyName, TypeWords
from specc.objects.base import Float32, KerasObject, ScopeName
from specc.shapes import Tensor, show_shape

Reduction = Literal["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"] | None


class Loss(KerasObject):
    """TypeWords how far an output is from its target."""

    kind: ClassVar[str] = "loss"
    keras_module: ClassVar[str] = "losses"

    def problem(self, output: Tensor) -> str | None:
        """Why no target can be compared with that output, as a predicate, or None."""
        return "cannot compare strings" if output.dtype == "string" else self.shape_problem(output)

    def shape_problem(self, output: Tensor) -> str | None:
        """`problem` for an output of numbers."""
        return None


class AxisLoss(Loss):
    """A loss along an axis, which the output must have."""

    axis: Axes | None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have every axis, once."""
        return axis_problem(self.axis, widened(output))


def widened(output: Tensor) -> Tensor:
    """An output as Keras compares it: where it has no axis but the batch's, it gets one of size 1 with its target."""
    return output._replace(shape=(*output.shape, 1)) if len(output.shape) == 1 else output


def softmax_axis_problem(axis: int, from_logits: bool) -> str | None:
    """What is wrong with an axis of logits, which TensorFlow's cross-entropy counts from the front or takes as -1."""
    return (
        f"cannot count axis {axis} from the back with from_logits; count it from the front"
        if from_logits and axis < -1
        else None
    )


def axis_problem(axes: int | tuple[int, ...] | None, output: Tensor) -> str | None:
    """What is wrong with an axis or axes of an output, as a predicate, or None."""
    rank = len(output.shape)
    wanted = () if axes is None else (axes,) if isinstance(axes, int) else axes
    for axis in wanted:
        if not -rank <= axis < rank:
            return f"has axis {axis}, which an output of shape {show_shape(output.shape)} does not have"
    if len({axis % rank for axis in wanted}) < len(wanted):
        return f"names an axis of {show_shape(output.shape)} twice"
    return None


class MeanSquaredError(Loss):
    """The mean of the squared differences."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_squared_error", "mse", "MSE")
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "mean_squared_error"
    dtype: PolicyName | None = None


class MeanAbsoluteError(Loss):
    """The mean of the absolute differences."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_absolute_error", "mae", "MAE")
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "mean_absolute_error"
    dtype: PolicyName | None = None


class MeanAbsolutePercentageError(Loss):
    """The mean of the absolute differences, in percent of the target."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_absolute_percentage_error", "mape", "MAPE")
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "mean_absolute_percentage_error"
    dtype: PolicyName | None = None


class MeanSquaredLogarithmicError(Loss):
    """The mean of the squared differences of the logarithms."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_squared_logarithmic_error", "msle", "MSLE")
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "mean_squared_logarithmic_error"
    dtype: PolicyName | None = None


class CosineSimilarity(AxisLoss):
    """Minus the cosine of the angle between output and target."""

    spellings: ClassVar[tuple[str, ...]] = ("cosine_similarity",)
    axis: Axis = -1
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "cosine_similarity"
    dtype: PolicyName | None = None


class Huber(Loss):
    """Squared differences up to ``delta``, absolute ones beyond."""

    spellings: ClassVar[tuple[str, ...]] = ("huber",)
    delta: Float32 = 1.0
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "huber_loss"
    dtype: PolicyName | None = None


class LogCosh(Loss):
    """The logarithm of the hyperbolic cosine of the differences."""

    spellings: ClassVar[tuple[str, ...]] = ("log_cosh",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "log_cosh"
    dtype: PolicyName | None = None


class Hinge(Loss):
    """The hinge loss, for targets of -1 and 1 (or 0 and 1)."""

    spellings: ClassVar[tuple[str, ...]] = ("hinge",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "hinge"
    dtype: PolicyName | None = None


class SquaredHinge(Loss):
    """The squared hinge loss, for targets of -1 and 1 (or 0 and 1)."""

    spellings: ClassVar[tuple[str, ...]] = ("squared_hinge",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "squared_hinge"
    dtype: PolicyName | None = None


class CategoricalHinge(Loss):
    """The hinge loss of the right class against the best wrong one, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_hinge",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "categorical_hinge"
    dtype: PolicyName | None = None


class KLDivergence(Loss):
    """The Kullback-Leibler divergence of the output from the target."""

    spellings: ClassVar[tuple[str, ...]] = ("kl_divergence", "kld", "KLD")
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "kl_divergence"
    dtype: PolicyName | None = None


class Poisson(Loss):
    """The Poisson loss, for targets that are counts."""

    spellings: ClassVar[tuple[str, ...]] = ("poisson",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "poisson"
    dtype: PolicyName | None = None


class BinaryCrossentropy(AxisLoss):
    """The cross-entropy of yes-or-no answers."""

    spellings: ClassVar[tuple[str, ...]] = ("binary_crossentropy", "bce", "BCE")
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axes | None = -1
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "binary_crossentropy"
    dtype: PolicyName | None = None


class BinaryFocalCrossentropy(AxisLoss):
    """The cross-entropy of yes-or-no answers, weighted towards the hard ones."""

    spellings: ClassVar[tuple[str, ...]] = ("binary_focal_crossentropy",)
    apply_class_balancing: bool = False
    alpha: Float32 = 0.25
    gamma: Float32 = 2.0
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axes | None = -1
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "binary_focal_crossentropy"
    dtype: PolicyName | None = None


class CategoricalCrossentropy(AxisLoss):
    """The cross-entropy of one class among several, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_crossentropy",)
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axis = -1
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "categorical_crossentropy"
    dtype: PolicyName | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return super().shape_problem(output) or softmax_axis_problem(self.axis, self.from_logits)


class CategoricalFocalCrossentropy(AxisLoss):
    """The cross-entropy of one class among several, weighted towards the hard cases, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_focal_crossentropy",)
    alpha: Float32 = 0.25
    gamma: Float32 = 2.0
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axis = -1
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "categorical_focal_crossentropy"
    dtype: PolicyName | None = None


class SparseCategoricalCrossentropy(AxisLoss):
    """The cross-entropy of one class among several, for targets that are the class's number."""

    spellings: ClassVar[tuple[str, ...]] = ("sparse_categorical_crossentropy",)
    from_logits: bool = False
    ignore_class: Integer | None = None
    reduction: Reduction = "sum_over_batch_size"
    axis: Axis = -1
    name: ScopeName | None = "sparse_categorical_crossentropy"
    dtype: PolicyName | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """The classes must lie along the last axis."""
        rank = len(output.shape)
        last = {-1, rank - 1}
        if rank == 1:
            last.add(1)
        elif rank > 2 and output.shape[-1] in (1, None):
            last.add(rank - 2)  # Keras drops a last axis of size 1 that the target does not have
        if self.axis not in last:
            return f"works along the last axis only, not axis {self.axis} of {show_shape(output.shape)}"
        return None


class CategoricalGeneralizedCrossEntropy(Loss):
    """A cross-entropy that wrong labels disturb less, for targets that are the class's number."""

    by_name: ClassVar[bool] = False
    q: Annotated[float, Field(gt=0, lt=1), TypeWords("a number between 0 and 1")] = 0.5
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "categorical_generalized_cross_entropy"
    dtype: PolicyName | None = None


class CTC(Loss):
    """Connectionist temporal classification, for sequences whose alignment is not known."""

    spellings: ClassVar[tuple[str, ...]] = ("ctc",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "ctc"
    dtype: PolicyName | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a sequence of probabilities."""
        if len(output.shape) != 3 or output.shape[-1] == 1:
            return f"needs an output of shape (batch, length, 2 or more classes), got {show_shape(output.shape)}"
        return None


class Dice(AxisLoss):
    """One minus the Dice overlap of output and target."""

    spellings: ClassVar[tuple[str, ...]] = ("dice",)
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "dice"
    axis: Axes | None = None
    dtype: PolicyName | None = None


class Tversky(AxisLoss):
    """One minus the Tversky overlap, which weighs false positives by ``alpha`` and false negatives by ``beta``."""

    spellings: ClassVar[tuple[str, ...]] = ("tversky",)
    alpha: Float32 = 0.5
    beta: Float32 = 0.5
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "tversky"
    axis: Axes | None = None
    dtype: PolicyName | None = None


class Circle(Loss):
    """Draws embeddings of the same class together and others apart; the output is one normalized vector each."""

    spellings: ClassVar[tuple[str, ...]] = ("circle",)
    gamma: Float32 = 80.0
    margin: Float32 = 0.4
    remove_diagonal: bool = True
    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = "circle"
    dtype: PolicyName | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a vector for each sample."""
        rank = len(output.shape)
        if rank > 3 or (rank == 3 and output.shape[-1] not in (1, None)):
            return f"needs an output of shape (batch, size), got {show_shape(output.shape)}"
        return None


class Crossentropy(Loss):
    """The cross-entropy that fits the output and its target: binary, sparse categorical or categorical."""

    spellings: ClassVar[tuple[str, ...]] = ("ce",)
    any_case: ClassVar[bool] = True
    has_class: ClassVar[bool] = False

    @classmethod
    def keras_name(cls) -> str:
        """The name that ``compile`` knows."""
        return "crossentropy"


CLASSES: tuple[type[Loss], ...] = (
    MeanSquaredError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    CosineSimilarity,
    Huber,
    LogCosh,
    Hinge,
    SquaredHinge,
    CategoricalHinge,
    KLDivergence,
    Poisson,
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    SparseCategoricalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    CTC,
    Dice,
    Tversky,
    Circle,
    Crossentropy,
)
REFUSED: dict[str, str] = {
    "Loss": "it is the base class of losses and compares nothing; use MeanSquaredError or another",
    "LossFunctionWrapper": "it wraps a function, which is code; use one of Keras's losses by name",
}
"""Names in Keras's table that no spec can use: the reason and the way out."""
