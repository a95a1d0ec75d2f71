"""Operations on each element: arithmetic, comparisons, logic."""

from collections.abc import Callable, Iterable
from typing import ClassVar, NamedTuple

from specc.arguments import DType, Integer, Number
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, RuleError, ShapeError
from specc.dtypes import (
    ALL,
    BOOL,
    COMPLEX,
    FLOATS,
    FLOATX,
    INTS,
    NUMBERS,
    SIGNED,
    STRING,
    UNSIGNED,
    item_bytes,
    result_type,
)
from specc.dtypes import DType as AnyDType
from specc.operations.base import (
    Constant,
    Operation,
    Ragged,
    Row,
    Unary,
    as_float,
    as_float_or_same,
    catalogue,
    counted,
    example,
    example_of_two,
    make,
    need_broadcast,
    need_broadcast_to,
    need_dtype,
    same,
    unary,
)
from specc.shapes import Shape, Tensor, show_shape

_REAL = NUMBERS - COMPLEX


# -- One tensor ----------------------------------------------------------------------------------


def _bool(dtype: str) -> str:
    return "bool"


def _magnitude(dtype: str) -> str:
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype)


def _degrees(dtype: str) -> str:
    if dtype in COMPLEX:
        return dtype
    if dtype in ("int64", "float64"):
        return "float64"
    return dtype if dtype in ("bfloat16", "float16") else FLOATX


def _cube_root(dtype: str) -> str:
    if dtype in COMPLEX:  # it leaves the imaginary part out
        return FLOATX
    return "float64" if dtype == "int64" else as_float_or_same(dtype)


_UNARY = (
    Row("absolute", "The absolute value.", _magnitude, NUMBERS, True),
    Row("abs", "The absolute value; `ops.absolute` by its short name.", _magnitude, NUMBERS, True),
    Row("negative", "The number with its sign turned.", same, SIGNED | FLOATS | COMPLEX, True),
    Row(
        "sign", "-1, 0 or 1, as the number is below, at or above 0.", same, (INTS - {"uint64"}) | FLOATS | COMPLEX, True
    ),
    Row("square", "The number times itself.", counted, NUMBERS, True),
    Row("sqrt", "The square root.", as_float, NUMBERS, True),
    Row("rsqrt", "One divided by the square root.", same, FLOATS | COMPLEX),
    Row("cbrt", "The cube root.", _cube_root, NUMBERS),
    Row("reciprocal", "One divided by the number.", same, FLOATS | COMPLEX, False),
    Row("exp", "e to the power of the number.", as_float_or_same, NUMBERS, False),
    Row("exp2", "2 to the power of the number.", as_float_or_same, BOOL | INTS | {FLOATX}, False),
    Row("expm1", "e to the power of the number, less 1; precise near 0.", as_float_or_same, NUMBERS, True),
    Row("log", "The natural logarithm.", as_float, NUMBERS, False),
    Row("log1p", "The natural logarithm of 1 plus the number; precise near 0.", as_float, NUMBERS, True),
    Row("log2", "The logarithm to base 2.", as_float, NUMBERS, False),
    Row("log10", "The logarithm to base 10.", as_float, NUMBERS, False),
    Row("sin", "The sine.", as_float, NUMBERS, True),
    Row("cos", "The cosine.", as_float, NUMBERS, False),
    Row("tan", "The tangent.", as_float, NUMBERS, True),
    Row("arcsin", "The inverse sine.", as_float, NUMBERS, True),
    Row("arccos", "The inverse cosine.", as_float, NUMBERS, False),
    Row("arctan", "The inverse tangent.", as_float, NUMBERS, True),
    Row("sinh", "The hyperbolic sine.", as_float, NUMBERS, True),
    Row("cosh", "The hyperbolic cosine.", as_float, NUMBERS, False),
    Row("tanh", "The hyperbolic tangent.", as_float, NUMBERS, True),
    Row("arcsinh", "The inverse hyperbolic sine.", as_float, NUMBERS, True),
    Row("arccosh", "The inverse hyperbolic cosine.", as_float, NUMBERS, False),
    Row("arctanh", "The inverse hyperbolic tangent.", as_float, NUMBERS, True),
    Row("sinc", "The normalized sinc function: sin(pi x) / (pi x).", as_float, NUMBERS),
    Row("deg2rad", "Degrees as radians.", _degrees, NUMBERS - {"uint64"}, False),
    Row("rad2deg", "Radians as degrees.", _degrees, NUMBERS - {"uint64"}, False),
    Row("floor", "The largest whole number that is not above it.", as_float, _REAL, True),
    Row("ceil", "The smallest whole number that is not below it.", as_float, _REAL, True),
    Row("trunc", "The whole number nearest to it on the side of 0.", same, _REAL),
    Row("erf", "The error function.", sparse=False),
    Row("erfc", "One minus the error function."),
    Row("erfinv", "The inverse of the error function."),
    Row("logical_not", "Whether it is false (or 0).", _bool, NUMBERS),
    Row("isnan", "Whether it is not a number.", _bool, ALL - COMPLEX),
    Row("isinf", "Whether it is infinite.", _bool, ALL - COMPLEX),
    Row("isfinite", "Whether it is neither infinite nor not a number.", _bool, ALL - COMPLEX, False),
    Row("isneginf", "Whether it is minus infinity.", _bool, ALL),
    Row("isposinf", "Whether it is plus infinity.", _bool, ALL),
    Row("signbit", "Whether its sign bit is set.", _bool, NUMBERS, True),
    Row("zeros_like", "Zeros in the shape of the input.", same, ALL),
    Row("ones_like", "Ones in the shape of the input.", same, NUMBERS),
    Row("copy", "The input once more.", same, ALL, True),
)
"""The elementwise operations with one argument; `zeros_like` and `ones_like` add a dtype."""


