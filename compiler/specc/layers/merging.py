"""The layers that make one tensor of several: sums and their like, Concatenate, Dot."""

from collections.abc import Sequence
from functools import reduce
from typing import Annotated, Any, ClassVar, NoReturn

from pydantic import BeforeValidator

from specc.arguments import Axis, Integer, TypeWords, freeze
from specc.arguments.roles import AS_GIVEN
from specc.diagnostics.problem import AxisError, DTypeError, RuleError, ShapeError
from specc.dtypes import result_type
from specc.layers.accept import STRINGS_HELP, Kind, announced_by_policy, dense_help, kind, need_dense
from specc.layers.base import Argument, Call, Layer, Operate
from specc.shapes import Dim, Shape, Tensor, broadcast, differ, need_rank, normalize_axis, show_shape

_DTYPE_HELP: dict[Kind, str] = {
    "bool": "make numbers of booleans first, with {type: ops.cast, dtype: float32}",
    "string": STRINGS_HELP,
}


def _example(layer: str, first: str = "[8]", second: str = "[8]") -> str:
    return (
        f"layers:\n  - {{type: Input, name: a, shape: {first}}}\n  - {{type: Input, name: b, shape: {second}}}\n"
        f"  - {{type: {layer}, from: [a, b]}}\n"
    )


class _Merge(Layer):
    tensors = (Argument("inputs", many=True),)
    verb: ClassVar[str]
    """What it does, in a message: "add"."""
    refuses: ClassVar[frozenset[Kind]] = frozenset()
    """Kinds of values of which it cannot merge two inputs."""

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        inputs = call.many()
        if call.policy.compute == "string" and any(kind(tensor.dtype) == "float" for tensor in inputs):
            hint = "remove dtype, or give it a float type"
            raise DTypeError("cannot turn floats into strings", argument="dtype", help=hint)
        self.accept(inputs)
        shape = self.merged_shape([tensor.shape for tensor in inputs])
        sparse, ragged = all(tensor.sparse for tensor in inputs), any(tensor.ragged for tensor in inputs)
        merged = Tensor(shape, self.merged_dtype(inputs), sparse, self.merged_mask(inputs, shape), ragged)
        return (announced_by_policy(merged, call),)

    def accept(self, inputs: Sequence[Tensor]) -> None:
        """DTypeError for values that Keras cannot merge."""
        kinds: list[Kind] = [kind(tensor.dtype) for tensor in inputs]
        if "string" in kinds and set(kinds) != {"string"}:
            self.refuse_dtypes(inputs, _DTYPE_HELP["string"])
        if len(inputs) == 1:
            return
        # Keras merges two at a time, from the left; booleans become numbers next to a number.
        met: list[Kind] = ["bool"] if kinds[:2] == ["bool", "bool"] else [one for one in kinds if one != "bool"]
        for one in met:
            if one in self.refuses:
                self.refuse_dtypes(inputs, _DTYPE_HELP.get(one, "give the Inputs a float dtype"))

    def merged_dtype(self, inputs: Sequence[Tensor]) -> str:
        """The output's dtype when the layer runs; Keras announces the compute dtype in any case."""
        return inputs[0].dtype if len(inputs) == 1 else result_type(*{tensor.dtype for tensor in inputs})

    def refuse_dtypes(self, inputs: Sequence[Tensor], hint: str) -> NoReturn:
        """Raise the DTypeError for these inputs."""
        raise DTypeError(f"cannot {self.verb} {' and '.join(tensor.dtype for tensor in inputs)}", help=hint)

    def merged_shape(self, shapes: Sequence[Shape]) -> Shape:
        """The output's shape; ShapeError if the shapes do not fit."""
        raise NotImplementedError

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """The masks joined by "or"."""
        joined, *others = mask
        for other in others:
            joined = operate("ops.logical_or", {"x1": joined, "x2": other})
        return joined

    def merged_mask(self, inputs: Sequence[Tensor], shape: Shape) -> Shape | None:
        """The shape of the output's mask, if all inputs have one: the masks joined by "or"."""
        masks = [tensor.mask for tensor in inputs if tensor.mask is not None]
        if len(masks) < len(inputs):
            return None
        joined: Shape | None = masks[0]
        for mask in masks[1:]:
            joined = joined if joined is None else broadcast(joined, mask)
        if joined is None:
            refuse_masks(masks)
        return joined


def refuse_masks(masks: Sequence[Shape | None]) -> NoReturn:
    """Raise the error for masks that do not fit."""
    shapes = " and ".join(show_shape(mask) for mask in masks if mask is not None)
    raise ShapeError(
        f"cannot merge the masks {shapes} of its inputs",
        help="a mask comes from Masking, or from Embedding with mask_zero; remove it on one of the inputs",
    )


