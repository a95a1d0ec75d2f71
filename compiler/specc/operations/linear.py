"""Operations of linear algebra: products of matrices, of vectors and of tensors."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from specc.arguments import Axis, Integer, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import KnownSizeError, Problem, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import BOOL, COMPLEX, FLOATS, INTS, NUMBERS, result_type
from specc.layers.einsum import Subscripts, Term
from specc.operations.base import OfTwo, Operation, on_two
from specc.operations.rules import (
    Operand,
    as_float,
    may_hold_alike,
    need_broadcast,
    need_dtype,
    need_one_dtype,
    reduced,
)
from specc.shapes import (
    Dim,
    Shape,
    Tensor,
    broadcast,
    differ,
    distinct_axes,
    need_rank,
    normalize_axis,
    show_shape,
    size,
)


class Product(OfTwo, accepts=NUMBERS):
    """A product of two tensors; a number instead of one multiplies the other."""

    weighs_constants = True

    x1: Operand | None = None  # type: ignore[assignment]  # a number, too
    x2: Operand | None = None  # type: ignore[assignment]

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        (shape1, dtype1, _), (shape2, dtype2, _) = self.operand(call, "x1"), self.operand(call, "x2")
        yield Tensor(self._shape_of_two(shape1, shape2), result_type(dtype1, dtype2))


def _mismatch(first: Shape, second: Shape, help: str) -> ShapeError:
    return ShapeError(f"cannot multiply {show_shape(first)} and {show_shape(second)}", help=help)


class Matmul(OfTwo, op="matmul", accepts=NUMBERS, sparse="kept"):
    """The product of matrices in the last two axes; the other axes are broadcast."""

    broadcasts = True
    shape_rule = "(..., n, k) and (..., k, m) -> (..., n, m)"
    sample = on_two("[3, 4]", "[4, 5]")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        if not x1.shape or not x2.shape:
            raise _mismatch(x1.shape, x2.shape, "a scalar multiplies with ops.multiply")
        first = (1, *x1.shape) if len(x1.shape) == 1 else x1.shape
        second = (*x2.shape, 1) if len(x2.shape) == 1 else x2.shape
        if differ(first[-1], second[-2]):
            raise _mismatch(
                x1.shape,
                x2.shape,
                f"the last axis of 'x1' ({first[-1]}) must be as long as the rows of 'x2' ({second[-2]})",
            )
        shape = need_broadcast(first[:-2], second[:-2])
        if len(x1.shape) > 1:
            shape = (*shape, first[-2])
        if len(x2.shape) > 1:
            shape = (*shape, second[-1])
        dtype = "int32" if x1.dtype == x2.dtype == "int8" else result_type(x1.dtype, x2.dtype)
        yield Tensor(shape, dtype, sparse=x1.sparse and x2.sparse)


class Dot(Product, op="dot"):
    """NumPy's dot product: of the last axis of x1 with the last but one of x2 (the only one of a vector)."""

    shape_rule = "(..., k) and (..., k, m) -> (..., ..., m)"
    sample = on_two("[4]", "batch [4, 5]")

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        if not first or not second:
            return first or second
        if len(second) == 1 < len(first):
            unequal = first[-1] != second[0]
        else:
            unequal = differ(first[-1], second[-2 if len(second) > 1 else 0])
        if unequal:
            raise _mismatch(first, second, "the last axis of 'x1' must be as long as the last but one of 'x2'")
        return (*first[:-1], *second[:-2], *second[-1:]) if len(second) > 1 else first[:-1]


class Inner(OfTwo, op="inner", accepts=NUMBERS):
    """The products of the last axes, of every vector of x1 with every vector of x2."""

    shape_rule = "(..., k) and (..., k) -> (..., ...)"
    sample = on_two("[4]", "batch [1, 4]")

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        if not first or not second:
            raise _mismatch(first, second, "a scalar multiplies with ops.multiply")
        if differ(first[-1], second[-1]):
            raise _mismatch(first, second, "their last axes must be equally long")
        if broadcast(first, second) is None:
            # Keras's graph contains the elementwise product too, for scalars.
            raise KnownSizeError(
                f"cannot multiply {show_shape(first)} and {show_shape(second)}",
                help="use ops.einsum or ops.tensordot: for ops.inner they must broadcast too",
            )
        return (*first[:-1], *second[:-1])


class Outer(Product, op="outer", ragged="made dense"):
    """The products of every element of x1 with every element of x2."""

    shape_rule = "(elements of x1, elements of x2)"
    sample = on_two("batch [4]", "batch [4]")

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        return (size(first), size(second))


class Vdot(OfTwo, op="vdot", accepts=NUMBERS, ragged="made dense"):
    """The sum of the products of all elements, as of two vectors."""

    shape_rule = "()"
    sample = on_two("batch [4]", "batch [4]")

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        if not may_hold_alike(first, second):
            raise _mismatch(first, second, "they must have equally many elements")
        return ()


