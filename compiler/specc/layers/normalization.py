"""Normalization layers: statistics over some axes, trained scale and offset along others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator

from specc.arguments import (
    Axes,
    Axis,
    Constraint,
    Initializer,
    InnerLayer,
    Integer,
    Number,
    PositiveInt,
    Regularizer,
    TypeWords,
)
from specc.diagnostics.problem import AxisError, DTypeError, Problem, RuleError, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.layers.accept import FLOATS, NUMBERS, PLAIN, Kind, Unary, kind, mask_covers
from specc.layers.base import Argument, Call, Layer, Weight, example_of, training_failure
from specc.layers.inner import inner_cautions, inner_names, inner_weights, under
from specc.shapes import (
    Shape,
    Tensor,
    broadcast,
    distinct_axes,
    is_float,
    need_known,
    need_rank,
    normalize_axis,
    show_shape,
)

_CLIPPING = ("rmax", "rmin", "dmax")
_Clipping = Annotated[dict[str, Number | None], TypeWords("a map of numbers: rmax, rmin, dmax")]


def _groups(value: int) -> int:
    if value < 1 and value != -1:
        raise ValueError
    return value


def _channels(axis: int, shape: Shape) -> int:
    return need_known(shape, normalize_axis(axis, len(shape)), "to size its weights")


def sizes_along(axes: int | tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """The sizes of a weight along some axes, which Keras sorts by their numbers as given.

    >>> sizes_along((1, -1), (None, 3, 4))
    (4, 3)
    """
    distinct_axes(axes, len(shape))  # for its errors
    given = (axes,) if isinstance(axes, int) else sorted(axes)
    return tuple(need_known(shape, axis, "to size its weights") for axis in given)


class _ScaledAndShifted(Unary):
    """What follows a normalization: a trained scale (gamma) and a trained offset (beta)."""

    center: bool = True
    scale: bool = True
    beta_initializer: Initializer = "zeros"
    gamma_initializer: Initializer = "ones"
    beta_regularizer: Regularizer | None = None
    gamma_regularizer: Regularizer | None = None
    beta_constraint: Constraint | None = None
    gamma_constraint: Constraint | None = None

    def has_scale(self) -> bool:
        """Whether there is a scale."""
        return self.scale

    def has_offset(self) -> bool:
        """Whether there is an offset."""
        return self.center

    def scale_and_offset(self, shape: tuple[int, ...], call: Call) -> Iterator[Weight]:
        """The two weights, if they are used."""
        if self.has_scale():
            yield Weight("gamma", shape, call.policy.variable, initializer=self.gamma_initializer)
        if self.has_offset():
            yield Weight("beta", shape, call.policy.variable, initializer=self.beta_initializer)


class BatchNormalization(_ScaledAndShifted):
    """Normalizes each channel over the batch, and keeps running statistics for later."""

    any_batch = True
    tensors = (Argument("inputs"), Argument("mask", required=False))
    options = {"training": bool}
    shape_rule = "the input's shape"
    example = (
        "layers:\n  - {type: Input, name: image, shape: [28, 28, 3]}\n"
        "  - {type: Conv2D, filters: 8, kernel_size: 3, use_bias: false}\n  - BatchNormalization\n"
    )

    axis: Axis = -1
    momentum: Number = 0.99
    epsilon: Number = 1e-3
    moving_mean_initializer: Initializer = "zeros"
    moving_variance_initializer: Initializer = "ones"
    renorm: bool = False
    renorm_clipping: _Clipping | None = None
    renorm_momentum: Number = 0.99
    synchronized: bool = False

    def saved(self) -> dict[str, Any]:
        """A map of limits, also without any, if they are used."""
        return {"renorm_clipping": self.renorm_clipping or {}} if self.renorm else {}

    def check(self) -> Iterator[Problem]:
        """The limits of renormalization, which apply only with ``renorm``."""
        if not self.renorm or not self.renorm_clipping:
            return
        for key in self.renorm_clipping:
            if key not in _CLIPPING:
                help = f"it takes {', '.join(_CLIPPING)}"
                message = f"renorm_clipping has no {quote_value(key)}"
                yield Problem("unknown-argument", message, ("renorm_clipping", key), help, "key")
        most, least, shift = (self.renorm_clipping.get(key) for key in _CLIPPING)
        if most is not None and least is not None and most < least:
            message = f"renorm_clipping has rmax {most:g} below rmin {least:g}"
            yield Problem("argument-clash", message, ("renorm_clipping", "rmax"), "give rmax the larger number")
        if shift is not None and shift < 0:
            message = f"renorm_clipping: dmax must be a number of 0 or more, not {shift:g}"
            yield Problem("argument-value", message, ("renorm_clipping", "dmax"))

    def kinds(self, call: Call) -> tuple[Kind, ...]:
        """Numbers; in training with ``renorm``, numbers that have an order."""
        return PLAIN if self.renorm and call.options.get("training") else NUMBERS

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Data that it cannot normalize in training."""
        if self.renorm or self.output_mask(call) is not None:
            yield from training_failure(self, call)

    def accept(self, call: Call) -> None:
        """RuleError for wrong data, no channel axis, or a mask (given, else the data's) that has not one axis less."""
        super().accept(call)
        _channels(self.axis, call.shape)
        if self.renorm and kind(call.policy.variable) != "float":
            raise DTypeError(
                f"cannot keep the statistics of renorm in {call.policy.variable}",
                argument="dtype",
                help="remove dtype, or give it a float type",
            )
        mask = self.output_mask(call)
        if mask is not None and len(mask) != len(call.shape) - 1:
            raise ShapeError(
                f"needs a mask of {len(call.shape) - 1} dimensions, got {show_shape(mask)}",
                help="the mask has the input's axes but the last",
            )
        used = call.options.get("training") and self.trainable
        if used and mask is not None and not mask_covers((*mask, 1), call.shape):
            raise ShapeError(
                f"cannot apply a mask of {show_shape(mask)} to {show_shape(call.shape)}",
                help="each size of the mask must be 1 or the input's",
            )

    def weights(self, call: Call) -> Iterable[Weight]:
        """Scale, offset and the running statistics, one of each per channel."""
        shape, dtype = (_channels(self.axis, call.shape),), call.policy.variable
        yield from self.scale_and_offset(shape, call)
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        yield Weight("moving_mean", shape, dtype, False, mean)
        yield Weight("moving_variance", shape, dtype, False, variance)
        if self.renorm:
            yield Weight("moving_stddev", shape, dtype, False, variance)
            yield Weight("renorm_mean", shape, dtype, False, mean)
            yield Weight("renorm_stddev", shape, dtype, False, variance)