# -- Element by element --------------------------------------------------------------------------


class _Elementwise(_Merge):
    shape_rule = (
        "all the same shape, or sizes of 1 that are stretched; an input with fewer axes gets them after the batch axis"
    )

    def merged_shape(self, shapes: Sequence[Shape]) -> Shape:
        distinct = list(dict.fromkeys(shapes))
        for shape in distinct:
            need_rank(shape, 1, least=True)
        # By axis (the batch at 0, the others counted from the last one): the first shape that fixes its size.
        fixed: dict[int, Shape] = {}
        for shape in distinct:
            for axis, dim in zip((0, *range(1 - len(shape), 0)), shape, strict=True):
                if dim is not None and (axis == 0 or dim != 1):
                    earlier = fixed.setdefault(axis, shape)
                    if earlier[axis] != dim:
                        self.check_pair(earlier, shape)
        batches = [shape[0] for shape in distinct if shape[0] is not None]
        samples = reduce(_stretched, (shape[1:] for shape in distinct))
        return (batches[0] if batches else None, *samples)

    def check_pair(self, first: Shape, second: Shape) -> None:
        """ShapeError if two inputs do not fit each other."""
        batch = differ(first[0], second[0])
        offset = len(second) - len(first)
        pairs = {
            axis: (first[axis], second[axis + offset])
            for axis in range(max(1, 1 - offset), len(first))
            if differ(first[axis], second[axis + offset]) and 1 not in (first[axis], second[axis + offset])
        }
        if not batch and not pairs:
            return
        if batch:
            hint = f"the batch sizes differ, {first[0]} and {second[0]}"
        elif offset:
            hint = "the axes are matched from the last one; there, sizes must be equal, or 1 in one of them"
        else:
            hint = f"{_where(pairs)}; sizes must be equal, or 1 in one of them"
        raise ShapeError(f"cannot {self.verb} {show_shape(first)} and {show_shape(second)}", help=hint)


class _MaskedElementwise(_Elementwise):
    """One that fills in masked values, so each mask must fit its tensor."""

    def merged_mask(self, inputs: Sequence[Tensor], shape: Shape) -> Shape | None:
        if len({len(tensor.shape) for tensor in inputs}) == 1:  # else Keras reshapes the inputs, and loses their masks
            for tensor in inputs:
                if tensor.mask is not None and not _covers(tensor.mask, tensor.shape):
                    raise ShapeError(
                        f"cannot apply a mask of shape {show_shape(tensor.mask)} to {show_shape(tensor.shape)}",
                        help="its input may have one axis more than its mask; Add takes any mask",
                    )
        return super().merged_mask(inputs, shape)


def _covers(mask: Shape, shape: Shape) -> bool:
    """Whether a mask with one more axis can be stretched to the shape."""
    joined = broadcast((*mask, 1), shape)
    return joined is not None and len(joined) == len(shape)


def _stretched(first: Shape, second: Shape) -> Shape:
    """The shape of two samples merged, as Keras announces it: a size is unknown if either is.

    >>> _stretched((None, 1, 3), (4, 3))
    (None, 4, 3)
    """
    rank = max(len(first), len(second))
    first = (1,) * (rank - len(first)) + first
    second = (1,) * (rank - len(second)) + second
    pairs = zip(first, second, strict=True)
    return tuple(None if None in pair else pair[1] if pair[0] == 1 else pair[0] for pair in pairs)


def _where(pairs: dict[int, tuple[Dim, Dim]]) -> str:
    """Where two shapes differ, in words.

    >>> _where({1: (28, 27)}), _where({1: (28, 27), 2: (28, 27)})
    ('axis 1 differs (28 and 27)', 'axes 1 and 2 differ (28 and 27, 28 and 27)')
    """
    sizes = ", ".join(f"{one} and {other}" for one, other in pairs.values())
    *more, last = (str(axis) for axis in pairs)
    return f"axes {', '.join(more)} and {last} differ ({sizes})" if more else f"axis {last} differs ({sizes})"


class Add(_Elementwise):
    """The sum of the inputs, element by element."""

    verb = "add"
    refuses = frozenset({"bool"})
    example = _example("Add")


class Subtract(_Elementwise):
    """The first input minus the second."""

    tensors = (Argument("inputs", many=True, least=2, most=2),)
    verb = "subtract"
    refuses = frozenset({"bool", "string"})
    example = _example("Subtract")


