"""Input, and the layers that Keras files under core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from specc.arguments import (
    Activation,
    Constraint,
    DType,
    Initializer,
    PositiveInt,
    Regularizer,
    Says,
    freeze,
)
from specc.diagnostics.problem import Problem
from specc.layers.base import Argument, Call, Layer, Weight
from specc.shapes import LARGEST_RANK, Shape, Tensor, need_known, need_rank

_Dim = Annotated[int, Field(ge=1, le=2**31 - 1)] | None
_Shape = Annotated[
    tuple[_Dim, ...],
    BeforeValidator(freeze),
    Field(max_length=LARGEST_RANK),
    Says("a list of dimensions, each a positive integer or null for any size"),
]


class Input(Layer):
    """Where data enters the model. ``shape`` leaves out the batch axis; null is an unknown size."""

    tensors: ClassVar[tuple[Argument, ...]] = ()
    shape_rule: ClassVar[str] = "(batch_size, *shape)"
    example: ClassVar[str] = "layers:\n  - {type: Input, name: x, shape: [28, 28, 1]}\n  - Flatten\n"

    shape: _Shape | None = None
    batch_size: PositiveInt | None = None
    dtype: DType | None = None
    sparse: bool | None = None
    ragged: bool | None = None
    batch_shape: _Shape | None = None
    optional: bool = False

    def check(self) -> Iterator[Problem]:
        if self.shape is None and self.batch_shape is None:
            yield Problem("missing-argument", "needs 'shape'", help="add 'shape', a list without the batch axis: [28, 28, 1]")
        if self.shape is not None and self.batch_shape is not None:
            yield Problem("argument-clash", "takes 'shape' or 'batch_shape', not both", ("batch_shape",), "remove one", "key")
        if self.batch_size is not None and self.batch_shape is not None:
            yield Problem("argument-clash", "takes 'batch_size' or 'batch_shape', not both", ("batch_size",), "remove one", "key")
        if self.sparse and self.ragged:
            yield Problem("argument-clash", "cannot be both sparse and ragged", ("ragged",), "remove one")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        shape = self.batch_shape if self.batch_shape is not None else (self.batch_size, *(self.shape or ()))
        return (Tensor(shape, self.dtype or call.default_policy.compute, sparse=bool(self.sparse)),)


class Dense(Layer):
    """A fully connected layer: ``activation(inputs @ kernel + bias)`` over the last axis."""

    shape_rule: ClassVar[str] = "(batch, ..., n) -> (batch, ..., units)"
    options: ClassVar[dict[str, Any]] = {"training": bool}
    example: ClassVar[str] = "layers:\n  - {type: Input, name: x, shape: [3]}\n  - {type: Dense, units: 10, activation: relu}\n"

    refused: ClassVar[dict[str, str]] = {"quantization_config": "quantize the built model with model.quantize()"}

    units: PositiveInt
    activation: Activation | None = None
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    bias_initializer: Initializer = "zeros"
    kernel_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None
    activity_regularizer: Regularizer | None = None
    kernel_constraint: Constraint | None = None
    bias_constraint: Constraint | None = None
    lora_rank: PositiveInt | None = None
    lora_alpha: float | None = None

    def output_shape(self, shape: Shape) -> Shape:
        need_rank(shape, 2, least=True)
        need_known(shape, -1, "to size its kernel")
        return (*shape[:-1], self.units)

    def weights(self, call: Call) -> Iterable[Weight]:
        width = need_known(call.shape, -1, "to size its kernel")
        dtype = call.policy.variable
        yield Weight("kernel", (width, self.units), dtype, initializer=self.kernel_initializer)
        if self.use_bias:
            yield Weight("bias", (self.units,), dtype, initializer=self.bias_initializer)
