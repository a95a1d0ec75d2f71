"""Operations that rearrange the elements of one tensor."""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, Axes, Axis, DType, Integers, NonNegativeInt, PositiveInts, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, BOOL, NUMBERS, item_bytes
from specc.operations.base import Operation, on
from specc.operations.rules import (
    Constant,
    fits_broadcast,
    flat,
    may_hold_alike,
    need_broadcast_to,
    need_dtype,
    need_whole,
)
from specc.shapes import Dim, Shape, Tensor, distinct_axes, need_known, need_rank, normalize_axis, show_shape, size

_NewDim = Annotated[int, Field(ge=-1, le=LARGEST_SIZE)]


class Reshape(Operation, op="reshape", sparse="kept"):
    """The same elements in another shape, batch axis included; -1 means the remaining size."""

    shape_rule = "newshape"
    sample = on(newshape="[-1, 2, 2]")

    newshape: Annotated[
        _NewDim | tuple[_NewDim, ...],
        BeforeValidator(freeze),
        TypeWords("a list of sizes, batch axis included, each a positive integer or -1 for what is left"),
    ]

    @property
    def _target(self) -> tuple[int, ...]:
        return (self.newshape,) if isinstance(self.newshape, int) else self.newshape

    def check(self) -> Iterator[Problem]:
        """One -1 at most, and no axis of size 0."""
        if self._target.count(-1) > 1:
            yield Problem(
                "argument-value", "takes -1 for one axis at most", ("newshape",), "give the other sizes as numbers"
            )
        if 0 in self._target:
            yield Problem(
                "argument-value", "cannot make an axis of size 0", ("newshape",), "-1 means the remaining size"
            )

    def _shape(self, shape: Shape) -> Shape:
        target, total = self._target, size(shape)
        wanted = prod(dim for dim in target if dim != -1)
        divides = total is None or total % wanted == 0
        fits = divides if -1 in target else may_hold_alike(shape, target)
        if not fits:
            raise ShapeError(
                f"cannot reshape {show_shape(shape)} to {show_shape(target)}",
                argument="newshape",
                help=self._with_batch(shape)
                or "the sizes must multiply to the number of elements; -1 means the remaining size",
            )
        if total is None:
            return tuple(None if dim == -1 else dim for dim in target)
        return tuple(total // wanted if dim == -1 else dim for dim in target)

    def _with_batch(self, shape: Shape) -> str | None:
        """The help for a newshape without the batch axis, or with a number there."""
        each, target = size(shape[1:]), self._target
        for sizes in (target[1:], target) if target[:1] == (1,) else (target, target[1:]):
            if each is not None and -1 not in sizes and prod(sizes) == each:
                return f"write newshape: {[-1, *sizes]}, where -1 means the batch axis"
        return None


class Ravel(Operation, op="ravel", ragged="made dense"):
    """All elements in one row, the batch axis among them."""

    shape_rule = "(number of elements,)"
    sample = "layers:\n  - {type: Input, name: x, batch_shape: [2, 4]}\n  - TYPE\n"

    def _shape(self, shape: Shape) -> Shape:
        return flat(shape)


class Transpose(Operation, op="transpose", sparse="kept"):
    """The axes in another order, batch axis included; reversed if none is given."""

    shape_rule = "the axes of x in the given order"
    sample = on("[3, 4]", axes="[0, 2, 1]")

    axes: Integers | None = None

    def _shape(self, shape: Shape) -> Shape:
        if self.axes is None:
            return shape[::-1]
        if len(self.axes) != len(shape):
            raise ShapeError(
                f"puts {len(self.axes)} axes in order, got {show_shape(shape)} with {len(shape)}",
                argument="axes",
                help="list every axis once, the batch axis (0) too",
            )
        return tuple(shape[axis] for axis in distinct_axes(self.axes, len(shape), "axes"))


class ExpandDims(Operation, op="expand_dims", sparse="kept", ragged="kept"):
    """New axes of size 1, at these places of the result."""

    shape_rule = "the shape of x with 1 at each axis"
    sample = on(axis="-1")

    axis: Axes

    def _shape(self, shape: Shape) -> Shape:
        count = 1 if isinstance(self.axis, int) else len(self.axis)
        new = distinct_axes(self.axis, len(shape) + count)
        kept = iter(shape)
        return tuple(1 if axis in new else next(kept) for axis in range(len(shape) + count))


class Squeeze(Operation, op="squeeze", sparse="kept"):
    """The tensor without these axes of size 1, or without all that are known to have size 1."""

    shape_rule = "the shape of x without the axes"
    sample = on("[4, 1]", axis="-1")

    axis: Axes | None = None

    def check(self) -> Iterator[Problem]:
        """The list must not be empty: Keras would announce that it squeezes no axes, and squeeze all."""
        if self.axis == ():
            yield Problem("argument-value", "names no axis", ("axis",), "remove 'axis' to squeeze every axis of size 1")

    def _shape(self, shape: Shape) -> Shape:
        if self.axis is None:
            return tuple(dim for dim in shape if dim != 1)
        gone = distinct_axes(self.axis, len(shape))
        for axis in gone:
            if shape[axis] != 1:
                raise ShapeError(
                    f"cannot squeeze axis {axis} of {show_shape(shape)}",
                    argument="axis",
                    help="only an axis of size 1 can go",
                )
        return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Without axes, an unknown size that turns out to be 1 is squeezed too."""
        if self.axis is None and None in call.shape:
            open_axes = [axis for axis, dim in enumerate(call.shape) if dim is None]
            which = "the batch axis of a single example" if open_axes[0] == 0 else f"axis {open_axes[0]} of size 1"
            ones = [axis for axis, dim in enumerate(call.shape) if dim == 1]
            yield Problem(
                "open-size",
                f"removes {which} too when it runs",
                help=f"name the axes: axis: {ones[0] if len(ones) == 1 else ones}"
                if ones
                else "remove it: no axis is known to have size 1",
            )


class Swapaxes(Operation, op="swapaxes"):
    """Two axes swapped."""

    shape_rule = "the shape of x with two axes swapped"
    sample = on("[3, 4]", axis1="1", axis2="2")

    axis1: Axis
    axis2: Axis

    def _shape(self, shape: Shape) -> Shape:
        first, second = normalize_axis(self.axis1, len(shape), "axis1"), normalize_axis(self.axis2, len(shape), "axis2")
        dims = list(shape)
        dims[first], dims[second] = dims[second], dims[first]
        return tuple(dims)


class Moveaxis(Operation, op="moveaxis"):
    """Some axes moved to other places; the others keep their order."""

    shape_rule = "the shape of x with axes moved"
    sample = on("[3, 4]", source="1", destination="-1")

    source: Axes
    destination: Axes

    def check(self) -> Iterator[Problem]:
        """Each axis needs a destination."""
        counts = [1 if isinstance(axes, int) else len(axes) for axes in (self.source, self.destination)]
        if counts[0] != counts[1]:
            message = f"moves {counts[0]} axes to {counts[1]} places"
            yield Problem("argument-clash", message, ("destination",), "give a place for each axis of 'source'")

    def _shape(self, shape: Shape) -> Shape:
        sources = distinct_axes(self.source, len(shape), "source")
        places = distinct_axes(self.destination, len(shape), "destination")
        order = [axis for axis in range(len(shape)) if axis not in sources]
        for place, axis in sorted(zip(places, sources, strict=True)):
            order.insert(place, axis)
        return tuple(shape[axis] for axis in order)


_Repeats = Annotated[
    NonNegativeInt | tuple[NonNegativeInt, ...],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more or a list of them"),
]


class Repeat(Operation, op="repeat", ragged="made dense"):
    """Each element several times in a row, along an axis or in the flattened tensor."""

    shape_rule = "the shape of x with a longer axis"
    sample = on(repeats="2", axis="-1")

    repeats: _Repeats
    axis: Axis | None = None

    def _shape(self, shape: Shape) -> Shape:
        if self.axis is None:
            return (self._length(size(shape)),)
        axis = normalize_axis(self.axis, len(shape))
        return (*shape[:axis], self._length(shape[axis]), *shape[axis + 1 :])

    def _length(self, length: Dim) -> Dim:
        counts = self.repeats if isinstance(self.repeats, tuple) else (self.repeats,)
        if length is None:
            return None
        if len(counts) == 1:
            return length * counts[0]
        if len(counts) != length:
            raise ShapeError(
                f"has {len(counts)} counts for {length} elements",
                argument="repeats",
                help="give one count for each, or one for all",
            )
        return sum(counts)


class Tile(Operation, op="tile", accepts=ALL - {"uint16"}, ragged="kept"):
    """The whole tensor several times side by side, along each of its last axes."""

    shape_rule = "each size of x times its count"
    sample = on(repeats="2")

    repeats: _Repeats

    def _shape(self, shape: Shape) -> Shape:
        counts = self.repeats if isinstance(self.repeats, tuple) else (self.repeats,)
        rank = max(len(shape), len(counts))
        shape = (1,) * (rank - len(shape)) + shape
        counts = (1,) * (rank - len(counts)) + counts
        return tuple(None if dim is None else dim * count for dim, count in zip(shape, counts, strict=True))


class BroadcastTo(Operation, op="broadcast_to"):
    """The tensor repeated along axes of size 1 (and new first ones) to fill a shape, batch axis included."""

    shape_rule = "shape"
    sample = on("batch [1, 4]", shape="[3, 4]")

    shape: PositiveInts

    def _shape(self, shape: Shape) -> Shape:
        try:
            need_broadcast_to(shape, self.shape, "shape")
        except ShapeError as error:
            if len(shape) == len(self.shape) and shape[0] != 1 and fits_broadcast(shape[1:], self.shape[1:]):
                counts = [1, *(1 if dim == wide else wide for dim, wide in zip(shape[1:], self.shape[1:], strict=True))]
                error.problem = error.problem.with_help(
                    f"it fixes the batch axis; {{type: ops.tile, repeats: {counts}}} does not"
                )
            raise
        return self.shape


_Width = Annotated[int, Field(ge=0, le=LARGEST_SIZE)]


class Pad(Operation, op="pad"):
    """Elements added before and after, along every axis (the batch axis too)."""

    shape_rule = "each size of x plus its two widths"
    sample = on(pad_width="[[0, 0], [1, 1]]")

    pad_width: Annotated[
        _Width | tuple[_Width, _Width] | tuple[tuple[_Width, _Width], ...],
        BeforeValidator(freeze),
        TypeWords("a list with two widths for each axis, batch axis included: [[0, 0], [1, 1]]"),
    ]
    mode: Literal["constant", "reflect", "symmetric"] = "constant"
    constant_values: Constant | None = None

    def check(self) -> Iterator[Problem]:
        """Only constant padding has values."""
        if self.constant_values is not None and self.mode != "constant":
            message = f"takes no constant_values with mode {self.mode}"
            yield Problem("argument-clash", message, ("constant_values",), "remove it, or use mode: constant", "key")

    @property
    def _widths(self) -> tuple[tuple[int, int], ...]:
        width = self.pad_width
        if isinstance(width, int):
            return ((width, width),)
        pairs = tuple(pair for pair in width if isinstance(pair, tuple))
        return pairs or ((width[0], width[1]),)  # type: ignore[return-value]  # without pairs they are two numbers

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        shape, widths = call.shape, self._widths
        if self.constant_values is not None:
            need_dtype(call.first.dtype, NUMBERS)
            need_whole(self.constant_values, call.first.dtype, "constant_values")
        if len(widths) != len(shape):
            raise ShapeError(
                f"has {len(widths)} pairs of widths, got {show_shape(shape)} with {len(shape)} axes",
                argument="pad_width",
                help="give two widths for each axis, [0, 0] for the batch axis",
            )
        room = {"constant": None, "reflect": 1, "symmetric": 0}[self.mode]
        for dim, pair in zip(shape, widths, strict=True):
            if room is not None and dim is not None and max(pair) > dim - room:
                raise ShapeError(
                    f"cannot pad {max(pair)} elements by {self.mode} from {dim}",
                    argument="pad_width",
                    help=f"at most {dim - room} can be added there",
                )
        yield Tensor(
            tuple(None if dim is None else dim + sum(pair) for dim, pair in zip(shape, widths, strict=True)),
            call.first.dtype,
        )


class Diff(Operation, op="diff", accepts=NUMBERS):
    """The differences of neighbours along an axis, taken n times."""

    tensors = (Argument("a"),)
    shape_rule = "the shape of a with an axis shorter by n"

    n: NonNegativeInt = 1
    axis: Axis = -1

    def _shape(self, shape: Shape) -> Shape:
        axis = normalize_axis(self.axis, len(shape))
        length = shape[axis]
        return (*shape[:axis], None if length is None else max(length - self.n, 0), *shape[axis + 1 :])


class View(Operation, op="view", accepts=NUMBERS - BOOL):
    """The same bytes as numbers of another dtype; the last axis is as many of them."""

    shape_rule = "the shape of x; the last axis longer or shorter by the sizes of the dtypes"
    sample = on(dtype="int32")

    dtype: DType | None = None

    def check(self) -> Iterator[Problem]:
        """Only numbers have a fixed size in bytes."""
        if self.dtype in ("string", "bool"):
            yield Problem("argument-value", f"cannot view bytes as {self.dtype}", ("dtype",), "use a dtype of numbers")

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, dtype = call.first, self.dtype or call.first.dtype
        old, new = item_bytes(x.dtype), item_bytes(dtype)
        if not x.shape:
            if old != new:
                need_rank(x.shape, 1, least=True)
            yield Tensor(x.shape, dtype)
            return
        row = need_known(x.shape, len(x.shape) - 1, f"to view it as {dtype}") * old
        if row % new:
            raise ShapeError(
                f"cannot view the {row} bytes in a row of {show_shape(x.shape)} as {dtype}",
                argument="dtype",
                help=f"{dtype} has {new} bytes",
            )
        yield Tensor((*x.shape[:-1], row // new), dtype)