class Multiply(_MaskedElementwise):
    """The product of the inputs, element by element."""

    verb = "multiply"
    refuses = frozenset({"bool", "string"})
    example = _example("Multiply", "[4, 4, 8]", "[1, 1, 8]")


class Average(_Elementwise):
    """The mean of the inputs, element by element."""

    verb = "average"
    refuses = frozenset({"bool", "string"})
    example = _example("Average")

    def accept(self, inputs: Sequence[Tensor]) -> None:
        """DTypeError for values that Keras cannot add up or divide."""
        super().accept(inputs)
        alone = kind(inputs[0].dtype)
        if len(inputs) == 1 and alone in self.refuses:  # it divides even a single input
            self.refuse_dtypes(inputs, _DTYPE_HELP[alone])

    def merged_dtype(self, inputs: Sequence[Tensor]) -> str:
        """Floats, as TensorFlow divides integers."""
        dtype = super().merged_dtype(inputs)
        if kind(dtype) != "int":
            return dtype
        return "float32" if dtype in ("int8", "uint8", "int16", "uint16") else "float64"


class Maximum(_MaskedElementwise):
    """The largest of the inputs, element by element."""

    verb = "take the maximum of"
    refuses = frozenset({"bool", "string", "complex"})
    example = _example("Maximum")


class Minimum(_MaskedElementwise):
    """The smallest of the inputs, element by element."""

    verb = "take the minimum of"
    refuses = frozenset({"bool", "string", "complex"})
    example = _example("Minimum")


# -- Side by side --------------------------------------------------------------------------------


class Concatenate(_Merge):
    """The inputs one after the other along an axis."""

    verb = "join"
    shape_rule = "the sizes on axis add up; all other sizes must be equal"
    example = _example("Concatenate, axis: 1", "[4, 8]", "[6, 8]")

    axis: Axis = -1

    def merged_shape(self, shapes: Sequence[Shape]) -> Shape:
        """The first input's shape, with the sizes on the axis added up."""
        axis = normalize_axis(self.axis, len(shapes[0]))
        known: dict[int, Shape] = {}  # the first shape whose size on an axis is known
        for shape in shapes:
            if len(shape) != len(shapes[0]):
                self.check_pair(shapes[0], shape, axis)
            for at, dim in enumerate(shape):
                if dim is not None and at != axis and known.setdefault(at, shape)[at] != dim:
                    self.check_pair(known[at], shape, axis)
        sizes = [shape[axis] for shape in shapes]
        total = None if None in sizes else sum(size for size in sizes if size is not None)
        return (*shapes[0][:axis], total, *shapes[0][axis + 1 :])

    def check_pair(self, first: Shape, second: Shape, axis: int) -> None:
        """ShapeError if two inputs do not fit each other."""
        if len(first) != len(second):
            hint = "they need the same number of dimensions; a Reshape or RepeatVector layer can add one"
        else:
            both = enumerate(zip(first, second, strict=True))
            pairs = {at: pair for at, pair in both if at != axis and differ(*pair)}
            if not pairs:
                return
            hint = f"{_where(pairs)}, and only axis {self.axis} may"
            if len(pairs) == 1 and not differ(first[axis], second[axis]):
                hint += f"; set axis to {next(iter(pairs))} to join them there"
        raise ShapeError(f"cannot join {show_shape(first)} and {show_shape(second)} on axis {self.axis}", help=hint)

    def merged_dtype(self, inputs: Sequence[Tensor]) -> str:
        """Equal dtypes are kept."""
        (first, *_), alike = inputs, len({tensor.dtype for tensor in inputs}) == 1
        return first.dtype if alike else super().merged_dtype(inputs)

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """The masks as large as their inputs, one after the other, and what any feature has of it."""
        masks = []
        for tensor, its in zip(inputs, mask, strict=True):
            if its is None:
                masks.append(operate("ops.ones_like", {"x": tensor}, dtype="bool"))
            elif len(its.shape) < len(tensor.shape):
                wide = operate("ops.expand_dims", {"x": its}, axis=-1)
                none = operate("ops.zeros_like", {"x": tensor}, dtype="bool")
                masks.append(operate("ops.logical_or", {"x1": wide, "x2": none}))
            else:
                masks.append(its)
        joined = operate("ops.concatenate", {"xs": masks}, axis=self.axis)
        return operate("ops.any", {"x": joined}, axis=-1)

    def merged_mask(self, inputs: Sequence[Tensor], shape: Shape) -> Shape | None:
        """The output has a mask if any input has one; an input without a mask counts as all true."""
        if all(tensor.mask is None for tensor in inputs):
            return None
        masks = [_full_mask(tensor) for tensor in inputs]
        axis = normalize_axis(self.axis, len(inputs[0].shape))
        whole = [mask for mask in masks if mask is not None and len(mask) == len(shape)]
        others = [(*mask[:axis], *mask[axis + 1 :]) for mask in whole]
        if len(whole) < len(inputs) or any(
            differ(*pair) for rest in others for pair in zip(others[0], rest, strict=True)
        ):
            refuse_masks([tensor.mask for tensor in inputs])
        sizes = [mask[axis] for mask in whole]
        total = None if None in sizes else sum(size for size in sizes if size is not None)
        return (*whole[0][:axis], total, *whole[0][axis + 1 :])[:-1]


