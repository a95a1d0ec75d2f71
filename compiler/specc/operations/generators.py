"""Operations that make a tensor of no other: rows of numbers, filled tensors, windows, lists of numbers.

What they give depends on no input of the model, so it is a constant (`specc.ir.Graph.constants`), and none of its axes is
the batch.
"""

import math
import struct
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_INT, DType, Integer, PositiveInt, PositiveInts, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, Problem, ShapeError
from specc.dtypes import COMPLEX, FLOATS, FLOATX, INTS, NUMBERS, SIGNED, UNSIGNED, item_bytes, result_type
from specc.operations.base import Operation, make
from specc.operations.number_lists import NumberList
from specc.operations.rules import Operand, need_broadcast_to, tensor_dtype
from specc.shapes import Shape, Tensor

Numeral = Annotated[
    Annotated[int, Field(ge=-LARGEST_INT, le=LARGEST_INT)] | float,
    TypeWords("a number"),
]
"""A number; whether it is an integer decides the dtype."""
Sizes = Annotated[
    PositiveInt | PositiveInts, BeforeValidator(freeze), TypeWords("a positive integer or a list of positive integers")
]
EXACT_IN_HALVES = 256
"""The integers up to here are exact in float16 and in bfloat16."""


def _beside(shape: str, /, **arguments: str) -> str:
    """The sample: the tensor is added to an input."""
    given = "".join(f", {key}: {value}" for key, value in arguments.items())
    return (
        f"layers:\n  - {{type: Input, name: x, shape: {shape}}}\n  - {{type: TYPE, name: constant{given}}}\n"
        "  - {type: ops.add, from: [x, constant]}\n"
    )


class Generator(Operation):
    """An operation that takes no tensor."""

    tensors: ClassVar[tuple[Argument, ...]] = ()
    gives_dtypes: ClassVar[frozenset[str]] = INTS | FLOATS
    """The dtypes that it can give."""

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        dtype = self._dtype()
        if dtype not in self.gives_dtypes:
            raise DTypeError(
                f"cannot give {dtype}", argument="dtype", help="give another dtype, or put ops.cast after it"
            )
        yield Tensor(self._made(), dtype)

    def _made(self) -> Shape:
        """The shape of what it makes."""
        raise NotImplementedError

    def _dtype(self) -> str:
        return getattr(self, "dtype", None) or FLOATX


# -- Rows of numbers -----------------------------------------------------------------------------


