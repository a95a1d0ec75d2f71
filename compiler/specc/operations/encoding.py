"""Operations that encode numbers: as vectors with a 1, as counts, as indices of several axes."""

from collections.abc import Iterable, Iterator
from typing import Any

from specc.arguments import Axis, DType, NonNegativeInt, PositiveInt, PositiveInts
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, RuleError
from specc.dtypes import COMPLEX, FLOATS, FLOATX, INTS, NUMBERS
from specc.operations.base import Operation, on
from specc.operations.rules import always_int32, need_all_known
from specc.shapes import Shape, Tensor, need_rank, show_shape


class Encoding(Operation, accepts=NUMBERS):
    """Class numbers as vectors."""

    axis: Axis = -1
    dtype: DType | None = None

    def check(self) -> Iterator[Problem]:
        """The vectors' dtype must be numeric."""
        if self.dtype == "string":
            yield Problem("argument-value", "has no vectors of strings", ("dtype",), "use a dtype of numbers")

    def _encoded(self, shape: Shape, num_classes: int) -> Shape:
        """The shape of a vector for each number."""
        rank = len(shape)
        if not -1 <= self.axis < rank:
            raise RuleError(
                f"puts no classes on axis {self.axis} of {show_shape(shape)}",
                argument="axis",
                code="axis-out-of-range",
                help=f"use -1 for a new last axis{f', or 0 to {rank - 1}' if rank else ''}",
            )
        axis = rank if self.axis == -1 else self.axis
        return (*shape[:axis], num_classes, *shape[axis:])


class OneHot(Encoding, op="one_hot", ragged="kept"):
    """Class numbers as vectors with a 1 at the class."""

    shape_rule = "the shape of x with num_classes at the axis"
    sample = on("[4]", "int32", num_classes="10")

    num_classes: PositiveInt
    sparse: bool = False

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        yield Tensor(self._encoded(call.shape, self.num_classes), self.dtype or FLOATX, sparse=self.sparse)


class MultiHot(Encoding, op="multi_hot"):
    """The class numbers of each example as one vector with a 1 at each class."""

    tensors = (Argument("inputs"),)
    shape_rule = "(batch, n, ...) -> (batch, ..., num_classes)"
    sample = on("[4]", "int32", num_classes="10", dtype="int32")
    refused = {"sparse": "Keras announces a sparse tensor, and makes a dense one"}

    num_classes: PositiveInt | None = None

    def check(self) -> Iterator[Problem]:
        """The number of classes, which Keras needs too, and a dtype of real numbers."""
        if self.num_classes is None:
            yield Problem(
                "missing-argument", "needs 'num_classes'", help="add 'num_classes', the length of the vectors"
            )
        if self.dtype == "string" or self.dtype in COMPLEX:
            yield Problem("argument-value", f"has no vectors of {self.dtype}", ("dtype",), "use a dtype of numbers")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_rank(call.shape, 1, least=True)
        encoded = self._encoded(call.shape, self.num_classes or 0)
        yield Tensor(encoded[-1:] if len(encoded) == 2 else (encoded[0], *encoded[2:]), self.dtype or FLOATX)

    def scratch(self, call: Call) -> int:
        """A vector for each number, before they become one."""
        return Tensor(self._encoded(call.shape, self.num_classes or 0), self.dtype or FLOATX).bytes or 0


class Bincount(Operation, op="bincount", accepts=NUMBERS, gives=always_int32):
    """How often each of the numbers 0, 1, 2... occurs in a row; as many counts as the largest number needs."""

    shape_rule = "(batch, n) -> (batch, null)"
    sample = on("[4]", "int32", minlength="8")
    refused = {
        "weights": "they would be constants; add up numbers by group with ops.segment_sum",
        "sparse": "a layer that takes counts needs a dense tensor",
    }

    minlength: NonNegativeInt = 0

    def _shape(self, shape: Shape) -> Shape:
        if len(shape) not in (1, 2):
            need_rank(shape, 2)
        return (*shape[:-1], None)


class UnravelIndex(Operation, op="unravel_index", accepts=INTS | FLOATS):
    """Indices into the flattened elements of a shape as one index for each of its axes. Ports "0", "1"..."""

    several = True
    shape_rule = "the shape of indices, for each output"
    tensors = (Argument("indices"),)
    sample = on("[]", "int32", shape="[3, 4]")

    shape: PositiveInts

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The axes, by number."""
        return tuple(map(str, range(len(self.shape))))

    def check(self) -> Iterator[Problem]:
        """A shape of one axis at least."""
        if not self.shape:
            yield Problem("argument-value", "has no axes", ("shape",), "give the shape that is indexed")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        if len(call.shape) != 1:
            need_all_known(call.shape)
        for _ in self.shape:
            yield call.first
