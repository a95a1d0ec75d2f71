"""Operations that join tensors, and those that split one."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import Axis, NonNegativeInt, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, RuleError, ShapeError
from specc.dtypes import NUMBERS, result_type
from specc.operations.base import MOST_OUTPUTS, Operation, OutputCount, make, on, on_two
from specc.operations.rules import flat, need_one_dtype
from specc.shapes import Dim, Shape, Tensor, differ, need_known, need_rank, normalize_axis, show_shape, size


def _alike(tensors: tuple[Tensor, ...], axis: int | None, verb: str) -> None:
    """ShapeError unless the shapes are equal, except on one axis, as far as they are known."""
    first = tensors[0].shape
    tells = [first] * len(first)  # for each axis, a shape in which its size is known
    for tensor in tensors:
        shape = tensor.shape
        other = first if len(shape) != len(first) else None
        for place, known in enumerate(tells if other is None else ()):
            if place != axis and differ(shape[place], known[place]):
                other = known
            elif known[place] is None:
                tells[place] = shape
        if other is not None:
            raise ShapeError(
                f"cannot {verb} {show_shape(other)} and {show_shape(shape)}{'' if axis is None else f' on axis {axis}'}",
                help="they must have one shape" if axis is None else "they must be equal on every other axis",
            )


def _joined(tensors: tuple[Tensor, ...], axis: int) -> Tensor:
    """Tensors one after the other along an axis."""
    _alike(tensors, axis, "join")
    first = tensors[0].shape
    total: Dim = 0
    for tensor in tensors:
        length = tensor.shape[axis]
        total = None if total is None or length is None else total + length
    return Tensor(
        (*first[:axis], total, *first[axis + 1 :]),
        _common_dtype(tensors),
        sparse=all(tensor.sparse for tensor in tensors),
    )


def _common_dtype(tensors: tuple[Tensor, ...]) -> str:
    """The dtype of joined tensors; one dtype that all have is not promoted."""
    dtypes = {tensor.dtype for tensor in tensors}
    return dtypes.pop() if len(dtypes) == 1 else result_type(*dtypes)


class Concatenate(Operation, op="concatenate", sparse="kept", ragged="kept"):
    """Tensors one after the other along an axis (0, the batch axis, by default)."""

    tensors = (Argument("xs", many=True),)
    shape_rule = "the sizes of the axis added up"
    sample = on_two(axis="-1")

    axis: Axis = 0

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        yield _joined(call.many("xs"), normalize_axis(self.axis, len(call.shape)))


class SideBySide(Operation, ragged="kept"):
    """Tensors one after the other along a fixed axis."""

    tensors = (Argument("xs", many=True),)
    sample = on_two()
    along: ClassVar[int]

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_rank(call.shape, self.along + 1, least=True)
        yield _joined(call.many("xs"), self.along)


class Stack(Operation, op="stack", ragged="kept"):
    """Tensors of one shape along a new axis."""

    tensors = (Argument("x", many=True),)
    shape_rule = "the shape of each with a new axis"
    sample = on_two(axis="1")

    axis: Axis = 0

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        tensors = call.many("x")
        first = tensors[0].shape
        axis = normalize_axis(self.axis, len(first) + 1)
        _alike(tensors, None, "stack")
        yield Tensor((*first[:axis], len(tensors), *first[axis:]), _common_dtype(tensors))


class Append(Operation, op="append"):
    """One tensor after another along an axis, or all elements of both in one row."""

    tensors = (Argument("x1"), Argument("x2"))
    shape_rule = "the sizes of the axis added up; one row of all elements where axis is null"
    sample = on_two(axis="-1")

    axis: Axis | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        tensors = call.tensor("x1"), call.tensor("x2")
        if self.axis is None:
            first, second = (tensor._replace(shape=flat(tensor.shape)) for tensor in tensors)
            axis, tensors = 0, (first, second)
        else:
            axis = normalize_axis(self.axis, len(tensors[0].shape))
            for tensor in tensors:
                need_rank(tensor.shape, len(tensors[0].shape))
                need_known(tensor.shape, axis, "to append to it")
        yield _joined(tensors, axis)._replace(dtype=result_type(tensors[0].dtype, tensors[1].dtype))


class Dstack(Operation, op="dstack"):
    """Tensors one after the other along axis 2, which they get if they have fewer axes."""

    tensors = (Argument("xs", many=True),)
    shape_rule = "the sizes of axis 2 added up"
    sample = on_two()

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        yield _joined(tuple(tensor._replace(shape=_deep(tensor.shape)) for tensor in call.many("xs")), 2)


def _deep(shape: Shape) -> Shape:
    """The shape with three axes at least. NumPy: ``atleast_3d``."""
    if len(shape) > 2:
        return shape
    return (*shape, 1) if len(shape) == 2 else (1, *shape, 1) if shape else (1, 1, 1)


_MAX_CUTS = Field(min_length=1, max_length=MOST_OUTPUTS - 1)


class Meshgrid(Operation, op="meshgrid", accepts=NUMBERS):
    """The grid of two rows of coordinates: the first coordinate of every point, and the second. Ports "0" and "1"."""

    several = True
    tensors = (Argument("x", many=True, least=2, most=2),)
    shape_rule = "(n,) and (m,) -> (m, n), twice; (n, m) with indexing: ij"
    sample = on_two("batch [3]", "batch [4]")

    indexing: Literal["xy", "ij"] = "xy"

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """One for each row."""
        return ("0", "1")

    def call_arguments(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The rows as arguments of their own."""
        (rows,), keywords = super().call_arguments(tensors)
        return list(rows), keywords

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        rows = call.many("x")
        need_one_dtype(*rows)
        first, second = (size(row.shape) for row in rows)
        for row in rows:
            yield Tensor((first, second) if self.indexing == "ij" else (second, first), row.dtype)


