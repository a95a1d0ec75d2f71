"""Operations that are activation functions."""

from specc.arguments import Axis, Number
from specc.diagnostics.problem import ShapeError
from specc.dtypes import COMPLEX, FLOATS, INTS
from specc.operations.base import Unary, make, on
from specc.operations.rules import as_float_or_same
from specc.shapes import Shape, need_known, normalize_axis, show_shape

_REAL = INTS | FLOATS
_COMPLEX_TOO = FLOATS | COMPLEX

make(Unary, "relu", "The number, or 0 where it is below 0.", accepts=_REAL)
make(Unary, "relu6", "The number, kept from 0 to 6.", accepts=_REAL)
make(Unary, "sigmoid", "The logistic function, from 0 to 1.", accepts=_COMPLEX_TOO)
make(Unary, "sparse_sigmoid", "0, then a straight line, then 1: a sigmoid with exact ends.", accepts=FLOATS)
make(Unary, "softplus", "log(1 + exp(x)): a smooth relu.", accepts=FLOATS)
make(Unary, "softsign", "x / (1 + |x|), from -1 to 1.", accepts=FLOATS)
make(Unary, "sparse_plus", "0, then a parabola, then the number: a softplus with an exact 0.", accepts=FLOATS)
make(Unary, "silu", "x * sigmoid(x), also called swish.", accepts=_COMPLEX_TOO)
make(Unary, "log_sigmoid", "The logarithm of the sigmoid.", accepts=FLOATS)
make(Unary, "hard_sigmoid", "relu6(x + 3) / 6: a sigmoid of straight lines.", accepts=FLOATS)
make(Unary, "hard_silu", "x * hard_sigmoid(x), also called hard swish.", accepts=FLOATS)
make(Unary, "selu", "The scaled exponential linear unit of self-normalizing networks.", accepts=FLOATS)
make(Unary, "tanh_shrink", "x - tanh(x).", accepts=_COMPLEX_TOO)
make(Unary, "hard_tanh", "The number, kept from -1 to 1.", accepts=FLOATS)


class Elu(Unary, op="elu", accepts=FLOATS):
    """The number where it is above 0, and alpha * (exp(x) - 1) elsewhere."""

    alpha: Number = 1.0


class Celu(Unary, op="celu", accepts=FLOATS):
    """The continuously differentiable variant of elu: alpha * (exp(x / alpha) - 1) below 0."""

    alpha: Number = 1.0


class LeakyRelu(Unary, op="leaky_relu", accepts=_REAL, gives=as_float_or_same):
    """The number, times a small slope where it is below 0."""

    sample = on(negative_slope="0.1")

    negative_slope: Number = 0.2


class Gelu(Unary, op="gelu", accepts=FLOATS):
    """The number times the probability that a Gaussian variable is below it."""

    approximate: bool = True


class Squareplus(Unary, op="squareplus", accepts=_COMPLEX_TOO):
    """(x + sqrt(x * x + b)) / 2: a relu rounded by b."""

    b: Number = 4


class SoftShrink(Unary, op="soft_shrink", accepts=FLOATS):
    """The number moved towards 0 by the threshold, and 0 within it."""

    threshold: Number = 0.5


class HardShrink(Unary, op="hard_shrink", accepts=_COMPLEX_TOO):
    """The number, or 0 where it is within the threshold of 0."""

    threshold: Number = 0.5


class Threshold(Unary, op="threshold", accepts=FLOATS):
    """The number where it is above a threshold, and one value elsewhere."""

    sample = on(threshold="0.5", default_value="0.0")

    threshold: Number
    default_value: Number


class Glu(Unary, op="glu", accepts=_COMPLEX_TOO, ragged="refused"):
    """The first half of an axis times the sigmoid of its second half."""

    shape_rule = "the shape of x with half of the axis"

    axis: Axis = -1

    def _shape(self, shape: Shape) -> Shape:
        axis = normalize_axis(self.axis, len(shape))
        length = need_known(shape, axis, "to halve it")
        if length % 2:
            raise ShapeError(
                f"cannot halve axis {self.axis} of {show_shape(shape)}", argument="axis", help="its size must be even"
            )
        return (*shape[:axis], length // 2, *shape[axis + 1 :])


class Softmax(Unary, op="softmax", accepts=FLOATS):
    """Exponentials that sum to 1 along an axis, or over all elements if the axis is null."""

    axis: Axis | None = -1

    def _shape(self, shape: Shape) -> Shape:
        if self.axis is not None:
            normalize_axis(self.axis, len(shape))
        return shape


class LogSoftmax(Softmax, op="log_softmax", ragged="refused"):
    """The logarithm of the softmax, computed stably."""


class Sparsemax(Unary, op="sparsemax", accepts=FLOATS - {"float16"}, ragged="refused"):
    """A softmax that gives exact zeros: the nearest point whose elements sum to 1 along the axis."""

    axis: Axis = -1

    def _shape(self, shape: Shape) -> Shape:
        normalize_axis(self.axis, len(shape))
        return shape
