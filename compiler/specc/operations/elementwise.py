"""Operations on each element of one tensor: functions, tests of a number, casts."""

from collections.abc import Iterable

from specc.arguments import DType, Integer, Number
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, RuleError
from specc.dtypes import ALL, BOOL, COMPLEX, FLOATS, FLOATX, INTS, NUMBERS, SIGNED, result_type
from specc.operations.base import Unary, make, on
from specc.operations.rules import (
    REAL,
    Constant,
    Operand,
    always_bool,
    as_float,
    as_float_or_same,
    counted,
    cube_root,
    magnitude,
    need_broadcast_to,
    need_dtype,
    need_whole,
)
from specc.shapes import Shape, Tensor, show_shape


def _degrees(dtype: str) -> str:
    if dtype in COMPLEX:
        return dtype
    if dtype in ("int64", "float64"):
        return "float64"
    return dtype if dtype in ("bfloat16", "float16") else FLOATX


make(Unary, "absolute", "The absolute value.", accepts=NUMBERS, gives=magnitude, sparse="kept")
make(
    Unary,
    "abs",
    "The absolute value; short for `ops.absolute`.",
    accepts=NUMBERS,
    gives=magnitude,
    sparse="kept",
)
make(Unary, "negative", "The number with its sign reversed.", accepts=SIGNED | FLOATS | COMPLEX, sparse="kept")
make(
    Unary,
    "sign",
    "-1, 0 or 1 for a number below, at or above 0.",
    accepts=(INTS - {"uint64"}) | FLOATS | COMPLEX,
    sparse="kept",
)
make(Unary, "square", "The number times itself.", accepts=NUMBERS, gives=counted, sparse="kept")
make(Unary, "sqrt", "The square root.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "rsqrt", "One divided by the square root.", accepts=FLOATS | COMPLEX)
make(Unary, "cbrt", "The cube root.", accepts=NUMBERS, gives=cube_root)
make(Unary, "reciprocal", "One divided by the number.", accepts=FLOATS | COMPLEX, sparse="made dense")
make(Unary, "exp", "e to the power of the number.", accepts=NUMBERS, gives=as_float_or_same, sparse="made dense")
make(
    Unary,
    "exp2",
    "2 to the power of the number.",
    accepts=BOOL | INTS | {FLOATX},
    gives=as_float_or_same,
    sparse="made dense",
)
make(
    Unary,
    "expm1",
    "e to the power of the number, minus 1; precise near 0.",
    accepts=NUMBERS,
    gives=as_float_or_same,
    sparse="kept",
)
make(Unary, "log", "The natural logarithm.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(
    Unary,
    "log1p",
    "The natural logarithm of 1 plus the number; precise near 0.",
    accepts=NUMBERS,
    gives=as_float,
    sparse="kept",
)
make(Unary, "log2", "The logarithm to base 2.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "log10", "The logarithm to base 10.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "sin", "The sine.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "cos", "The cosine.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "tan", "The tangent.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "arcsin", "The inverse sine.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "arccos", "The inverse cosine.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "arctan", "The inverse tangent.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "sinh", "The hyperbolic sine.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "cosh", "The hyperbolic cosine.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "tanh", "The hyperbolic tangent.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "arcsinh", "The inverse hyperbolic sine.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "arccosh", "The inverse hyperbolic cosine.", accepts=NUMBERS, gives=as_float, sparse="made dense")
make(Unary, "arctanh", "The inverse hyperbolic tangent.", accepts=NUMBERS, gives=as_float, sparse="kept")
make(Unary, "sinc", "The normalized sinc function: sin(pi x) / (pi x).", accepts=NUMBERS, gives=as_float)
make(Unary, "deg2rad", "Degrees as radians.", accepts=NUMBERS - {"uint64"}, gives=_degrees, sparse="made dense")
make(Unary, "rad2deg", "Radians as degrees.", accepts=NUMBERS - {"uint64"}, gives=_degrees, sparse="made dense")
make(Unary, "floor", "The largest whole number that is not above it.", accepts=REAL, gives=as_float, sparse="kept")
make(Unary, "ceil", "The smallest whole number that is not below it.", accepts=REAL, gives=as_float, sparse="kept")
make(Unary, "trunc", "The number rounded towards 0 to a whole number.", accepts=REAL)
make(Unary, "erf", "The error function.", accepts=FLOATS, sparse="made dense")
make(Unary, "erfc", "One minus the error function.", accepts=FLOATS)
make(Unary, "erfinv", "The inverse of the error function.", accepts=FLOATS)
make(Unary, "logical_not", "Whether it is false (or 0).", accepts=NUMBERS, gives=always_bool)
make(Unary, "isneginf", "Whether it is minus infinity.", accepts=ALL, gives=always_bool)
make(Unary, "isposinf", "Whether it is plus infinity.", accepts=ALL, gives=always_bool)
make(Unary, "signbit", "Whether its sign bit is set.", accepts=NUMBERS, gives=always_bool, sparse="kept")
make(Unary, "copy", "A copy of the input.", accepts=ALL, sparse="kept")
make(Unary, "fabs", "The absolute value as a float.", accepts=REAL, gives=as_float, ragged="refused")
make(
    Unary,
    "i0",
    "The modified Bessel function of the first kind, order 0.",
    accepts=NUMBERS - {"bfloat16"},
    gives=cube_root,
    ragged="refused",
)
make(Unary, "bitwise_not", "Every bit inverted.", accepts=INTS, ragged="refused", sample=on("[4]", "int32"))
make(
    Unary,
    "bitwise_invert",
    "Every bit inverted; `ops.bitwise_not` by another name.",
    accepts=INTS,
    ragged="refused",
    sample=on("[4]", "int32"),
)


# -- Complex numbers -----------------------------------------------------------------------------


def _phase(dtype: str) -> str:
    return FLOATX if dtype in COMPLEX else as_float(dtype)


make(Unary, "real", "The real part.", accepts=NUMBERS - BOOL, gives=magnitude, ragged="refused")
make(Unary, "imag", "The imaginary part.", accepts=ALL, gives=magnitude, ragged="refused")
make(Unary, "angle", "The angle of a complex number.", accepts=NUMBERS, gives=_phase, ragged="refused")
make(Unary, "conj", "The complex conjugate.", accepts=NUMBERS - BOOL, ragged="refused")
make(
    Unary,
    "conjugate",
    "The complex conjugate; `ops.conj` by another name.",
    accepts=NUMBERS - BOOL,
    ragged="refused",
)
make(Unary, "isreal", "Whether its imaginary part is 0.", accepts=ALL, gives=always_bool, ragged="refused")


# -- Tests of floats, and tensors of one value ----------------------------------------------------


class Finiteness(Unary):
    """Whether floats are numbers; for other dtypes the result depends only on the shape, which must then be known."""

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.first
        if None in x.shape and x.dtype not in FLOATS:
            raise DTypeError(
                f"cannot compute with {x.dtype} of shape {show_shape(x.shape)}",
                help="it is for floats; put {type: ops.cast, dtype: float32} before it"
                if x.dtype != "string"
                else None,
            )
        yield from super()._outputs(call)


class Like(Unary):
    """A tensor filled with one value, in the shape of another."""

    dtype: DType | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.first
        if self.dtype == "string" and self.accepts is NUMBERS:
            raise DTypeError("cannot make ones of dtype string", argument="dtype", help="use a dtype of numbers")
        yield Tensor(x.shape, self.dtype or x.dtype)


make(Finiteness, "isnan", "Whether it is not a number.", accepts=ALL - COMPLEX, gives=always_bool)
make(Finiteness, "isinf", "Whether it is infinite.", accepts=ALL - COMPLEX, gives=always_bool)
make(
    Finiteness,
    "isfinite",
    "Whether it is neither infinite nor not a number.",
    accepts=ALL - COMPLEX,
    gives=always_bool,
    sparse="made dense",
)
make(Like, "zeros_like", "Zeros in the shape of the input.", accepts=ALL)
make(Like, "ones_like", "Ones in the shape of the input.", accepts=NUMBERS)


# -- With arguments ------------------------------------------------------------------------------


class ViewAsReal(Unary, op="view_as_real", accepts=NUMBERS - BOOL, gives=magnitude, ragged="refused"):
    """The real and the imaginary part of each number, along a new last axis of 2."""

    shape_rule = "(..., 2)"

    def _shape(self, shape: Shape) -> Shape:
        return (*shape, 2)


class StopGradient(Unary, op="stop_gradient", sparse="made dense"):
    """Passes a tensor on and keeps gradients from flowing back through it."""

    tensors = (Argument("variable"),)
    shape_rule = "the shape of variable"


class Round(Unary, op="round", accepts=INTS | FLOATS, sparse="kept"):
    """The nearest number with that many decimals."""

    sample = on(decimals="2")

    decimals: Integer = 0


class Clip(Unary, op="clip", accepts=REAL, gives=counted, sparse="made dense"):
    """Limits every number to a range."""

    sample = on(x_min="0", x_max="1")

    x_min: Constant
    x_max: Constant

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        for name, bound in (("x_min", self.x_min), ("x_max", self.x_max)):
            need_whole(bound, counted(call.first.dtype), name)
        return super()._outputs(call)


class NanToNum(Unary, op="nan_to_num", accepts=ALL - COMPLEX):
    """Replaces NaN and the infinities by numbers."""

    nan: Number = 0.0
    posinf: Number | None = None
    neginf: Number | None = None


class Cast(Unary, op="cast", sparse="made dense"):
    """The tensor in another dtype."""

    sample = on(dtype="int32")

    dtype: DType

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.first
        if (x.dtype == "string") != (self.dtype == "string"):
            raise DTypeError(
                f"cannot turn {x.dtype} into {self.dtype}",
                argument="dtype",
                help="strings become numbers in a StringLookup, Hashing or TextVectorization layer",
            )
        yield Tensor(x.shape, self.dtype)


class SaturateCast(Cast, op="saturate_cast", accepts=REAL - {"uint64"}, sparse="refused"):
    """The tensor in another dtype, with numbers outside its range set to the nearest limit."""


class FullLike(Unary, op="full_like", sparse="made dense"):
    """A tensor filled with a value, in the shape of another."""

    tensors = (Argument("x"), Argument("fill_value", required=False))
    constants = ("fill_value",)
    sample = on(fill_value="0.5")

    fill_value: Operand | None = None
    dtype: DType | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, value = call.one("x"), call.one("fill_value")
        if x is None:
            raise RuleError("needs 'x'", code="missing-argument", help="add 'x' to 'from'")
        dtype = result_type(self.dtype or x.dtype)
        need_dtype(dtype, NUMBERS)
        if value is not None:
            need_broadcast_to(value.shape, x.shape)
        yield Tensor(x.shape, dtype)
