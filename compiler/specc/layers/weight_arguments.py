"""Arguments that come together in many layers: how a kernel or a bias begins, what punishes it, what it must keep to."""

# Annotations are not postponed here: see specc.arguments.

from specc.arguments import Constraint, Initializer, Regularizer

# These are not models: pydantic reads their fields all the same, and a check does not wait for more models.


class WithKernel:
    """A layer with a kernel."""

    kernel_initializer: Initializer = "glorot_uniform"
    kernel_regularizer: Regularizer | None = None
    kernel_constraint: Constraint | None = None


class WithBias:
    """A layer that can have a bias."""

    bias_initializer: Initializer = "zeros"
    bias_regularizer: Regularizer | None = None
    bias_constraint: Constraint | None = None
