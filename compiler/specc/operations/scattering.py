"""Operations that put values at given places of a tensor, and those that join the rows of each group."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, PositiveInt, PositiveInts, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, BOOL, FLOATS, INTS, NUMBERS
from specc.operations.base import Operation, make
from specc.operations.rules import need_dtype, need_one_dtype
from specc.shapes import Shape, Tensor, differ, fits, need_known, need_rank, show_shape

_PLACES = frozenset({"int32", "int64"})
_REDUCES = {None: ALL, "mul": NUMBERS, "add": NUMBERS - BOOL, "max": INTS | FLOATS, "min": INTS | FLOATS}
"""The dtypes that each reduction takes."""


def _need_values(indices: Tensor, values: Tensor, shape: Shape, name: str) -> None:
    """ShapeError unless there is a value, or a block of values, for each index into the shape."""
    need_dtype(indices.dtype, _PLACES, "indices")
    need_rank(indices.shape, 2, least=True, help="the last axis of 'indices' has an index for each axis of the result")
    depth = need_known(indices.shape, len(indices.shape) - 1, "to know how many axes it indexes")
    if depth > len(shape):
        raise ShapeError(
            f"has {depth} indices for the {len(shape)} axes of {show_shape(shape)}",
            tensors=("indices",),
            help="the last axis of 'indices' has an index for each axis of the result, from the first",
        )
    wanted = (*indices.shape[:-1], *shape[depth:])
    if not fits(values.shape, wanted):
        raise ShapeError(
            f"needs {name} of {show_shape(wanted)} for indices of {show_shape(indices.shape)}, "
            f"got {show_shape(values.shape)}",
            help="one for each index",
        )


class Scatter(Operation, op="scatter", accepts=ALL):
    """Zeros of a shape, with values at some indices; values at the same index add up."""

    tensors = (Argument("indices"), Argument("values"))
    shape_rule = "shape"
    sample = (
        "layers:\n  - {type: Input, name: places, batch_shape: [3, 1], dtype: int32}\n"
        "  - {type: Input, name: values, batch_shape: [3, 2]}\n  - {type: TYPE, from: [places, values], shape: [5, 2]}\n"
    )

    shape: PositiveInts

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        indices, values = call.tensor("indices"), call.tensor("values")
        _need_values(indices, values, self.shape, "values")
        yield Tensor(self.shape, values.dtype)


class ScatterUpdate(Operation, op="scatter_update", accepts=ALL):
    """A tensor with other values at some indices, or with these added, multiplied or compared."""

    tensors = (Argument("inputs"), Argument("indices"), Argument("updates"))
    shape_rule = "the shape of inputs"
    sample = (
        "layers:\n  - {type: Input, name: x, batch_shape: [5, 2]}\n"
        "  - {type: Input, name: places, batch_shape: [3, 1], dtype: int32}\n"
        "  - {type: Input, name: values, batch_shape: [3, 2]}\n"
        "  - {type: TYPE, from: [x, places, values], reduction: add}\n"
    )

    reduction: Literal["add", "max", "min", "mul"] | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, indices, updates = call.tensor("inputs"), call.tensor("indices"), call.tensor("updates")
        _need_values(indices, updates, inputs.shape, "updates")
        dtype = need_one_dtype(inputs, updates)
        need_dtype(dtype, _REDUCES[self.reduction])
        yield Tensor(inputs.shape, dtype)


class SliceUpdate(Operation, op="slice_update"):
    """A tensor with a block of other values, which starts at an index of each axis."""

    graded = False
    tensors = (Argument("inputs"), Argument("start_indices", required=False), Argument("updates"))
    constants = ("start_indices",)
    shape_rule = "the shape of inputs"
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Input, name: part, shape: [2]}\n"
        "  - {type: TYPE, from: {inputs: x, updates: part}, start_indices: [0, 1]}\n"
    )

    start_indices: Annotated[
        tuple[Annotated[int, Field(ge=0, le=LARGEST_SIZE)], ...] | None,
        BeforeValidator(freeze),
        TypeWords("a list with the first index of each axis, batch axis included"),
    ] = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, start, updates = call.tensor("inputs"), call.one("start_indices"), call.tensor("updates")
        need_dtype(inputs.dtype, NUMBERS, "inputs")
        need_rank(inputs.shape, 1, least=True)
        if start is not None:
            need_dtype(start.dtype, _PLACES, "start_indices")
            need_rank(start.shape, 1)
        count = len(self.start_indices or ()) if start is None else need_known(start.shape, 0, "to index each axis")
        if count != len(inputs.shape):
            raise ShapeError(
                f"has {count} numbers in 'start_indices', got {show_shape(inputs.shape)} with {len(inputs.shape)} axes",
                argument="start_indices" if start is None else None,
                help="give one for each axis, the batch axis too",
            )
        starts = self.start_indices or (0,) * count
        need_rank(updates.shape, count, help="the block has the axes of the tensor")
        for first, length, dim in zip(starts, updates.shape, inputs.shape, strict=True):
            if length is not None and dim is not None and first + length > dim:
                raise ShapeError(
                    f"cannot put a block of {show_shape(updates.shape)} at {list(starts)} into {show_shape(inputs.shape)}",
                    help="start and size must stay within each axis",
                )
        yield Tensor(inputs.shape, need_one_dtype(inputs, updates))


# -- Groups of rows ------------------------------------------------------------------------------


class Segment(Operation):
    """One row for each group of rows; a row of integers says which row is in which group."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("data"), Argument("segment_ids"))
    shape_rule: ClassVar[str] = "(n, ...) and (n,) -> (num_segments, ...)"
    sample: ClassVar[str] = (
        "layers:\n  - {type: Input, name: rows, batch_shape: [6, 4]}\n"
        "  - {type: Input, name: group, batch_shape: [6], dtype: int32}\n"
        "  - {type: TYPE, from: [rows, group], num_segments: 3}\n"
    )

    num_segments: PositiveInt | None = None
    sorted: bool = False

    def check(self) -> Iterator[Problem]:
        """The number of groups must be given, unless the rows are in order: then it must not."""
        if self.sorted and self.num_segments is not None:
            yield Problem(
                "argument-clash",
                "takes no num_segments for sorted groups",
                ("num_segments",),
                "remove 'sorted': TensorFlow counts sorted groups itself",
                "key",
            )
        if not self.sorted and self.num_segments is None:
            yield Problem(
                "missing-argument", "needs 'num_segments'", help="add 'num_segments', one more than the largest number"
            )

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        data, groups = call.tensor("data"), call.tensor("segment_ids")
        need_dtype(data.dtype, self.computes, "data")
        need_dtype(groups.dtype, _PLACES, "segment_ids")
        need_rank(groups.shape, 1, help="give the number of each row's group")
        need_rank(data.shape, 1, least=True)
        if differ(data.shape[0], groups.shape[0]):
            raise ShapeError(
                f"needs a group for each row, got {show_shape(data.shape)} and {show_shape(groups.shape)}",
                help="their first axes must be equally long",
            )
        yield Tensor((self.num_segments, *data.shape[1:]), data.dtype)

    computes: ClassVar[frozenset[str]]
    """The dtypes of the rows."""


make(Segment, "segment_sum", "The sum of the rows of each group.", computes=NUMBERS - BOOL)
make(Segment, "segment_prod", "The product of the rows of each group.", computes=NUMBERS - BOOL)
make(Segment, "segment_max", "The largest elements of the rows of each group.", computes=INTS | FLOATS)
make(Segment, "segment_min", "The smallest elements of the rows of each group.", computes=INTS | FLOATS)
