"""Operations that sum up axes, and the cumulative ones."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import Axes, Axis, DType, Number, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import RuleError, ShapeError
from specc.dtypes import COMPLEX, FLOATS, FLOATX, INTS, NUMBERS, result_type, summed
from specc.operations.base import Operation, make, on
from specc.operations.rules import (
    REAL,
    Constant,
    along,
    always_bool,
    always_int32,
    as_float,
    as_float_or_same,
    counted,
    magnitude,
    need_dtype,
    need_whole,
    reduced,
)
from specc.shapes import Shape, Tensor, differ, distinct_axes, fits, normalize_axis, show_shape


def _deviation(dtype: str) -> str:
    """The dtype of a deviation: real for complex numbers, whatever Keras announces."""
    return magnitude(dtype) if dtype in COMPLEX else as_float_or_same(dtype)


def _real_mean(dtype: str) -> str:
    """The dtype of a mean without NaN: Keras's ``nanmean`` ignores the imaginary parts."""
    return FLOATX if dtype.startswith("complex") else as_float(dtype)


def _multiplied(dtype: str) -> str:
    return summed(result_type(dtype))


class Reduction(Operation, ragged="made dense"):
    """One number for all elements along some axes."""

    shape_rule = "the shape of x without the axes (with keepdims: with size 1 there)"
    sample = on(axis="-1")

    axis: Axes | None = None
    keepdims: bool = False

    def _shape(self, shape: Shape) -> Shape:
        return reduced(shape, self.axis, self.keepdims)


class Extremum(Reduction):
    """The largest or the smallest element along axes, and of an initial value."""

    initial: Constant | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_whole(self.initial, call.first.dtype, "initial")
        return super()._outputs(call)


class NanMean(Reduction):
    """The mean over axes, without NaN; over no axes, Keras gives what goes in."""

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        (mean,) = super()._outputs(call)
        yield call.first if self.axis == () else mean


class ArgExtremum(Reduction, gives=always_int32, ragged="refused"):
    """The index of the largest or the smallest element along an axis, or in the flattened tensor."""

    axis: Axis | None = None


make(Reduction, "sum", "The sum over axes.", accepts=NUMBERS, gives=summed, sparse="kept")
make(Reduction, "mean", "The mean over axes.", accepts=NUMBERS, gives=as_float_or_same)
make(Reduction, "var", "The variance over axes.", accepts=NUMBERS, gives=as_float)
make(Reduction, "std", "The standard deviation over axes.", accepts=NUMBERS, gives=_deviation)
make(Reduction, "any", "Whether any element along the axes is true (not 0).", accepts=NUMBERS, gives=always_bool)
make(Reduction, "all", "Whether every element along the axes is true (not 0).", accepts=NUMBERS, gives=always_bool)
make(Reduction, "amax", "The largest element along axes.", accepts=REAL)
make(Reduction, "amin", "The smallest element along axes.", accepts=REAL)
make(Reduction, "ptp", "The span from the smallest to the largest element along axes.", accepts=INTS | FLOATS)
make(Reduction, "logsumexp", "The logarithm of the sum of the exponentials over axes.", accepts=FLOATS)
make(Reduction, "median", "The median over axes.", accepts=REAL, gives=as_float)
make(Reduction, "nansum", "The sum over axes, with NaN as 0.", accepts=NUMBERS, gives=summed)
make(NanMean, "nanmean", "The mean over axes, without NaN.", accepts=NUMBERS, gives=_real_mean)
make(Reduction, "nanmax", "The largest element along axes, without NaN.", accepts=REAL)
make(Reduction, "nanmin", "The smallest element along axes, without NaN.", accepts=REAL)
make(Reduction, "nanvar", "The variance over axes, without NaN.", accepts=REAL, gives=as_float)
make(Reduction, "nanstd", "The standard deviation over axes, without NaN.", accepts=REAL, gives=as_float)
make(Reduction, "nanprod", "The product over axes, with NaN as 1.", accepts=NUMBERS, gives=_multiplied)
make(Extremum, "max", "The largest element along axes.", accepts=REAL)
make(Extremum, "min", "The smallest element along axes.", accepts=REAL)
make(ArgExtremum, "argmax", "The index of the largest element along an axis, or in the flattened tensor.", accepts=REAL)
make(
    ArgExtremum, "argmin", "The index of the smallest element along an axis, or in the flattened tensor.", accepts=REAL
)
make(
    ArgExtremum,
    "nanargmax",
    "The index of the largest element along an axis, or in the flattened tensor, without NaN.",
    accepts=REAL,
)
make(
    ArgExtremum,
    "nanargmin",
    "The index of the smallest element along an axis, or in the flattened tensor, without NaN.",
    accepts=REAL,
)


