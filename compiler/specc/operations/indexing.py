"""Operations that pick elements, put them in order, or encode them."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from specc.arguments import LARGEST_SIZE, Axis, Integer, PositiveInt, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import DTypeError, Problem, ProblemsError, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATS, FLOATX, INTS, NUMBERS
from specc.layers.accept import need_dense
from specc.operations.base import Operation, on
from specc.operations.number_lists import NumberListField
from specc.operations.rules import REAL, along, always_int32, flat, need_broadcast, need_dtype
from specc.shapes import Dim, Shape, Tensor, differ, need_rank, normalize_axis, show_shape

# -- Slices --------------------------------------------------------------------------------------


class Span(BaseModel):
    """A part of an axis, as Python's slice has it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    start: Integer | None = None
    stop: Integer | None = None
    step: Integer | None = None

    def slice(self) -> slice:
        """The slice that Keras is called with."""
        return slice(self.start, self.stop, self.step)


_SPAN = re.compile(r"\s*(-?\d{1,18})?\s*:\s*(-?\d{1,18})?\s*(?::\s*(-?\d{1,18})?\s*)?")
_KEY_HELP = (
    'give an index, a slice such as "1:-1" or {start: 1, stop: -1}, null for a new axis, or "..." for the axes between'
)


def _key_item(item: Any) -> Any:
    """An item of a key as `GetItem` keeps it: a slice from its text; anything else unchanged."""
    if isinstance(item, str) and item != "...":
        match = _SPAN.fullmatch(item)
        if match is None:
            raise ProblemsError(
                [Problem("argument-value", f"has {quote_value(item)}, which is not a slice", help=_KEY_HELP)]
            )
        start, stop, step = (None if number is None else int(number) for number in match.groups())
        return Span(start=start, stop=stop, step=step)
    return item


def _key(value: Any) -> Any:
    return tuple(map(_key_item, value)) if isinstance(value, list | tuple) else _key_item(value)


_SPAN_SCHEMA = {
    "if": {"type": "string"},
    "then": {"pattern": f"^{_SPAN.pattern}$"},
    "else": {
        "type": "object",
        "properties": {
            key: {"description": f"{says} Default: null.", "type": ["integer", "null"]}
            for key, says in (
                ("start", "The first index."),
                ("stop", "The index after the last."),
                ("step", "How far apart."),
            )
        },
        "additionalProperties": False,
    },
}
_KeyItem = Integer | Literal["..."] | Annotated[Span, WithJsonSchema(_SPAN_SCHEMA)] | None


class GetItem(Operation, op="get_item"):
    """A part of a tensor, as Python's ``x[key]`` takes it.

    The key has an item for each axis, the batch axis first; axes without one stay whole. An item is an index (removes
    the axis), a slice, null (a new axis of size 1) or "..." (all axes between). A slice is written as in Python,
    ``"1:-1"`` or ``"::2"``, or as a map, ``{start: 1, stop: -1, step: 2}``, whose numbers may be variables. ``key: [":", 0]``
    takes the first step of every sequence of a batch.
    """

    shape_rule = "as in x[key]"
    sample = on("[10, 4]", key='[":", 0, "1:3"]')

    key: Annotated[
        _KeyItem | tuple[_KeyItem, ...],
        BeforeValidator(_key),
        TypeWords('an index, a slice such as "1:-1", or a list of them with null for a new axis and "..."'),
    ]

    @property
    def _items(self) -> tuple[Any, ...]:
        return self.key if isinstance(self.key, tuple) else (self.key,)

    def check(self) -> Iterator[Problem]:
        """One ellipsis at most, and no step of 0."""
        if self._items.count("...") > 1:
            yield Problem("argument-value", 'takes "..." once', ("key",), "it means all the axes between")
        if any(isinstance(item, Span) and item.step == 0 for item in self._items):
            yield Problem(
                "argument-value", "takes no slice with step 0", ("key",), "the step is 1 or more, or negative"
            )

    def _shape(self, shape: Shape) -> Shape:
        items = list(self._items)
        whole = len(shape) - sum(item is not None and item != "..." for item in items)
        if whole < 0:
            raise ShapeError(
                f"has a key for {len(shape) - whole} axes, got {show_shape(shape)} with {len(shape)}",
                argument="key",
                help="give an item for each axis at most",
            )
        if "..." not in items:
            items.append("...")
        dims = iter(enumerate(shape))
        taken: list[Dim] = []
        for item in items:
            if item == "...":
                taken += [next(dims)[1] for _ in range(whole)]
            elif item is None:
                taken.append(1)
            elif isinstance(item, Span):
                _, length = next(dims)
                taken.append(None if length is None else len(range(*item.slice().indices(length))))
            else:
                axis, length = next(dims)
                need_index(item, length, f"axis {axis} of {show_shape(shape)}", "key")
        return tuple(taken)

    def call_constants(self) -> dict[str, Any]:
        """The key as Python writes it: numbers, slices, None and Ellipsis."""
        items = tuple(
            item.slice() if isinstance(item, Span) else Ellipsis if item == "..." else item for item in self._items
        )
        return {"key": items}


