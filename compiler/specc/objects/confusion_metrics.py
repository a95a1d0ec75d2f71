"""Keras's metrics that count hits and misses: true and false positives and negatives, and what is made of them."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from specc.arguments import Fraction, Integer, NonNegativeInt, PositiveNumber, TypeWords, freeze
from specc.arguments.roles import InTensor, Saved
from specc.diagnostics.problem import Problem
from specc.diagnostics.text_safety import quote_value
from specc.objects.base import Float32, Float32s, classes_in
from specc.objects.metric import LAZY_NAME, LazyName, Metric
from specc.shapes import Tensor, show_shape

# Keras takes a tuple for a single threshold, so several stay a list.
Thresholds = Annotated[
    Fraction | Annotated[tuple[Fraction, ...], AfterValidator(list)],
    BeforeValidator(freeze),
    TypeWords("a number from 0 to 1 or a list of those"),
]
# Keras makes a list of all thresholds and a matrix of all classes: the most of them that fit a machine's memory.
ThresholdCount = Annotated[int, Field(ge=1, le=1_000_000), TypeWords("an integer from 1 to 1,000,000")]
ClassCount = Annotated[int, Field(ge=1, le=30_000), TypeWords("an integer from 1 to 30,000")]
ClassIds = Annotated[
    tuple[NonNegativeInt, ...],
    BeforeValidator(freeze),
    Field(min_length=1),
    TypeWords("a list of one or more class numbers"),
]


# -- Counts ----------------------------------------------------------------------------------------


class CountMetric(Metric):
    """A number of hits or of misses."""

    thresholds: Thresholds | None = None


class TruePositives(CountMetric, names="true_positives"):
    """The number of true positives."""


class TrueNegatives(CountMetric, names="true_negatives"):
    """The number of true negatives."""


class FalsePositives(CountMetric, names="false_positives"):
    """The number of false positives."""


class FalseNegatives(CountMetric, names="false_negatives"):
    """The number of false negatives."""


# -- Precision and recall --------------------------------------------------------------------------


class ClassMetric(Metric):
    """A metric that can be limited to one class."""

    class_id: Integer | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """``class_id`` must be one of the output's classes."""
        width = _classes(output)
        if self.class_id is None or width is None or -width <= self.class_id < width:
            return None
        return f"has class_id {self.class_id}, but an output of shape {show_shape(output.shape)} has {width} classes"


def _classes(output: Tensor) -> int | None:
    """The size of the class axis, if known: the last, or the one before it if Keras drops a last axis of size 1."""
    if len(output.shape) < 2:
        return 1
    sizes = output.shape[-2:] if len(output.shape) > 2 and output.shape[-1] in (1, None) else output.shape[-1:]
    return max((size for size in sizes if size is not None), default=None) if None not in sizes else None


class TopKClassMetric(ClassMetric):
    """A metric that can be limited to the ``top_k`` classes."""

    top_k: NonNegativeInt | None = None

    def shape_problem(self, output: Tensor) -> str | None:
        """There must be ``top_k`` classes or more."""
        width = _classes(output)
        if len(output.shape) > 1 and width is not None and self.top_k is not None and self.top_k > width:
            return f"has top_k {self.top_k}, but an output of shape {show_shape(output.shape)} has {width} classes"
        return super().shape_problem(output)


class Precision(TopKClassMetric, names="precision"):
    """The share of true positives among all that the model calls positive."""

    thresholds: Thresholds | None = None


class Recall(TopKClassMetric, names="recall"):
    """The share of true positives among all that are positive."""

    thresholds: Thresholds | None = None


class ThresholdMetric(ClassMetric):
    """A metric at the best of many thresholds."""

    num_thresholds: ThresholdCount = 200


class SensitivityAtSpecificity(ThresholdMetric, names="sensitivity_at_specificity"):
    """The best sensitivity at which the specificity is at least the given one."""

    specificity: Fraction


class SpecificityAtSensitivity(ThresholdMetric, names="specificity_at_sensitivity"):
    """The best specificity at which the sensitivity is at least the given one."""

    sensitivity: Fraction


class PrecisionAtRecall(ThresholdMetric, names="precision_at_recall"):
    """The best precision at which the recall is at least the given one."""

    recall: Fraction


class RecallAtPrecision(ThresholdMetric, names="recall_at_precision"):
    """The best recall at which the precision is at least the given one."""

    precision: Fraction