class Cdist(Operation, op="cdist", accepts=FLOATS | COMPLEX | {"int32", "int64"}):
    """The distances of every vector of x to every vector of y."""

    tensors = (Argument("x"), Argument("y"))
    broadcasts = True
    shape_rule = "(..., n, size) and (..., m, size) -> (..., n, m)"
    sample = on_two("[3, 4]", "[5, 4]")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, y = call.tensor("x"), call.tensor("y")
        for tensor in (x, y):
            need_rank(tensor.shape, 2, least=True)
        if x.shape[-1] != y.shape[-1]:
            raise ShapeError(
                f"needs vectors of one size, got {show_shape(x.shape)} and {show_shape(y.shape)}",
                help="their last axes must be equally long",
            )
        shape = (*need_broadcast(x.shape[:-2], y.shape[:-2]), x.shape[-2], y.shape[-2])
        yield Tensor(shape, as_float(need_one_dtype(x, y)))

    def scratch(self, call: Call) -> int:
        """The difference of each pair."""
        x, y = call.tensor("x"), call.tensor("y")
        return Tensor((*need_broadcast(x.shape[:-2], y.shape[:-2]), *x.shape[-2:], y.shape[-2]), x.dtype).bytes or 0


_Axes = Annotated[tuple[Integer, ...], BeforeValidator(freeze)]