def need_index(index: int, length: Dim, where: str, argument: str) -> None:
    """ShapeError for an index beyond an axis of known length."""
    if length is not None and not -length <= index < length:
        raise ShapeError(
            f"has no index {index} on {where}", argument=argument, help=f"use an index from {-length} to {length - 1}"
        )


class Slice(Operation, op="slice"):
    """A block of a tensor: where it starts on each axis, and its size there (-1: to the end)."""

    tensors = (Argument("inputs"), Argument("start_indices", required=False))
    constants = ("start_indices",)
    shape_rule = "shape, with what is left of an axis for -1"
    sample = on("[10]", start_indices="[0, 2]", shape="[-1, 4]")

    start_indices: Annotated[
        tuple[Annotated[int, Field(ge=0, le=LARGEST_SIZE)], ...] | None,
        BeforeValidator(freeze),
        TypeWords("a list with the first index of each axis, batch axis included"),
    ] = None
    shape: Annotated[
        tuple[Annotated[int, Field(ge=-1, le=LARGEST_SIZE)], ...],
        BeforeValidator(freeze),
        TypeWords("a list with the size on each axis, batch axis included; -1 for all that is left"),
    ]

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        inputs, start = call.tensor("inputs"), call.one("start_indices")
        rank = len(inputs.shape)
        need_rank(inputs.shape, 1, least=True)
        if start is not None:
            need_dtype(start.dtype, frozenset({"int32", "int64"}), "start_indices")
            need_rank(start.shape, 1)
        count = (
            rank
            if start is not None and start.shape[0] is None
            else start.shape[0]
            if start
            else len(self.start_indices or ())
        )
        for name, length in (("shape", len(self.shape)), ("start_indices", count)):
            if length != rank:
                raise ShapeError(
                    f"has {length} numbers in '{name}', got {show_shape(inputs.shape)} with {rank} axes",
                    argument=name if start is None or name == "shape" else None,
                    help="give one for each axis, the batch axis too",
                )
        starts = self.start_indices or (None,) * rank
        yield Tensor(tuple(map(self._length, inputs.shape, starts, self.shape)), inputs.dtype)

    def _length(self, length: Dim, start: int | None, wanted: int) -> Dim:
        if length is not None and (start or 0) + max(wanted, 0) > length:
            raise ShapeError(
                f"takes {max(wanted, 0)} from index {start or 0} on an axis of {length}",
                argument="shape",
                help="start and size must stay within the axis; size -1 takes all that is left",
            )
        if wanted != -1:
            return wanted
        return None if length is None or start is None else length - start


def _regular(value: Any) -> Any:
    """Nested lists of one length at each depth; anything else is refused."""
    if isinstance(value, tuple) and len({_shape_of(item) for item in value}) > 1:
        raise ProblemsError(
            [Problem("argument-value", "has lists of different lengths", help="make them equally long")]
        )
    return value


def _shape_of(value: Any) -> tuple[int, ...]:
    return (len(value), *(_shape_of(value[0]) if value else ())) if isinstance(value, tuple) else ()


def _numbers_in(value: Any) -> Iterator[int]:
    if isinstance(value, tuple):
        for item in value:
            yield from _numbers_in(item)
    else:
        yield value


_Row = Annotated[tuple[Integer, ...], Field(min_length=1)]
_Indices = Annotated[
    Integer | _Row | Annotated[tuple[_Row, ...], Field(min_length=1)],
    BeforeValidator(freeze),
    AfterValidator(_regular),
    TypeWords("an index, a list of indices or a list of such lists"),
]


class Take(Operation, op="take", sparse="kept", ragged="kept"):
    """The elements at some indices, along an axis or in the flattened tensor."""

    tensors = (Argument("x"), Argument("indices", required=False))
    constants = ("indices",)
    shape_rule = "the shape of x with that of the indices in place of the axis"
    sample = on(indices="[0, 2]", axis="-1")

    indices: _Indices | None = None
    axis: Axis | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, indices = call.tensor("x"), call.one("indices")
        need_dense(x)
        shape = flat(x.shape) if self.axis is None else x.shape
        axis = 0 if self.axis is None else normalize_axis(self.axis, len(shape))
        if indices is not None:
            need_dtype(indices.dtype, self._index_dtypes(x, indices), "indices")
        else:
            for index in _numbers_in(self.indices):
                need_index(index, shape[axis], f"axis {axis} of {show_shape(shape)}", "indices")
        taken: Shape = _shape_of(self.indices) if indices is None else indices.shape
        yield Tensor((*shape[:axis], *taken, *shape[axis + 1 :]), x.dtype)

    def _index_dtypes(self, x: Tensor, indices: Tensor) -> frozenset[str]:
        """The dtypes of indices; TensorFlow's embedding lookup, which Keras sometimes uses, takes no int16."""
        looked_up = indices.ragged or (indices.sparse and x.dtype in FLOATS and self.axis in (None, 0))
        return frozenset({"int32", "int64"} if looked_up else {"int16", "int32", "int64"})


