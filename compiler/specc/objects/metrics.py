"""Keras's metrics, except those that count hits and misses (`specc.objects.confusion_metrics`)."""

from typing import ClassVar, Literal

from specc.arguments import Axis, Integer, NonNegativeInt, PolicyName
from specc.objects import confusion_metrics as confusion
from specc.objects.base import Float32
from specc.objects.losses import axis_problem, softmax_axis_problem, widened
from specc.objects.metric import LazyName, Metric, Outputs
from specc.shapes import Tensor, is_float, show_shape


class FloatMetric(Metric):
    """A metric of outputs that are floats."""

    outputs: ClassVar[Outputs] = "float"


class AxisMetric(FloatMetric):
    """A metric along an axis, which the output must have."""

    axis: Axis

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return axis_problem(self.axis, widened(output))


# -- Regression ------------------------------------------------------------------------------------


class MeanSquaredError(Metric):
    """The mean of the squared differences."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_squared_error", "mse", "MSE")
    outputs: ClassVar[Outputs] = "number"
    name: str | None = "mean_squared_error"
    dtype: PolicyName | None = None


class RootMeanSquaredError(Metric):
    """The root of the mean of the squared differences."""

    spellings: ClassVar[tuple[str, ...]] = ("root_mean_squared_error",)
    name: str | None = "root_mean_squared_error"
    dtype: PolicyName | None = None


class MeanAbsoluteError(Metric):
    """The mean of the absolute differences."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_absolute_error", "mae", "MAE")
    outputs: ClassVar[Outputs] = "number"
    name: str | None = "mean_absolute_error"
    dtype: PolicyName | None = None


class MeanAbsolutePercentageError(Metric):
    """The mean of the absolute differences, in percent of the target."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_absolute_percentage_error", "mape", "MAPE")
    outputs: ClassVar[Outputs] = "number"
    name: str | None = "mean_absolute_percentage_error"
    dtype: PolicyName | None = None


class MeanSquaredLogarithmicError(Metric):
    """The mean of the squared differences of the logarithms."""

    spellings: ClassVar[tuple[str, ...]] = ("mean_squared_logarithmic_error", "msle", "MSLE")
    name: str | None = "mean_squared_logarithmic_error"
    dtype: PolicyName | None = None


class CosineSimilarity(AxisMetric):
    """The cosine of the angle between output and target."""

    spellings: ClassVar[tuple[str, ...]] = ("cosine_similarity",)
    name: str | None = "cosine_similarity"
    dtype: PolicyName | None = None
    axis: Axis = -1


class LogCoshError(FloatMetric):
    """The logarithm of the hyperbolic cosine of the differences."""

    spellings: ClassVar[tuple[str, ...]] = ("log_cosh_error",)
    name: str | None = "logcosh"
    dtype: PolicyName | None = None


class R2Score(Metric):
    """The share of the targets' variance that the outputs explain."""

    spellings: ClassVar[tuple[str, ...]] = ("r2_score",)
    class_aggregation: Literal["uniform_average", "variance_weighted_average"] | None = "uniform_average"
    num_regressors: NonNegativeInt = 0
    name: LazyName | None = "r2_score"
    dtype: PolicyName | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a vector for each sample."""
        rank = len(output.shape)
        if rank > 3 or (rank == 3 and output.shape[-1] not in (1, None)):
            return f"needs an output of shape (batch, size), got {show_shape(output.shape)}"
        return None


class PearsonCorrelation(AxisMetric):
    """Pearson's correlation of outputs and targets."""

    spellings: ClassVar[tuple[str, ...]] = ("pearson_correlation",)
    name: str | None = "pearson_correlation"
    dtype: PolicyName | None = None
    axis: Axis = -1


class ConcordanceCorrelation(AxisMetric):
    """The concordance correlation of outputs and targets."""

    spellings: ClassVar[tuple[str, ...]] = ("concordance_correlation",)
    name: str | None = "concordance_correlation"
    dtype: PolicyName | None = None
    axis: Axis = -1


# -- Accuracy --------------------------------------------------------------------------------------


class AutoAccuracy(Metric):
    """The accuracy that fits the output and its target: binary, sparse categorical or categorical."""

    spellings: ClassVar[tuple[str, ...]] = ("acc",)
    any_case: ClassVar[bool] = True
    has_class: ClassVar[bool] = False

    @classmethod
    def keras_name(cls) -> str:
        """The name that ``compile`` knows."""
        return "accuracy"


class Accuracy(Metric):
    """How often the output equals the target exactly; for classes use the name ``accuracy``."""

    outputs: ClassVar[Outputs] = "any"
    name: str | None = "accuracy"
    dtype: PolicyName | None = None


class BinaryAccuracy(Metric):
    """How often an output above ``threshold`` goes with a target of 1."""

    spellings: ClassVar[tuple[str, ...]] = ("binary_accuracy",)
    name: str | None = "binary_accuracy"
    dtype: PolicyName | None = None
    threshold: Float32 = 0.5


class CategoricalAccuracy(Metric):
    """How often the most probable class is the right one, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_accuracy",)
    name: str | None = "categorical_accuracy"
    dtype: PolicyName | None = None


class SparseCategoricalAccuracy(Metric):
    """How often the most probable class is the right one, for targets that are the class's number."""

    spellings: ClassVar[tuple[str, ...]] = ("sparse_categorical_accuracy",)
    name: str | None = "sparse_categorical_accuracy"
    dtype: PolicyName | None = None