class Tensordot(OfTwo, op="tensordot", accepts=NUMBERS):
    """The product summed over some axes: the last of x1 with the first of x2, or two lists of axes."""

    shape_rule = "the axes of x1 and then of x2 that are not summed over"
    sample = on_two("[4]", "batch [4, 5]", axes="1")

    axes: Annotated[
        Annotated[int, Field(ge=0)] | tuple[_Axes, _Axes],
        BeforeValidator(freeze),
        TypeWords("how many axes to sum over, or two lists of axes: [[1], [0]]"),
    ] = 2

    def check(self) -> Iterator[Problem]:
        """The two lists pair their axes."""
        if isinstance(self.axes, tuple) and len(self.axes[0]) != len(self.axes[1]):
            message = f"sums {len(self.axes[0])} axes of x1 with {len(self.axes[1])} of x2"
            yield Problem("argument-value", message, ("axes",), "make the two lists equally long")

    def _shape_of_two(self, first: Shape, second: Shape) -> Shape:
        axes1, axes2 = self._summed(first, second)
        left, right = tuple(first[axis] for axis in axes1), tuple(second[axis] for axis in axes2)
        paired = isinstance(self.axes, tuple)
        if any(map(differ, left, right)) if paired else not may_hold_alike(left, right):
            raise _mismatch(first, second, "each axis must be as long as the one it is summed with")
        return (*reduced(first, axes1, False), *reduced(second, axes2, False))

    def _summed(self, first: Shape, second: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The axes of both that are summed over."""
        if isinstance(self.axes, tuple):
            return distinct_axes(self.axes[0], len(first), "axes"), distinct_axes(self.axes[1], len(second), "axes")
        if self.axes > min(len(first), len(second)):
            raise ShapeError(
                f"sums over {self.axes} axes of {show_shape(first)} and {show_shape(second)}",
                argument="axes",
                help="both must have that many axes",
            )
        return tuple(range(len(first) - self.axes, len(first))), tuple(range(self.axes))


class Cross(OfTwo, op="cross", accepts=NUMBERS):
    """The cross product of vectors of 2 or 3 numbers."""

    shape_rule = "x1 and x2 broadcast together; without the axis for two vectors of 2 numbers"
    sample = on_two("[3]", "[3]")

    axisa: Axis = -1
    axisb: Axis = -1
    axisc: Axis = -1
    axis: Axis | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x1, x2 = call.tensor("x1"), call.tensor("x2")
        dtype = result_type(x1.dtype, x2.dtype)
        need_dtype(dtype, INTS | FLOATS)
        lengths: list[Dim] = []
        rest: list[Shape] = []
        for tensor, axis, name in ((x1, self.axisa, "axisa"), (x2, self.axisb, "axisb")):
            place = normalize_axis(
                axis if self.axis is None else self.axis, len(tensor.shape), name if self.axis is None else "axis"
            )
            length = tensor.shape[place]
            if length not in (None, 2, 3):
                raise ShapeError(
                    f"takes vectors of 2 or 3 numbers, got {show_shape(tensor.shape)} with {length} on axis {place}"
                )
            lengths.append(length)
            rest.append((*tensor.shape[:place], *tensor.shape[place + 1 :]))
        shape = need_broadcast(*rest)
        vector: Shape = (3,) if 3 in lengths else ()
        place = normalize_axis(
            self.axisc if self.axis is None else self.axis,
            len(shape) + len(vector),
            "axisc" if self.axis is None else "axis",
        )
        yield Tensor((*shape[:place], *vector, *shape[place:]), dtype)


class Einsum(Operation, op="einsum", accepts=NUMBERS):
    """Sums of products in Einstein's notation: "bij,bjk->bik" multiplies batches of matrices."""

    tensors = (Argument("operands", many=True),)
    shape_rule = "the sizes of the letters after ->"
    sample = on_two("[3, 4]", "[4, 5]", subscripts='"bij,bjk->bik"')

    subscripts: str

    def check(self) -> Iterator[Problem]:
        """The subscripts are readable, and the result has letters of the inputs, each once."""
        help = 'write letters for the axes, as in "bij,bjk->bik", without spaces; ... means further axes'
        read = Subscripts.parse(self.subscripts)
        if read is None:
            yield Problem("argument-value", f"cannot read {quote_value(self.subscripts)}", ("subscripts",), help)
            return
        inputs = {letter for term in read.inputs for letter in term.letters}
        output = read.output.letters if read.output is not None else ""
        for letter in sorted(set(output)):
            if letter not in inputs:
                message, help = f"has no {letter} in an input", "use letters of the inputs after ->"
            elif output.count(letter) > 1:
                message, help = f"has {letter} twice after ->", "name each axis of the result once"
            else:
                continue
            yield Problem("argument-value", message, ("subscripts",), help)

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The subscripts and the operands, each a separate argument."""
        return [self.subscripts, *tensors["operands"]], {}

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        operands = call.many("operands")
        terms, output = self._terms()
        if len(terms) != len(operands):
            raise ShapeError(
                f"has {len(terms)} inputs in {quote_value(self.subscripts)}, got {len(operands)}",
                argument="subscripts",
                help="write the letters of each input, with commas between",
            )
        sizes: dict[str, Dim] = {}
        shape: Shape = ()
        elided: Shape = ()
        for term, tensor in zip(terms, operands, strict=True):
            named, further = _dims(term, tensor.shape)
            if further and not output.elides:
                raise ShapeError(
                    f"has further axes in {quote_value(str(term))}, but no ... after ->",
                    argument="subscripts",
                    help="write ... after -> too, or a letter for each axis",
                )
            for letter, dim in named:
                if differ(sizes.get(letter), dim):
                    raise ShapeError(
                        f"has two sizes for {letter} in {quote_value(self.subscripts)}: {sizes[letter]} and {dim}",
                        help="axes with one letter must be equally long",
                    )
                sizes[letter] = sizes.get(letter) if dim is None else dim
            shape = need_broadcast(shape, _spread(dict(named), further, output))
            elided = need_broadcast(elided, further)
        computed = _spread(sizes, elided, output)
        if any(said is not None and said != dim for said, dim in zip(shape, computed, strict=True)):
            raise ShapeError(
                f"is {show_shape(shape)} to Keras, which computes {show_shape(computed)}: ... means more axes of "
                "one input than of another",
                argument="subscripts",
                help="write ... first after ->, or give all inputs the same number of axes there",
            )
        dtypes = {tensor.dtype for tensor in operands}
        dtype = "int32" if dtypes == {"int8"} else result_type(*dtypes)
        need_dtype(dtype, NUMBERS - BOOL)
        yield Tensor(shape, dtype)

    def scratch(self, call: Call) -> int:
        """With more than two operands, what is summed last may be as large as the sizes of all letters together."""
        operands = call.many("operands")
        if len(operands) < 3:
            return 0
        sizes: dict[str, Dim] = {}
        elided: Shape = ()
        for term, tensor in zip(self._terms()[0], operands, strict=True):
            named, further = _dims(term, tensor.shape)
            sizes.update(named)
            elided = need_broadcast(elided, further)
        return Tensor((*sizes.values(), *elided)).bytes or 0

    def _terms(self) -> tuple[tuple[Term, ...], Term]:
        """The terms of the inputs and of the output; by default, the letters that occur once, in order."""
        read = Subscripts.parse(self.subscripts)
        assert read is not None  # see `check`
        if read.output is not None:
            return read.inputs, read.output
        letters = "".join(term.letters for term in read.inputs)
        once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
        return read.inputs, Term("", True, "".join(once))


def _spread(named: dict[str, Dim], further: Shape, output: Term) -> Shape:
    """The shape of one input over the axes of the result, with 1 for those it does not have."""
    return (
        *(named.get(letter, 1) for letter in output.before),
        *(further if output.elides else ()),
        *(named.get(letter, 1) for letter in output.after),
    )


def _dims(term: Term, shape: Shape) -> tuple[list[tuple[str, Dim]], Shape]:
    """The letters of one input with their sizes, and the sizes of the axes that ... means.

    Of the sizes of one letter, Keras takes that of the first before ..., or else of the last after it: here, last.
    """
    named = len(term.letters)
    if len(shape) < named or (not term.elides and len(shape) > named):
        raise ShapeError(
            f"has {named} letters in {quote_value(str(term))} for {show_shape(shape)}",
            argument="subscripts",
            help="write a letter for each axis, the batch axis too; ... means any others",
        )
    start, end = len(term.before), len(shape) - len(term.after)
    leading = [*zip(term.before, shape, strict=False)]
    return [*zip(term.after, shape[end:], strict=True), *reversed(leading)], shape[start:end]
