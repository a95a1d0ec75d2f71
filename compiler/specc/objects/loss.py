"""What every loss is."""

from typing import Literal

from specc.arguments import Axes, PolicyName
from specc.objects.base import KerasObject, Named, ScopeName, axis_problem
from specc.shapes import Tensor, show_shape

Reduction = Literal["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"] | None


class AnyLoss(KerasObject):
    """Measures how far an output is from its target: a loss of Keras, or a name that ``compile`` turns into one."""

    kind = "loss"
    keras_module = "losses"

    def problem(self, output: Tensor) -> str | None:
        """Why no target can be compared with that output, as a predicate, or None."""
        return "cannot compare strings" if output.dtype == "string" else self.shape_problem(output)

    def shape_problem(self, output: Tensor) -> str | None:
        """`problem` for an output of numbers."""
        return None


class Loss(AnyLoss, Named):
    """A loss that Keras has a class for."""

    unsaved = frozenset({"dtype"})

    reduction: Reduction = "sum_over_batch_size"
    name: ScopeName | None = None
    dtype: PolicyName | None = None


class AxisLoss(Loss):
    """A loss along an axis, which the output must have."""

    axis: Axes | None

    def shape_problem(self, output: Tensor) -> str | None:
        """The output must have every axis, once."""
        return axis_problem(self.axis, widened(output).shape, "an output")


def widened(output: Tensor) -> Tensor:
    """An output as Keras compares it: if it has only the batch axis, it and its target get one of size 1."""
    return output._replace(shape=(*output.shape, 1)) if len(output.shape) == 1 else output


def softmax_axis_problem(axis: int, from_logits: bool) -> str | None:
    """What is wrong with an axis of logits: TensorFlow's cross-entropy accepts -1, and axes counted from the front."""
    return (
        f"cannot count axis {axis} from the back with from_logits; count it from the front"
        if from_logits and axis < -1
        else None
    )


def vector_problem(output: Tensor) -> str | None:
    """What is wrong with an output that must be a vector for each sample, as a predicate, or None."""
    rank = len(output.shape)
    if rank > 3 or (rank == 3 and output.shape[-1] not in (1, None)):
        return f"needs an output of shape (batch, size), got {show_shape(output.shape)}"
    return None