class Prod(Reduction, op="prod", accepts=NUMBERS, gives=_multiplied):
    """The product over axes."""

    dtype: DType | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        if self.dtype is not None:
            need_dtype(self.dtype, NUMBERS)
        (product,) = super()._outputs(call)
        yield product._replace(dtype=self.dtype or product.dtype)


class CountNonzero(Operation, op="count_nonzero", gives=always_int32):
    """How many elements along axes are not 0."""

    shape_rule = "the shape of x without the axes"
    sample = on(axis="-1")

    axis: Axes | None = None

    def _shape(self, shape: Shape) -> Shape:
        return reduced(shape, self.axis, False)


class Cumulative(Operation, accepts=NUMBERS, ragged="made dense"):
    """One number for each element, of all elements up to it along an axis."""

    shape_rule = "the shape of x; one row of all elements where axis is null"
    sample = on(axis="-1")

    axis: Axis | None = None
    dtype: DType | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        if self.dtype is not None:
            need_dtype(self.dtype, NUMBERS)
        yield Tensor(along(call.shape, self.axis), counted(self.dtype or call.first.dtype))


make(Cumulative, "cumsum", "The sum of all elements up to each, along an axis.")
make(Cumulative, "cumprod", "The product of all elements up to each, along an axis.")
make(
    Cumulative,
    "nancumsum",
    "The sum of all elements up to each, along an axis, with NaN as 0.",
    accepts=REAL,
    ragged="refused",
)
make(
    Cumulative,
    "nancumprod",
    "The product of all elements up to each, along an axis, with NaN as 1.",
    accepts=REAL,
    ragged="refused",
)


class Trapezoid(Operation, op="trapezoid", accepts=NUMBERS, gives=as_float):
    """The integral along an axis by the trapezoidal rule, from samples at a constant distance."""

    tensors = (Argument("y"),)
    shape_rule = "the shape of y without the axis"
    sample = on(dx="0.5")
    refused = {"x": "TensorFlow cannot use sample points in a model; give their distance in 'dx'"}

    dx: Number = 1.0
    axis: Axis = -1

    def _shape(self, shape: Shape) -> Shape:
        return reduced(shape, self.axis, False)


class Average(Operation, op="average", accepts=NUMBERS, ragged="made dense"):
    """The mean over one axis or over all, each element multiplied by its weight."""

    tensors = (Argument("x"), Argument("weights", required=False))
    shape_rule = "the shape of x without the axis"
    sample = on(axis="-1")

    axis: Axis | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, weights = call.tensor("x"), call.one("weights")
        axis = None if self.axis is None else normalize_axis(self.axis, len(x.shape))
        dtype = result_type(x.dtype, float) if weights is None else result_type(x.dtype, weights.dtype, float)
        if weights is not None and not _weighs(weights.shape, x.shape, axis):
            raise ShapeError(
                f"cannot weigh {show_shape(x.shape)} by {show_shape(weights.shape)}",
                help="the weights have the shape of 'x', or are one for each element of the axis",
            )
        yield Tensor(reduced(x.shape, axis, False), dtype)


def _weighs(weights: Shape, shape: Shape, axis: int | None) -> bool:
    """Whether there is a weight for each element, or for each of the axis."""
    alike = fits(weights, shape)
    return alike or (axis is not None and len(weights) == 1 and not differ(weights[0], shape[axis]))


_Probability = Annotated[float, Field(ge=0, le=1)]
_Method = Literal["linear", "lower", "higher", "midpoint", "nearest"]


class Quantile(Operation, op="quantile", accepts=REAL, gives=as_float, ragged="made dense"):
    """The value below which a fraction of the elements along axes lies; several fractions add a first axis."""

    shape_rule = "the shape of x without the axes; a first axis for a list of fractions"
    sample = on(q="0.9", axis="-1")

    q: Annotated[
        _Probability | tuple[_Probability, ...],
        BeforeValidator(freeze),
        TypeWords("a number from 0 to 1 or a list of them"),
    ]
    axis: Axes | None = None
    method: _Method = "linear"
    keepdims: bool = False

    def _shape(self, shape: Shape) -> Shape:
        shape = reduced(shape, self.axis, self.keepdims)
        if isinstance(self.q, tuple):
            if len(self.q) < 2:
                raise RuleError(
                    "needs two fractions or more in a list",
                    argument="q",
                    help="write a single one without a list",
                    tensors=(),
                )
            shape = (len(self.q), *shape)
        return shape


_Percent = Annotated[float, Field(ge=0, le=100)]


class Percentile(Quantile, op="percentile", ragged="refused"):
    """The value below which a percentage of the elements along axes lies; several percentages add a first axis."""

    shape_rule = "the shape of x without the axes; a first axis for a list of percentages"
    sample = on(q="90", axis="-1")

    q: Annotated[
        _Percent | tuple[_Percent, ...],
        BeforeValidator(freeze),
        TypeWords("a number from 0 to 100 or a list of them"),
    ]


