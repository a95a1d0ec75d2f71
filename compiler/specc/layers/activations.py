"""Activation layers, and what an activation can be applied to."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from specc.arguments import Activation as ActivationArgument
from specc.arguments import Axes, Constraint, Initializer, NonNegativeNumber, Number, Regularizer
from specc.arguments.roles import AS_LIST
from specc.diagnostics.problem import AxisError, Problem, ShapeError
from specc.dtypes import result_type
from specc.layers.accept import ANYTHING, FLOATS, NUMBERS, PLAIN, REALS, Kind, Unary, mask_covers, need_kind
from specc.layers.base import Argument, Call, Layer, Policy, Weight, example_of, unsaved_regularizer
from specc.shapes import Shape, Tensor, distinct_axes, need_rank, show_shape

_COMPLEX: tuple[Kind, ...] = ("float", "complex")
_ACTIVATION_TAKES: dict[str, tuple[Kind, ...]] = {
    "linear": ANYTHING,
    "exponential": NUMBERS,
    "tanh": NUMBERS,
    "relu": REALS,
    "relu6": REALS,
    "leaky_relu": REALS,
    **dict.fromkeys(("hard_shrink", "sigmoid", "silu", "squareplus", "tanh_shrink"), _COMPLEX),
}
"""The kinds of values that an activation accepts, if not only floats."""

_ALONG_THE_LAST_AXIS = ("log_softmax", "softmax", "sparsemax")


_KEEP_INTEGERS = ("linear", "relu", "relu6")
"""Activations that keep integers; the others that accept integers convert them to floats."""


def accept_activation(activation: Any, tensor: Tensor) -> str:
    """The dtype that an activation gives; RuleError if it cannot be applied to the tensor.

    An activation is a name, an object or an activation layer.
    """
    if activation is None:
        return tensor.dtype
    from specc import objects  # the tables load when a spec first has an activation

    found = objects.resolve("activation", activation)
    if isinstance(found, Layer):
        (output,) = found.infer(found.call({found.tensors[0].name: tensor}, {}, Policy.named(tensor.dtype)))
        return output.dtype
    name = type(found).__name__
    need_kind(tensor, _ACTIVATION_TAKES.get(name, FLOATS))
    if name in _ALONG_THE_LAST_AXIS and not tensor.shape:
        raise ShapeError(
            f"cannot apply {name} to a single number", argument="activation", help="add an axis to the Input"
        )
    return tensor.dtype if name in _KEEP_INTEGERS else result_type(tensor.dtype, float)


class Activation(Unary):
    """Applies an activation function."""

    any_batch = True
    takes = ANYTHING
    shape_rule = "the input's shape"
    example = example_of("Activation, activation: gelu", "[8]")

    activation: ActivationArgument | None

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The input's shape; RuleError if the activation cannot be applied to the input."""
        dtype = accept_activation(self.activation, call.first)
        (output,) = super().infer(call)
        return (output._replace(dtype=dtype),)


class ReLU(Unary):
    """Cuts off values below a threshold, and those above ``max_value`` if it is given."""

    any_batch = True
    shape_rule = "the input's shape"
    example = example_of("ReLU, max_value: 6.0", "[8]")

    max_value: NonNegativeNumber | None = None
    negative_slope: NonNegativeNumber = 0.0
    threshold: NonNegativeNumber = 0.0

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Floats; also integers, unless the slope is combined with a threshold or a largest value."""
        mixed = self.negative_slope != 0 and (self.max_value is not None or self.threshold != 0)
        return FLOATS if mixed else REALS

    def output_dtype(self, call: Call) -> str:
        """The input's dtype, or one that can also represent the slope and the threshold."""
        dtype = call.first.dtype
        return (
            result_type(dtype, float if self.negative_slope else int)
            if self.negative_slope or self.threshold
            else dtype
        )


