"""Operations on the elements of two tensors, or of one and a constant: arithmetic, comparisons, logic."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from specc.arguments import NonNegativeInt, Number
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, RuleError, ShapeError
from specc.dtypes import ALL, BOOL, FLOATS, INTS, NUMBERS, SIGNED, STRING, UNSIGNED, DType, item_bytes, result_type
from specc.operations.base import OfTwo, Operation, make, on, on_two
from specc.operations.number_lists import NumberList
from specc.operations.rules import (
    REAL,
    Constant,
    Operand,
    counted,
    cube_root,
    need_all_known,
    need_broadcast,
    need_broadcast_to,
    need_dtype,
    need_one_dtype,
    need_whole,
)
from specc.shapes import Shape, Tensor, show_shape


def _promoted(first: DType, second: DType) -> str:
    return result_type(first, second)


def _promoted_float(first: DType, second: DType) -> str:
    return result_type(first, second, float)


def _promoted_counted(first: DType, second: DType) -> str:
    return counted(result_type(first, second))


def _truth(first: DType, second: DType) -> str:
    result_type(first, second)
    return "bool"


class Binary(Operation, ragged="kept"):
    """An operation on the elements of two tensors, broadcast together."""

    tensors = (Argument("x1", required=False), Argument("x2", required=False))
    constants = ("x1", "x2")
    broadcasts = True
    shape_rule = "x1 and x2 broadcast together"
    sample = on_two()

    promotes: ClassVar[Callable[[DType, DType], str]] = _promoted
    """The dtype of the result for those of the operands."""
    computes: ClassVar[frozenset[str]] = NUMBERS
    """The promoted dtypes of the operands that Keras can compute with."""
    sparse_if: ClassVar[Callable[[bool, bool], bool] | None] = None
    """Whether the result is sparse, given whether each operand is; None if Keras cannot compute with sparse tensors."""
    fails: ClassVar[Callable[[Constant | None, Constant | None, str], bool] | None] = None
    """Whether these constants (None: a tensor) fail in integers of that dtype when the model runs."""

    x1: Operand | None = None
    x2: Operand | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rules = type(self)
        (shape1, dtype1, sparse1), (shape2, dtype2, sparse2) = self.operand(call, "x1"), self.operand(call, "x2")
        need_dtype(result_type(dtype1, dtype2), self.computes)
        dtype = rules.promotes(dtype1, dtype2)
        if dtype in INTS and self._fails(dtype):
            constant = "x1" if self.x2 is None else "x2"
            raise DTypeError(
                f"cannot compute in {dtype} with {getattr(self, constant)} as '{constant}'",
                argument=constant,
                help="give another number, or put {type: ops.cast, dtype: float32} before it",
            )
        sparse = rules.sparse_if is not None and rules.sparse_if(sparse1, sparse2)
        yield Tensor(need_broadcast(shape1, shape2), dtype, sparse=sparse)

    def _fails(self, dtype: str) -> bool:
        fails = type(self).fails
        if fails is None:
            return False
        return any(fails(x1, x2, dtype) for x1 in _numbers(self.x1) for x2 in _numbers(self.x2))


def _numbers(operand: Operand | None) -> list[Any]:
    return operand.numbers() if isinstance(operand, NumberList) else [operand]


def _wrapped(constant: Constant, dtype: str) -> int:
    """An integer as TensorFlow casts it: the bits that fit the dtype.

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


def _both(first: bool, second: bool) -> bool:
    return first and second


def _either(first: bool, second: bool) -> bool:
    return first or second


def _first(first: bool, second: bool) -> bool:
    return first and not second


_NOT_BOOL = NUMBERS - BOOL
_ORDERED = INTS | FLOATS