class Arange(Generator, op="arange"):
    """The numbers from start up to, but without, stop."""

    gives_dtypes = (INTS | FLOATS) - {"uint8"}
    shape_rule = "(n,), n the number of steps"
    sample = _beside("[10]", stop="10")

    start: Numeral = 0
    stop: Numeral | None = None
    step: Numeral | None = None
    dtype: DType | None = None

    def check(self) -> Iterator[Problem]:
        """There is a first number."""
        if self.stop is None and "start" not in self.model_fields_set:
            yield Problem("missing-argument", "needs 'stop'", help="add stop, the number that the row ends before")
        elif self._step == 0:
            yield Problem("argument-value", "step must not be 0", ("step",), "give the distance of two numbers")
        else:
            start, stop = self._ends()
            if start == stop or (stop > start) != (self._step > 0):
                message = f"is empty: it goes from {start} to {stop} in steps of {self._step}"
                yield Problem("argument-value", message, ("stop",) if self.stop is not None else ("start",))

    def call_arguments(self, tensors: Any) -> tuple[list[Any], dict[str, Any]]:
        """Keras takes a single number for the end."""
        given = self.given()
        ends = [self.start, self.stop] if {"start", "stop"} <= given.keys() else [self._ends()[1]]
        return ends, {name: given[name] for name in ("step", "dtype") if name in given}

    @property
    def _step(self) -> Any:
        return 1 if self.step is None else self.step

    def _ends(self) -> tuple[Any, Any]:
        return (0, self.start) if self.stop is None else (self.start, self.stop)

    def _dtype(self) -> str:
        numbers = [*self._ends(), *([] if self.step is None else [self.step])]
        dtype = self.dtype or result_type(*map(type, numbers))
        if dtype in INTS:
            self._need_integers(dtype, [*self._ends(), self._step])
        if dtype in ("float16", "bfloat16") and not self._is_exact():
            raise DTypeError(
                f"is not exact in {dtype}", argument="dtype", help="remove dtype, and put an ops.cast after it"
            )
        return dtype

    def _need_integers(self, dtype: str, numbers: list[Any]) -> None:
        bits = 8 * item_bytes(dtype)
        low, high = (0, 2**bits) if dtype in UNSIGNED else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        for number in numbers:
            if isinstance(number, float):
                raise DTypeError(f"cannot give {dtype} from {number!r}", argument="dtype", help="give integers")
            if not low <= number < high:
                message = f"cannot give {dtype} from {number}, which is from {low} to {high - 1}"
                raise DTypeError(message, argument="dtype", help="set dtype: int64" if dtype == "int32" else None)

    def _is_exact(self) -> bool:
        numbers = (*self._ends(), self._step)
        return abs(self._step) == 1 and all(int(it) == it and abs(it) <= EXACT_IN_HALVES / 2 for it in numbers)

    def _made(self) -> Shape:
        start, stop = self._ends()
        if self._dtype() in INTS:
            return (-((start - stop) // self._step),)
        # TensorFlow counts the steps in the dtype: RangeOp in sequence_ops.cc.
        rounded = _single if self._dtype() == "float32" else float
        return (math.ceil(rounded(rounded(rounded(stop) - rounded(start)) / rounded(self._step))),)


def _single(number: float) -> float:
    """The nearest float32.

    >>> _single(0.1) == 0.1, _single(0.5) == 0.5
    (False, True)
    """
    found: float = struct.unpack("f", struct.pack("f", number))[0]
    return found


class Linspace(Generator, op="linspace"):
    """Numbers at equal distances, from start to stop."""

    shape_rule = "(num,)"
    sample = _beside("[5]", start="0", stop="1", num="5")
    refused: ClassVar[dict[str, str]] = {
        "axis": "start and stop are numbers, so there is one axis",
        "retstep": "it would not be a tensor: compute (stop - start) / (num - 1)",
    }

    start: Numeral
    stop: Numeral
    num: PositiveInt = 50
    endpoint: bool = True
    dtype: DType | None = None

    def _made(self) -> Shape:
        return (self.num,)


class Logspace(Linspace, op="logspace"):
    """The base to the power of numbers at equal distances."""

    gives_dtypes = SIGNED | FLOATS
    base: Annotated[Numeral, Field(gt=0), TypeWords("a number above 0")] = 10


class Geomspace(Linspace, op="geomspace"):
    """Numbers each of which is the one before it times the same factor, from start to stop."""

    sample = _beside("[4]", start="1", stop="8", num="4")
    gives_dtypes = FLOATS

    def check(self) -> Iterator[Problem]:
        """No factor leads to 0 or past it."""
        if self.start * self.stop <= 0:
            message = f"cannot go from {self.start} to {self.stop} by a factor"
            yield Problem("argument-value", message, ("start",), "give two numbers above 0, or two below 0")


# -- Filled tensors ------------------------------------------------------------------------------


class Zeros(Generator, op="zeros"):
    """A tensor of zeros."""

    gives_dtypes = NUMBERS
    shape_rule = "shape"
    sample = _beside("[4]", shape="[1, 4]")

    shape: Sizes
    dtype: DType | None = None

    def _made(self) -> Shape:
        return (self.shape,) if isinstance(self.shape, int) else self.shape


class Ones(Zeros, op="ones"):
    """A tensor of ones."""


class Full(Generator, op="full"):
    """A tensor filled with a number, or with a list of numbers that is broadcast to the shape."""

    gives_dtypes = NUMBERS
    shape_rule = "shape"
    sample = _beside("[4]", shape="[1, 4]", fill_value="0.5")

    shape: PositiveInts
    fill_value: Operand
    dtype: DType | None = None

    def _made(self) -> Shape:
        if isinstance(self.fill_value, NumberList):
            need_broadcast_to(self.fill_value.shape, self.shape, "fill_value")
        return self.shape

    def _dtype(self) -> str:
        dtype = super()._dtype()
        _need_numbers(_dtype_of(self.fill_value), dtype)
        return dtype

    def call_constants(self) -> dict[str, Any]:
        """A number list is a list."""
        return _with_lists(super().call_constants())


class Tri(Generator, op="tri"):
    """A matrix with ones at and below a diagonal, and zeros above it."""

    gives_dtypes = NUMBERS
    shape_rule = "(N, M); M is N unless it is given"
    sample = _beside("[4, 4]", N="4")

    N: PositiveInt
    M: PositiveInt | None = None
    k: Integer = 0
    dtype: DType | None = None

    def _made(self) -> Shape:
        return (self.N, self.M or self.N)


class Eye(Tri, op="eye"):
    """A matrix with ones on a diagonal, and zeros elsewhere."""

    def check(self) -> Iterator[Problem]:
        """The matrix has the diagonal."""
        rows, columns = self.N, self.M or self.N
        if not -rows <= self.k <= columns:
            message = (
                f"k must be from {-rows} to {columns} in a matrix of {rows} rows and {columns} columns, not {self.k}"
            )
            yield Problem("argument-value", message, ("k",))


class Identity(Generator, op="identity"):
    """The square matrix with ones on its diagonal, and zeros elsewhere."""

    gives_dtypes = NUMBERS
    shape_rule = "(n, n)"
    sample = _beside("[4, 4]", n="4")

    n: PositiveInt
    dtype: DType | None = None

    def _made(self) -> Shape:
        return (self.n, self.n)


# -- Lists of numbers ----------------------------------------------------------------------------


class Array(Generator, op="array"):
    """A number, or a list of numbers, as a tensor."""

    gives_dtypes = NUMBERS
    shape_rule = "the lengths of the lists"
    sample = _beside("[3]", x="[1, 2, 3]")

    x: Operand
    dtype: DType | None = None

    @classmethod
    def of(cls, numbers: NumberList) -> "Array":
        """The operation that makes a tensor of a number list."""
        return cls(x=numbers)

    def _dtype(self) -> str:
        own = _dtype_of(self.x)
        if self.dtype in INTS and own == "int64" and item_bytes(self.dtype) < 4:
            raise ShapeError(f"has a number that is too large for {self.dtype}", argument="dtype", help="remove dtype")
        _need_numbers(own, self.dtype or own)
        return self.dtype or own

    def _made(self) -> Shape:
        return self.x.shape if isinstance(self.x, NumberList) else ()

    def call_constants(self) -> dict[str, Any]:
        """A number list is a list."""
        return _with_lists(super().call_constants())


class ConvertToTensor(Array, op="convert_to_tensor"):
    """A number, or a list of numbers, as a tensor; `ops.array` by another name."""

    refused: ClassVar[dict[str, str]] = dict.fromkeys(("sparse", "ragged"), "a constant is a dense tensor")


def _dtype_of(value: Any) -> str:
    return value.dtype if isinstance(value, NumberList) else tensor_dtype(value)


def _need_numbers(own: str, dtype: str) -> None:
    """DTypeError for true and false where TensorFlow takes numbers only."""
    if own == "bool" and (dtype == "bfloat16" or dtype in COMPLEX):
        raise DTypeError(f"cannot give {dtype} from true and false", argument="dtype", help="write 1 and 0")


def _with_lists(constants: dict[str, Any]) -> dict[str, Any]:
    return {name: value.as_lists() if isinstance(value, NumberList) else value for name, value in constants.items()}


# -- Windows -------------------------------------------------------------------------------------


class Window(Generator):
    """A window of signal processing."""

    shape_rule = "(x,)"
    sample = _beside("[8]", x="8")

    x: PositiveInt

    def _made(self) -> Shape:
        return (self.x,)


make(Window, "bartlett", "Bartlett's window: a triangle.")
make(Window, "blackman", "Blackman's window: a sum of two cosines.")
make(Window, "hamming", "Hamming's window: a raised cosine.")
make(Window, "hanning", "Hann's window: a raised cosine that begins and ends at 0.")


class Kaiser(Window, op="kaiser"):
    """Kaiser's window, whose form beta determines."""

    sample = _beside("[8]", x="8", beta="14")

    beta: Numeral