class TopKMetric(Metric):
    """A metric of the classes in order of their probability."""

    def shape_problem(self, output: Tensor) -> str | None:
        """Classes lie along the last axis, behind the batch's."""
        if len(output.shape) < 2:
            return f"needs an output with an axis of classes, got {show_shape(output.shape)}"
        return None


class TopKCategoricalAccuracy(TopKMetric):
    """How often the right class is among the ``k`` most probable, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("top_k_categorical_accuracy",)
    outputs: ClassVar[Outputs] = "float"
    k: Integer = 5
    name: str | None = "top_k_categorical_accuracy"
    dtype: PolicyName | None = None


class SparseTopKCategoricalAccuracy(TopKMetric):
    """How often the right class is among the ``k`` most probable, for targets that are the class's number."""

    spellings: ClassVar[tuple[str, ...]] = ("sparse_top_k_categorical_accuracy",)
    k: Integer = 5
    name: str | None = "sparse_top_k_categorical_accuracy"
    dtype: PolicyName | None = None
    from_sorted_ids: bool = False

    def shape_problem(self, output: Tensor) -> str | None:
        """Only sorted class numbers may be integers."""
        if not self.from_sorted_ids and not is_float(output.dtype):
            return f"needs an output of floats, not {output.dtype}, unless from_sorted_ids is true"
        return super().shape_problem(output)


# -- Probabilities ---------------------------------------------------------------------------------


class BinaryCrossentropy(FloatMetric):
    """The cross-entropy of yes-or-no answers."""

    spellings: ClassVar[tuple[str, ...]] = ("binary_crossentropy", "bce", "BCE")
    name: str | None = "binary_crossentropy"
    dtype: PolicyName | None = None
    from_logits: bool = False
    label_smoothing: Float32 = 0


class CategoricalCrossentropy(FloatMetric):
    """The cross-entropy of one class among several, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_crossentropy",)
    name: str | None = "categorical_crossentropy"
    dtype: PolicyName | None = None
    from_logits: bool = False
    label_smoothing: Float32 = 0
    axis: Axis = -1

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return axis_problem(self.axis, output) or softmax_axis_problem(self.axis, self.from_logits)


class SparseCategoricalCrossentropy(FloatMetric):
    """The cross-entropy of one class among several, for targets that are the class's number."""

    spellings: ClassVar[tuple[str, ...]] = ("sparse_categorical_crossentropy",)
    name: str | None = "sparse_categorical_crossentropy"
    dtype: PolicyName | None = None
    from_logits: bool = False
    ignore_class: Integer | None = None
    axis: Axis = -1

    def shape_problem(self, output: Tensor) -> str | None:
        """The classes must lie along the last axis."""
        if self.axis not in (-1, len(output.shape) - 1):
            return f"works along the last axis only, not axis {self.axis} of {show_shape(output.shape)}"
        return None


class KLDivergence(FloatMetric):
    """The Kullback-Leibler divergence of the output from the target."""

    spellings: ClassVar[tuple[str, ...]] = ("kl_divergence",)
    name: str | None = "kl_divergence"
    dtype: PolicyName | None = None


class Poisson(FloatMetric):
    """The Poisson loss, for targets that are counts."""

    spellings: ClassVar[tuple[str, ...]] = ("poisson",)
    name: str | None = "poisson"
    dtype: PolicyName | None = None


# -- Hinges ----------------------------------------------------------------------------------------


class Hinge(FloatMetric):
    """The hinge loss, for targets of -1 and 1 (or 0 and 1)."""

    spellings: ClassVar[tuple[str, ...]] = ("hinge",)
    name: str | None = "hinge"
    dtype: PolicyName | None = None


class SquaredHinge(FloatMetric):
    """The squared hinge loss, for targets of -1 and 1 (or 0 and 1)."""

    spellings: ClassVar[tuple[str, ...]] = ("squared_hinge",)
    name: str | None = "squared_hinge"
    dtype: PolicyName | None = None


class CategoricalHinge(FloatMetric):
    """The hinge loss of the right class against the best wrong one, for one-hot targets."""

    spellings: ClassVar[tuple[str, ...]] = ("categorical_hinge",)
    name: str | None = "categorical_hinge"
    dtype: PolicyName | None = None


CLASSES: tuple[type[Metric], ...] = (
    AutoAccuracy,
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    TopKCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    MeanSquaredError,
    RootMeanSquaredError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    CosineSimilarity,
    LogCoshError,
    R2Score,
    PearsonCorrelation,
    ConcordanceCorrelation,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    KLDivergence,
    Poisson,
    Hinge,
    SquaredHinge,
    CategoricalHinge,
    *confusion.CLASSES,
)
_MEASURES_NOTHING = "it averages or sums one value and cannot compare outputs with targets; use MeanAbsoluteError"
REFUSED: dict[str, str] = {
    **dict.fromkeys(("Metric", "metric"), "it is the base class of metrics and measures nothing; use accuracy"),
    **dict.fromkeys(("Mean", "mean", "Sum", "sum"), _MEASURES_NOTHING),
    **dict.fromkeys(
        ("MeanMetricWrapper", "mean_metric_wrapper"),
        "it wraps a function, which is code; use one of Keras's metrics by name",
    ),
}
"""Names in Keras's table that no spec can use: the reason and the way out."""