class TakeAlongAxis(Operation, op="take_along_axis"):
    """For each place, the element at its own index, along an axis or in the flattened tensor."""

    tensors = (Argument("x"), Argument("indices", required=False))
    constants = ("indices",)
    shape_rule = "the shape of the indices, broadcast with x on the other axes"
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ops.argsort, name: order, from: x}\n"
        "  - {type: TYPE, from: [x, order], axis: -1}\n"
    )

    indices: NumberListField | None = None
    axis: Axis | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, indices = call.tensor("x"), call.tensor("indices")
        need_dtype(indices.dtype, NUMBERS, "indices")
        shape = flat(x.shape) if self.axis is None else x.shape
        if len(shape) != len(indices.shape):
            raise ShapeError(
                f"needs as many axes in both, got {show_shape(shape)} and {show_shape(indices.shape)}",
                help="without 'axis', the indices are one row" if self.axis is None else None,
            )
        axis = 0 if self.axis is None else normalize_axis(self.axis, len(shape))
        yield Tensor(need_broadcast((*shape[:axis], indices.shape[axis], *shape[axis + 1 :]), indices.shape), x.dtype)


# -- Order ---------------------------------------------------------------------------------------


class Sort(Operation, op="sort", accepts=REAL):
    """The elements in ascending order along an axis, or all of them in one row."""

    shape_rule = "the shape of x; one row of all elements where axis is null"

    axis: Axis | None = -1

    def _shape(self, shape: Shape) -> Shape:
        return along(shape, self.axis)


class Argsort(Sort, op="argsort", gives=always_int32):
    """The indices that put the elements in ascending order along an axis, or all of them in one row."""


class Searchsorted(Operation, op="searchsorted", accepts=INTS | FLOATS):
    """Where values would be in a sorted row."""

    tensors = (Argument("sorted_sequence", required=False), Argument("values"))
    constants = ("sorted_sequence",)
    shape_rule = "the shape of values"
    sample = (
        "layers:\n  - {type: Input, name: edges, batch_shape: [5]}\n  - {type: Input, name: x, batch_shape: [null]}\n"
        "  - {type: TYPE, from: [edges, x]}\n"
    )

    sorted_sequence: NumberListField | None = None
    side: Literal["left", "right"] = "left"

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        row, values = call.tensor("sorted_sequence"), call.tensor("values")
        need_rank(row.shape, 1)
        need_rank(values.shape, 1, least=True)
        if any(dim not in (1, None) for dim in values.shape[:-1]):
            raise ShapeError(
                f"takes one row of values, got {show_shape(values.shape)}",
                help="put an ops.ravel before it, and reshape after",
            )
        if row.dtype != values.dtype:
            raise DTypeError(
                f"needs one dtype for both, got {row.dtype} and {values.dtype}",
                help="put a {type: ops.cast} before one of them",
            )
        yield Tensor(values.shape, "int64" if row.shape[0] is None else "int32")


class TopK(Operation, op="top_k", accepts=INTS | FLOATS):
    """The k largest elements of the last axis, and their indices. Ports "values" and "indices"."""

    several = True
    shape_rule = "(..., k), twice"
    sample = on(k="2")

    k: PositiveInt
    sorted: bool = True

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The largest elements and where they are."""
        return ("values", "indices")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_rank(call.shape, 1, least=True)
        length = call.shape[-1]
        if length is not None and self.k > length:
            raise ShapeError(f"takes {self.k} elements of {length}", argument="k", help=f"set k to {length} or less")
        shape = (*call.shape[:-1], self.k)
        yield from (Tensor(shape, call.first.dtype), Tensor(shape, "int32"))


class InTopK(Operation, op="in_top_k"):
    """Whether the target class is among the k with the highest predictions."""

    tensors = (Argument("targets"), Argument("predictions"))
    shape_rule = "(batch,) and (batch, classes) -> (batch,)"
    sample = (
        "layers:\n  - {type: Input, name: label, shape: [], dtype: int32}\n"
        "  - {type: Input, name: scores, shape: [10]}\n"
        "  - {type: TYPE, from: [label, scores], k: 5}\n"
    )

    k: PositiveInt

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        targets, predictions = call.tensor("targets"), call.tensor("predictions")
        need_dtype(targets.dtype, frozenset({"int32", "int64"}), "targets")
        need_dtype(predictions.dtype, frozenset({FLOATX}), "predictions")
        need_rank(targets.shape, 1)
        need_rank(predictions.shape, 2)
        if differ(targets.shape[0], predictions.shape[0]):
            raise ShapeError(
                f"needs a target a prediction, got {show_shape(targets.shape)} and {show_shape(predictions.shape)}",
                help="their first axes must be equally long",
            )
        yield Tensor(targets.shape, "bool")