make(
    Binary,
    "subtract",
    "The first minus the second.",
    computes=_NOT_BOOL,
    sparse="kept",
    sparse_if=_both,
    fails=_negates,
)
make(Binary, "multiply", "The product.", computes=_NOT_BOOL, sparse="kept", sparse_if=_either)
make(Binary, "divide", "The first divided by the second.", promotes=_promoted_float, sparse="kept", sparse_if=_first)
make(
    Binary,
    "true_divide",
    "The first divided by the second; `ops.divide` by another name.",
    promotes=_promoted_float,
    sparse="kept",
    sparse_if=_first,
)
make(Binary, "divide_no_nan", "The first divided by the second, and 0 where that is 0.", promotes=_promoted_float)
make(Binary, "floor_divide", "The quotient, rounded down.", computes=_ORDERED, fails=_divides_by_zero)
make(
    Binary,
    "mod",
    "The rest of the division, with the sign of the divisor.",
    promotes=_promoted_counted,
    computes=REAL,
    fails=_divides_by_zero,
    weighs_constants=True,
)
make(
    Binary,
    "fmod",
    "The rest of the division, by NumPy's fmod.",
    promotes=_promoted_counted,
    computes=REAL,
    fails=_divides_by_zero,
    weighs_constants=True,
)
make(Binary, "power", "The first to the power of the second.", computes=_NOT_BOOL, fails=_inverts)
make(Binary, "maximum", "The larger of the two.", computes=_ORDERED, sparse="kept", sparse_if=_both)
make(Binary, "minimum", "The smaller of the two.", computes=_ORDERED, sparse="kept", sparse_if=_both)
make(Binary, "fmax", "The larger of the two, or the one that is not NaN.", computes=_ORDERED, ragged="refused")
make(Binary, "fmin", "The smaller of the two, or the one that is not NaN.", computes=_ORDERED, ragged="refused")
make(
    Binary,
    "nextafter",
    "The float after the first, towards the second.",
    promotes=_promoted_float,
    weighs_constants=True,
    ragged="refused",
)
make(
    Binary,
    "arctan2",
    "The angle of the point (x2, x1).",
    promotes=_promoted_float,
    computes=REAL,
    weighs_constants=True,
)
make(
    Binary,
    "logaddexp",
    "The logarithm of the sum of the exponentials.",
    promotes=_promoted_float,
    computes=REAL,
    weighs_constants=True,
)
make(
    Binary,
    "logaddexp2",
    "The logarithm to base 2 of the sum of the powers of 2.",
    promotes=_promoted_float,
    computes=REAL,
    weighs_constants=True,
    ragged="refused",
)
make(Binary, "equal", "Whether they are equal.", promotes=_truth, computes=ALL)
make(Binary, "not_equal", "Whether they differ.", promotes=_truth, computes=ALL)
make(Binary, "greater", "Whether the first is greater.", promotes=_truth, computes=_ORDERED)
make(Binary, "greater_equal", "Whether the first is greater or equal.", promotes=_truth, computes=_ORDERED)
make(Binary, "less", "Whether the first is less.", promotes=_truth, computes=_ORDERED)
make(Binary, "less_equal", "Whether the first is less or equal.", promotes=_truth, computes=_ORDERED)
make(Binary, "logical_and", "Whether both are true (not 0).", promotes=_truth)
make(Binary, "logical_or", "Whether one of them is true (not 0).", promotes=_truth)
make(Binary, "logical_xor", "Whether exactly one of them is true (not 0).", promotes=_truth)


class Add(Binary, op="add", sparse="kept"):
    """The sum."""

    computes = _NOT_BOOL | STRING
    sparse_if = _both

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

    On TensorFlow it treats a second operand with a single axis longer than 1 as a bias: for the first's last axis or
    else for its axis 1, if that is as long, wherever the axis is in the operand.
    """
    long = [axis for axis, dim in enumerate(second) if dim != 1]
    length = second[long[0]] if len(long) == 1 else None
    if length is None or len(first) < 2 or length not in (first[1], first[-1]):
        return True
    from_last = len(second) - long[0]
    return len(second) <= len(first) and from_last == (1 if first[-1] == length else len(first) - 1)


class Isclose(Binary, op="isclose"):
    """Whether two numbers are equal within a tolerance."""

    computes = ALL
    promotes = _truth

    rtol: Number = 1e-5
    atol: Number = 1e-8
    equal_nan: bool = False


class Allclose(Isclose, op="allclose", ragged="refused"):
    """Whether all pairs of numbers are equal within a tolerance."""

    shape_rule = "()"
    sample = on_two("batch [2, 4]", "batch [2, 4]")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        (each,) = super()._outputs(call)
        yield each._replace(shape=())


class Ldexp(Binary, op="ldexp", ragged="refused"):
    """The first times 2 to the power of the second, an integer."""

    promotes = _promoted_float
    computes = REAL
    weighs_constants = True
    sample = on(x2="3")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_dtype(self.operand(call, "x1")[1], REAL, "x1")  # type: ignore[arg-type]  # they weigh, as dtypes
        need_dtype(self.operand(call, "x2")[1], INTS, "x2")  # type: ignore[arg-type]
        return super()._outputs(call)


class Heaviside(OfTwo, op="heaviside", accepts=REAL):
    """0 where the first is below 0, 1 where it is above, and the second where it is 0."""

    broadcasts = True
    shape_rule = "x1 and x2 broadcast together"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        dtype = result_type(x1.dtype, x2.dtype)
        need_dtype(dtype, _ORDERED)
        yield Tensor(need_broadcast(x1.shape, x2.shape), cube_root(dtype))


class Hypot(OfTwo, op="hypot", accepts=NUMBERS, ragged="kept"):
    """The hypotenuse of two sides: the root of the sum of their squares."""

    broadcasts = True
    shape_rule = "x1 and x2 broadcast together"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        dtype = result_type(x1.dtype, x2.dtype)
        need_dtype(dtype, _NOT_BOOL)
        yield Tensor(need_broadcast(x1.shape, x2.shape), cube_root(dtype))


class Where(Operation, op="where", ragged="kept"):
    """Elements of ``x1`` where the condition is true, and of ``x2`` elsewhere."""

    tensors = (Argument("condition"), Argument("x1", required=False), Argument("x2", required=False))
    constants = ("x1", "x2")
    broadcasts = True
    shape_rule = "condition, x1 and x2 broadcast together"
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ops.greater, name: positive, x2: 0, from: x}\n"
        "  - {type: TYPE, from: {condition: positive, x1: x}, x2: 0.0}\n"
    )

    x1: Operand | None = None
    x2: Operand | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape = call.tensor("condition").shape
        need_dtype(call.tensor("condition").dtype, NUMBERS, "condition")
        (shape1, dtype1, _), (shape2, dtype2, _) = self.operand(call, "x1"), self.operand(call, "x2")
        yield Tensor(need_broadcast(need_broadcast(shape, shape1), shape2), result_type(dtype1, dtype2))


class Select(Operation, op="select"):
    """Elements of the first choice whose condition is true, and the default where none is."""

    tensors = (Argument("condlist", many=True), Argument("choicelist", many=True))
    broadcasts = True
    shape_rule = "the shape of the first choice"
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ops.less, name: low, x2: 0, from: x}\n"
        "  - {type: ops.greater, name: high, x2: 1, from: x}\n  - {type: ops.exp, name: grown, from: x}\n"
        "  - {type: TYPE, from: {condlist: [low, high], choicelist: [grown, x]}}\n"
    )

    default: Constant = 0

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        conditions, choices = call.many("condlist"), call.many("choicelist")
        if len(conditions) != len(choices):
            raise RuleError(
                f"has {len(conditions)} conditions and {len(choices)} choices", help="give a choice for each condition"
            )
        first = choices[0]
        need_dtype(first.dtype, NUMBERS - BOOL, "choicelist")
        for condition, choice in zip(conditions, choices, strict=True):
            need_dtype(condition.dtype, NUMBERS, "condlist")
            need_broadcast_to(condition.shape, first.shape)
            need_broadcast_to(choice.shape, first.shape)
        need_one_dtype(*choices)
        need_whole(self.default, first.dtype, "default")
        yield Tensor(first.shape, first.dtype)


# -- Bits ----------------------------------------------------------------------------------------


class Bitwise(Operation, accepts=BOOL | INTS):
    """An operation on the bits of two tensors of integers."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x"), Argument("y"))
    broadcasts = True
    shape_rule: ClassVar[str] = "the shape of x, to which y is broadcast"
    sample: ClassVar[str] = (
        "layers:\n  - {type: Input, name: a, shape: [4], dtype: int32}\n"
        "  - {type: Input, name: b, shape: [4], dtype: int32}\n  - {type: TYPE, from: [a, b]}\n"
    )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, (shape, dtype, _) = call.tensor("x"), self.operand(call, "y")
        need_broadcast_to(shape, x.shape)
        result = x.dtype if call.one("y") is None else result_type(x.dtype, dtype)
        need_dtype(result, INTS)
        yield Tensor(x.shape, result)