class LeakyReLU(Unary):
    """Multiplies values below zero by ``negative_slope``."""

    any_batch = True
    takes = REALS
    refused = {"alpha": "Keras 3 calls it negative_slope"}
    shape_rule = "the input's shape"
    example = example_of("LeakyReLU", "[8]")

    negative_slope: NonNegativeNumber = 0.3

    def output_dtype(self, call: Call) -> str:
        """Floats, whatever comes in."""
        return result_type(call.first.dtype, float)


class PReLU(Unary):
    """Multiplies values below zero by a trained slope, one for all places along ``shared_axes``."""

    any_batch = True
    takes = FLOATS
    unlike_weights = "refused"
    shape_rule = "the input's shape"
    example = example_of("PReLU, shared_axes: [1, 2]", "[28, 28, 3]", "image")

    alpha_initializer: Initializer = "Zeros"
    alpha_regularizer: Regularizer | None = None
    alpha_constraint: Constraint | None = None
    shared_axes: Annotated[Axes | None, AS_LIST] = None

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; RuleError if ``alpha`` cannot be sized."""
        self._alpha(shape)
        return shape

    def _alpha(self, shape: Shape) -> tuple[int, ...]:
        sizes = list(shape[1:])
        shared = (self.shared_axes,) if isinstance(self.shared_axes, int) else self.shared_axes or ()
        for axis in shared:
            # Keras counts from 1, without the batch axis, and indexes with the result.
            if not -len(sizes) <= axis - 1 < len(sizes):
                raise AxisError(
                    f"has no axis {axis} to share in {show_shape(shape)}",
                    argument="shared_axes",
                    help=f"use axes from 1 to {len(sizes)}" if sizes else "remove shared_axes",
                )
            sizes[axis - 1] = 1
        for axis, size in enumerate(sizes, 1):
            if size is None:
                raise ShapeError(
                    f"needs a known size on axis {axis} to size its alpha, got {show_shape(shape)}",
                    argument="shared_axes",
                    help=f"add {axis} to shared_axes, or give that dimension a number in the Input's shape",
                )
        return tuple(size for size in sizes if size is not None)

    def weights(self, call: Call) -> Iterable[Weight]:
        """A slope for each place, one along each shared axis."""
        yield Weight("alpha", self._alpha(call.shape), call.policy.variable, initializer=self.alpha_initializer)


class ELU(Unary):
    """Bends values below zero into an exponential curve."""

    any_batch = True
    takes = FLOATS
    saves_no_regularizer = "given"
    shape_rule = "the input's shape"
    example = example_of("ELU, alpha: 0.5", "[8]")

    alpha: Number = 1.0

    def check(self) -> Iterator[Problem]:
        """What Keras cannot save."""
        yield from unsaved_regularizer(self)


class Softmax(Unary):
    """Turns scores along one or more axes into probabilities that sum to 1; a mask excludes places."""

    tensors = (Argument("inputs"), Argument("mask", required=False))
    takes = FLOATS
    shape_rule = "the input's shape"
    example = example_of("Softmax", "[8]")

    axis: Axes = -1

    def check(self) -> Iterator[Problem]:
        """A list of axes must name one."""
        if self.axis == ():
            yield Problem("argument-value", "axis must name an axis", ("axis",), "give -1 for the last")

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Floats; with a mask also other numbers, which Keras then converts to floats."""
        return FLOATS if self.output_mask(call) is None else PLAIN

    def accepts_ragged(self, call: Call) -> bool:
        """Keras cannot apply a mask to rows of different lengths."""
        return self.output_mask(call) is None

    def accept(self, call: Call) -> None:
        """RuleError for wrong data, missing axes, or a mask that does not fit: the given one, else that of the data."""
        super().accept(call)
        need_rank(call.shape, 1, least=True)
        distinct_axes(self.axis, len(call.shape))
        mask, shape = call.one("mask"), self.output_mask(call)
        if mask is not None:
            need_kind(mask, PLAIN, "mask")
        if shape is not None and not mask_covers(shape, call.shape):
            given = "" if mask is not None else " that comes with its input"
            raise ShapeError(
                f"cannot apply a mask of {show_shape(shape)}{given} to {show_shape(call.shape)}",
                help="each size of the mask must be 1 or the input's, counted from the last axis",
            )