class _OverAxes(Unary):
    """A layer that makes a list of its one axis when it is built."""

    axis: Axes = -1

    def saved_call(self, call: Call) -> dict[str, Any]:
        """The axes as a list, in order."""
        return {"axis": [self.axis] if isinstance(self.axis, int) else sorted(self.axis)}


class LayerNormalization(_OverAxes, _ScaledAndShifted):
    """Normalizes each item of the batch over one or more of its axes."""

    any_batch = True
    casts = False
    shape_rule = "the input's shape"
    example = example_of("LayerNormalization", "[10, 16]")

    epsilon: Number = 1e-3
    rms_scaling: bool = False

    def has_scale(self) -> bool:
        """Whether it has a scale; with ``rms_scaling`` it always does."""
        return self.scale or self.rms_scaling

    def has_offset(self) -> bool:
        """Whether it has an offset; with ``rms_scaling`` it never does."""
        return self.center and not self.rms_scaling

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; RuleError for missing axes, and for unknown sizes of axes with weights."""
        distinct_axes(self.axis, len(shape))
        if self.has_scale() or self.has_offset():
            sizes_along(self.axis, shape)
        return shape

    def weights(self, call: Call) -> Iterable[Weight]:
        """Scale and offset, of the sizes of the normalized axes."""
        if not (self.has_scale() or self.has_offset()):
            return ()
        return self.scale_and_offset(sizes_along(self.axis, call.shape), call)


class GroupNormalization(_ScaledAndShifted):
    """Normalizes each item of the batch over groups of its channels."""

    casts = False
    takes_ragged = False
    shape_rule = "the input's shape; groups divides its channels"
    example = example_of("GroupNormalization, groups: 4", "[28, 28, 16]", "image")

    groups: Annotated[
        Integer, AfterValidator(_groups), TypeWords("a positive integer, or -1 for one channel a group")
    ] = 32
    axis: Axis = -1
    epsilon: Number = 1e-3

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; RuleError unless the groups divide the channels."""
        channels = _channels(self.axis, shape)
        if self.axis == -len(shape):
            raise AxisError(
                f"cannot make groups of the batch axis, got {show_shape(shape)}",
                argument="axis",
                help="give it an input of 2 or more dimensions, and the axis of the channels",
            )
        if self.groups != -1 and channels % self.groups:
            raise ShapeError(
                f"cannot make {self.groups} groups of {channels} channels, got {show_shape(shape)}",
                argument="groups",
                help=f"set groups to a divisor of {channels}, or to -1 for one channel a group",
            )
        return shape

    def saved_call(self, call: Call) -> dict[str, Any]:
        """The number of groups, which is that of the channels for -1."""
        return {} if self.groups != -1 else {"groups": _channels(self.axis, call.shape)}

    def weights(self, call: Call) -> Iterable[Weight]:
        """Scale and offset, one of each per channel."""
        return self.scale_and_offset((_channels(self.axis, call.shape),), call)