class Finiteness(Unary):
    """Whether floats are numbers; the answer for other dtypes is known from their shape, which must be known then."""

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
        if self.dtype == "string" and self.row.accepts is NUMBERS:
            raise DTypeError("cannot make ones of dtype string", argument="dtype", help="use a dtype of numbers")
        yield Tensor(x.shape, self.dtype or x.dtype)


_BASES: dict[str, type[Unary]] = {
    "zeros_like": Like,
    "ones_like": Like,
    "isnan": Finiteness,
    "isinf": Finiteness,
    "isfinite": Finiteness,
}


class BitwiseNot(Unary):
    """Every bit turned."""

    row = Row("bitwise_not", "", accepts=INTS)
    function = "keras.ops.bitwise_not"
    accepts = INTS
    with_ragged = "refused"
    example = example("bitwise_not", "[4]", "int32")


class StopGradient(Operation):
    """Passes a tensor on and keeps gradients from flowing back through it."""

    function = "keras.ops.stop_gradient"
    tensors = (Argument("variable"),)
    takes_sparse = True
    with_ragged = "kept"
    shape_rule = "the shape of variable"
    example = example("stop_gradient")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        yield Tensor(call.shape, call.first.dtype)


class Round(Unary):
    """The nearest number with so many decimals."""

    row = Row("round", "", accepts=INTS | FLOATS, sparse=True)
    function = "keras.ops.round"
    accepts = row.accepts
    takes_sparse = True
    example = example("round", decimals="2")

    decimals: Integer = 0


class Clip(Operation):
    """Keeps every number within two bounds."""

    function = "keras.ops.clip"
    tensors = (Argument("x"),)
    accepts = _REAL
    takes_sparse = True
    with_ragged = "kept"
    shape_rule = "the shape of x"
    example = example("clip", x_min="0", x_max="1")

    x_min: Constant
    x_max: Constant

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        dtype = counted(call.first.dtype)
        for name, bound in (("x_min", self.x_min), ("x_max", self.x_max)):
            need_whole(bound, dtype, name)
        yield Tensor(call.shape, dtype)


