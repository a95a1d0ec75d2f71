"""Operations that rearrange the elements of one tensor."""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, Axes, Axis, Integer, Integers, NonNegativeInt, PositiveInts, TypeWords, freeze
from specc.calls import Argument, Call
from specc.diagnostics.problem import Problem, ShapeError
from specc.dtypes import ALL, NUMBERS, summed
from specc.operations.base import (
    Constant,
    Operation,
    catalogue,
    example,
    fits_broadcast,
    flat,
    make,
    may_hold_alike,
    need_broadcast_to,
    need_dtype,
    normalize_axes,
)
from specc.operations.elementwise import need_whole
from specc.shapes import Dim, Shape, Tensor, need_rank, normalize_axis, show_shape, size


class Rearrangement(Operation):
    """The elements of one tensor in another arrangement; the dtype stays."""

    tensors: ClassVar[tuple[Argument, ...]] = (Argument("x"),)

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.first
        yield Tensor(self._arranged(x.shape), x.dtype, sparse=x.sparse)

    def _arranged(self, shape: Shape) -> Shape:
        """The shape of the result."""
        return shape


_NewDim = Annotated[int, Field(ge=-1, le=LARGEST_SIZE)]


class Reshape(Rearrangement):
    """The same elements in another shape, batch axis included; -1 stands for what is left."""

    function = "keras.ops.reshape"
    takes_sparse = True
    shape_rule = "newshape"
    example = example("reshape", newshape="[-1, 2, 2]")

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
                "argument-value", "cannot make an axis of size 0", ("newshape",), "-1 stands for what is left"
            )

    def _arranged(self, shape: Shape) -> Shape:
        target, total = self._target, size(shape)
        wanted = prod(dim for dim in target if dim != -1)
        divides = total is None or total % wanted == 0
        fits = divides if -1 in target else may_hold_alike(shape, target)
        if not fits:
            raise ShapeError(
                f"cannot reshape {show_shape(shape)} to {show_shape(target)}",
                argument="newshape",
                help=self._with_batch(shape)
                or "the sizes must multiply to the number of elements; -1 stands for what is left",
            )
        if total is None:
            return tuple(None if dim == -1 else dim for dim in target)
        return tuple(total // wanted if dim == -1 else dim for dim in target)

    def _with_batch(self, shape: Shape) -> str | None:
        """The mend of a newshape that has no batch axis, or has a number there."""
        each, target = size(shape[1:]), self._target
        for sizes in (target[1:], target) if target[:1] == (1,) else (target, target[1:]):
            if each is not None and -1 not in sizes and prod(sizes) == each:
                return f"write newshape: {[-1, *sizes]}, where -1 stands for the batch axis"
        return None


class Ravel(Rearrangement):
    """All elements in one row, the batch axis among them."""

    function = "keras.ops.ravel"
    with_ragged = "made dense"
    shape_rule = "(number of elements,)"
    example = "layers:\n  - {type: Input, name: x, batch_shape: [2, 4]}\n  - ops.ravel\n"

    def _arranged(self, shape: Shape) -> Shape:
        return flat(shape)


class Transpose(Rearrangement):
    """The axes in another order, batch axis included; reversed where none is given."""

    function = "keras.ops.transpose"
    takes_sparse = True
    shape_rule = "the axes of x in the given order"
    example = example("transpose", "[3, 4]", axes="[0, 2, 1]")

    axes: Integers | None = None

    def _arranged(self, shape: Shape) -> Shape:
        if self.axes is None:
            return shape[::-1]
        if len(self.axes) != len(shape):
            raise ShapeError(
                f"puts {len(self.axes)} axes in order, got {show_shape(shape)} with {len(shape)}",
                argument="axes",
                help="list every axis once, the batch axis (0) too",
            )
        return tuple(shape[axis] for axis in normalize_axes(self.axes, len(shape), "axes"))


class ExpandDims(Rearrangement):
    """New axes of size 1, at these places of the result."""

    function = "keras.ops.expand_dims"
    takes_sparse = True
    with_ragged = "kept"
    shape_rule = "the shape of x with 1 at each axis"
    example = example("expand_dims", axis="-1")

    axis: Axes

    def _arranged(self, shape: Shape) -> Shape:
        count = 1 if isinstance(self.axis, int) else len(self.axis)
        new = normalize_axes(self.axis, len(shape) + count)
        kept = iter(shape)
        return tuple(1 if axis in new else next(kept) for axis in range(len(shape) + count))


class Squeeze(Rearrangement):
    """Without these axes of size 1, or without all that are known to have size 1."""

    function = "keras.ops.squeeze"
    takes_sparse = True
    shape_rule = "the shape of x without the axes"
    example = example("squeeze", "[4, 1]", axis="-1")

    axis: Axes | None = None

    def check(self) -> Iterator[Problem]:
        """With no axes in the list, Keras says that it squeezes none and squeezes all."""
        if self.axis == ():
            yield Problem(
                "argument-value", "names no axis", ("axis",), "leave out 'axis' to squeeze every axis of size 1"
            )

    def _arranged(self, shape: Shape) -> Shape:
        if self.axis is None:
            return tuple(dim for dim in shape if dim != 1)
        gone = normalize_axes(self.axis, len(shape))
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
                f"takes away {which} too when it runs",
                help=f"name the axes: axis: {ones[0] if len(ones) == 1 else ones}"
                if ones
                else "remove it: no axis is known to have size 1",
            )


