"""Keras's metrics, except those that count hits and misses (`specc.objects.confusion_metrics`)."""

from typing import Any, Literal

from specc.arguments import Axis, Integer, NonNegativeInt
from specc.objects.base import Float32, KerasObject, axis_problem, classes_in
from specc.objects.loss import softmax_axis_problem, vector_problem, widened
from specc.objects.metric import AnyMetric, LazyName, Metric, NamedMetric
from specc.shapes import Tensor, is_float, show_shape


class FloatMetric(NamedMetric):
    """A metric of outputs that are floats."""

    outputs = "float"


class AxisMetric(FloatMetric):
    """A metric along an axis, which the output must have."""

    axis: Axis

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return axis_problem(self.axis, widened(output).shape, "an output")


# -- Accuracy --------------------------------------------------------------------------------------


class AutoAccuracy(AnyMetric, names="acc"):
    """The accuracy that fits the output and its target: binary, sparse categorical or categorical."""

    any_case = True
    has_class = False

    @classmethod
    def keras_name(cls) -> str:
        """The name that ``compile`` knows."""
        return "accuracy"


class Accuracy(Metric, name="accuracy"):
    """How often the output equals the target exactly; for classes use the name ``accuracy``."""

    outputs = "any"


class BinaryAccuracy(NamedMetric, names="binary_accuracy"):
    """How often an output above ``threshold`` goes with a target of 1."""

    threshold: Float32 = 0.5


class CategoricalAccuracy(NamedMetric, names="categorical_accuracy"):
    """How often the most probable class is the right one, for one-hot targets."""


class SparseCategoricalAccuracy(NamedMetric, names="sparse_categorical_accuracy"):
    """How often the most probable class is the right one, for targets that are the class's number."""


class TopKMetric(NamedMetric):
    """A metric of the classes in order of their probability."""

    def shape_problem(self, output: Tensor) -> str | None:
        """Classes are along the last axis, after the batch's."""
        if len(output.shape) < 2:
            return f"needs an output with an axis of classes, got {show_shape(output.shape)}"
        return None


class TopKCategoricalAccuracy(TopKMetric, names="top_k_categorical_accuracy"):
    """How often the right class is among the ``k`` most probable, for one-hot targets."""

    outputs = "float"

    k: Integer = 5


class SparseTopKCategoricalAccuracy(TopKMetric, names="sparse_top_k_categorical_accuracy"):
    """How often the right class is among the ``k`` most probable, for targets that are the class's number."""

    unsaved = frozenset({"from_sorted_ids"})

    k: Integer = 5
    from_sorted_ids: bool = False

    def saved(self) -> dict[str, Any]:
        """Whether its outputs are sorted class numbers, if they are."""
        return super().saved() | ({"from_sorted_ids": True} if self.from_sorted_ids else {})

    def shape_problem(self, output: Tensor) -> str | None:
        """Only sorted class numbers may be integers."""
        if not self.from_sorted_ids and not is_float(output.dtype):
            return f"needs an output of floats, not {output.dtype}, unless from_sorted_ids is true"
        return super().shape_problem(output)


# -- Regression ------------------------------------------------------------------------------------


class MeanSquaredError(NamedMetric, names="mean_squared_error mse MSE"):
    """The mean of the squared differences."""

    outputs = "number"


class RootMeanSquaredError(NamedMetric, names="root_mean_squared_error"):
    """The root of the mean of the squared differences."""


class MeanAbsoluteError(NamedMetric, names="mean_absolute_error mae MAE"):
    """The mean of the absolute differences."""

    outputs = "number"


class MeanAbsolutePercentageError(NamedMetric, names="mean_absolute_percentage_error mape MAPE"):
    """The mean of the absolute differences, in percent of the target."""

    outputs = "number"


class MeanSquaredLogarithmicError(NamedMetric, names="mean_squared_logarithmic_error msle MSLE"):
    """The mean of the squared differences of the logarithms."""


class CosineSimilarity(AxisMetric, names="cosine_similarity"):
    """The cosine of the angle between output and target."""

    unsaved = frozenset({"axis"})

    axis: Axis = -1


