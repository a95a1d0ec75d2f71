"""Keras's constraints."""

from specc.arguments import Axes
from specc.objects.base import Float32, KerasObject, axis_problem, classes_in


class Constraint(KerasObject):
    """Changes a weight after each update so that it obeys a rule."""

    kind = "constraint"
    keras_module = "constraints"

    def problem(self, shape: tuple[int, ...]) -> str | None:
        """Why it cannot constrain a weight of that shape, as a predicate, or None."""
        return None


class NormConstraint(Constraint):
    """Bounds the norm of the weight along ``axis``; null is all axes."""

    axis: Axes | None = 0

    def problem(self, shape: tuple[int, ...]) -> str | None:
        """The weight must have every axis, once."""
        return axis_problem(self.axis, shape, "a weight")


class MaxNorm(NormConstraint, names="max_norm"):
    """Norms of at most ``max_value``."""

    max_value: Float32 = 2


class MinMaxNorm(NormConstraint, names="min_max_norm"):
    """Norms between ``min_value`` and ``max_value``; ``rate`` says how quickly they are brought there."""

    min_value: Float32 = 0.0
    max_value: Float32 = 1.0
    rate: Float32 = 1.0


class NonNeg(Constraint, names="non_neg"):
    """No value below 0."""


class UnitNorm(NormConstraint, names="unit_norm"):
    """Norms of 1."""


CLASSES = classes_in(globals())
REFUSED: dict[str, str] = {
    "Constraint": "it is the base class of constraints and changes nothing; use MaxNorm, NonNeg or UnitNorm",
    "constraint": "it is the base class of constraints and changes nothing; use MaxNorm, NonNeg or UnitNorm",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