class Moments(Operation, op="moments", accepts=FLOATS | COMPLEX | {"int32", "int64"}):
    """The mean and the variance over axes."""

    several = True
    shape_rule = "twice the shape of x without the axes"
    sample = on(axes="-1")

    axes: Axes
    keepdims: bool = False
    synchronized: bool = False

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The mean and the variance."""
        return ("mean", "variance")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        result = Tensor(reduced(call.shape, self.axes, self.keepdims, "axes"), call.first.dtype)
        yield from (result, result)


_Order = Annotated[
    Literal["fro", "nuc", "inf", "-inf"] | int | float,
    TypeWords('a number, "inf", "-inf", "fro" or "nuc"'),
]


class Norm(Operation, op="norm", accepts=NUMBERS, ragged="made dense"):
    """The norm of vectors (one axis) or of matrices (two axes); "inf" and "-inf" name the infinite orders."""

    shape_rule = "the shape of x without the axes"
    sample = on(axis="-1")

    ord: _Order | None = None
    axis: Axes | None = None
    keepdims: bool = False

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape = reduced(call.shape, self.axis, self.keepdims)
        count = len(call.shape) if self.axis is None else len(distinct_axes(self.axis, len(call.shape)))
        if count not in (1, 2):
            raise ShapeError(
                f"takes the norm of vectors or matrices, not over {count} axes",
                argument="axis" if self.axis is not None else None,
                help="give one axis or two in 'axis'",
            )
        if count == 1 and self.ord in ("fro", "nuc"):
            raise RuleError(
                f"has no norm of order {self.ord} of vectors", argument="ord", tensors=(), help="that is for two axes"
            )
        if count == 2 and self.ord not in (None, "fro", "nuc", "inf", "-inf", 1, -1, 2, -2):
            raise RuleError(
                f"has no norm of order {self.ord} of matrices",
                argument="ord",
                tensors=(),
                help='for two axes it is 1, -1, 2, -2, "inf", "-inf", "fro" or "nuc"',
            )
        if count == 2 and self.ord in ("nuc", 2, -2):
            need_dtype(call.first.dtype, NUMBERS - {"float16", "bfloat16"})
            self._need_axes_in_order(call.shape, shape)
        yield Tensor(shape, self._dtype(call.first.dtype, count))

    def _dtype(self, dtype: str, count: int) -> str:
        """The dtype of the norm of vectors (a count of 1) or matrices; real for complex numbers if it uses
        their magnitudes."""
        dtype = as_float(dtype)
        if dtype not in COMPLEX or self.ord is None or self.ord in ("fro", 0) or (count == 1 and self.ord == 2):
            return dtype
        if count == 1 and self.ord not in ("inf", "-inf"):
            need_dtype(dtype, NUMBERS - COMPLEX)
        return FLOATX

    def _need_axes_in_order(self, shape: Shape, said: Shape) -> None:
        """For singular values, Keras inserts the kept axes one by one, in the order in which they are given."""
        if not self.keepdims or not isinstance(self.axis, tuple):
            return
        kept = reduced(shape, self.axis, False)
        for axis in self.axis:
            rank = len(kept) + 1
            place = axis % rank
            kept = (*kept[:place], 1, *kept[place:]) if -rank <= axis < rank else ()
        if len(kept) != len(said) or any(dim is not None and dim != got for dim, got in zip(said, kept, strict=True)):
            order = sorted(distinct_axes(self.axis, len(shape)))
            raise RuleError(
                f"keeps axes {list(self.axis)} in other places with order {self.ord}",
                argument="axis",
                help=f"name the axes in order and counted from the front: {order}",
            )

    def call_constants(self) -> dict[str, Any]:
        """The arguments, with the infinite orders as numbers."""
        constants = self.given()
        if self.ord in ("inf", "-inf"):
            constants["ord"] = float(self.ord)
        return constants


class Normalize(Operation, op="normalize", accepts=NUMBERS, ragged="kept"):
    """Vectors scaled to length 1 along axes."""

    shape_rule = "the shape of x"

    axis: Axes | None = -1
    order: Annotated[int, Field(ge=1), TypeWords("a positive integer")] = 2
    epsilon: Number | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rank = len(call.shape)
        if rank == 0 and not self.axis:
            raise ShapeError(
                "cannot normalize a scalar: it is () to Keras, which computes (1,)",
                help="give it a tensor of one dimension or more",
            )
        count = rank if self.axis is None else len(distinct_axes(self.axis, rank))
        if self.order != 2 and not (count == 1 or (count == 2 and self.order == 1)):
            raise RuleError(
                f"cannot use order {self.order} over {count} axes", argument="order", help="use order 2, or one axis"
            )
        dtype = call.first.dtype
        if self.order == 2:
            need_dtype(dtype, FLOATS)
        elif count == 1:
            need_dtype(dtype, REAL)
        yield Tensor(call.shape, as_float(dtype))