class NanToNum(Operation):
    """Puts numbers in the place of NaN and of the infinities."""

    function = "keras.ops.nan_to_num"
    tensors = (Argument("x"),)
    accepts = ALL - COMPLEX
    with_ragged = "kept"
    shape_rule = "the shape of x"
    example = example("nan_to_num")

    nan: Number = 0.0
    posinf: Number | None = None
    neginf: Number | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        yield Tensor(call.shape, call.first.dtype)


class Cast(Operation):
    """The tensor in another dtype."""

    function = "keras.ops.cast"
    tensors = (Argument("x"),)
    takes_sparse = True
    with_ragged = "kept"
    shape_rule = "the shape of x"
    example = example("cast", dtype="int32")

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


class SaturateCast(Cast):
    """The tensor in another dtype, with numbers beyond its range moved to its ends."""

    takes_sparse = False
    function = "keras.ops.saturate_cast"
    accepts = _REAL - {"uint64"}
    example = example("saturate_cast", dtype="int32")


class FullLike(Operation):
    """A tensor filled with a value, in the shape of another."""

    function = "keras.ops.full_like"
    tensors = (Argument("x"), Argument("fill_value", required=False))
    constants = ("fill_value",)
    takes_sparse = True
    with_ragged = "kept"
    shape_rule = "the shape of x"
    example = example("full_like", fill_value="0.5")

    fill_value: Constant | None = None
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


# -- Two tensors, or one and a constant -----------------------------------------------------------


def need_whole(constant: Constant | None, dtype: str, name: str) -> None:
    """DTypeError for a fraction where the tensor holds integers."""
    if isinstance(constant, float) and dtype in INTS:
        raise DTypeError(
            f"takes an integer as '{name}' for {dtype}, not {constant!r}",
            argument=name,
            help="give an integer, or put {type: ops.cast, dtype: float32} before it",
        )


def _promoted(first: AnyDType, second: AnyDType) -> str:
    return result_type(first, second)


def _promoted_float(first: AnyDType, second: AnyDType) -> str:
    return result_type(first, second, float)


def _promoted_counted(first: AnyDType, second: AnyDType) -> str:
    return counted(result_type(first, second))


def _truth(first: AnyDType, second: AnyDType) -> str:
    result_type(first, second)
    return "bool"


class Sparsity(NamedTuple):
    """When the result of two tensors is sparse."""

    rule: Callable[[bool, bool], bool]


_BOTH = Sparsity(lambda first, second: first and second)
_EITHER = Sparsity(lambda first, second: first or second)
_FIRST = Sparsity(lambda first, second: first and not second)


class BinaryRow(NamedTuple):
    """An operation of two operands: its name, what it does, its dtype, and what it computes in."""

    name: str
    does: str
    dtype: Callable[[AnyDType, AnyDType], str] = _promoted
    computes: frozenset[str] = NUMBERS
    """The promoted dtypes of the operands that Keras can compute with."""
    sparse: Sparsity | None = None
    """When the result is sparse; null where Keras cannot compute with sparse tensors."""
    fails: Callable[[Constant | None, Constant | None, str], bool] | None = None
    """Whether these constants (null: a tensor) fail in integers of that dtype when the model runs."""
    weighs: bool = False
    """`Operation.weighs_constants`."""


