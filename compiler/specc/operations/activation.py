"""Operations that are activation functions."""

from collections.abc import Iterable
from typing import ClassVar

from specc.arguments import Axis, Number
from specc.calls import Call
from specc.diagnostics.problem import ShapeError
from specc.dtypes import COMPLEX, FLOATS, INTS
from specc.operations.base import Row, Unary, as_float_or_same, catalogue, example, unary
from specc.shapes import Tensor, need_known, normalize_axis, show_shape

_COMPLEX_TOO = FLOATS | COMPLEX

_PLAIN = (
    Row("relu", "The number, or 0 where it is below 0.", accepts=INTS | FLOATS),
    Row("relu6", "The number, kept from 0 to 6.", accepts=INTS | FLOATS),
    Row("sigmoid", "The logistic function, from 0 to 1.", accepts=_COMPLEX_TOO),
    Row("sparse_sigmoid", "0, then a straight line, then 1: a sigmoid with exact ends."),
    Row("softplus", "log(1 + exp(x)): a smooth relu."),
    Row("softsign", "x / (1 + |x|), from -1 to 1."),
    Row("sparse_plus", "0, then a parabola, then the number: a softplus with an exact 0."),
    Row("silu", "x * sigmoid(x), also called swish.", accepts=_COMPLEX_TOO),
    Row("log_sigmoid", "The logarithm of the sigmoid."),
    Row("hard_sigmoid", "relu6(x + 3) / 6: a sigmoid of straight lines."),
    Row("hard_silu", "x * hard_sigmoid(x), also called hard swish."),
    Row("selu", "The scaled exponential linear unit of self-normalizing networks."),
    Row("tanh_shrink", "x - tanh(x).", accepts=_COMPLEX_TOO),
    Row("hard_tanh", "The number, kept from -1 to 1."),
)


class Elu(Unary):
    """The number where it is above 0, and alpha * (exp(x) - 1) elsewhere."""

    row = Row("elu", "")
    function = "keras.ops.elu"
    accepts = FLOATS
    example = example("elu")

    alpha: Number = 1.0


class Celu(Unary):
    """The continuously differentiable variant of elu: alpha * (exp(x / alpha) - 1) below 0."""

    row = Row("celu", "")
    function = "keras.ops.celu"
    accepts = FLOATS
    example = example("celu")

    alpha: Number = 1.0


class LeakyRelu(Unary):
    """The number, times a small slope where it is below 0."""

    row = Row("leaky_relu", "", as_float_or_same)
    function = "keras.ops.leaky_relu"
    accepts = INTS | FLOATS
    example = example("leaky_relu", negative_slope="0.1")

    negative_slope: Number = 0.2


class Gelu(Unary):
    """The number times the probability that a Gaussian variable is below it."""

    row = Row("gelu", "")
    function = "keras.ops.gelu"
    accepts = FLOATS
    example = example("gelu")

    approximate: bool = True


class Squareplus(Unary):
    """(x + sqrt(x * x + b)) / 2: a relu rounded by b."""

    row = Row("squareplus", "")
    function = "keras.ops.squareplus"
    accepts = _COMPLEX_TOO
    example = example("squareplus")

    b: Number = 4


class SoftShrink(Unary):
    """The number moved towards 0 by the threshold, and 0 within it."""

    row = Row("soft_shrink", "")
    function = "keras.ops.soft_shrink"
    accepts = FLOATS
    example = example("soft_shrink")

    threshold: Number = 0.5


class HardShrink(Unary):
    """The number, or 0 where it is within the threshold of 0."""

    row = Row("hard_shrink", "")
    function = "keras.ops.hard_shrink"
    accepts = _COMPLEX_TOO
    example = example("hard_shrink")

    threshold: Number = 0.5


class Threshold(Unary):
    """The number where it is above a threshold, and one value elsewhere."""

    row = Row("threshold", "")
    function = "keras.ops.threshold"
    accepts = FLOATS
    example = example("threshold", threshold="0.5", default_value="0.0")

    threshold: Number
    default_value: Number


class Glu(Unary):
    """The first half of an axis times the sigmoid of its second half."""

    row = Row("glu", "")
    function = "keras.ops.glu"
    accepts = _COMPLEX_TOO
    shape_rule: ClassVar[str] = "the shape of x with half of the axis"
    with_ragged = "refused"
    example = example("glu")

    axis: Axis = -1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape = list(call.shape)
        axis = normalize_axis(self.axis, len(shape))
        length = need_known(call.shape, axis, "to halve it")
        if length % 2:
            raise ShapeError(
                f"cannot halve axis {self.axis} of {show_shape(shape)}", argument="axis", help="its size must be even"
            )
        shape[axis] = length // 2
        yield Tensor(tuple(shape), call.first.dtype)


class Softmax(Unary):
    """Exponentials that sum to 1 along an axis, or over all elements where the axis is null."""

    row = Row("softmax", "")
    function = "keras.ops.softmax"
    accepts = FLOATS
    example = example("softmax")

    axis: Axis | None = -1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        if self.axis is not None:
            normalize_axis(self.axis, len(call.shape))
        return super()._outputs(call)


class LogSoftmax(Softmax):
    """The logarithm of the softmax, computed stably."""

    row = Row("log_softmax", "")
    function = "keras.ops.log_softmax"
    with_ragged = "refused"
    example = example("log_softmax")


class Sparsemax(Unary):
    """A softmax that gives exact zeros: the nearest point whose elements sum to 1 along the axis."""

    row = Row("sparsemax", "")
    function = "keras.ops.sparsemax"
    accepts = FLOATS - {"float16"}
    with_ragged = "refused"
    example = example("sparsemax")

    axis: Axis = -1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        normalize_axis(self.axis, len(call.shape))
        return super()._outputs(call)


OPERATIONS = catalogue(
    *(unary(row, Unary) for row in _PLAIN),
    Elu,
    Celu,
    LeakyRelu,
    Gelu,
    Squareplus,
    SoftShrink,
    HardShrink,
    Threshold,
    Glu,
    Softmax,
    LogSoftmax,
    Sparsemax,
)