class Swapaxes(Rearrangement):
    """Two axes in each other's place."""

    function = "keras.ops.swapaxes"
    shape_rule = "the shape of x with two axes swapped"
    example = example("swapaxes", "[3, 4]", axis1="1", axis2="2")

    axis1: Axis
    axis2: Axis

    def _arranged(self, shape: Shape) -> Shape:
        first, second = normalize_axis(self.axis1, len(shape), "axis1"), normalize_axis(self.axis2, len(shape), "axis2")
        dims = list(shape)
        dims[first], dims[second] = dims[second], dims[first]
        return tuple(dims)


class Moveaxis(Rearrangement):
    """Some axes at other places; the others keep their order."""

    function = "keras.ops.moveaxis"
    shape_rule = "the shape of x with axes moved"
    example = example("moveaxis", "[3, 4]", source="1", destination="-1")

    source: Axes
    destination: Axes

    def check(self) -> Iterator[Problem]:
        """Each axis has its place."""
        counts = [1 if isinstance(axes, int) else len(axes) for axes in (self.source, self.destination)]
        if counts[0] != counts[1]:
            message = f"moves {counts[0]} axes to {counts[1]} places"
            yield Problem("argument-clash", message, ("destination",), "give a place for each axis of 'source'")

    def _arranged(self, shape: Shape) -> Shape:
        sources = normalize_axes(self.source, len(shape), "source")
        places = normalize_axes(self.destination, len(shape), "destination")
        order = [axis for axis in range(len(shape)) if axis not in sources]
        for place, axis in sorted(zip(places, sources, strict=True)):
            order.insert(place, axis)
        return tuple(shape[axis] for axis in order)


class Flip(Rearrangement):
    """The elements in reversed order along axes, or along all."""

    function = "keras.ops.flip"
    shape_rule = "the shape of x"
    example = example("flip", axis="-1")

    axis: Axes | None = None

    def _arranged(self, shape: Shape) -> Shape:
        if self.axis is not None:
            normalize_axes(self.axis, len(shape))
        return shape


class Roll(Rearrangement):
    """The elements shifted along axes; what leaves at one end enters at the other."""

    function = "keras.ops.roll"
    with_ragged = "kept"
    shape_rule = "the shape of x"
    example = example("roll", shift="1", axis="-1")

    shift: Annotated[
        Integer | tuple[Integer, ...], BeforeValidator(freeze), TypeWords("an integer or a list of integers")
    ]
    axis: Axes | None = None

    def check(self) -> Iterator[Problem]:
        """Each axis has its shift."""
        shifts, axes = isinstance(self.shift, tuple), isinstance(self.axis, tuple)
        if shifts != axes or (
            isinstance(self.shift, tuple) and isinstance(self.axis, tuple) and len(self.shift) != len(self.axis)
        ):
            yield Problem(
                "argument-clash",
                "needs one shift for each axis",
                ("shift",),
                "give 'shift' and 'axis' as two numbers, or as two lists of one length",
            )

    def _arranged(self, shape: Shape) -> Shape:
        for axis in self.axis if isinstance(self.axis, tuple) else () if self.axis is None else (self.axis,):
            normalize_axis(axis, len(shape))
        return shape


