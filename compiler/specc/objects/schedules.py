"""Keras's learning rate schedules."""

from collections.abc import Iterator

from specc.diagnostics.problem import Problem
from specc.objects.base import ExactNumber, ExactNumbers, Float32, Float32s, KerasObject, ScopeName, Steps, classes_in


class Schedule(KerasObject):
    """A learning rate that changes with the number of training steps."""

    kind = "schedule"
    keras_module = "optimizers.schedules"
    by_name = False


class ExponentialDecay(Schedule):
    """Multiplied by ``decay_rate`` every ``decay_steps`` steps."""

    initial_learning_rate: Float32
    decay_steps: Steps
    decay_rate: Float32
    staircase: bool = False
    name: ScopeName = "ExponentialDecay"


class PiecewiseConstantDecay(Schedule):
    """One of ``values`` after another, changing at the steps in ``boundaries``."""

    boundaries: ExactNumbers
    values: Float32s
    name: ScopeName = "PiecewiseConstant"

    def check(self) -> Iterator[Problem]:
        """There is a value before, between and after the boundaries."""
        steps, rates = len(self.boundaries), len(self.values)
        if not steps:
            yield Problem(
                "argument-value", "boundaries must name a step", ("boundaries",), "a constant rate is a number"
            )
        elif rates != steps + 1:
            yield Problem(
                "argument-clash",
                f"needs one value more than boundaries, got {rates} for {steps}",
                ("values",),
                f"give {steps + 1} values: one before each boundary and one after the last",
            )


class PolynomialDecay(Schedule):
    """Falls to ``end_learning_rate`` within ``decay_steps`` steps, along a power of the remaining steps."""

    initial_learning_rate: Float32
    decay_steps: Steps
    end_learning_rate: Float32 = 0.0001
    power: Float32 = 1.0
    cycle: bool = False
    name: ScopeName = "PolynomialDecay"


class InverseTimeDecay(Schedule):
    """Divided by one plus ``decay_rate`` for every ``decay_steps`` steps."""

    initial_learning_rate: Float32
    decay_steps: Steps
    decay_rate: Float32
    staircase: bool = False
    name: ScopeName = "InverseTimeDecay"


class CosineDecay(Schedule):
    """Falls to ``alpha`` times itself along half a cosine, after a warm-up if there is a ``warmup_target``."""

    initial_learning_rate: Float32
    decay_steps: Steps
    alpha: Float32 = 0.0
    name: ScopeName = "CosineDecay"
    warmup_target: Float32 | None = None
    warmup_steps: ExactNumber = 0


class CosineDecayRestarts(Schedule):
    """Cosine decay that restarts, each time ``t_mul`` times as long and from ``m_mul`` times as high."""

    initial_learning_rate: Float32
    first_decay_steps: Steps
    t_mul: Float32 = 2.0
    m_mul: Float32 = 1.0
    alpha: Float32 = 0.0
    name: ScopeName = "SGDRDecay"


CLASSES = classes_in(globals())
REFUSED: dict[str, str] = {
    "LearningRateSchedule": "it is the base class of schedules; use ExponentialDecay, CosineDecay or another",
}
"""Names in Keras's table that no spec can use: the reason and what to do instead."""
