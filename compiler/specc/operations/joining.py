"""Operations that join tensors, and those that split one."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from specc.arguments import Axis, NonNegativeInt, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, RuleError, ShapeError
from specc.dtypes import result_type
from specc.operations.base import MOST_OUTPUTS, Operation, OutputCount, make, on, on_two
from specc.shapes import Dim, Shape, Tensor, differ, need_known, need_rank, normalize_axis, show_shape


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


class Split(Operation, op="split"):
    """One tensor as several along an axis: a number of equal parts, or cut before given indices. Ports "0", "1"..."""

    several = True
    shape_rule = "the shape of x with a part of the axis, for each output"
    sample = on(indices_or_sections="2", axis="-1")

    indices_or_sections: Annotated[
        OutputCount | Annotated[tuple[NonNegativeInt, ...], Field(min_length=1, max_length=MOST_OUTPUTS - 1)],
        BeforeValidator(freeze),
        TypeWords("the number of equal parts, or a list of the indices to cut before"),
    ]
    axis: Axis = 0

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The parts, by number."""
        cuts = self.indices_or_sections
        return tuple(map(str, range(cuts if isinstance(cuts, int) else len(cuts) + 1)))

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape, cuts = call.shape, self.indices_or_sections
        axis = normalize_axis(self.axis, len(shape))
        for length in self._equal(shape, axis, cuts) if isinstance(cuts, int) else self._cut(shape, axis, cuts):
            yield Tensor((*shape[:axis], length, *shape[axis + 1 :]), call.first.dtype)

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