class Parts(Operation):
    """One tensor as several along an axis. Ports "0", "1"..."""

    several = True
    shape_rule: ClassVar[str] = "the shape of x with a part of the axis, for each output"

    indices_or_sections: Annotated[
        OutputCount | Annotated[tuple[NonNegativeInt, ...], _MAX_CUTS],
        BeforeValidator(freeze),
        TypeWords("the number of equal parts, or a list of the indices to cut before"),
    ]

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The parts, by number."""
        cuts = self.indices_or_sections
        return tuple(map(str, range(cuts if isinstance(cuts, int) else len(cuts) + 1)))

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape, cuts = call.shape, self.indices_or_sections
        axis = self._axis(shape)
        for length in self._equal(shape, axis, cuts) if isinstance(cuts, int) else self._cut(shape, axis, cuts):
            yield Tensor((*shape[:axis], length, *shape[axis + 1 :]), call.first.dtype)

    def _axis(self, shape: Shape) -> int:
        """The axis that is split."""
        raise NotImplementedError

    def _equal(self, shape: Shape, axis: int, parts: int) -> list[Dim]:
        length = shape[axis]
        if length is not None and length % parts:
            raise ShapeError(
                f"cannot split axis {axis} of {show_shape(shape)} into {parts} equal parts",
                argument="indices_or_sections",
                help=f"{length} is not a multiple of {parts}; a list of indices cuts anywhere",
            )
        return [None if length is None else length // parts] * parts

    def _cut(self, shape: Shape, axis: int, cuts: tuple[int, ...]) -> list[Dim]:
        length = need_known(shape, axis, "to cut it at indices")
        edges = (0, *cuts, length)
        lengths: list[Dim] = [end - start for start, end in pairwise(edges)]
        if any(part is not None and part < 0 for part in lengths):
            raise ShapeError(
                f"cannot cut axis {axis} of {show_shape(shape)} before {list(cuts)}",
                argument="indices_or_sections",
                help=f"the indices go up, to {length} at most",
            )
        return lengths


class Split(Parts, op="split"):
    """One tensor as several along an axis: a number of equal parts, or cut before given indices. Ports "0", "1"..."""

    sample = on(indices_or_sections="2", axis="-1")

    axis: Axis = 0

    def _axis(self, shape: Shape) -> int:
        return normalize_axis(self.axis, len(shape))


class ArraySplit(Parts, op="array_split"):
    """One tensor as a number of parts along an axis, the first ones longer if it does not divide. Ports "0", "1"..."""

    sample = on("[5]", indices_or_sections="2", axis="-1")

    indices_or_sections: OutputCount
    axis: Axis = 0

    def _axis(self, shape: Shape) -> int:
        return normalize_axis(self.axis, len(shape))

    def _equal(self, shape: Shape, axis: int, parts: int) -> list[Dim]:
        if parts == 1:
            return [shape[axis]]
        each, longer = divmod(need_known(shape, axis, "to split it"), parts)
        return [each + (part < longer) for part in range(parts)]


class SplitAlong(Parts):
    """One tensor as several along a fixed axis."""

    along: ClassVar[int]

    def _axis(self, shape: Shape) -> int:
        if len(shape) == 1 == self.along:  # NumPy: `hsplit` splits a row
            return 0
        need_rank(shape, max(self.along + 1, 2), least=True)
        return self.along


make(
    SplitAlong,
    "hsplit",
    """One tensor as several along axis 1. Ports "0", "1"...""",
    along=1,
    sample=on(indices_or_sections="2"),
)
make(
    SplitAlong,
    "vsplit",
    """One tensor as several along the first axis. Ports "0", "1"...""",
    along=0,
    sample=on("batch [6, 4]", indices_or_sections="2"),
)
make(
    SplitAlong,
    "dsplit",
    """One tensor as several along axis 2. Ports "0", "1"...""",
    along=2,
    sample=on("[4, 6]", indices_or_sections="2"),
)


class Unstack(Operation, op="unstack"):
    """One tensor as several without an axis, one for each index. Ports "0", "1"..."""

    several = True
    shape_rule = "the shape of x without the axis, for each output"
    sample = on("[3, 4]", num="3", axis="1")

    num: OutputCount | None = None
    axis: Axis = 0

    def check(self) -> Iterator[Problem]:
        """The number of outputs must be known before the shapes are."""
        if self.num is None:
            yield Problem(
                "missing-argument", "needs 'num'", help="add 'num', the size of the axis: it names the outputs"
            )

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The parts, by number."""
        return tuple(map(str, range(self.num or 0)))

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        axis = normalize_axis(self.axis, len(call.shape))
        if differ(call.shape[axis], self.num):
            raise RuleError(
                f"gives {self.num} outputs, got {show_shape(call.shape)} with {call.shape[axis]} on axis {self.axis}",
                argument="num",
                help=f"set num to {call.shape[axis]}",
            )
        for _ in range(self.num or 0):
            yield Tensor((*call.shape[:axis], *call.shape[axis + 1 :]), call.first.dtype)


make(
    SideBySide,
    "hstack",
    "Tensors one after the other along axis 1.",
    along=1,
    shape_rule="the sizes of axis 1 added up",
)
make(
    SideBySide,
    "vstack",
    "Tensors one after the other along the first axis.",
    along=0,
    shape_rule="the sizes of axis 0 added up",
    sample=on_two("batch [2, 4]", "batch [3, 4]"),
)
