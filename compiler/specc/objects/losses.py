"""Keras's losses."""

from typing import Annotated

from pydantic import Field

from specc.arguments import Axes, Axis, Integer, TypeWords
from specc.objects.base import Float32, classes_in
from specc.objects.loss import AnyLoss, AxisLoss, Loss, softmax_axis_problem, vector_problem
from specc.shapes import Tensor, show_shape


class MeanSquaredError(Loss, names="mean_squared_error mse MSE"):
    """The mean of the squared differences."""


class MeanAbsoluteError(Loss, names="mean_absolute_error mae MAE"):
    """The mean of the absolute differences."""


class MeanAbsolutePercentageError(Loss, names="mean_absolute_percentage_error mape MAPE"):
    """The mean of the absolute differences, in percent of the target."""


class MeanSquaredLogarithmicError(Loss, names="mean_squared_logarithmic_error msle MSLE"):
    """The mean of the squared differences of the logarithms."""


class CosineSimilarity(AxisLoss, names="cosine_similarity"):
    """Minus the cosine of the angle between output and target."""

    unsaved = Loss.unsaved | {"axis"}

    axis: Axis = -1


class Huber(Loss, names="huber", name="huber_loss"):
    """Squared differences up to ``delta``, absolute ones beyond."""

    unsaved = Loss.unsaved | {"delta"}

    delta: Float32 = 1.0


class LogCosh(Loss, names="log_cosh"):
    """The logarithm of the hyperbolic cosine of the differences."""


class Hinge(Loss, names="hinge"):
    """The hinge loss, for targets of -1 and 1 (or 0 and 1)."""


class SquaredHinge(Loss, names="squared_hinge"):
    """The squared hinge loss, for targets of -1 and 1 (or 0 and 1)."""


class CategoricalHinge(Loss, names="categorical_hinge"):
    """The hinge loss of the right class against the best wrong one, for one-hot targets."""


class KLDivergence(Loss, names="kl_divergence kld KLD"):
    """The Kullback-Leibler divergence of the output from the target."""


class Poisson(Loss, names="poisson"):
    """The Poisson loss, for targets that are counts."""


class BinaryCrossentropy(AxisLoss, names="binary_crossentropy bce BCE"):
    """The cross-entropy of yes-or-no answers."""

    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axes | None = -1


class BinaryFocalCrossentropy(AxisLoss, names="binary_focal_crossentropy"):
    """The cross-entropy of yes-or-no answers, weighted towards the hard ones."""

    apply_class_balancing: bool = False
    alpha: Float32 = 0.25
    gamma: Float32 = 2.0
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axes | None = -1


class CategoricalCrossentropy(AxisLoss, names="categorical_crossentropy"):
    """The cross-entropy of one class among several, for one-hot targets."""

    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axis = -1

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have the axis."""
        return super().shape_problem(output) or softmax_axis_problem(self.axis, self.from_logits)


class CategoricalFocalCrossentropy(AxisLoss, names="categorical_focal_crossentropy"):
    """The cross-entropy of one class among several, weighted towards the hard cases, for one-hot targets."""

    alpha: Float32 = 0.25
    gamma: Float32 = 2.0
    from_logits: bool = False
    label_smoothing: Float32 = 0.0
    axis: Axis = -1


class SparseCategoricalCrossentropy(AxisLoss, names="sparse_categorical_crossentropy"):
    """The cross-entropy of one class among several, for targets that are the class's number."""

    unsaved = Loss.unsaved | {"axis"}

    from_logits: bool = False
    ignore_class: Integer | None = None
    axis: Axis = -1

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


class CategoricalGeneralizedCrossEntropy(Loss, name="categorical_generalized_cross_entropy"):
    """A cross-entropy that is less sensitive to wrong labels, for targets that are the class's number."""

    by_name = False

    q: Annotated[float, Field(gt=0, lt=1), TypeWords("a number between 0 and 1")] = 0.5


class CTC(Loss, names="ctc"):
    """Connectionist temporal classification, for sequences whose alignment is not known."""

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a sequence of probabilities."""
        if len(output.shape) != 3 or output.shape[-1] == 1:
            return f"needs an output of shape (batch, length, 2 or more classes), got {show_shape(output.shape)}"
        return None


class Dice(AxisLoss, names="dice"):
    """One minus the Dice overlap of output and target."""

    axis: Axes | None = None


class Tversky(AxisLoss, names="tversky"):
    """One minus the Tversky overlap, which weighs false positives by ``alpha`` and false negatives by ``beta``."""

    alpha: Float32 = 0.5
    beta: Float32 = 0.5
    axis: Axes | None = None


class Circle(Loss, names="circle"):
    """Pulls embeddings of one class together and others apart; each output is a normalized vector."""

    gamma: Float32 = 80.0
    margin: Float32 = 0.4
    remove_diagonal: bool = True

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must be a vector for each sample."""
        return vector_problem(output)


class Crossentropy(AnyLoss, names="ce"):
    """The cross-entropy that fits the output and its target: binary, sparse categorical or categorical."""

    any_case = True
    has_class = False

    @classmethod
    def keras_name(cls) -> str:
        """The name that ``compile`` knows."""
        return "crossentropy"


CLASSES = classes_in(globals())
REFUSED: dict[str, str] = {
    "Loss": "it is the base class of losses and compares nothing; use MeanSquaredError or another",
    "LossFunctionWrapper": "it wraps a function, which is code; use one of Keras's losses by name",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