class Rot90(Rearrangement):
    """The plane of two axes turned by 90 degrees, k times."""

    function = "keras.ops.rot90"
    tensors = (Argument("array"),)
    shape_rule = "the shape of array with the two axes swapped"
    example = example("rot90", "[4, 4]", axes="[1, 2]")

    k: Integer = 1
    axes: Annotated[tuple[Integer, Integer], BeforeValidator(freeze), TypeWords("a list of 2 axes")] = (0, 1)

    def _arranged(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        first, second = normalize_axes(self.axes, len(shape), "axes")
        dims = list(shape)
        dims[first], dims[second] = dims[second], dims[first]
        return tuple(dims)


_Repeats = Annotated[
    NonNegativeInt | tuple[NonNegativeInt, ...],
    BeforeValidator(freeze),
    TypeWords("an integer of 0 or more or a list of them"),
]


class Repeat(Rearrangement):
    """Each element several times in a row, along an axis or in the flattened tensor."""

    function = "keras.ops.repeat"
    with_ragged = "made dense"
    shape_rule = "the shape of x with a longer axis"
    example = example("repeat", repeats="2", axis="-1")

    repeats: _Repeats
    axis: Axis | None = None

    def _arranged(self, shape: Shape) -> Shape:
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


class Tile(Rearrangement):
    """The whole tensor several times side by side, along each of its last axes."""

    function = "keras.ops.tile"
    accepts = ALL - {"uint16"}
    with_ragged = "kept"
    shape_rule = "each size of x times its count"
    example = example("tile", repeats="2")

    repeats: _Repeats

    def _arranged(self, shape: Shape) -> Shape:
        counts = self.repeats if isinstance(self.repeats, tuple) else (self.repeats,)
        rank = max(len(shape), len(counts))
        shape = (1,) * (rank - len(shape)) + shape
        counts = (1,) * (rank - len(counts)) + counts
        return tuple(None if dim is None else dim * count for dim, count in zip(shape, counts, strict=True))


class BroadcastTo(Rearrangement):
    """The tensor repeated along axes of size 1 (and new first ones) to fill a shape, batch axis included."""

    function = "keras.ops.broadcast_to"
    shape_rule = "shape"
    example = "layers:\n  - {type: Input, name: x, batch_shape: [1, 4]}\n  - {type: ops.broadcast_to, shape: [3, 4]}\n"

    shape: PositiveInts

    def _arranged(self, shape: Shape) -> Shape:
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


class Pad(Operation):
    """Elements added before and after, along every axis (the batch axis too)."""

    function = "keras.ops.pad"
    tensors = (Argument("x"),)
    shape_rule = "each size of x plus its two widths"
    example = example("pad", pad_width="[[0, 0], [1, 1]]")

    pad_width: Annotated[
        _Width | tuple[_Width, _Width] | tuple[tuple[_Width, _Width], ...],
        BeforeValidator(freeze),
        TypeWords("a list with two widths for each axis, batch axis included: [[0, 0], [1, 1]]"),
    ]
    mode: Literal["constant", "reflect", "symmetric"] = "constant"
    constant_values: Constant | None = None

    def check(self) -> Iterator[Problem]:
        """Only constants have values."""
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


# -- Diagonals and triangles ---------------------------------------------------------------------


def _diagonal_length(rows: Dim, columns: Dim, offset: int, argument: str) -> Dim:
    """The length of a diagonal; ShapeError for one beyond the matrix, which Keras cannot take."""
    if (columns is not None and offset >= columns) or (rows is not None and -offset >= rows):
        raise ShapeError(
            f"has no diagonal {offset} in a matrix of {show_shape((rows, columns))}",
            argument=argument,
            help="the offset must be less than the columns and, below the middle, less than the rows",
        )
    if rows is None or columns is None:
        return None
    return min(columns - offset if offset > 0 else rows + offset, rows, columns)


class Diagonal(Rearrangement):
    """The diagonals of the matrices in two axes, as a last axis."""

    function = "keras.ops.diagonal"
    accepts = NUMBERS
    shape_rule = "the shape of x without the two axes, and the diagonal's length"
    example = example("diagonal", "[4, 4]", axis1="1", axis2="2")

    offset: Integer = 0
    axis1: Axis = 0
    axis2: Axis = 1

    def _arranged(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        rows, columns = normalize_axes((self.axis1, self.axis2), len(shape), "axis2")
        rest = tuple(dim for axis, dim in enumerate(shape) if axis not in (rows, columns))
        return (*rest, _diagonal_length(shape[rows], shape[columns], self.offset, "offset"))


class Diag(Rearrangement):
    """A matrix with these elements on its diagonal, or the diagonal of a matrix."""

    function = "keras.ops.diag"
    accepts = NUMBERS
    shape_rule = "(n,) -> (n, n); (n, m) -> (min(n, m),)"
    example = "layers:\n  - {type: Input, name: x, batch_shape: [4, 4]}\n  - ops.diag\n"

    k: Integer = 0

    def _arranged(self, shape: Shape) -> Shape:
        if len(shape) not in (1, 2):
            need_rank(shape, 2)
        if len(shape) == 1:
            side = None if shape[0] is None else shape[0] + abs(self.k)
            return (side, side)
        return (_diagonal_length(shape[0], shape[1], self.k, "k"),)


class Trace(Operation):
    """The sums of the diagonals of the matrices in two axes."""

    function = "keras.ops.trace"
    tensors = (Argument("x"),)
    accepts = NUMBERS
    shape_rule = "the shape of x without the two axes"
    example = example("trace", "[4, 4]", axis1="1", axis2="2")

    offset: Integer = 0
    axis1: Axis = 0
    axis2: Axis = 1

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        need_rank(call.shape, 2, least=True)
        gone = normalize_axes((self.axis1, self.axis2), len(call.shape), "axis2")
        side, across = (call.shape[axis] for axis in (gone if self.offset > 0 else gone[::-1]))
        left = None if across is None else across - abs(self.offset)
        if self.offset and left is not None and (left < 0 or (side is not None and left > side)):
            raise ShapeError(
                f"cannot take the diagonal with offset {self.offset} of {show_shape(call.shape)}",
                argument="offset",
                help="ops.diagonal, and ops.sum over its last axis, can",
            )
        shape = tuple(dim for axis, dim in enumerate(call.shape) if axis not in gone)
        yield Tensor(shape, summed(call.first.dtype))


class Triangle(Rearrangement):
    """A triangle of the matrices in the last two axes, with zeros elsewhere."""

    accepts: ClassVar[frozenset[str]] = NUMBERS
    shape_rule: ClassVar[str] = "the shape of x"
    farthest: ClassVar[tuple[int, int]]
    """The sign of a k that goes beyond the middle, and the axis whose size it may not exceed then."""

    k: Integer = 0

    def _arranged(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        sign, axis = self.farthest
        length = shape[axis]
        if length is not None and sign * self.k > length:
            raise ShapeError(
                f"has no diagonal {self.k} in matrices of {show_shape(shape[-2:])}",
                argument="k",
                help=f"use {sign * length} at most" if sign > 0 else f"use {sign * length} at least",
            )
        return shape


class Diff(Rearrangement):
    """The differences of neighbours along an axis, n times over."""

    function = "keras.ops.diff"
    tensors = (Argument("a"),)
    accepts = NUMBERS
    shape_rule = "the shape of a with an axis shorter by n"
    example = example("diff")

    n: NonNegativeInt = 1
    axis: Axis = -1

    def _arranged(self, shape: Shape) -> Shape:
        axis = normalize_axis(self.axis, len(shape))
        length = shape[axis]
        return (*shape[:axis], None if length is None else max(length - self.n, 0), *shape[axis + 1 :])


OPERATIONS = catalogue(
    Reshape,
    Ravel,
    Transpose,
    ExpandDims,
    Squeeze,
    Swapaxes,
    Moveaxis,
    Flip,
    Roll,
    Rot90,
    Repeat,
    Tile,
    BroadcastTo,
    Pad,
    Diagonal,
    Diag,
    Trace,
    make(
        Triangle,
        "tril",
        "The lower triangle of matrices, with zeros above diagonal k.",
        farthest=(1, -1),
        example=example("tril", "[4, 4]"),
    ),
    make(
        Triangle,
        "triu",
        "The upper triangle of matrices, with zeros below diagonal k.",
        farthest=(-1, -2),
        example=example("triu", "[4, 4]"),
    ),
    Diff,
)