class AUC(Metric, names="auc"):
    """The area under the ROC, precision-recall or precision-recall-gain curve."""

    num_thresholds: Annotated[int, Field(le=1_000_000), TypeWords("an integer from 2 to 1,000,000")] = 200
    unsaved = frozenset({"thresholds"})

    curve: Annotated[Literal["ROC", "PR", "PRGAIN", "roc", "pr", "prgain"], Saved(str.upper)] = "ROC"
    summation_method: Annotated[
        Literal["interpolation", "majoring", "minoring", "Interpolation", "Majoring", "Minoring"], Saved(str.lower)
    ] = "interpolation"
    thresholds: Float32s | None = None
    multi_label: bool = False
    num_labels: NonNegativeInt | None = None
    label_weights: Annotated[Float32s | None, Saved(InTensor)] = None
    from_logits: bool = False

    def saved(self) -> dict[str, Any]:
        """Thresholds that are given, and their number with one at each end."""
        if self.thresholds is None:
            return super().saved()
        return super().saved() | {"num_thresholds": len(self.thresholds) + 2, "thresholds": sorted(self.thresholds)}

    def check(self) -> Iterator[Problem]:
        """Thresholds must be two or more; ``num_labels`` goes with ``multi_label``."""
        if self.thresholds is None and self.num_thresholds < 2:
            message = f"num_thresholds must be 2 or more, not {quote_value(self.num_thresholds)}"
            yield Problem("argument-value", message, ("num_thresholds",))
        if self.num_labels and not self.multi_label:
            help = "set multi_label to true, or remove num_labels"
            yield Problem("argument-clash", "takes num_labels only with multi_label", ("num_labels",), help, "key")
        if self.multi_label and not self.num_labels and not re.match(LAZY_NAME, self.name or ""):
            help = "use ASCII letters, digits, '_', '.' and '-', or give num_labels"
            yield Problem(
                "argument-value", f"name cannot be {quote_value(self.name)} without num_labels", ("name",), help
            )

    def shape_problem(self, output: Tensor) -> str | None:
        """Labels lie along the second axis, one for each weight."""
        shape, rank = output.shape, len(output.shape)
        if self.from_logits and "float" not in output.dtype and "complex" not in output.dtype:
            return f"needs an output of floats, not {output.dtype}, as from_logits is true"
        flat = rank == 3 and shape[-1] in (1, None)  # Keras drops a last axis of size 1 that the target does not have
        if self.multi_label and not (rank == 2 or (self.num_labels and (rank < 2 or flat))):
            return f"needs an output of shape (batch, labels), got {show_shape(shape)}"
        labels = shape[1] if rank == 2 or flat else None
        if labels in (1, None):
            return None
        if self.multi_label and self.num_labels and self.num_labels != labels:
            return f"has num_labels {self.num_labels}, but an output of shape {show_shape(shape)}"
        if self.label_weights is not None and len(self.label_weights) not in (1, labels) and not flat:
            return f"has {len(self.label_weights)} label_weights for an output of shape {show_shape(shape)}"
        return None


class FScore(Metric):
    """A mean of precision and recall."""

    def shape_problem(self, output: Tensor) -> str | None:
        """Classes lie along the second axis."""
        if len(output.shape) != 2 or output.shape[1] is None:
            return f"needs an output of shape (batch, classes), got {show_shape(output.shape)}"
        return None


AboveZeroToOne = Annotated[float, Field(gt=0, le=1), TypeWords("a number above 0, at most 1")]


class F1Score(FScore, names="f1_score"):
    """The harmonic mean of precision and recall."""

    average: Literal["micro", "macro", "weighted"] | None = None
    threshold: AboveZeroToOne | None = None
    name: LazyName | None = "f1_score"


class FBetaScore(FScore, names="f_beta_score"):
    """The mean of precision and recall in which recall weighs ``beta`` times as much."""

    average: Literal["micro", "macro", "weighted"] | None = None
    beta: PositiveNumber = 1.0
    threshold: AboveZeroToOne | None = None
    name: LazyName | None = "fbeta_score"


# -- Intersection over union -----------------------------------------------------------------------

ClassAxis = Annotated[Literal[-1, 0], TypeWords("-1 or 0")]


class ClassOverlap(Metric):
    """A metric of how the classes of output and target overlap."""

    default_dtype = "int64"

    num_classes: ClassCount
    ignore_class: Integer | None = None
    axis: ClassAxis = -1


class TargetClasses(ClassOverlap):
    """A metric of some of the classes."""

    target_class_ids: ClassIds

    def check(self) -> Iterator[Problem]:
        """Every target class must be below ``num_classes``."""
        highest = max(self.target_class_ids)
        if highest >= self.num_classes:
            message = f"target_class_ids names class {highest}, but num_classes is {self.num_classes}"
            help = f"classes count from 0 to {self.num_classes - 1}"
            yield Problem("argument-clash", message, ("target_class_ids",), help)


class IoU(TargetClasses, names="io_u"):
    """The intersection over union of some classes."""

    sparse_y_true: bool = True
    sparse_y_pred: bool = True


class BinaryIoU(Metric, names="binary_io_u"):
    """The intersection over union of outputs above and below ``threshold``."""

    default_dtype = "int64"

    target_class_ids: Annotated[
        tuple[Literal[0, 1], ...], BeforeValidator(freeze), Field(min_length=1), TypeWords("a list of 0 and 1")
    ] = (0, 1)
    threshold: Float32 = 0.5


class MeanIoU(ClassOverlap, names="mean_io_u"):
    """The mean of the classes' intersection over union."""

    sparse_y_true: bool = True
    sparse_y_pred: bool = True


class OneHotIoU(TargetClasses, names="one_hot_io_u"):
    """The intersection over union of some classes, for one-hot targets."""

    sparse_y_pred: bool = False


class OneHotMeanIoU(ClassOverlap, names="one_hot_mean_io_u"):
    """The mean of the classes' intersection over union, for one-hot targets."""

    sparse_y_pred: bool = False


CLASSES = classes_in(globals())