def _full_mask(tensor: Tensor) -> Shape | None:
    """The mask that Concatenate makes for an input, as large as the input."""
    if tensor.mask is None:
        return tensor.shape
    return broadcast((*tensor.mask, 1), tensor.shape) if len(tensor.mask) < len(tensor.shape) else tensor.mask


# -- Products along axes -------------------------------------------------------------------------

_TwoAxes = Annotated[
    Integer | tuple[Integer, Integer],
    BeforeValidator(freeze),
    TypeWords("an axis (an integer), or a list of 2: for the first input and for the second"),
]


class Dot(_Merge):
    """The dot product of two inputs along one axis of each, sample by sample."""

    tensors = (Argument("inputs", many=True, least=2, most=2),)
    verb = "multiply"
    refuses = frozenset({"string"})
    shape_rule = "(batch, rest of the first, rest of the second), without axes; (batch, 1) of two vectors"
    example = _example("Dot, axes: [2, 1]", "[4, 8]", "[8, 6]")

    axes: Annotated[_TwoAxes, AS_GIVEN]
    normalize: bool = False

    def accept(self, inputs: Sequence[Tensor]) -> None:
        """RuleError for tensors that Keras cannot multiply or normalize."""
        super().accept(inputs)
        if self.normalize and any(kind(tensor.dtype) != "float" for tensor in inputs):
            raise DTypeError(
                f"cannot normalize {' and '.join(tensor.dtype for tensor in inputs)}",
                argument="normalize",
                help="give the Inputs a float dtype, or set normalize to false",
            )
        if self.normalize and any(tensor.sparse for tensor in inputs):
            raise RuleError(
                "cannot normalize a sparse tensor",
                argument="normalize",
                code="dtype-mismatch",
                help=dense_help("sparse"),
            )
        for tensor in inputs:
            need_dense(tensor, sparse=True)

    def merged_shape(self, shapes: Sequence[Shape]) -> Shape:
        """The axes of both except those multiplied along, with one batch axis."""
        first, second = shapes
        one, other = self.axis_of(0, first), self.axis_of(1, second)
        what = f"along axis {one} of {show_shape(first)} and axis {other} of {show_shape(second)}"
        sizes = (first[one], second[other])
        if sizes[0] != sizes[1]:  # Keras refuses an unknown size next to a known one
            hint = f"the sizes {sizes[0]} and {sizes[1]} must be equal"
            if None in sizes:
                known = sizes[0] or sizes[1]
                hint = f"one size is unknown and the other is {known}; give both a number in their Inputs, or neither"
            raise ShapeError(f"cannot multiply {what}", argument="axes", help=hint)
        if differ(first[0], second[0]):
            raise ShapeError(
                f"cannot multiply {show_shape(first)} and {show_shape(second)}",
                help=f"the batch sizes differ, {first[0]} and {second[0]}",
            )
        rest = (*first[1:one], *first[one + 1 :], *second[1:other], *second[other + 1 :])
        return (first[0], *(rest or (1,)))

    def axis_of(self, index: int, shape: Shape) -> int:
        """The axis of one input, counted from the front; AxisError for one it does not have and for the batch axis."""
        given = self.axes if isinstance(self.axes, int) else self.axes[index]
        axis = normalize_axis(given, len(shape), "axes")
        if axis == 0:
            raise AxisError(
                f"cannot multiply along the batch axis of {show_shape(shape)}",
                argument="axes",
                help="use an axis from 1 on, or a negative one that is not the first",
            )
        return axis

    def merged_dtype(self, inputs: Sequence[Tensor]) -> str:
        """The dtype of a matrix product, which sums small integers in larger ones."""
        return "int32" if all(tensor.dtype == "int8" for tensor in inputs) else super().merged_dtype(inputs)

    def merged_mask(self, inputs: Sequence[Tensor], shape: Shape) -> Shape | None:
        """None: Keras drops the masks."""
        return None