class RMSNormalization(_OverAxes):
    """Divides by the root of the mean square over one or more axes."""

    tensors = (Argument("x"),)
    unlike_weights = "inputs"
    passes_mask = False
    keeps_dtype = True
    shape_rule = "the input's shape"
    example = example_of("RMSNormalization", "[10, 16]")

    epsilon: Number = 1e-6

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; RuleError unless the scale fits it."""
        need_rank(shape, 1, least=True)
        scale = sizes_along(self.axis, shape)
        if broadcast(shape, scale) is None:
            # Keras does not reshape the scale, so its last axis is aligned with the input's last axis.
            raise AxisError(
                f"cannot multiply {show_shape(shape)} by its scale of {show_shape(scale)}",
                argument="axis",
                help="normalize the last axes, in their order: -1, or [-2, -1]",
            )
        return shape

    def weights(self, call: Call) -> Iterable[Weight]:
        """The scale, of the sizes of the normalized axes."""
        yield Weight("scale", sizes_along(self.axis, call.shape), call.policy.variable, initializer="ones")


class UnitNormalization(Unary):
    """Scales vectors along one or more axes to length 1."""

    takes = FLOATS
    shape_rule = "the input's shape"
    example = example_of("UnitNormalization", "[16]")

    axis: Axes = -1

    def output_shape(self, shape: Shape) -> Shape:
        """The input's shape; RuleError for missing axes."""
        need_rank(shape, 1, least=True)
        distinct_axes(self.axis, len(shape))
        return shape


class SpectralNormalization(Layer):
    """Divides the kernel of the inner layer by its largest singular value, in training."""

    unlike_weights = "inputs"
    options = {"training": bool}
    shape_rule = "as the layer inside"
    example = example_of(
        "SpectralNormalization, layer: {type: Conv2D, filters: 8, kernel_size: 3}", "[28, 28, 3]", "image"
    )

    layer: InnerLayer
    power_iterations: PositiveInt = 1

    def kernel(self, call: Call) -> Weight | None:
        """The kernel that is divided; None if the inner layer has none."""
        inner: Layer = self.layer
        inside = self._inside(call)
        if isinstance(inner, SpectralNormalization):
            found = inner.kernel(inside)
        else:
            found = next((weight for weight in inner.weights(inside) if weight.name in ("kernel", "embeddings")), None)
        if found is None:
            return None
        (name,) = inner_names([inner])
        return next(under(name, [found], not inner.frozen))

    def adapted(self) -> bool:
        """Whether LoRA recomputes the kernel at each use, so that Keras does not count it as this layer's own."""
        inner: Layer = self.layer
        return inner.adapted() if isinstance(inner, SpectralNormalization) else bool(getattr(inner, "lora_rank", None))

    def _inside(self, call: Call) -> Call:
        inner: Layer = self.layer
        return call.inner(inner, {inner.tensor_arguments()[0].name: call.first})

    def inner_calls(self, call: Call) -> dict[str, tuple[Call | None, ...]]:
        """The call on its own input."""
        return {"layer": (self._inside(call),)}

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The shape of the inner layer's output; the dtype of the input, to which Keras casts."""
        inner: Layer = self.layer
        need_rank(call.shape, 1, least=True)
        output = inner.infer(self._inside(call))[0]
        if self.kernel(call) is None:
            raise RuleError(
                f"cannot normalize {inner.type_name}, which has no kernel",
                argument="layer",
                help="use it around Dense, EinsumDense, Embedding, or a convolution that is not separable",
            )
        if call.options.get("training") and self.adapted():
            raise RuleError(
                "cannot normalize the kernel of a layer with LoRA",
                argument="layer",
                help="remove lora_rank of the layer inside",
            )
        return (Tensor(output.shape, call.first.dtype, mask=output.mask),)

    def cautions(self, call: Call) -> Iterator[Problem]:
        """The cautions of the inner layer, and those about training and about integers."""
        dtype, inside = call.first.dtype, self.layer.type_name
        if not is_float(dtype):
            yield Problem(
                "cannot-train",
                f"casts what {inside} gives to {dtype}, the dtype of its input: {inside} cannot learn",
                help=f"use {inside} without it, or let its input be floats",
            )
        yield from inner_cautions(self.layer, self._inside(call), "layer")
        yield from training_failure(self, call)

    def own_weights(self, weights: Sequence[Weight]) -> Sequence[Weight]:
        """The kernel, which the inner layer has too, and the vector; with LoRA the vector alone."""
        return [weight for weight in weights if weight.name == "vector_u"] if self.adapted() else weights[:2]

    def weights(self, call: Call) -> Iterable[Weight]:
        """The kernel, this layer's own vector, and the inner layer's other weights."""
        from specc.objects.initializers import TruncatedNormal  # most checks need no initializer's class

        inner: Layer = self.layer
        kernel = self.kernel(call)
        assert kernel is not None, "infer() has refused a layer without one"
        inside = self._inside(call)
        (name,) = inner_names([inner])
        weights = list(inner_weights(inner, inside, name))
        dtype = inside.policy.compute if self.adapted() else kernel.dtype
        vector = Weight("vector_u", (1, kernel.shape[-1]), dtype, False, TruncatedNormal(stddev=0.02))
        if self.adapted():
            return [vector, *weights]
        return [kernel, vector, *(weight for weight in weights if weight != kernel)]