class Shift(Bitwise):
    """Bits moved by a number of places, a tensor or a constant."""

    tensors = (Argument("x"), Argument("y", required=False))
    constants = ("y",)
    sample = on("[4]", "int32", y="2")

    y: NonNegativeInt | None = None


make(Bitwise, "bitwise_and", "The bits that both have.")
make(Bitwise, "bitwise_or", "The bits that one of them has.")
make(Bitwise, "bitwise_xor", "The bits that exactly one of them has.")
make(Shift, "bitwise_left_shift", "The bits moved to higher places.")
make(Shift, "left_shift", "The bits moved to higher places; `ops.bitwise_left_shift` by another name.")
make(Shift, "bitwise_right_shift", "The bits moved to lower places.")
make(Shift, "right_shift", "The bits moved to lower places; `ops.bitwise_right_shift` by another name.")


class CommonDivisor(Bitwise):
    """A number with which both integers have to do; TensorFlow needs every size for it."""

    tensors = (Argument("x1"), Argument("x2"))
    shape_rule = "x1 and x2 broadcast together"
    sample = (
        "layers:\n  - {type: Input, name: a, batch_shape: [2, 4], dtype: int32}\n"
        "  - {type: Input, name: b, batch_shape: [2, 4], dtype: int32}\n  - {type: TYPE, from: [a, b]}\n"
    )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        for tensor in (x1, x2):
            need_all_known(tensor.shape)
        dtype = result_type(x1.dtype, x2.dtype)
        need_dtype(dtype, INTS)
        yield Tensor(need_broadcast(x1.shape, x2.shape), dtype)


make(CommonDivisor, "gcd", "The greatest common divisor.")
make(CommonDivisor, "lcm", "The least common multiple.")


class Polar(Operation, op="polar", accepts=frozenset({"float32", "float64"})):
    """Complex numbers with these absolute values and angles."""

    tensors = (Argument("abs_"), Argument("angle"))
    broadcasts = True
    shape_rule = "the shape of abs_, to which angle is broadcast"
    sample = on_two()

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        size, angle = call.tensor("abs_"), call.tensor("angle")
        need_broadcast_to(angle.shape, size.shape)
        yield Tensor(size.shape, "complex64" if need_one_dtype(size, angle) == "float32" else "complex128")