class LogCoshError(FloatMetric, names="log_cosh_error", name="logcosh"):
    """The logarithm of the hyperbolic cosine of the differences."""


class R2Score(NamedMetric, names="r2_score"):
    """The share of the targets' variance that the outputs explain."""

    class_aggregation: Literal["uniform_average", "variance_weighted_average"] | None = "uniform_average"
    num_regressors: NonNegativeInt = 0
    name: LazyName | None = "r2_score"

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a vector for each sample."""
        return vector_problem(output)


class PearsonCorrelation(AxisMetric, names="pearson_correlation"):
    """Pearson's correlation of outputs and targets."""

    axis: Axis = -1


class ConcordanceCorrelation(AxisMetric, names="concordance_correlation"):
    """The concordance correlation of outputs and targets."""

    axis: Axis = -1


# -- Probabilities ---------------------------------------------------------------------------------


class BinaryCrossentropy(FloatMetric, names="binary_crossentropy bce BCE"):
    """The cross-entropy of yes-or-no answers."""

    from_logits: bool = False
    label_smoothing: Float32 = 0


class CategoricalCrossentropy(FloatMetric, names="categorical_crossentropy"):
    """The cross-entropy of one class among several, for one-hot targets."""

    from_logits: bool = False
    label_smoothing: Float32 = 0
    axis: Axis = -1

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return axis_problem(self.axis, output.shape, "an output") or softmax_axis_problem(self.axis, self.from_logits)


class SparseCategoricalCrossentropy(FloatMetric, names="sparse_categorical_crossentropy"):
    """The cross-entropy of one class among several, for targets that are the class's number."""

    from_logits: bool = False
    ignore_class: Integer | None = None
    axis: Axis = -1

    def shape_problem(self, output: Tensor) -> str | None:
        """The classes must lie along the last axis."""
        if self.axis not in (-1, len(output.shape) - 1):
            return f"works along the last axis only, not axis {self.axis} of {show_shape(output.shape)}"
        return None


class KLDivergence(FloatMetric, names="kl_divergence"):
    """The Kullback-Leibler divergence of the output from the target."""


class Poisson(FloatMetric, names="poisson"):
    """The Poisson loss, for targets that are counts."""


# -- Hinges ----------------------------------------------------------------------------------------


class Hinge(FloatMetric, names="hinge"):
    """The hinge loss, for targets of -1 and 1 (or 0 and 1)."""


class SquaredHinge(FloatMetric, names="squared_hinge"):
    """The squared hinge loss, for targets of -1 and 1 (or 0 and 1)."""


class CategoricalHinge(FloatMetric, names="categorical_hinge"):
    """The hinge loss of the right class against the best wrong one, for one-hot targets."""


_OWN = classes_in(globals())
_BY_NAME = {name: cls for cls in reversed(_OWN) for name in (cls.keras_name(), *cls.spellings)}

CLASSES: tuple[type[KerasObject], ...]
"""The classes of all metrics. Few specs count hits and misses, so `named` does without their module."""


def __getattr__(name: str) -> tuple[type[KerasObject], ...]:
    if name == "CLASSES":
        from specc.objects.confusion_metrics import CLASSES as CONFUSION

        return (*_OWN, *CONFUSION)
    raise AttributeError(name)


def named(name: str) -> type[KerasObject] | None:
    """The class of a metric of this module, by any of its names; None if it has none."""
    return _BY_NAME.get(name)


_MEASURES_NOTHING = "it averages or sums one value and cannot compare outputs with targets; use MeanAbsoluteError"
REFUSED: dict[str, str] = {
    **dict.fromkeys(("Metric", "metric"), "it is the base class of metrics and measures nothing; use accuracy"),
    **dict.fromkeys(("Mean", "mean", "Sum", "sum"), _MEASURES_NOTHING),
    **dict.fromkeys(
        ("MeanMetricWrapper", "mean_metric_wrapper"),
        "it wraps a function, which is code; use one of Keras's metrics by name",
    ),
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
