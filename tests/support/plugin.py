"""A plugin with a class of every kind, as an author writes it, and some with faults. Keras's side is `plugin_keras`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

from specc import plugins
from specc.arguments import Number, PositiveInt, plugged
from specc.dtypes import FLOATS, SIGNED
from specc.layers.base import Call, Layer, Weight
from specc.objects.activations import Activation
from specc.objects.constraints import Constraint
from specc.objects.initializers import Initializer
from specc.objects.loss import Loss
from specc.objects.metric import Metric
from specc.objects.optimizers import GradientOptimizer
from specc.objects.regularizers import Regularizer
from specc.objects.schedules import Schedule
from specc.operations.base import Unary
from specc.shapes import Shape, Tensor

KERAS = "tests.support.plugin_keras"


class Scale(Layer):
    """A factor for each channel."""

    imported_from: ClassVar[str] = KERAS

    def weights(self, call: Call) -> Iterable[Weight]:
        """One factor for each channel."""
        size = call.shape[-1]
        assert size is not None
        yield Weight("factor", (size,), call.policy.variable)


class Squash(Unary, op="squash", accepts=FLOATS):
    """Between -limit and limit."""

    imported_from: ClassVar[str] = KERAS
    limit: Number = 1.0


class Turned(Unary, op="turned", accepts=SIGNED | FLOATS):
    """The other sign, also of integers."""

    imported_from: ClassVar[str] = KERAS


class bent(Activation):
    """A bent line."""

    imported_from: ClassVar[str] = KERAS


class Flat(Initializer, names="flat"):
    """The same value everywhere."""

    imported_from: ClassVar[str] = KERAS
    level: Number = 0.5


class Quartic(Regularizer):
    """The sum of fourth powers."""

    imported_from: ClassVar[str] = KERAS
    factor: Number = 0.01


class Cap(Constraint):
    """No value above ``top``."""

    imported_from: ClassVar[str] = KERAS
    top: Number = 1.0

    def problem(self, shape: tuple[int, ...]) -> str | None:
        """For matrices only."""
        return None if len(shape) == 2 else "needs a matrix"


class Pinball(Loss, names="pinball"):
    """The pinball loss."""

    imported_from: ClassVar[str] = KERAS
    quantile: Number = 0.5


class Near(Metric):
    """How often the output is near its target."""

    imported_from: ClassVar[str] = KERAS
    within: Number = 0.1


class Signs(GradientOptimizer, learning_rate=0.01):
    """Steps of one size."""

    imported_from: ClassVar[str] = KERAS


class Warm(Schedule):
    """A rate that grows."""

    imported_from: ClassVar[str] = KERAS
    steps: PositiveInt


GOOD = (Scale, Squash, Turned, bent, Flat, Quartic, Cap, Pinball, Near, Signs, Warm)
SPEC = """
name: plugged
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: Dense, name: h, units: 8, activation: bent, kernel_initializer: flat, bias_initializer: {type: Flat, level: 0.1},
     kernel_regularizer: Quartic, kernel_constraint: {type: Cap, top: 0.9}}
  - {type: ops.squash, name: s, limit: 2.0}
  - {type: Activation, name: a, activation: {type: bent}}
  - {type: Scale, name: c}
  - {type: Dense, name: y, units: 1, activity_regularizer: {type: Quartic, factor: 0.1}}
compile:
  optimizer: {type: signs, name: signs, learning_rate: {type: Warm, steps: 10}}
  loss: {type: Pinball, quantile: 0.9}
  metrics: [Near, mae]
"""


class _Faulty(Layer):
    imported_from: ClassVar[str] = KERAS


class Lacking(_Faulty):
    """Is not in the module."""


class Lost(_Faulty):
    """Has no module."""

    imported_from: ClassVar[str] = "no_module_of_that_name"


class Refusing(_Faulty):
    """Has an argument that Keras's constructor does not."""

    units: PositiveInt = 3


class Failing(_Faulty):
    """Fails when Keras calls it."""


class Narrower(_Faulty):
    """Has another shape in Keras."""


class Heavier(_Faulty):
    """Has another weight in Keras."""

    def weights(self, call: Call) -> Iterable[Weight]:
        """Not what Keras makes."""
        yield Weight("w", (2,), "float32")


class Twofold(Unary, op="twofold"):
    """Two operations in Keras."""

    imported_from: ClassVar[str] = KERAS


class Raising(_Faulty):
    """Fails in its rule."""

    def output_shape(self, shape: Shape) -> Shape:
        """There is no such axis."""
        return (shape[9],)


class Listing(_Faulty):
    """Returns a list."""

    def output_shape(self, shape: Shape) -> Any:
        """A list."""
        return list(shape)


class Bare(_Faulty):
    """Returns shapes."""

    def infer(self, call: Call) -> Any:
        """A shape."""
        return (call.shape,)


class Double(_Faulty):
    """Returns more than it has ports."""

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The tensor twice."""
        return (call.first, call.first)


class Unsized(_Faulty):
    """Has a weight of unknown size."""

    def weights(self, call: Call) -> Any:
        """As large as a batch."""
        return [Weight("w", (None,), "float32")]  # type: ignore[arg-type]


@contextmanager
def added(*classes: Any) -> Iterator[None]:
    """Classes added by a plugin, for as long as a test needs them."""
    with patch.object(plugged, "CLASSES", {kind: dict(known) for kind, known in plugged.CLASSES.items()}):
        plugins.add(*classes)
        yield
