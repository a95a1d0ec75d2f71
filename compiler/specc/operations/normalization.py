"""Normalization as operations, with what layers have as weights given as tensors."""

from collections.abc import Iterable
from typing import ClassVar

from specc.arguments import Axes, Axis, PositiveNumber
from specc.calls import Argument, Call
from specc.diagnostics.problem import RuleError, ShapeError
from specc.dtypes import FLOATS
from specc.operations.base import Operation, on
from specc.operations.rules import need_one_dtype
from specc.shapes import Shape, Tensor, broadcast, distinct_axes, fits, need_known, normalize_axis, show_shape


class BatchNormalization(Operation, op="batch_normalization", accepts=FLOATS):
    """Numbers minus a mean, divided by the root of a variance: one of each for every index of an axis."""

    tensors = (
        Argument("x"),
        Argument("mean"),
        Argument("variance"),
        Argument("offset", required=False),
        Argument("scale", required=False),
    )
    shape_rule = "the shape of x"
    sample = (
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: ops.moments, name: over, axes: 0}\n"
        "  - {type: TYPE, from: {x: x, mean: over.mean, variance: over.variance}, axis: -1}\n"
    )

    axis: Axis
    epsilon: PositiveNumber = 0.001

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.tensor("x")
        length = need_known(x.shape, normalize_axis(self.axis, len(x.shape)), "to normalize along it")
        for name, value in call.tensors.items():
            tensor = value if isinstance(value, Tensor) else value[0]
            if name != "x" and tensor.shape != (length,):
                raise ShapeError(f"needs a '{name}' of ({length},), got {show_shape(tensor.shape)}", tensors=(name,))
        if "offset" in call.tensors and "scale" not in call.tensors:
            raise RuleError("needs a 'scale' with the 'offset'", help="add 'scale' to 'from'; ops.ones makes one of 1")
        yield Tensor(x.shape, need_one_dtype(*(call.tensor(name) for name in call.tensors)))


class OverAxes(Operation):
    """Numbers normalized over axes, each example by itself."""

    shape_rule: ClassVar[str] = "the shape of x"

    def _axes(self, axis: int | tuple[int, ...], shape: Shape) -> tuple[int, ...]:
        axes = tuple(sorted(distinct_axes(axis, len(shape))))
        if not axes:
            raise RuleError("normalizes over no axes", argument="axis", tensors=(), help="name one")
        return axes


class LayerNormalization(OverAxes, op="layer_normalization", accepts=FLOATS):
    """Numbers with mean 0 and variance 1 over axes, times gamma, plus beta."""

    tensors = (Argument("x"), Argument("gamma", required=False), Argument("beta", required=False))

    axis: Axes = -1
    epsilon: PositiveNumber | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x = call.tensor("x")
        axes = self._axes(self.axis, x.shape)
        wanted = tuple(x.shape[axis] for axis in axes)
        for name in ("gamma", "beta"):
            tensor = call.one(name)
            if tensor is not None and not fits(tensor.shape, wanted):
                raise ShapeError(
                    f"needs a '{name}' of {show_shape(wanted)}, got {show_shape(tensor.shape)}", tensors=(name,)
                )
        yield Tensor(x.shape, x.dtype)


class RmsNormalization(OverAxes, op="rms_normalization", accepts=FLOATS):
    """Numbers divided by the root of their mean square over axes, times a scale."""

    tensors = (Argument("x"), Argument("scale", required=False))
    sample = on()

    axis: Axes = -1
    epsilon: PositiveNumber | None = None

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        x, scale = call.tensor("x"), call.one("scale")
        self._axes(self.axis, x.shape)
        if scale is not None and broadcast(x.shape, scale.shape) != x.shape:
            raise ShapeError(
                f"cannot multiply {show_shape(x.shape)} by a scale of {show_shape(scale.shape)}",
                tensors=("scale",),
                help="it is broadcast to the shape of 'x'",
            )
        yield Tensor(x.shape, x.dtype)