class Binary(Operation):
    """An operation on the elements of two tensors, broadcast together."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x1", required=False), Argument("x2", required=False))
    constants: ClassVar[tuple[str, ...]] = ("x1", "x2")
    with_ragged: ClassVar[Ragged] = "kept"
    broadcasts: ClassVar[bool] = True
    shape_rule: ClassVar[str] = "x1 and x2 broadcast together"
    binary: ClassVar[BinaryRow]

    x1: Constant | None = None
    x2: Constant | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        (shape1, dtype1, sparse1), (shape2, dtype2, sparse2) = self.operand(call, "x1"), self.operand(call, "x2")
        need_dtype(result_type(dtype1, dtype2), self.binary.computes)
        dtype = self.binary.dtype(dtype1, dtype2)
        if self.binary.fails and dtype in INTS and self.binary.fails(self.x1, self.x2, dtype):
            constant = "x1" if self.x2 is None else "x2"
            raise DTypeError(
                f"cannot compute in {dtype} with {getattr(self, constant)} as '{constant}'",
                argument=constant,
                help="give another number, or put {type: ops.cast, dtype: float32} before it",
            )
        yield Tensor(
            need_broadcast(shape1, shape2),
            dtype,
            sparse=bool(self.binary.sparse and self.binary.sparse.rule(sparse1, sparse2)),
        )


def _wrapped(constant: Constant, dtype: str) -> int:
    """An integer as TensorFlow casts it: the bits for which the dtype has room.

    >>> _wrapped(256, "uint8"), _wrapped(200, "int8"), _wrapped(-1, "int32")
    (0, -56, -1)
    """
    values = 1 << 8 * item_bytes(dtype)
    wrapped = int(constant) % values
    return wrapped - values if dtype in SIGNED and wrapped >= values // 2 else wrapped


def _divides_by_zero(x1: Constant | None, x2: Constant | None, dtype: str) -> bool:
    return x2 is not None and _wrapped(x2, dtype) == 0


def _inverts(x1: Constant | None, x2: Constant | None, dtype: str) -> bool:
    """Keras computes powers of unsigned integers in int32."""
    return x2 is not None and _wrapped(x2, "int32" if dtype in UNSIGNED else dtype) < 0


def _negates(x1: Constant | None, x2: Constant | None, dtype: str) -> bool:
    """TensorFlow makes 0 - x a negation, which small unsigned integers do not have."""
    return x1 is not None and x1 == 0 and dtype in ("uint8", "uint16")


_NOT_BOOL = NUMBERS - BOOL
_ORDERED = INTS | FLOATS
_BINARY = (
    BinaryRow("subtract", "The first less the second.", _promoted, _NOT_BOOL, _BOTH, _negates),
    BinaryRow("multiply", "The product.", _promoted, _NOT_BOOL, _EITHER),
    BinaryRow("divide", "The first divided by the second.", _promoted_float, NUMBERS, _FIRST),
    BinaryRow(
        "true_divide",
        "The first divided by the second; `ops.divide` by another name.",
        _promoted_float,
        NUMBERS,
        _FIRST,
    ),
    BinaryRow("divide_no_nan", "The first divided by the second, and 0 where that is 0.", _promoted_float, NUMBERS),
    BinaryRow("floor_divide", "The quotient, rounded down.", _promoted, _ORDERED, fails=_divides_by_zero),
    BinaryRow(
        "mod",
        "The rest of the division, with the sign of the divisor.",
        _promoted_counted,
        _REAL,
        fails=_divides_by_zero,
        weighs=True,
    ),
    BinaryRow(
        "fmod",
        "The rest of the division, by NumPy's fmod.",
        _promoted_counted,
        _REAL,
        fails=_divides_by_zero,
        weighs=True,
    ),
    BinaryRow("power", "The first to the power of the second.", _promoted, _NOT_BOOL, fails=_inverts),
    BinaryRow("maximum", "The larger of the two.", _promoted, _ORDERED, _BOTH),
    BinaryRow("minimum", "The smaller of the two.", _promoted, _ORDERED, _BOTH),
    BinaryRow("arctan2", "The angle of the point (x2, x1).", _promoted_float, _REAL, weighs=True),
    BinaryRow("logaddexp", "The logarithm of the sum of the exponentials.", _promoted_float, _REAL, weighs=True),
    BinaryRow(
        "logaddexp2", "The logarithm to base 2 of the sum of the powers of 2.", _promoted_float, _REAL, weighs=True
    ),
    BinaryRow("equal", "Whether they are equal.", _truth, ALL),
    BinaryRow("not_equal", "Whether they differ.", _truth, ALL),
    BinaryRow("greater", "Whether the first is greater.", _truth, _ORDERED),
    BinaryRow("greater_equal", "Whether the first is greater or equal.", _truth, _ORDERED),
    BinaryRow("less", "Whether the first is less.", _truth, _ORDERED),
    BinaryRow("less_equal", "Whether the first is less or equal.", _truth, _ORDERED),
    BinaryRow("logical_and", "Whether both are true (not 0).", _truth),
    BinaryRow("logical_or", "Whether one of them is true (not 0).", _truth),
    BinaryRow("logical_xor", "Whether exactly one of them is true (not 0).", _truth),
)


class Add(Binary):
    """The sum."""

    binary = BinaryRow("add", "", _promoted, _NOT_BOOL | STRING, _BOTH)
    function = "keras.ops.add"
    takes_sparse = True
    example = example_of_two("add")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        first, second = self.operand(call, "x1")[0], self.operand(call, "x2")[0]
        outputs = tuple(super()._outputs(call))
        if not _adds_in_place(first, second):
            raise ShapeError(
                f"cannot add {show_shape(second)} to {show_shape(first)}: Keras takes it for a bias of another axis",
                help="give the two in the other order",
            )
        return outputs


def _adds_in_place(first: Shape, second: Shape) -> bool:
    """Whether Keras adds along the right axis.

    On TensorFlow it takes a second operand with a single axis longer than 1 for a bias: of the first's last axis or
    else of its axis 1, if that is as long, wherever the axis stands in the operand.
    """
    long = [axis for axis, dim in enumerate(second) if dim != 1]
    length = second[long[0]] if len(long) == 1 else None
    if length is None or len(first) < 2 or length not in (first[1], first[-1]):
        return True
    from_last = len(second) - long[0]
    return len(second) <= len(first) and from_last == (1 if first[-1] == length else len(first) - 1)


class Isclose(Binary):
    """Whether two numbers are equal within a tolerance."""

    binary = BinaryRow("isclose", "", _truth, ALL)
    function = "keras.ops.isclose"
    example = example_of_two("isclose")

    rtol: Number = 1e-5
    atol: Number = 1e-8
    equal_nan: bool = False


class Hypot(Operation):
    """The hypotenuse of two sides: the root of the sum of their squares."""

    function = "keras.ops.hypot"
    tensors = (Argument("x1"), Argument("x2"))
    accepts = NUMBERS
    with_ragged = "kept"
    broadcasts = True
    shape_rule = "x1 and x2 broadcast together"
    example = example_of_two("hypot")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.many("x1")[0], call.many("x2")[0]
        dtype = result_type(x1.dtype, x2.dtype)
        need_dtype(dtype, _NOT_BOOL)
        yield Tensor(need_broadcast(x1.shape, x2.shape), _cube_root(dtype))


class Where(Operation):
    """Elements of ``x1`` where the condition holds, and of ``x2`` elsewhere."""

    function = "keras.ops.where"
    tensors = (Argument("condition"), Argument("x1", required=False), Argument("x2", required=False))
    constants = ("x1", "x2")
    with_ragged = "kept"
    broadcasts = True
    shape_rule = "condition, x1 and x2 broadcast together"
    example = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ops.greater, name: positive, x2: 0, from: x}\n"
        "  - {type: ops.where, from: {condition: positive, x1: x}, x2: 0.0}\n"
    )

    x1: Constant | None = None
    x2: Constant | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape = call.many("condition")[0].shape
        need_dtype(call.many("condition")[0].dtype, NUMBERS, "condition")
        (shape1, dtype1, _), (shape2, dtype2, _) = self.operand(call, "x1"), self.operand(call, "x2")
        yield Tensor(need_broadcast(need_broadcast(shape, shape1), shape2), result_type(dtype1, dtype2))


def _binary(row: BinaryRow) -> type[Binary]:
    sparse = row.sparse is not None
    return make(
        Binary,
        row.name,
        row.does,
        binary=row,
        takes_sparse=sparse,
        weighs_constants=row.weighs,
        example=example_of_two(row.name),
        **({"with_ragged": "refused"} if row.name == "logaddexp2" else {}),
    )


OPERATIONS = catalogue(
    *(unary(row, _BASES.get(row.name, Unary)) for row in _UNARY),
    BitwiseNot,
    StopGradient,
    Round,
    Clip,
    NanToNum,
    Cast,
    SaturateCast,
    FullLike,
    Add,
    *map(_binary, _BINARY),
    Isclose,
    Hypot,
    Where,
)
